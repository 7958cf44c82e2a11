import type { Delta, Model, ModelRequest, Reply } from "../../src/agent/ports.ts";
import type { Failure } from "../../src/shared/failure.ts";
import type { Part, Usage } from "../../src/shared/message.ts";

/** One scripted answer; a function sees the request that it answers. */
export interface Answer {
	reasoning?: string;
	text?: string;
	calls?: { tool: string; args: unknown; id?: string }[];
	failure?: Failure;
	/** Default: some, unless it failed before it said anything. */
	usage?: Usage;
	/** Default: true unless there is a failure. */
	complete?: boolean;
	/** Waits for an abort after the text. */
	hang?: boolean;
}
export type Scripted = Answer | ((request: ModelRequest) => Answer);

const USAGE: Usage = { inputTokens: 10, outputTokens: 5 };

/** A model that says what the test wrote; the requests that it got are kept as they were. */
export class ScriptedModel implements Model {
	readonly name = "scripted";
	readonly contextTokens: number = 100_000;
	readonly requests: ModelRequest[] = [];
	readonly #script: Scripted[];
	#calls = 0;

	constructor(...script: Scripted[]) {
		this.#script = script;
	}

	async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<Delta> {
		this.requests.push(structuredClone(request));
		const next = this.#script.shift() ?? { text: "(script over)" };
		const answer = typeof next === "function" ? next(request) : next;
		if (answer.reasoning !== undefined) yield { kind: "reasoning", text: answer.reasoning };
		if (answer.text !== undefined) yield { kind: "text", text: answer.text };
		if (answer.hang) await aborted(signal);
		const failure: Failure | undefined = signal.aborted ? { code: "aborted", message: "Stopped." } : answer.failure;
		const parts = this.#parts(answer);
		const usage = answer.usage ?? (failure && parts.length === 0 ? undefined : USAGE);
		const reply: Reply = {
			parts,
			finish: failure ? null : answer.calls ? "tool_calls" : "stop",
			complete: answer.complete ?? !failure,
			model: "scripted-1",
			...(usage && { usage }),
		};
		yield { kind: "end", reply, ...(failure && { failure }) };
	}

	#parts({ reasoning, text, calls = [] }: Answer): Part[] {
		return [
			...(reasoning === undefined ? [] : [{ kind: "reasoning", text: reasoning } as const]),
			...(text === undefined ? [] : [{ kind: "text", text } as const]),
			...calls.map(({ tool, args, id }): Part => {
				const json = typeof args === "string" ? args : JSON.stringify(args);
				return { kind: "call", id: id ?? `functions.${tool}:${this.#calls++}`, tool, args: json };
			}),
		];
	}
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
}
