import { type Hunk, hunksOf } from "../../agent/hunks.ts";
import type { FileContent } from "../../agent/ports.ts";
import { rebase } from "../../agent/rebase.ts";
import { type Changes, isSameState, renamesIn } from "../../shared/changes.ts";
import type { FileState, Unreviewed } from "../../shared/event.ts";
import type { ChangedFile } from "../../shared/protocol.ts";

/** A changed file that waits for review, by path; a rename is one, under its new path. */
export interface Entry extends Unreviewed {
	readonly path: string;
	/** Where a renamed file was: `base` is what it was there. */
	readonly from?: string;
}

/** What a file is or was; `opaque` has no text to compare: a binary, a link, or content that is no longer kept. */
export type Side =
	| { readonly kind: "none" }
	/** `foreign`: VS Code's name of an encoding that only it knows. */
	| { readonly kind: "text"; readonly content: FileContent; readonly foreign?: string }
	| { readonly kind: "opaque"; readonly why: "binary" | "link" | "lost" };

/** A file as it is this moment. */
export interface Current {
	readonly side: Side;
	/** Null: it is not there. The id is known where the text is not. */
	readonly state: { readonly mode: FileState["mode"]; readonly id?: string } | null;
	/** As `Files.write` expects it; null where there is no text. */
	readonly hash: string | null;
}

/** A file in review: what the agent changed in it, without what the person did since. */
export interface ReviewedFile {
	readonly entry: Entry;
	readonly kind: ChangedFile["kind"];
	/** What its text is compared with: the base, with the person's own edits made on it. Undefined: no text. */
	readonly before: string | undefined;
	/** Its text now, an open document's included. Undefined: no text. */
	readonly text: string | undefined;
	/** Lines of `before` and of `text`. */
	readonly hunks: readonly Hunk[];
	readonly base: Side;
	readonly current: Current;
	/**
	 * `none`: it is as the agent left it. `apart`: the person edited other lines, and `before` has their edits as well.
	 * `mixed`: whose a change is can't be told; `before` is the base as it was.
	 */
	readonly edits: "none" | "apart" | "mixed";
}

/** Sorted by path. A file that is gone and one of the same content that is new are a rename. */
export function entriesOf(changes: Changes): readonly Entry[] {
	const all = Object.entries(changes);
	const renames = renamesIn(all.map(([path, { base, now }]) => ({ path, before: base, after: now })));
	const froms = new Map([...renames].map(([from, path]) => [path, from]));
	return all
		.filter(([path]) => !renames.has(path))
		.map(([path, entry]): Entry => {
			const from = froms.get(path);
			const gone = from === undefined ? undefined : changes[from];
			return from === undefined || !gone ? { path, ...entry } : { path, ...gone, ...entry, from, base: gone.base };
		})
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A rename is two files. */
export function pathsOf({ path, from }: Entry): readonly string[] {
	return from === undefined ? [path] : [from, path];
}

export function isSameEntry(a: Entry, b: Entry): boolean {
	return (
		a.path === b.path &&
		a.from === b.from &&
		isSameState(a.base, b.base) &&
		isSameState(a.now, b.now) &&
		a.unsure === b.unsure
	);
}

/** Whether a file was looked at for nothing: its text, its form and its mode are as they were. */
export function isSameCurrent(a: Current, b: Current): boolean {
	const isSameSide = a.side.kind === b.side.kind && textOf(a.side) === textOf(b.side);
	return isSameSide && a.hash === b.hash && a.state?.mode === b.state?.mode && a.state?.id === b.state?.id;
}

/** Undefined when nothing is left to review: the file is what it was, by whatever hand. */
export function reviewed(entry: Entry, base: Side, now: Side, current: Current): ReviewedFile | undefined {
	if (entry.from === undefined && isSame(base, entry.base, current)) return undefined;
	const [was, left, is] = [textOf(base), textOf(now), textOf(current.side)];
	const kind = kindOf(entry, base, current);
	if (was === undefined || left === undefined || is === undefined) {
		const edits = isSame(now, entry.now, current) ? "none" : "mixed";
		return { entry, kind, before: undefined, text: undefined, hunks: [], base, current, edits };
	}
	const [before, edits] = withoutEdits({ entry, base, now, current }, { was, left, is });
	const hunks = hunksOf(before, is);
	return { entry, kind, before, text: is, hunks, base, current, edits };
}

/** How the changes bar shows it. */
export function lineOf({ entry, kind, hunks, edits }: ReviewedFile): ChangedFile {
	return {
		path: entry.path,
		kind,
		...(entry.from !== undefined && { from: entry.from }),
		added: hunks.reduce((sum, { after }) => sum + after.to - after.from, 0),
		removed: hunks.reduce((sum, { before }) => sum + before.to - before.from, 0),
		...(edits === "mixed" && { edited: true }),
		...(entry.unsure && { unsure: true }),
	};
}

type Sides = Pick<ReviewedFile, "entry" | "base" | "current"> & { readonly now: Side };
type Texts = { readonly was: string; readonly left: string; readonly is: string };

function withoutEdits(sides: Sides, { was, left, is }: Texts): [string, ReviewedFile["edits"]] {
	const { entry, base, now, current } = sides;
	if (isSame(now, entry.now, current)) return [was, "none"];
	const areThere = base.kind === "text" && now.kind === "text" && current.side.kind === "text";
	const before = areThere ? rebase(was, left, is) : undefined;
	return before === undefined ? [was, "mixed"] : [before, "apart"];
}

function isSame(side: Side, state: FileState | null, current: Current): boolean {
	if (!state || !current.state) return !state && !current.state;
	if (state.mode !== current.state.mode) return false;
	if (side.kind !== "text" || current.side.kind !== "text") return state.id === current.state.id;
	const [was, is] = [side.content, current.side.content];
	return was.text === is.text && was.encoding === is.encoding && was.bom === is.bom;
}

/** Nothing there is no text, and compares as one of no lines. */
export function textOf(side: Side): string | undefined {
	if (side.kind === "none") return "";
	return side.kind === "text" ? side.content.text : undefined;
}

function kindOf(entry: Entry, base: Side, { side, state }: Current): ChangedFile["kind"] {
	if (entry.from !== undefined) return "renamed";
	if (!state) return "deleted";
	if (!entry.base) return "created";
	if (base.kind !== "text" || side.kind !== "text") return "binary";
	return base.content.text === side.content.text && entry.base.mode !== state.mode ? "mode" : "changed";
}
