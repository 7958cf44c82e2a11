import http from "node:http";
import https from "node:https";
import { pipeline, Readable, type Transform } from "node:stream";
import zlib from "node:zlib";
import { isLoopback } from "./endpoint.ts";

/** A `fetch` that follows no redirect: a redirected POST would carry the person's code to another host. */
export type Transport = (
	url: string,
	init: {
		readonly method: "GET" | "POST";
		readonly headers: Readonly<Record<string, string>>;
		readonly body?: string;
		readonly signal: AbortSignal;
	},
) => Promise<Response>;

/** Node's fetch gives up on its own after this time without headers, and after the same time without a byte. */
const FETCH_PATIENCE_MS = 300_000;

/**
 * The global `fetch` where it can be, plain `node:http` where the clocks allow more time than fetch does. VS Code hangs
 * its proxy and certificates into both.
 */
export function transportFor(clocks: { readonly firstByteMs: number | null; readonly idleMs: number }): Transport {
	const { firstByteMs, idleMs } = clocks;
	const patient = firstByteMs === null || firstByteMs > FETCH_PATIENCE_MS || idleMs > FETCH_PATIENCE_MS;
	return patient ? viaHttp : viaFetch;
}

/** Whoever compresses a stream holds it back until there is enough to compress. */
const plainly = { "accept-encoding": "identity" };

/** An answer begins no sooner; a connection that was closed while nobody used it says so at once. */
const UNHEARD_MS = 250;

/**
 * A server may close a kept connection at the very moment when it is used again. Nothing was answered then, nobody has
 * worked on it and nothing is known to be wrong: the request goes once more, over a new one. Anything else is for
 * whoever keeps the record, since a request made twice may be paid twice.
 */
function onceMore(transport: Transport, wasKept: (error: unknown, url: string) => boolean): Transport {
	return (url, init) => {
		const from = performance.now();
		return transport(url, init).catch((error: unknown) => {
			const isUnheard = isClosed(error) && performance.now() - from < UNHEARD_MS;
			return isUnheard && !init.signal.aborted && wasKept(error, url) ? transport(url, init) : Promise.reject(error);
		});
	};
}

function isClosed(error: unknown): boolean {
	const { code } = ((error instanceof TypeError ? error.cause : error) ?? {}) as { readonly code?: unknown };
	return code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET";
}

/** Origins that have answered: `fetch` does not tell which connection it took, so one may have been kept. */
const answered = new Set<string>();

export const viaFetch: Transport = onceMore(
	async (url, init) => {
		const headers = { ...init.headers, ...plainly };
		const response = await fetch(url, { ...init, headers, redirect: "manual" });
		answered.add(new URL(url).origin);
		return response;
	},
	(_, url) => answered.delete(new URL(url).origin),
);

// Idle sockets go before servers drop them: uvicorn, under vLLM and SGLang, does so after 5 s without notice.
// On this machine only: elsewhere an agent of our own would go past the proxy (with `http.proxySupport: on`).
const keep = { keepAlive: true, timeout: 3000 };
const agents = { "http:": new http.Agent(keep), "https:": new https.Agent(keep) };

/** Errors of connections that had carried a request before. */
const ofKept = new WeakSet<Error>();

const viaHttp: Transport = onceMore(
	(url, { body, ...init }) =>
		new Promise((resolve, reject) => {
			const protocol = url.startsWith("https:") ? "https:" : "http:";
			const client = protocol === "https:" ? https : http;
			const agent = isLoopback(url) ? agents[protocol] : undefined;
			const headers = {
				...init.headers,
				...plainly,
				...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
			};
			const request = client.request(url, { ...init, headers, ...(agent && { agent }) }, (message) => {
				try {
					resolve(toResponse(message));
				} catch (error) {
					// Nobody would catch it here: it would end the whole process.
					request.destroy();
					reject(error);
				}
			});
			request.on("error", (error) => {
				if (request.reusedSocket) ofKept.add(error);
				reject(error);
			});
			request.end(body);
		}),
	(error) => error instanceof Error && ofKept.has(error),
);

function toResponse(message: http.IncomingMessage): Response {
	const headers = new Headers();
	for (const [name, values] of Object.entries(message.headersDistinct))
		for (const value of values ?? []) headers.append(name, value);
	const told = message.statusCode ?? 0;
	// A `Response` knows no others; RFC 9110 takes them, such as the 999 of some firewalls, for a 5xx.
	const status = told < 200 || told > 599 ? 502 : told;
	// A `Response` of these must have no body.
	const isBodiless = told < 200 || status === 204 || status === 205 || status === 304;
	if (isBodiless) message.resume();
	const body = isBodiless ? null : (Readable.toWeb(decoded(message)) as ReadableStream<Uint8Array>);
	return new Response(body, { status, headers });
}

const decoders: ReadonlyMap<string, () => Transform> = new Map([
	["gzip", () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH })],
	["deflate", () => zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH })],
	["br", () => zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH })],
]);

/** The body as it was meant: some proxies compress unasked. Whatever ends one end of it ends the other. */
function decoded(message: http.IncomingMessage): Readable {
	const decoder = decoders.get(message.headers["content-encoding"]?.trim().toLowerCase() ?? "")?.();
	return decoder ? pipeline(message, decoder, () => undefined) : message;
}
