/** A request as it arrived. */
export interface WireRequest {
	/** Counts from 0. */
	readonly n: number;
	/** Requests that came over the same connection before it. */
	readonly before: number;
	readonly headers: Readonly<Record<string, string>>;
	/** The parsed body. */
	readonly body: WireBody;
	/** The body's bytes as text. */
	readonly raw: string;
	/** Milliseconds since 1970. */
	readonly at: number;
	/** How it ended: with the whole answer, by the client hanging up, or by the script cutting it. */
	readonly ended: Promise<"answered" | "left" | "cut">;
}

export interface WireBody {
	readonly model: string;
	readonly messages: readonly {
		readonly role: string;
		readonly content?: string;
		readonly reasoning_content?: string;
		readonly tool_call_id?: string;
		readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
	}[];
	readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters?: unknown } }[];
	readonly [field: string]: unknown;
}

/** One scripted answer. Without `status`, `body` or `raw` it is streamed as Kimi does it: thinking, text, calls. */
export interface ScriptedReply {
	readonly reasoning?: string;
	readonly text?: string;
	/** `args`: an object, or a string to send as it is. */
	readonly calls?: readonly { readonly tool: string; readonly args: unknown; readonly id?: string }[];
	/** Default: counted from the bytes, the cached part by the prefix shared with the request before. Null: none. */
	readonly usage?: Readonly<Record<string, unknown>> | null;
	/** Default: `tool_calls` with calls, else `stop`. Null: none. */
	readonly finish?: string | null;
	/** False: no `[DONE]`. */
	readonly done?: boolean;
	/** Before anything is answered. */
	readonly delayMs?: number;
	/** Between two chunks. */
	readonly chunkMs?: number;
	/** Characters in a streamed delta. Default 16. */
	readonly chunkSize?: number;
	/** Events in one write to the network. Default 1. */
	readonly group?: number;
	/** Bytes in one write to the network. Default: all events of the group. */
	readonly writeSize?: number;
	/** Closes the socket after so many bytes of the body. */
	readonly cutAfterBytes?: number;
	/** How the connection ends: there, or without `cutAfterBytes` before any answer. */
	readonly drop?: "close" | "reset";
	/** Compresses the body, whatever the client accepts. */
	readonly encoding?: "gzip" | "br";
	/** Says nothing more, and leaves the connection open. `mid`: after half of the events. */
	readonly hang?: "before-headers" | "after-headers" | "mid";
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** A whole body instead of a stream; objects go as JSON. */
	readonly body?: unknown;
	/** A literal stream. */
	readonly raw?: string | Uint8Array;
}

/** The events of a streamed reply, each with its blank line. */
export function renderEvents(reply: ScriptedReply, request: WireRequest, cachedTokens: number): string[] {
	const { reasoning, text, calls = [], chunkSize = 16, finish = calls.length > 0 ? "tool_calls" : "stop" } = reply;
	if (request.body["prompt"] !== undefined) return renderText(reply, request, cachedTokens);
	const base = {
		id: `chatcmpl-${request.n}`,
		object: "chat.completion.chunk",
		created: Math.floor(request.at / 1000),
		model: request.body.model,
	};
	const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) =>
		event({ ...base, choices: [{ index: 0, delta, finish_reason }], ...more });
	const events = [
		chunk({ role: "assistant", content: "" }),
		...pieces(reasoning, chunkSize).map((piece) => chunk({ reasoning_content: piece })),
		...pieces(text, chunkSize).map((piece) => chunk({ content: piece })),
		...callDeltas(reply, request).map((call) => chunk({ tool_calls: [call] })),
	];
	if (finish !== null) events.push(chunk({}, finish));
	const usage = reply.usage === undefined ? counted(reply, request, cachedTokens) : reply.usage;
	if (usage !== null) events.push(event({ ...base, choices: [], usage }));
	if (reply.done !== false) events.push("data: [DONE]\n\n");
	return events;
}

/** As `POST /v1/completions` streams: the text alone. */
function renderText(reply: ScriptedReply, request: WireRequest, cachedTokens: number): string[] {
	const { text, chunkSize = 16, finish = "stop" } = reply;
	const base = { id: `cmpl-${request.n}`, object: "text_completion", model: request.body.model };
	const chunk = (piece: string, finish_reason: string | null = null, more: object = {}) =>
		event({ ...base, choices: [{ index: 0, text: piece, finish_reason }], ...more });
	const events = pieces(text, chunkSize).map((piece) => chunk(piece));
	const usage = reply.usage === undefined ? counted(reply, request, cachedTokens) : reply.usage;
	if (finish !== null) events.push(chunk("", finish, usage === null ? {} : { usage }));
	if (reply.done !== false) events.push("data: [DONE]\n\n");
	return events;
}

function callDeltas({ calls = [], chunkSize = 16 }: ScriptedReply, request: WireRequest): object[] {
	const before = request.body.messages.reduce((sum, message) => sum + (message.tool_calls?.length ?? 0), 0);
	return calls.flatMap(({ tool, args, id }, index) => {
		const head = { index, id: id ?? `functions.${tool}:${before + index}`, type: "function" };
		const json = typeof args === "string" ? args : JSON.stringify(args);
		return [
			{ ...head, function: { name: tool, arguments: "" } },
			...pieces(json, chunkSize).map((piece) => ({ index, function: { arguments: piece } })),
		];
	});
}

function counted(reply: ScriptedReply, { raw }: WireRequest, cachedTokens: number): object {
	const said = JSON.stringify([reply.reasoning ?? "", reply.text ?? "", reply.calls ?? []]);
	const prompt_tokens = Math.ceil(raw.length / 4);
	const completion_tokens = Math.ceil(said.length / 4);
	const total_tokens = prompt_tokens + completion_tokens;
	return { prompt_tokens, completion_tokens, total_tokens, cached_tokens: cachedTokens };
}

function pieces(text: string | undefined, size: number): string[] {
	// By characters and not by code units, as a tokenizer would.
	const all = [...(text ?? "")];
	return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size).join(""));
}

function event(data: object): string {
	return `data: ${JSON.stringify(data)}\n\n`;
}
