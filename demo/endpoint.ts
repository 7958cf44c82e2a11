import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { readConversation } from "./conversation.ts";
import { PrefixCache } from "./prefix.ts";
import { nextReply } from "./script.ts";
import { chunks, completion, MODEL_ID, type Stamp, usageOf } from "./stream.ts";

/** The pause between two pieces of a stream, in milliseconds, at speed 1. */
const PAUSE = 25;

const MAX_BODY_BYTES = 64 * 1024 * 1024;

const MODEL = {
	id: MODEL_ID,
	object: "model",
	created: 0,
	owned_by: "demo",
	display_name: "Scripted demo (not a model)",
	context_length: 262_144,
	supports_reasoning: true,
	supports_image_in: false,
	supports_video_in: false,
};

interface DemoServer {
	/** The base URL of the endpoint, such as `http://127.0.0.1:41234/v1`. */
	readonly url: string;
	/** Cuts open streams and frees the port. */
	close(): Promise<void>;
}

interface DemoOptions {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	/** A factor on the pauses of the stream: 1 is about 25 ms a piece, 0 none. Default: `KIMI_DEMO_SPEED`, else 1. */
	readonly speed?: number;
}

/**
 * Starts the scripted demo on 127.0.0.1: an OpenAI-compatible endpoint that is no model and needs no key and no
 * network. Rejects when the port is taken.
 */
export async function startDemo(options: DemoOptions = {}): Promise<DemoServer> {
	const pause = PAUSE * (options.speed ?? speedFromEnv());
	const cache = new PrefixCache();
	const server = createServer((request, response) => {
		// A client may go away at any time; the socket's error says no more than `close` does.
		response.on("error", () => undefined);
		answer(request, response, cache, pause).catch((error: unknown) => {
			if (response.headersSent) response.destroy();
			else sendError(response, 500, "server_error", `The scripted demo has a defect: ${String(error)}`);
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port ?? 0, "127.0.0.1", resolve);
	});
	const address = server.address();
	const port = typeof address === "object" && address ? address.port : 0;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function speedFromEnv(): number {
	const speed = Number(process.env["KIMI_DEMO_SPEED"] ?? 1);
	return Number.isFinite(speed) && speed >= 0 ? speed : 1;
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	cache: PrefixCache,
	pause: number,
): Promise<void> {
	const route = `${request.method} ${request.url?.split("?")[0]}`;
	if (route === "GET /v1/models") return sendJson(response, 200, { object: "list", data: [MODEL] });
	if (route !== "POST /v1/chat/completions") {
		return sendError(
			response,
			404,
			"not_found_error",
			`This scripted demo has no ${route}; it has GET /v1/models and POST /v1/chat/completions.`,
		);
	}
	const body = await readBody(request);
	if (body === undefined) return sendError(response, 413, "invalid_request_error", "The request is too large.");
	const asked = parseJson(body);
	if (!isObject(asked)) return sendError(response, 400, "invalid_request_error", "The body is not a JSON object.");
	await complete(asked, response, cache, pause);
}

async function complete(
	asked: Readonly<Record<string, unknown>>,
	response: ServerResponse,
	cache: PrefixCache,
	pause: number,
): Promise<void> {
	if (asked["model"] !== MODEL_ID) {
		const message = `Not found the model ${String(asked["model"])}: this scripted demo has only ${MODEL_ID}.`;
		return sendError(response, 404, "resource_not_found_error", message, "model_not_found");
	}
	const conversation = readConversation(asked);
	if (!conversation) return sendError(response, 400, "invalid_request_error", "messages must be a list.");
	const reply = nextReply(conversation);
	const { bytes, cached } = cache.take(asked);
	const usage = usageOf(reply, bytes, cached);
	const stamp: Stamp = { id: `chatcmpl-demo-${randomUUID()}`, created: Math.floor(Date.now() / 1000) };
	if (asked["stream"] !== true) {
		return sendJson(response, 200, completion(reply, conversation.callCount, stamp, usage));
	}
	await stream(response, chunks(reply, conversation.callCount, stamp, usage), pause);
}

/** Writes chunks as server-sent events at an even pace, until all are out or the client is gone. */
async function stream(response: ServerResponse, all: Iterable<object>, pause: number): Promise<void> {
	const gone = new AbortController();
	response.once("close", () => gone.abort());
	response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
	for (const chunk of all) {
		if (gone.signal.aborted) return;
		response.write(`data: ${JSON.stringify(chunk)}\n\n`);
		if (pause > 0) await after(pause, undefined, { signal: gone.signal }).catch(() => undefined);
	}
	response.end("data: [DONE]\n\n");
}

/** The whole body as text; undefined when it is too large. It is read to its end, so that the client reads the answer. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
	const parts: Buffer[] = [];
	let size = 0;
	try {
		for await (const part of request as AsyncIterable<Buffer>) {
			size += part.length;
			if (size <= MAX_BODY_BYTES) parts.push(part);
		}
	} catch {
		// The client went away; nobody reads what is answered.
		return "";
	}
	return size > MAX_BODY_BYTES ? undefined : Buffer.concat(parts).toString("utf8");
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
	response.end(JSON.stringify(body));
}

function sendError(
	response: ServerResponse,
	status: number,
	type: string,
	message: string,
	code: string | null = null,
): void {
	sendJson(response, status, { error: { message, type, param: null, code } });
}

async function main(args: readonly string[]): Promise<void> {
	const at = args.indexOf("--port");
	const port = at < 0 ? 0 : Number(args[at + 1]);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) {
		process.stderr.write("usage: node demo/endpoint.ts [--port N]\n");
		process.exitCode = 2;
		return;
	}
	const { url, close } = await startDemo({ port });
	process.stdout.write(`Scripted demo (not a model): ${url}  model ${MODEL_ID}\n`);
	process.once("SIGINT", () => void close());
	process.once("SIGTERM", () => void close());
}

// Told by the path, since `import.meta` is empty in the bundle that the extension ships.
const started = process.argv[1] ?? "";
if (basename(started) === "endpoint.ts" && basename(dirname(started)) === "demo") {
	main(process.argv.slice(2)).catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	});
}
