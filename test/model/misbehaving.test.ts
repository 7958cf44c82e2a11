import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Clocks } from "../../src/model/patience.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { cases } from "../fake/endpoint-cases.ts";
import { allCases } from "../fake/endpoint-corpus.ts";
import { hear, hello, modelAt, patient, tools } from "./harness.ts";
import { made, meet } from "./meet.ts";

const folder = fileURLToPath(new URL("../recordings", import.meta.url));

const transports: readonly (readonly [string, Partial<Clocks>])[] = [
	["fetch", {}],
	["node:http", { idleMs: 301_000 }],
];

const HELLO = "Hello. This is the fake endpoint, and all is well here.";

describe("a misbehaving endpoint", () => {
	const all = allCases(folder);

	for (const [transport, change] of transports) {
		for (const each of all.filter(({ name }) => name in cases)) {
			it(`that does ${each.name} over ${transport}: ${each.about}`, async () => {
				assert.deepEqual(made(each, await meet(each, change)), each.expect);
			});
		}
	}

	it("that compresses is heard as it speaks, and left as soon as the person stops", async () => {
		for (const [, change] of transports) {
			for (const encoding of ["gzip", "br"] as const) {
				const server = await startEndpoint({ script: [{ text: "Hello there.", chunkSize: 2, hang: "mid", encoding }] });
				const stop = new AbortController();
				const kinds = [];
				for await (const delta of modelAt(server.url, { ...patient, ...change }).stream(hello, stop.signal)) {
					kinds.push(delta.kind === "end" ? delta.failure?.code : delta.kind);
					stop.abort();
				}
				assert.deepEqual([kinds[0], kinds.at(-1)], ["text", "aborted"]);
				assert.equal(await server.requests[0]?.ended, "left");
				await server.close();
			}
		}
	});

	it("tells the names of its requests, which the details of a failure keep", async () => {
		const headers = { "x-request-id": "req-1" };
		const server = await startEndpoint({
			script: [
				{ status: 500, headers },
				{ text: "Half", cutAfterBytes: 300, headers },
			],
		});
		const model = modelAt(server.url);
		for (let n = 0; n < 2; n++) assert.match((await hear(model)).failure?.detail ?? "", /^x-request-id: req-1$/m);
		await server.close();
	});

	it("that closes or resets kept connections costs no answer", async () => {
		for (const [, change] of transports) {
			for (const name of ["keep-alive-closed", "keep-alive-reset"]) {
				const server = await startEndpoint({ script: (request, n) => cases[name]?.reply(request, n) ?? {} });
				const model = modelAt(server.url, { ...patient, ...change });
				const texts = [];
				for (let n = 0; n < 3; n++) texts.push((await hear(model)).text);
				await server.close();
				assert.deepEqual(texts, Array(3).fill(HELLO), name);
				// One of the connections was really used twice.
				assert.ok(server.requests.some(({ before }) => before > 0));
			}
		}
	});

	it("that resets every connection is asked once more, and no more than that", async () => {
		for (const [, change] of transports) {
			const server = await startEndpoint({ script: (_, n) => (n === 0 ? { text: "Hello." } : { drop: "reset" }) });
			const model = modelAt(server.url, { ...patient, ...change });
			const codes = [];
			for (let n = 0; n < 2; n++) codes.push((await hear(model)).failure?.code);
			await server.close();
			assert.deepEqual([codes, server.requests.length], [[undefined, "cut"], 3]);
		}
	});
});

describe("the endpoint as a program", () => {
	const program = fileURLToPath(new URL("../fake/endpoint.ts", import.meta.url));
	const run = (...args: string[]) => spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });

	it("lists the faults and the recordings", async () => {
		const child = run("--list");
		let text = "";
		child.stdout.on("data", (data) => {
			text += data;
		});
		const [code] = await once(child, "close");
		assert.deepEqual([code, text.trim().split("\n").length], [0, allCases(folder).length]);
		assert.match(text, /^S17-interleaved +\S/m);
	});

	it("says so when there is no such case", async () => {
		const [code] = await once(run("--case", "S1"), "close");
		assert.equal(code, 2);
	});

	it("does what it is told: a recording by its number, a cut at a byte, a wait", async () => {
		const table = [
			[["--case", "S17"], undefined, undefined],
			[["--case", "cut", "--at", "300"], "cut", undefined],
			[["--case", "rate-limit", "--retry-after", "42"], "rate-limit", 42_000],
		] as const;
		for (const [args, code, wait] of table) {
			const child = run("--port", "0", ...args);
			const [line] = await once(child.stdout, "data");
			const { failure } = await hear(modelAt(String(line).split(" ")[0] ?? ""), { ...hello, tools });
			child.kill();
			assert.deepEqual([failure?.code, failure?.retryAfterMs], [code, wait]);
		}
	});
});
