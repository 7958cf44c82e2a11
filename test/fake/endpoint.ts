import http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cases } from "./endpoint-cases.ts";
import { renderEvents, type ScriptedReply, type WireRequest } from "./endpoint-reply.ts";

/*
 * An OpenAI-compatible endpoint that misbehaves as told: for tests as a module, for people as a program:
 * `node test/fake/endpoint.ts --port 8080 --case stall`. Listens on the loopback only.
 */

/** The replies in order; a request too many is refused with 400. */
export type Script = readonly ScriptedReply[];

export interface EndpointOptions {
	readonly script: Script | ((request: WireRequest, n: number) => ScriptedReply);
	/** What `GET /v1/models` answers with, as JSON. Default: one Kimi. */
	readonly models?: unknown;
	/** Requests without it are refused with 401. */
	readonly key?: string;
	/** Default: any free one. */
	readonly port?: number;
}

export interface FakeEndpoint {
	/** The base URL, with `/v1`. */
	readonly url: string;
	/** The chat requests so far. */
	readonly requests: readonly WireRequest[];
	/** All requests so far, such as `GET /v1/models`. */
	readonly hits: readonly string[];
	/** Ends open connections as well. */
	close(): Promise<void>;
}

const DEFAULT_MODELS = {
	object: "list",
	data: [{ id: "kimi-k2.7-code", object: "model", owned_by: "fake", context_length: 262_144 }],
};

export async function startEndpoint(options: EndpointOptions): Promise<FakeEndpoint> {
	const requests: WireRequest[] = [];
	const hits: string[] = [];
	const server = http.createServer((request, response) => {
		hits.push(`${request.method} ${request.url}`);
		void serve(options, requests, request, response).catch((error: unknown) => {
			// A client that left is part of many scripts; anything else is a defect of this file.
			if (!response.destroyed) response.destroy(error instanceof Error ? error : undefined);
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port ?? 0, "127.0.0.1", resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		requests,
		hits,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function serve(
	{ script, models = DEFAULT_MODELS, key }: EndpointOptions,
	requests: WireRequest[],
	message: http.IncomingMessage,
	response: http.ServerResponse,
): Promise<void> {
	const raw = await bodyOf(message);
	if (key !== undefined && message.headers.authorization !== `Bearer ${key}`)
		return answer(response, { status: 401, body: { error: { message: "Invalid Authentication" } } });
	if (message.method === "GET" && message.url === "/v1/models") return answer(response, { body: models });
	if (message.method !== "POST" || message.url !== "/v1/chat/completions")
		return answer(response, { status: 404, body: { detail: "Not Found" } });
	const request: WireRequest = {
		n: requests.length,
		headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
		body: JSON.parse(raw),
		raw,
		at: Date.now(),
		ended: new Promise((resolve) => {
			response.on("close", () => resolve(response.writableFinished ? "answered" : response.errored ? "cut" : "left"));
		}),
	};
	const previous = requests.at(-1)?.raw ?? "";
	requests.push(request);
	await reply(pick(script, request), request, response, sharedTokens(raw, previous));
}

function pick(script: EndpointOptions["script"], request: WireRequest): ScriptedReply {
	if (typeof script === "function") return script(request, request.n);
	const message = `The script has ${script.length} replies, and this was request ${request.n + 1}.`;
	return script[request.n] ?? { status: 400, body: { error: { message } } };
}

async function reply(
	script: ScriptedReply,
	request: WireRequest,
	response: http.ServerResponse,
	cachedTokens: number,
): Promise<void> {
	if (script.delayMs) await sleep(script.delayMs);
	if (script.hang === "before-headers") return;
	if (script.status !== undefined || script.body !== undefined) return answer(response, script);
	response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", ...script.headers });
	response.flushHeaders();
	if (script.hang === "after-headers") return;
	const events = script.raw === undefined ? renderEvents(script, request, cachedTokens) : [script.raw];
	const heard = script.hang === "mid" ? events.slice(0, Math.ceil(events.length / 2)) : events;
	const bytes = heard.flatMap((event) => split(event, script.writeSize));
	await stream(bytes, script, response);
	if (script.hang !== "mid" && !response.destroyed) response.end();
}

async function stream(writes: Buffer[], script: ScriptedReply, response: http.ServerResponse): Promise<void> {
	let room = script.cutAfterBytes ?? Number.POSITIVE_INFINITY;
	for (const bytes of writes) {
		if (response.destroyed) return;
		const sent = bytes.subarray(0, room);
		room -= sent.length;
		await write(response, sent);
		if (room <= 0) return void response.destroy(new Error("cut by the script"));
		if (script.chunkMs) await sleep(script.chunkMs);
	}
}

function split(event: string | Uint8Array, size = Number.POSITIVE_INFINITY): Buffer[] {
	const bytes = Buffer.from(event);
	if (bytes.length <= size) return [bytes];
	return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

function write(response: http.ServerResponse, bytes: Buffer): Promise<void> {
	return new Promise((resolve) => {
		if (bytes.length === 0) resolve();
		else response.write(bytes, () => resolve());
	});
}

function answer(response: http.ServerResponse, { status = 200, headers, body = "" }: ScriptedReply): void {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	response.writeHead(status, { "content-type": "application/json", ...headers });
	response.end(text);
}

/** As a server's prefix cache would count: what two requests have in common from the start. */
function sharedTokens(raw: string, previous: string): number {
	let at = 0;
	while (at < raw.length && raw[at] === previous[at]) at++;
	return Math.floor(at / 4);
}

async function bodyOf(message: http.IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString("utf8");
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: "string", default: "8080" },
			case: { type: "string", default: "ok" },
			key: { type: "string" },
			list: { type: "boolean", default: false },
		},
	});
	const known = cases[values.case];
	if (values.list || !known) {
		const width = Math.max(...Object.keys(cases).map((name) => name.length));
		for (const [name, { about }] of Object.entries(cases)) console.log(`${name.padEnd(width)}  ${about}`);
		process.exitCode = values.list ? 0 : 2;
		return;
	}
	const { key } = values;
	const endpoint = await startEndpoint({
		script: known.reply,
		port: Number(values.port),
		...(key !== undefined && { key }),
	});
	console.log(`${endpoint.url} (${values.case}: ${known.about})`);
}

// Told by the path, since `import.meta` is empty where the host suites bundle this as CommonJS.
if (process.argv[1]?.replaceAll("\\", "/").endsWith("test/fake/endpoint.ts")) void main();
