import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main } from "../../scripts/lib/process.ts";
import { listModels } from "../../src/model/list.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { replay } from "../fake/endpoint-corpus.ts";
import { endpointAt, hear, hello, modelAt, patient, tools } from "../model/harness.ts";
import { type Ask, asks } from "./asks.ts";
import { serverNamed, using } from "./start.ts";

/*
 * `node test/servers/record.ts [SERVER…]`: asks real servers the questions of asks.ts and keeps the bytes of their
 * answers in test/recordings; with `--at URL` one that runs already, with `--only R53`
 * what begins so. What our side makes of them is written as it is now: read the difference before keeping it.
 */

const folder = fileURLToPath(new URL("../recordings", import.meta.url));

interface Answer {
	readonly status: number;
	readonly bytes: Uint8Array;
}

/** A connection of its own for each: llama.cpp closes one that it said to keep. */
async function ask(url: string, { path: below = "/chat/completions", body }: Ask): Promise<Answer> {
	const request = http.request(`${url}${below}`, {
		agent: false,
		...(body && { method: "POST", headers: { "content-type": "application/json" } }),
	});
	request.end(body && JSON.stringify(body));
	const [response] = (await once(request, "response")) as [http.IncomingMessage];
	const chunks: Buffer[] = [];
	for await (const chunk of response) chunks.push(chunk as Buffer);
	return { status: response.statusCode ?? 0, bytes: tidy(Buffer.concat(chunks)) };
}

/** A path of this machine says too much. */
function tidy(bytes: Uint8Array): Uint8Array {
	const text = new TextDecoder().decode(bytes);
	return new TextEncoder().encode(text.replace(/"root":"[^"]*"/g, '"root":"/models/model"'));
}

async function record(url: string, each: Ask, origin: string): Promise<void> {
	const { status, bytes } = await ask(url, each);
	const about = { about: each.about, origin: `recorded from ${origin}` };
	if (each.path === "/models")
		return keepList(each.name, { ...about, body: JSON.parse(new TextDecoder().decode(bytes)) });
	const recording = { ...about, ...(status === 200 ? {} : { status }), expect: { parts: [] } };
	const server = await startEndpoint({ script: [replay({ recording, bytes })] });
	try {
		const { reply, failure } = await hear(modelAt(server.url, patient), { ...hello, tools });
		const { code, status: told, retryable } = failure ?? {};
		const { advice: _, ...said } = reply;
		const expect = { ...said, ...(failure && { failure: { code, ...(told && { status: told }), retryable } }) };
		fs.writeFileSync(path.join(folder, `${each.name}.sse`), bytes);
		write(path.join(folder, `${each.name}.json`), { ...recording, expect });
		console.log(`${each.name}: ${JSON.stringify(expect).slice(0, 200)}`);
	} finally {
		await server.close();
	}
}

async function keepList(name: string, recording: Readonly<Record<string, unknown>>): Promise<void> {
	const server = await startEndpoint({ script: [], models: recording["body"] });
	try {
		const listed = await listModels(endpointAt(server.url), new AbortController().signal);
		fs.mkdirSync(path.join(folder, "lists"), { recursive: true });
		write(path.join(folder, "lists", `${name}.json`), {
			...recording,
			expect: listed.ok ? listed.value : listed.failure,
		});
		console.log(`${name}: ${JSON.stringify(listed)}`);
	} finally {
		await server.close();
	}
}

function write(file: string, value: unknown): void {
	fs.writeFileSync(file, `${JSON.stringify(value, undefined, "\t")}\n`);
}

await main(async (args) => {
	const { values, positionals } = parseArgs({
		args,
		options: { at: { type: "string" }, only: { type: "string", default: "" } },
		allowPositionals: true,
	});
	const wanted = positionals.length > 0 ? positionals : [...new Set(asks.map(({ server }) => server))];
	for (const name of wanted) {
		const { origin } = serverNamed(name);
		await using(name, values.at, async (url) => {
			for (const each of asks)
				if (each.server === name && each.name.startsWith(values.only)) await record(url, each, origin);
		});
	}
	return 0;
});
