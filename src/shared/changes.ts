import type { FileChange, FileState, Unreviewed } from "./event.ts";

/** Files that wait for review, by path. */
export type Changes = Readonly<Record<string, Unreviewed>>;

/** Whether two states are the same file content and mode. */
export function isSameState(a: FileState | null, b: FileState | null): boolean {
	return a === b || (a !== null && b !== null && a.id === b.id && a.mode === b.mode);
}

/** Adds what was just changed and nobody looked at. A file that is as it was before all of it needs no review. */
export function addChanges(changes: Changes, made: readonly FileChange[]): Changes {
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
