import type { FetchLike } from "@modelcontextprotocol/client";
import { MAX_MESSAGE } from "./sdk.ts";
import type { McpServerConfig } from "./server.ts";

type HttpConfig = Extract<McpServerConfig, { type: "http" }>;

/**
 * `fetch` for a server and whoever signs the person in there. The configured headers, which often are keys, go to the
 * server's own origin alone; where the SDK sets one itself it stays. No body, and no event of a stream, may be endless.
 * @param patience milliseconds for an answer with its body; absent: whoever asks has a clock of their own
 */
export function createFetch({ url, headers }: HttpConfig, patience?: number): FetchLike {
	// Of an address that is none nothing is asked: connecting says why.
	const origin = URL.parse(url)?.origin;
	return async (input, init) => {
		const sent = new Headers(init?.headers);
		if (new URL(input).origin === origin)
			for (const [name, value] of Object.entries(headers)) if (!sent.has(name)) sent.set(name, value);
		const late = patience === undefined ? [] : [AbortSignal.timeout(patience)];
		const signal = AbortSignal.any([...late, ...(init?.signal ? [init.signal] : [])]);
		const response = await fetch(input, { ...init, headers: sent, signal });
		const answer = withBounds(response);
		authorisations.set(answer, sent.get("authorization"));
		return answer;
	};
}

const authorisations = new WeakMap<Response, string | null>();

/** What the request of an answer was authorised by: it may be another token by now. */
export function authorisationOf(answer: Response): string | null {
	return authorisations.get(answer) ?? null;
}

function withBounds(response: Response): Response {
	if (!response.body) return response;
	const isStream = response.headers.get("content-type")?.includes("text/event-stream") ?? false;
	const { status, statusText, headers } = response;
	return new Response(response.body.pipeThrough(bounded(isStream)), { status, statusText, headers });
}

const LF = 10;
const CR = 13;

function bounded(isStream: boolean): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
	let size = 0;
	let last = 0;
	return new TransformStream({
		transform(bytes, controller) {
			for (const byte of bytes) {
				// An empty line ends an event.
				size = isStream && byte === LF && last === LF ? 0 : size + 1;
				if (byte !== CR) last = byte;
			}
			if (size > MAX_MESSAGE) controller.error(new Error("The server sent more than 10 MB at once."));
			else controller.enqueue(bytes);
		},
	});
}
