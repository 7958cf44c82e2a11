import type * as z from "zod/mini";
import type { Details, Effect, TodoItem } from "../shared/event.ts";
import type { Preview } from "../shared/preview.ts";
import type { Question, QuestionAnswer } from "../shared/questions.ts";
import type { CommandLine } from "./commands/command-line.ts";
import type { Explore } from "./explorer.ts";
import type { FileContent, Files, FileText, Search, Shell, ToolSpec } from "./ports.ts";
import type { Problems } from "./problems.ts";
import type { Symbols } from "./symbols.ts";
import type { Web } from "./web.ts";

/** What a tool may use. `seen`, `todo` and `cwd` come from the chat's state and change through `Outcome.details` only. */
export interface Ctx {
	readonly files: Files;
	readonly shell: Shell;
	readonly search: Search;
	readonly web: Web;
	/** Absent: there is no editor. */
	readonly problems?: Problems;
	/** Absent: there is no editor. */
	readonly symbols?: Symbols;
	/** Absent: no explorer can be sent, such as by an explorer. */
	readonly explore?: Explore;
	/** Content hash by recorded path name, as the model last saw each file. */
	readonly seen: Readonly<Record<string, string>>;
	readonly todo: readonly TodoItem[];
	/** The folder that the chat's commands begin in, relative to the workspace with `/`; absent: the workspace folder. */
	readonly cwd?: string;
	/** Folders outside of the workspace that the person opened: what is planned there may be read for it. */
	readonly folders?: readonly string[];
}

/** The three audiences: `text` for the model, `show` for the person, `details` for the log and later calls. */
export interface Outcome {
	readonly text: string;
	readonly failed?: true;
	readonly show?: Preview;
	readonly details?: Details;
}

/** A whole-file change, shown in the diff editor before anything is written. */
export interface Proposal {
	/** Absolute, and as recorded. */
	readonly path: string;
	readonly name: string;
	/** Null: the file is new. */
	readonly before: FileText | null;
	/** Null: the file is deleted. */
	readonly after: FileContent | null;
	/** Name of the file that this new one replaces: a rename. That one is deleted by a proposal of its own. */
	readonly from?: string;
	/** The model has not read the file: it does not know all of the text either once this is written. */
	readonly unread?: true;
	/** A word of caution. That most of a file would be gone is said without it. */
	readonly warning?: string;
	/** What the model is told once it is written as proposed. */
	readonly done: string;
	/**
	 * What the card compares in place of the file's texts, where those say little to a person. Everything in which the two
	 * texts of this proposal differ has to be in it.
	 */
	readable?(text: string): string;
}

/** What the person made of proposals or of a plan before they allowed it. Keys are names of proposals, or of the document. */
export interface Edits {
	/** Whole texts to take in place of those proposed. */
	readonly texts: Readonly<Record<string, string>>;
	/** Proposals that are not carried out at all: where the text says nothing, as for a deletion. */
	readonly refused: readonly string[];
	/** To the plan's questions, one for each; none: the person leaves them to the model. */
	readonly answers?: readonly QuestionAnswer[];
}

/** What a call would do. Nothing was touched to make it. */
export interface Plan {
	/** One short line for the card: a verb and its target, such as `Edit src/cart.js`. */
	readonly title: string;
	readonly effects: readonly Effect[];
	readonly preview?: Preview;
	/** Finds out what is known of the command line that it would run. Takes its time: not asked where nobody needs it. */
	command?(signal: AbortSignal): Promise<CommandLine>;
	/** All or nothing, in this order. */
	readonly proposals?: readonly Proposal[];
	/** A text that the person may change before they allow it. */
	readonly document?: { readonly name: string; readonly text: string };
	/** What the person is asked, in every mode: their answers come with `amend`. */
	readonly questions?: readonly Question[];
	/** The same call with the person's edits; its result tells the model what they changed. This plan, if they did not. */
	amend?(edits: Edits): Promise<Plan>;
	/**
	 * Carries it out. Re-checks what it relies on first; says in `Outcome` what went wrong; throws only on defects.
	 * @param line what `command` said a moment ago, where it runs unasked because of that
	 */
	run(signal: AbortSignal, progress: (text: string) => void, line?: CommandLine): Promise<Outcome>;
}

/** A call that can't be planned: an instructive sentence for the model. Nothing ran. */
export interface Refusal {
	readonly refused: string;
	/** For the card; defaults to the tool's name. */
	readonly title?: string;
}

export interface Tool<I = unknown> {
	/** `^[A-Za-z_][A-Za-z0-9_-]{2,63}$`: Moonshot's rule; no dots, since vLLM cuts names at them. */
	readonly name: string;
	/** Prompt text: byte-stable. */
	readonly description: string;
	readonly input: z.ZodMiniType<I>;
	/** May run commands or the like: what it changes can't be told beforehand. Not for the model. */
	readonly opaque?: true;
	/** Reads at most; must not change a thing. */
	plan(input: I, ctx: Ctx, signal: AbortSignal): Promise<Plan | Refusal>;
}

// Method parameters are bivariant, so tools of any input fit one list; the loop hands each only what its schema parsed.
export type AnyTool = Tool<unknown>;

export function isRefusal(plan: Plan | Refusal): plan is Refusal {
	return "refused" in plan;
}

/** A call whose tool exists and whose arguments fit, or the sentence that tells the model what is wrong. */
export type Taken = { readonly tool: AnyTool; readonly input: unknown } | { readonly refused: string };

/** The tools of a chat. */
export interface Toolbox {
	/** Sorted by name; the same objects for every request, so that equal requests give equal bytes. */
	readonly specs: readonly ToolSpec[];
	/** Finds the tool and checks the arguments. Malformed JSON is refused, never repaired into a run. */
	take(name: string, args: string): Taken;
}

/** What went wrong while a call ran. */
export function failed(text: string): Outcome {
	return { text, failed: true };
}
