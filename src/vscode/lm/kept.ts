import { asObject, parseJson } from "../../model/json.ts";
import type { CallPart, Part } from "../../shared/message.ts";

type ReasoningPart = Extract<Part, { kind: "reasoning" }>;

/** A call as it was handed to another chat: under an id that no other chat gets. */
export interface HandedCall {
	readonly id: string;
	readonly tool: string;
	readonly input: object;
}

/** What that chat can't hold for us. */
export interface KeptCall {
	/** As the server sent it. */
	readonly call: CallPart;
	/** The thinking of its answer. */
	readonly reasoning: ReasoningPart | undefined;
}

interface Entry extends KeptCall {
	/** JSON of what was handed over. */
	readonly input: string;
	readonly chars: number;
}

/** Characters of thinking and arguments; a long task has about one million. */
const MOST_CHARS = 16 * 1024 * 1024;

/**
 * The thinking and the very bytes of calls that were handed to VS Code's own chat, by the id that they got there: its
 * messages have no place for them, and Kimi must get them back as they were. In memory only, the least recently used
 * ones go first: a call that is not here any more goes back without its thinking.
 */
export class KeptCalls {
	/** The least recently used first. */
	readonly #entries = new Map<string, Entry>();
	readonly #mostChars: number;
	#chars = 0;

	constructor(mostChars = MOST_CHARS) {
		this.#mostChars = mostChars;
	}

	/**
	 * Keeps the calls of a complete answer. Returns them as they are to be handed over, or the name of a tool whose
	 * arguments are no JSON object: then nothing of the answer may be.
	 */
	keep(parts: readonly Part[]): readonly HandedCall[] | { readonly broken: string } {
		const reasoning = parts.find((part) => part.kind === "reasoning");
		const handed: (HandedCall & { readonly call: CallPart })[] = [];
		for (const call of parts) {
			if (call.kind !== "call") continue;
			const input = call.args.trim() === "" ? {} : asObject(parseJson(call.args));
			if (!input) return { broken: call.tool };
			// Servers count their ids anew in each chat, so that those would mix up the thinking of two.
			handed.push({ id: `kimi-${crypto.randomUUID()}`, tool: call.tool, input, call });
		}
		const thought = reasoning ? JSON.stringify(reasoning).length : 0;
		for (const { id, input, call } of handed) {
			const entry = { call, reasoning, input: JSON.stringify(input), chars: JSON.stringify(call).length + thought };
			this.#entries.set(id, entry);
			this.#chars += entry.chars;
		}
		this.#shrink();
		return handed.map(({ call: _, ...each }) => each);
	}

	/** The call of an id, unless it is too long ago; with other arguments where the other chat changed what was handed over. */
	find(id: string, input: object): KeptCall | undefined {
		const entry = this.#entries.get(id);
		if (!entry) return undefined;
		this.#entries.delete(id);
		this.#entries.set(id, entry);
		const now = JSON.stringify(input);
		return now === entry.input ? entry : { ...entry, call: { ...entry.call, args: now } };
	}

	#shrink(): void {
		for (const [id, { chars }] of this.#entries) {
			if (this.#chars <= this.#mostChars) return;
			this.#entries.delete(id);
			this.#chars -= chars;
		}
	}
}
