import type { Result } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import { failureOf } from "../shared/remedies.ts";
import { type Asked, classifyBody, classifyError, classifyFlood, traced } from "./classify.ts";
import type { Prompt } from "./completion-prompt.ts";
import { createDecoder } from "./decode.ts";
import { asList, asName, asObject, asText, type Json } from "./json.ts";
import { Line } from "./line.ts";
import type { Clocks } from "./patience.ts";
import { post } from "./send.ts";
import { transportFor } from "./transport.ts";

/** What a completion model is asked for. */
export interface CompletionRequest extends Prompt {
	readonly maxTokens: number;
	readonly temperature?: number | undefined;
	readonly topP?: number | undefined;
}

export type CompletionDelta =
	| { readonly kind: "text"; readonly text: string }
	/** The last one, always. The text before it stands, whatever failed. */
	| { readonly kind: "end"; readonly failure?: Failure };

type To = Asked & { readonly clocks: Clocks };

/** What no answer has that keeps to its limit of tokens. */
const MAX_CHARS_PER_TOKEN = 40;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** OpenAI takes no more. */
const MAX_STOPS = 4;

/**
 * Asks `POST /completions`, once, to go on with a text. Never throws. No redirect is followed. Whoever stops listening
 * ends the request.
 */
export async function* complete(
	request: CompletionRequest,
	to: To,
	signal: AbortSignal,
): AsyncGenerator<CompletionDelta, void> {
	const line = new Line(to.clocks, signal);
	try {
		const failure = yield* receive(request, to, line);
		yield { kind: "end", ...(failure && { failure }) };
	} finally {
		line.hangUp();
	}
}

async function* receive(
	request: CompletionRequest,
	to: To,
	line: Line,
): AsyncGenerator<CompletionDelta, Failure | undefined> {
	const response = await respond(request, to, line);
	if (!response.ok) return response.failure;
	const { body, headers } = response.value;
	const answer = createAnswer();
	const decoder = createDecoder(answer);
	const reader = body?.getReader();
	const limited = createLimit(answer, request.maxTokens * MAX_CHARS_PER_TOKEN);
	let bytes = 0;
	while (reader && !decoder.done && !limited.reached && answer.error === undefined) {
		const from = performance.now();
		const read = await line.wait(() => reader.read());
		if ("stopped" in read) return answer.finished ? undefined : line.failure(read.stopped, to, bytes > 0);
		const { value } = read.value;
		if (!value) break;
		decoder.add(value);
		bytes += value.byteLength;
		if (bytes > MAX_ANSWER_BYTES) return classifyFlood(to);
		const grown = limited.take();
		line.heard(performance.now() - from, grown.length > 0, answer.finished);
		yield* grown;
	}
	decoder.end();
	yield* limited.take();
	const failure = limited.reached ? undefined : troubleWith(answer, decoder, to);
	return failure && traced(failure, headers, to);
}

/** A server that knows no limit is held to it. */
function createLimit(answer: Pick<Answer, "take">, maxChars: number) {
	let room = maxChars;
	return {
		get reached(): boolean {
			return room === 0;
		},
		take(): readonly CompletionDelta[] {
			const text = answer.take().slice(0, room);
			room -= text.length;
			return text === "" ? [] : [{ kind: "text", text }];
		},
	};
}

async function respond(request: CompletionRequest, to: To, line: Line): Promise<Result<Response>> {
	const question = { path: "/completions", json: JSON.stringify(bodyOf(request, to)) };
	const response = await line.wait(() => post(to, question, transportFor(to.clocks), line.signal));
	if ("stopped" in response) return { ok: false, failure: line.failure(response.stopped, to, false) };
	if (response.value.ok) return { ok: true, value: response.value };
	const failure = await line.refusal(response.value, to);
	return { ok: false, failure: traced(failure, response.value.headers, to) };
}

function bodyOf({ text, stop, maxTokens, temperature, topP }: CompletionRequest, { model }: Asked): Json {
	return {
		model,
		prompt: text,
		max_tokens: maxTokens,
		...(stop.length > 0 && { stop: stop.slice(0, MAX_STOPS) }),
		...(temperature !== undefined && { temperature }),
		...(topP !== undefined && { top_p: topP }),
		stream: true,
	};
}

interface Answer {
	add(chunk: Json): void;
	/** The text since the last time. */
	take(): string;
	/** There was any choice at all, if an empty one. */
	readonly begun: boolean;
	readonly finished: boolean;
	readonly error: unknown;
}

function createAnswer(): Answer {
	let text = "";
	const state = { begun: false, finished: false, error: undefined as unknown };
	return Object.assign(state, {
		add(chunk: Json) {
			state.error ??= chunk["error"] ?? undefined;
			const choice = asObject(asList(chunk["choices"])[0]);
			if (!choice) return;
			state.begun = true;
			text += asText(choice["text"]) ?? "";
			state.finished ||= asName(choice["finish_reason"]) !== undefined;
		},
		take() {
			const taken = text;
			text = "";
			return taken;
		},
	});
}

function troubleWith(
	{ begun, error, finished }: Answer,
	{ body, damaged, done, kind }: Pick<ReturnType<typeof createDecoder>, "body" | "damaged" | "done" | "kind">,
	to: Asked,
): Failure | undefined {
	if (error !== undefined) return classifyError(error, to);
	if (kind === "html" || (kind === "json" && !begun && !damaged)) return classifyBody(body, to);
	if (damaged || !(finished || done || kind === "json"))
		return failureOf(
			"incomplete",
			`The text of ${to.endpoint.name} ended before the model was done. What came stands.`,
		);
	return undefined;
}

/** Statuses with which servers say that they have no such path, or not for this model. */
const WITHOUT: readonly (number | undefined)[] = [404, 405, 501];

/** Whether a failure says that the endpoint does not go on with plain texts, and never will. */
export function lacksCompletions({ code, status }: Failure): boolean {
	return code !== "no-model" && WITHOUT.includes(status);
}
