import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import path from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import zlib from "node:zlib";
import type { Knobs } from "./endpoint-cases.ts";
import { allCases } from "./endpoint-corpus.ts";
import { renderEvents, type ScriptedReply, type WireRequest } from "./endpoint-reply.ts";

/*
 * An OpenAI-compatible endpoint that misbehaves as told: for tests as a module, for people as a program:
 * `node test/fake/endpoint.ts --port 8080 --case stall`, `--list` for all cases. Listens on the loopback only.
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
	/** The requests for chats and completions so far. */
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
	if (message.method !== "POST" || !["/v1/chat/completions", "/v1/completions"].includes(message.url ?? ""))
		return answer(response, { status: 404, body: { detail: "Not Found" } });
	const request: WireRequest = {
		n: requests.length,
		before: countOn(message.socket),
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

const counts = new WeakMap<Socket, number>();

/** How many requests came over the connection before this one. */
function countOn(socket: Socket): number {
	const before = counts.get(socket) ?? 0;
	counts.set(socket, before + 1);
	return before;
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
	if (script.drop && script.cutAfterBytes === undefined) return drop(response, script);
	if (script.status !== undefined || script.body !== undefined) return answer(response, script);
	const encoding = script.encoding && { "content-encoding": script.encoding };
	response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", ...encoding, ...script.headers });
	response.flushHeaders();
	if (script.hang === "after-headers") return;
	const events = script.raw === undefined ? renderEvents(script, request, cachedTokens) : [script.raw];
	const heard = script.hang === "mid" ? events.slice(0, Math.ceil(events.length / 2)) : events;
	const bytes = grouped(heard, script.group).flatMap((event) => split(event, script.writeSize));
	const body = script.encoding ? compressed(script.encoding, response) : response;
	await stream(bytes, script, body, response);
	if (script.hang !== "mid" && !response.destroyed) body.end();
}

function drop(response: http.ServerResponse, { drop = "close" }: ScriptedReply): void {
	if (drop === "reset") response.socket?.resetAndDestroy();
	else response.destroy(new Error("cut by the script"));
}

/** What is written to it arrives at once, compressed. */
function compressed(encoding: "gzip" | "br", response: http.ServerResponse): Writable {
	const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
	const encoder =
		encoding === "gzip"
			? zlib.createGzip({ flush: Z_SYNC_FLUSH })
			: zlib.createBrotliCompress({ flush: BROTLI_OPERATION_FLUSH });
	encoder.pipe(response);
	return encoder;
}

async function stream(
	writes: Buffer[],
	script: ScriptedReply,
	body: Writable,
	response: http.ServerResponse,
): Promise<void> {
	let room = script.cutAfterBytes ?? Number.POSITIVE_INFINITY;
	for (const bytes of writes) {
		if (response.destroyed) return;
		const sent = bytes.subarray(0, room);
		room -= sent.length;
		await write(body, sent);
		if (room <= 0) return drop(response, script);
		if (script.chunkMs) await sleep(script.chunkMs);
	}
}

function grouped(events: readonly (string | Uint8Array)[], group = 1): readonly (string | Uint8Array)[] {
	if (group === 1) return events;
	return Array.from({ length: Math.ceil(events.length / group) }, (_, n) =>
		events.slice(n * group, (n + 1) * group).join(""),
	);
}

function split(event: string | Uint8Array, size = Number.POSITIVE_INFINITY): Buffer[] {
	const bytes = Buffer.from(event);
	if (bytes.length <= size) return [bytes];
	return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

function write(body: Writable, bytes: Buffer): Promise<void> {
	return new Promise((resolve) => {
		if (bytes.length === 0) resolve();
		else body.write(bytes, () => resolve());
	});
}

function answer(response: http.ServerResponse, { status = 200, headers, body = "", encoding }: ScriptedReply): void {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const encode = { gzip: zlib.gzipSync, br: zlib.brotliCompressSync };
	const bytes = encoding ? encode[encoding](text) : text;
	const told = encoding && { "content-encoding": encoding };
	response.writeHead(status, { "content-type": "application/json", ...told, ...headers });
	response.end(bytes);
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

const USAGE = `node test/fake/endpoint.ts --case NAME [--port 8080] [--key KEY] [--at BYTES] [--delay MS] [--retry-after S]
node test/fake/endpoint.ts --list

A recording or a case of the corpus is named in full or by the part before its first dash (S17).`;

async function main(program: string): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: "string", default: "8080" },
			case: { type: "string", default: "ok" },
			key: { type: "string" },
			at: { type: "string" },
			delay: { type: "string" },
			"retry-after": { type: "string" },
			list: { type: "boolean", default: false },
		},
	});
	const cases = allCases(path.join(path.dirname(program), "..", "recordings"));
	const short = /^[A-Z]+\d+\w*$/.test(values.case) ? `${values.case}-` : undefined;
	const known = cases.find(({ name }) => name === values.case || (short && name.startsWith(short)));
	if (values.list || !known) {
		const width = Math.max(...cases.map(({ name }) => name.length));
		for (const { name, about } of cases) console.log(`${name.padEnd(width)}  ${about}`);
		if (!values.list) console.error(`\nThere is no case ${values.case}.\n${USAGE}`);
		process.exitCode = values.list ? 0 : 2;
		return;
	}
	const knobs: Knobs = {
		...(values.at !== undefined && { at: Number(values.at) }),
		...(values.delay !== undefined && { delayMs: Number(values.delay) }),
		...(values["retry-after"] !== undefined && { retryAfterS: Number(values["retry-after"]) }),
	};
	const endpoint = await startEndpoint({
		script: (request, n) => known.reply(request, n, knobs),
		port: Number(values.port),
		...(values.key !== undefined && { key: values.key }),
	});
	console.log(`${endpoint.url} (${known.name}: ${known.about})`);
}

// Told by the path, since `import.meta` is empty where the host suites bundle this as CommonJS.
const program = process.argv[1]?.replaceAll("\\", "/") ?? "";
if (program.endsWith("test/fake/endpoint.ts")) void main(program);
