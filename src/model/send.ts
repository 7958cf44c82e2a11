import type { Asked } from "./classify.ts";
import { headersFor } from "./endpoint.ts";
import { type Body, bodyJson } from "./request.ts";
import type { Transport } from "./transport.ts";

/** What a timer can hold: our own clocks decide. */
const FOREVER = 2 ** 31 - 1;

/** Loads the client before the first request needs it: 50 ms that activation must not cost, and a prompt need not. */
export function loadClient(): Promise<typeof import("openai")> {
	return import("openai");
}

/** Sends a chat completion request, as `post` does it. */
export function send(asked: Asked, body: Body, transport: Transport, signal: AbortSignal): Promise<Response> {
	return post(asked, { path: "/chat/completions", json: bodyJson(body) }, transport, signal);
}

/**
 * Sends a request through the official client and returns the server's answer untouched, whatever its status. The
 * client sees neither key nor environment: the headers are ours alone, and it is not asked to read, retry, redirect,
 * time or log.
 */
export async function post(
	{ endpoint }: Asked,
	{ path, json }: { readonly path: string; readonly json: string },
	transport: Transport,
	signal: AbortSignal,
): Promise<Response> {
	signal.throwIfAborted();
	const { default: OpenAI } = await loadClient();
	let answer: Promise<Response> | undefined;
	const client = new OpenAI({
		baseURL: endpoint.baseUrl,
		apiKey: "not-used",
		adminAPIKey: null,
		organization: null,
		project: null,
		webhookSecret: null,
		maxRetries: 0,
		timeout: FOREVER,
		logLevel: "off",
		fetch: async (url, init) => {
			const headers = { ...headersFor(endpoint), "content-type": "application/json" };
			answer = transport(String(url), { method: "POST", headers, body: String(init?.body), signal });
			await answer;
			return new Response();
		},
	});
	await client
		// As text, which the client passes on: it would encode the whole chat anew with each request.
		.post(path, { body: json, headers: { "content-type": "application/json" } })
		.asResponse()
		.catch(() => undefined);
	return answer ?? Promise.reject(new Error("The request could not be made."));
}
