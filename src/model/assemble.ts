import type { Delta } from "../agent/ports.ts";
import type { CallPart, Part, Repair, Usage } from "../shared/message.ts";
import { type Calling, createCalls } from "./calls.ts";
import { asList, asName, asObject, asText, type Json } from "./json.ts";
import { createSpeech, type SpeechOptions } from "./markup/speech.ts";
import { createReasoning } from "./reasoning.ts";
import { createRepetitionWatch } from "./repetition.ts";
import { usageIn } from "./usage.ts";

type Growth = Exclude<Delta, { kind: "end" }>;

/** What an answer holds so far. */
export interface Answer {
	/** Thinking, text, calls: the order in which it can be sent back. White-space-only text is left out. */
	readonly parts: readonly Part[];
	readonly usage?: Usage;
	/** The last one that came; advisory only. */
	readonly finish: string | null;
	/** The server's name for the model. */
	readonly model?: string;
	/** The server's own error object or text, if it sent one instead of the rest. */
	readonly error?: unknown;
	/** What was mended in it. */
	readonly repairs: readonly Repair[];
	/** It said the same without end, and nothing of what followed was taken. */
	readonly repeating: boolean;
	/** The last call, read from leaked markup, was `cut`; or is `open`: complete, but its end did not come. */
	readonly unfinished?: "cut" | "open";
}

export interface Assembler {
	/** Takes a chunk of a stream, or a whole answer. Whatever is odd in it is skipped. */
	add(chunk: Json): void;
	/** What came since the last time; neighbours of a kind are one. Says whether there was any. */
	take(): readonly Growth[];
	/** A finish reason or an error came: all that may still follow is the usage. */
	readonly finished: boolean;
	/** It says the same without end: nothing more is taken. */
	readonly repeating: boolean;
	/** Nothing more comes. What was held back, since it might have become markup, can be taken now. */
	answer(): Answer;
}

/**
 * Makes one answer of what an OpenAI-compatible server streams: text and thinking without the markup that servers leak,
 * and the calls in it. Pure, and O(length of the chunk) per chunk.
 */
export function createAssembler(options: SpeechOptions = {}): Assembler {
	const reasoning = createReasoning();
	const calls = createCalls();
	const growth = new GrowthQueue();
	const speech = createSpeech(options, growth);
	let finish: string | null = null;
	let usage: Usage | undefined;
	let model: string | undefined;
	let error: unknown;
	let streamed = false;

	const isRepeating = (): boolean => growth.repeating || calls.repeating;
	const addMessage = (message: Json): void => {
		speech.reasoning(reasoning.add(message));
		speech.content(textOf(message));
		for (const calling of calls.add(message["tool_calls"])) growth.calling(calling);
	};

	return {
		add(chunk) {
			if (isRepeating()) return;
			const choice = asObject(asList(chunk["choices"])[0]);
			model = asName(chunk["model"]) ?? model;
			usage = usageIn(chunk, choice) ?? usage;
			error ??= errorIn(chunk, choice);
			finish = finishIn(choice) ?? finish;
			const delta = asObject(choice?.["delta"]);
			if (delta) streamed = true;
			// Some servers close a stream with the whole message once more.
			const message = delta ?? (streamed ? undefined : asObject(choice?.["message"]));
			if (message) addMessage(message);
		},
		take: () => growth.take(),
		get finished() {
			return finish !== null || error !== undefined;
		},
		get repeating() {
			return isRepeating();
		},
		answer() {
			const native = calls.parts();
			const { text, reasoning: thought, calls: recovered, repairs, unfinished } = speech.end(native.length > 0);
			const field = reasoning.part() ?? (thought === "" ? undefined : { kind: "reasoning" });
			const parts: Part[] = [
				...(field ? [{ ...field, text: thought } as const] : []),
				...(text === "" ? [] : [{ kind: "text", text } as const]),
				...native,
				...recovered,
			];
			return {
				parts,
				finish,
				repairs,
				repeating: isRepeating(),
				...(unfinished && { unfinished }),
				...(usage && { usage }),
				...(model !== undefined && { model }),
				...(error !== undefined && { error }),
			};
		},
	};
}

/** What was not taken yet; neighbours of a kind are one. */
class GrowthQueue {
	#growth: Growth[] = [];
	readonly #repeats = { text: createRepetitionWatch("text"), reasoning: createRepetitionWatch("reasoning") };
	repeating = false;

	grow(kind: "text" | "reasoning", piece: string, meant = kind): void {
		if (piece === "") return;
		if (this.#repeats[meant](piece)) this.repeating = true;
		const last = this.#growth.at(-1);
		if (last?.kind === kind) this.#growth[this.#growth.length - 1] = { kind, text: last.text + piece };
		else this.#growth.push({ kind, text: piece });
	}

	calling(calling: Calling): void {
		const last = this.#growth.at(-1);
		if (last?.kind === "calling" && last.index === calling.index) this.#growth.pop();
		this.#growth.push({ kind: "calling", ...calling });
	}

	take(): readonly Growth[] {
		if (this.#growth.length === 0) return NOTHING;
		const taken = this.#growth;
		this.#growth = [];
		return taken;
	}
}

const NOTHING: readonly Growth[] = [];

export function callsOf(parts: readonly Part[]): readonly CallPart[] {
	return parts.filter((part) => part.kind === "call");
}

/** Content is a string, or a list of parts. OpenAI's models refuse in a field of its own, and say nothing else then. */
function textOf({ content, refusal }: Json): string {
	const said = typeof content === "string" ? content : asList(content).map(textIn).join("");
	return typeof refusal === "string" ? said + refusal : said;
}

const textIn = (part: unknown): string => asText(asObject(part)?.["text"]) ?? "";

/** A few servers write the missing one as a word. */
function finishIn(choice: Json | undefined): string | undefined {
	const finish = asName(choice?.["finish_reason"]);
	return finish !== undefined && /^(null|none)$/i.test(finish) ? undefined : finish;
}

/** At the top (OpenRouter, also in the middle of a stream), in the choice, or the chunk itself (older vLLM). */
function errorIn(chunk: Json, choice: Json | undefined): unknown {
	const error = [chunk["error"], choice?.["error"]].find(saysError);
	return error ?? (chunk["object"] === "error" ? chunk : undefined);
}

/** Some servers send the field with every chunk, empty, where there is no error. */
function saysError(error: unknown): boolean {
	if (typeof error === "string") return error.trim() !== "";
	if (typeof error !== "object" || error === null) return Boolean(error);
	return Object.values(error).some(Boolean);
}
