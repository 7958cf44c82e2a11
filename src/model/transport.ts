import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";

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
 * The global `fetch` where it can be (VS Code hangs proxies and certificates into it), plain `node:http` where the
 * clocks allow more time than fetch does.
 */
export function transportFor(clocks: { readonly firstByteMs: number | null; readonly idleMs: number }): Transport {
	const { firstByteMs, idleMs } = clocks;
	const patient = firstByteMs === null || firstByteMs > FETCH_PATIENCE_MS || idleMs > FETCH_PATIENCE_MS;
	return patient ? viaHttp : viaFetch;
}

export const viaFetch: Transport = (url, init) => fetch(url, { ...init, redirect: "manual" });

// Idle sockets go before servers drop them: uvicorn, under vLLM and SGLang, does so after 5 s without notice.
const keep = { keepAlive: true, timeout: 3000 };
const agents = { "http:": new http.Agent(keep), "https:": new https.Agent(keep) };

const viaHttp: Transport = (url, { body, ...init }) =>
	new Promise((resolve, reject) => {
		const { protocol } = new URL(url);
		const [client, agent] = protocol === "https:" ? [https, agents["https:"] as http.Agent] : [http, agents["http:"]];
		const headers = { ...init.headers, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) };
		const request = client.request(url, { ...init, headers, agent }, (message) => {
			resolve(toResponse(message));
		});
		request.on("error", reject);
		request.end(body);
	});

function toResponse(message: http.IncomingMessage): Response {
	const headers = new Headers();
	for (const [name, values] of Object.entries(message.headersDistinct))
		for (const value of values ?? []) headers.append(name, value);
	const status = message.statusCode ?? 0;
	// A `Response` of these must have no body; and it knows no status below 200.
	const bodiless = status === 204 || status === 205 || status === 304;
	if (bodiless || status < 200) message.resume();
	const body = bodiless || status < 200 ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
	return new Response(body, { status: status < 200 ? 502 : status, headers });
}
