import type { FileChange, FileState, Unreviewed } from "./event.ts";

/** Files that wait for review, by path. */
export type Changes = Readonly<Record<string, Unreviewed>>;

/** Whether two states are the same file content and mode. */
export function isSameState(a: FileState | null, b: FileState | null): boolean {
	return a === b || (a !== null && b !== null && a.id === b.id && a.mode === b.mode);
}

/** Adds what was just changed and nobody looked at. A file that is as it was before all of it needs no review. */
export function addChanges(changes: Changes, made: readonly FileChange[]): Changes {
	if (made.length === 0) return changes;
	const known = new Map(Object.entries(changes));
	return withEntries(
		changes,
		made.map(({ path, before, after, unsure }) => {
			const was = known.get(path);
			const isUnsure = unsure ?? was?.unsure;
			// Null is a base as well.
			const entry: Unreviewed = { base: was ? was.base : before, now: after, ...(isUnsure && { unsure: true }) };
			known.set(path, entry);
			return [path, entry];
		}),
	);
}

/** Follows what was written without adding to what waits: the person decided on it, or put it back. */
export function followChanges(changes: Changes, made: readonly FileChange[]): Changes {
	const known = made.filter(({ path }) => Object.hasOwn(changes, path));
	return addChanges(changes, known);
}

/** Sets or clears single files. What is left of a file whose changes are not sure is not sure either. */
export function setChanges(changes: Changes, files: Readonly<Record<string, Unreviewed | null>>): Changes {
	return withEntries(
		changes,
		Object.entries(files).map(([path, entry]) => [
			path,
			entry && changes[path]?.unsure ? { ...entry, unsure: true } : entry,
		]),
	);
}

function withEntries(changes: Changes, entries: readonly (readonly [string, Unreviewed | null])[]): Changes {
	if (entries.length === 0) return changes;
	const next = new Map(Object.entries(changes));
	for (const [path, entry] of entries) {
		if (entry === null || isSameState(entry.base, entry.now)) next.delete(path);
		else next.set(path, entry);
	}
	return Object.fromEntries(next);
}

/**
 * What would put files back to before all of `made` (in order): for each path its first `before`, and what the last
 * change left there; unsure where one of them is. Files that ended as they began are left out.
 */
export function reverse(made: readonly FileChange[]): readonly FileChange[] {
	const net = new Map<string, FileChange>();
	for (const { path, before, after, unsure } of made) {
		const first = net.get(path);
		const isUnsure = unsure ?? first?.unsure;
		net.set(path, { path, before: after, after: first ? first.after : before, ...(isUnsure && { unsure: true }) });
	}
	return [...net.values()].filter(({ before, after }) => !isSameState(before, after));
}

/** Git's name of a file of no bytes: two of those are no rename. */
const EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/**
 * Renames, by the path that is gone: the one that is new with the same content, of the same name where there is one.
 * Each path is in one rename at most. Backwards (`before` and `after` changed over) they are the same.
 */
export function renamesIn(changes: readonly Omit<FileChange, "unsure">[]): ReadonlyMap<string, string> {
	const gone = changes.flatMap(({ path, before, after }) => (before && !after ? [{ path, id: before.id }] : []));
	const come = changes.flatMap(({ path, before, after }) => (!before && after ? [{ path, id: after.id }] : []));
	const renames = new Map<string, string>();
	pair(gone, come, renames, ({ path, id }) => `${id} ${path.slice(path.lastIndexOf("/") + 1)}`);
	const taken = new Set(renames.values());
	const others = come.filter(({ path }) => !taken.has(path));
	pair(gone, others, renames, ({ id }) => id);
	return renames;
}

type Half = { readonly path: string; readonly id: string };

/** Adds pairs of what is in no rename yet, those of one key in their order. */
function pair(
	gone: readonly Half[],
	come: readonly Half[],
	renames: Map<string, string>,
	keyOf: (half: Half) => string,
): void {
	const froms = new Map<string, string[]>();
	for (const half of gone) {
		if (half.id === EMPTY || renames.has(half.path)) continue;
		const paths = froms.get(keyOf(half));
		if (paths) paths.push(half.path);
		else froms.set(keyOf(half), [half.path]);
	}
	for (const half of come) {
		const from = froms.get(keyOf(half))?.shift();
		if (from !== undefined) renames.set(from, half.path);
	}
}
