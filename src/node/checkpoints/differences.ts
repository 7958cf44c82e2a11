import type { FileChange, FileState } from "../../shared/event.ts";
import type { Blobs } from "./blobs.ts";
import { decodeNames } from "./names.ts";
import type { Repository } from "./repository.ts";
import { ignoredBefore } from "./rules.ts";
import { isSeed, type LeftOut, type Tree } from "./snapshots.ts";

export interface Difference {
	readonly files: readonly FileChange[];
	/** Paths of what changed, and can't be put back. */
	readonly notKept: readonly string[];
}

/** What git says where the objects of a tree are deleted. */
const GONE = /bad object|unable to read tree/;

/** What happened to files between two trees; a string says why it can't be told. */
export async function differenceOf(
	{ repository, blobs }: { repository: Repository; blobs: Blobs },
	before: Tree,
	after: Tree,
): Promise<Difference | string> {
	const files: FileChange[] = [];
	const notKept = changedLeftOut(before, after);
	if (before.id !== after.id) {
		const found = await repository.run(["diff-tree", "-r", "-z", "--no-renames", before.id, after.id]);
		if (!found.ok)
			return GONE.test(found.error) ? "What was kept of the workspace is not all there any more." : found.error;
		const all = changesIn(decodeNames(found.output));
		const ignored = await ignoredBefore({ repository, blobs }, [before, after], all);
		if (typeof ignored === "string") return ignored;
		for (const change of all) {
			const kept = settle(change, before, after, ignored);
			if (kept) files.push(kept);
			else notKept.add(change.path);
		}
	}
	await blobs.touch(files.flatMap(({ before, after }) => [before, after].flatMap((state) => state?.id ?? [])));
	return { files, notKept: [...notKept].sort() };
}

/** Undefined for a file that was there before and was not kept: to undo must not delete it. */
function settle(change: FileChange, before: Tree, after: Tree, ignored: ReadonlySet<string>): FileChange | undefined {
	const { path } = change;
	if (change.before === null && (ignored.has(path) || leftOutOf(before, path))) return undefined;
	if (change.after !== null) return change;
	const still = leftOutOf(after, path);
	if (!still) return change;
	return still.state && { ...change, after: still.state };
}

function leftOutOf({ leftOut }: Tree, path: string): LeftOut | undefined {
	const found = leftOut.get(path);
	if (found || leftOut.size === 0) return found;
	for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
		const folder = leftOut.get(path.slice(0, end + 1));
		if (folder) return folder;
	}
	return undefined;
}

function changedLeftOut(before: Tree, after: Tree): Set<string> {
	const changed = new Set<string>();
	for (const [path, { stamp }] of before.leftOut) if (after.leftOut.get(path)?.stamp !== stamp) changed.add(path);
	// A file that grew out of the tree is in the difference, with what it is now.
	for (const [path, { state }] of after.leftOut) if (!state && !before.leftOut.has(path)) changed.add(path);
	return changed;
}

const MODES: Readonly<Record<string, FileState["mode"]>> = {
	"100644": "file",
	"100755": "executable",
	"120000": "link",
};

/** `:old-mode new-mode old-id new-id status`, then the path, each with a NUL behind. */
function changesIn(text: string): FileChange[] {
	const fields = text.split("\0");
	const changes: FileChange[] = [];
	for (let at = 0; at + 1 < fields.length; at += 2) {
		const [oldMode = "", newMode = "", oldId = "", newId = ""] = (fields[at] ?? "").slice(1).split(" ");
		const path = fields[at + 1] ?? "";
		if (isSeed(path)) continue;
		changes.push({ path, before: stateOf(oldMode, oldId), after: stateOf(newMode, newId) });
	}
	return changes;
}

function stateOf(mode: string, id: string): FileState | null {
	const kind = MODES[mode];
	return kind ? { id, mode: kind } : null;
}
