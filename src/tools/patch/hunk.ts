/** One line of a hunk without its mark: stays, goes, or comes. */
export interface HunkLine {
	readonly kind: "keep" | "drop" | "add";
	readonly text: string;
}

/** A stretch of a file as it is and as it will be, as the model wrote it. */
export interface Hunk {
	readonly lines: readonly HunkLine[];
	/** Lines of the file above the hunk that say where it is, outermost first: a class, then a function. */
	readonly anchors: readonly string[];
	/** The file's line it says it begins at, from 1. Models can't count: only a hint. */
	readonly line?: number;
	/** It says that it ends where the file ends. */
	readonly atEnd: boolean;
	/** Whether the new text ends in a line break, where the hunk says so: it holds for the end of the file. */
	readonly lastBreak?: boolean;
	/** Lines that have no mark: taken for context. */
	readonly unmarked: number;
}

/** What a patch does to one file. Paths are as the model wrote them. */
export type FilePatch =
	| { readonly kind: "create"; readonly path: string; readonly text: string; readonly executable: boolean }
	/** `text`: what the file should have, where the patch tells. */
	| { readonly kind: "delete"; readonly path: string; readonly text?: string }
	| {
			readonly kind: "change";
			readonly path: string;
			readonly to?: string;
			readonly hunks: readonly Hunk[];
			/** The mode that it should get, in octal as git has it: can't be given here. */
			readonly mode?: string;
	  };

/** `@@ -1,2 +3,4 @@ heading` of a unified diff. */
const NUMBERS = /^@@+ +-(\d+)(?:,(\d+))? +\+(\d+)(?:,(\d+))? *(?:@@+ ?(.*))?$/;

/** Collects the lines of one file's hunks. */
export class Hunks {
	readonly #all: Draft[] = [];

	/** `@@ …`: right after another one it says more closely where the same hunk is. */
	head(line: string): void {
		const last = this.#all.at(-1);
		const draft = last && last.lines.length === 0 ? last : newDraft();
		if (draft !== last) this.#all.push(draft);
		const numbers = NUMBERS.exec(line);
		const rest = numbers ? (numbers[5] ?? "") : line.replace(/^@@+/, "").replace(/@@+\s*$/, "");
		const anchor = rest.trim();
		// `@@ ... @@` names nothing.
		if (/[\p{L}\p{N}]/u.test(anchor)) draft.anchors.push(anchor);
		if (!numbers) return;
		draft.line = Number(numbers[1]);
		draft.left = { old: Number(numbers[2] ?? 1), new: Number(numbers[4] ?? 1) };
	}

	/** A line of a hunk with its mark; begins one if there is none. */
	line(line: string): void {
		const draft = this.#all.at(-1) ?? newDraft();
		if (this.isEmpty) this.#all.push(draft);
		if (line.startsWith("\\")) {
			endWithoutBreak(draft);
			return;
		}
		// Editors and models strip the blank of an empty context line.
		const kind = KINDS[line[0] ?? " "];
		if (kind === undefined) draft.unmarked++;
		draft.lines.push({ kind: kind ?? "keep", text: kind === undefined ? line : line.slice(1), bare: line === "" });
		if (kind !== "add") draft.left.old--;
		if (kind !== "drop") draft.left.new--;
	}

	end(): void {
		const last = this.#all.at(-1);
		if (last) last.atEnd = true;
		this.#all.push(newDraft());
	}

	/** Lines on each side that the last hunk's numbers say are still to come. */
	get left(): { readonly old: number; readonly new: number } {
		return this.#all.at(-1)?.left ?? { old: 0, new: 0 };
	}

	get isEmpty(): boolean {
		return this.#all.length === 0;
	}

	close(): readonly Hunk[] {
		return this.#all.map(closed).filter(({ lines }) => lines.length > 0);
	}
}

interface Draft {
	readonly lines: (HunkLine & { readonly bare: boolean })[];
	readonly anchors: string[];
	line?: number;
	atEnd: boolean;
	lastBreak?: boolean;
	unmarked: number;
	left: { old: number; new: number };
}

const KINDS: Readonly<Record<string, HunkLine["kind"]>> = { " ": "keep", "-": "drop", "+": "add" };

function newDraft(): Draft {
	return { lines: [], anchors: [], atEnd: false, unmarked: 0, left: { old: 0, new: 0 } };
}

/** `\ No newline at end of file`: said of the old text only, the new one has its line break. */
function endWithoutBreak(draft: Draft): void {
	draft.lastBreak = draft.lines.at(-1)?.kind === "drop" && draft.lastBreak !== false;
}

/** Blank lines without a mark at the end stand between hunks or files, and are no context. */
function closed({ lines, anchors, line, atEnd, lastBreak, unmarked }: Draft): Hunk {
	const own = lines.slice(0, lines.findLastIndex(({ bare }) => !bare) + 1);
	return {
		lines: own.map(({ kind, text }) => ({ kind, text })),
		anchors,
		atEnd,
		unmarked,
		...(line !== undefined && { line }),
		...(lastBreak !== undefined && { lastBreak }),
	};
}

/** One side of a hunk. */
export function sideOf({ lines }: Hunk, side: "old" | "new"): readonly string[] {
	const left = side === "old" ? "add" : "drop";
	return lines.flatMap(({ kind, text }) => (kind === left ? [] : [text]));
}
