import { join } from "node:path";
import type { Files } from "../../agent/ports.ts";
import { changesSinceCommit, patchOf, type Uncommitted } from "../../node/git-changes.ts";
import type { Git } from "../../node/git-probe.ts";
import { mayBeSecret, type Read } from "./resolve.ts";

/** Patches of more files are named only. */
const MOST_PATCHES = 100;
/** So are those after this many characters, which is all that one attachment sends. */
const MOST_CHARS = 100_000;

/** What is changed and not committed: all names, then the patches of what may be shown. `top`: the workspace folder. */
export async function uncommittedText(git: Git, top: string, files: Files, signal: AbortSignal): Promise<Read> {
	const found = await changesSinceCommit(git, top, signal);
	if (!found.ok) return { ok: false, failure: found.failure.message };
	const { files: changed, staged } = found.value;
	if (changed.length === 0) return { ok: true, value: "Nothing is changed since the last commit." };
	const names = changed.map(
		({ name, from, isNew }) => `${isNew ? "new" : "changed"}: ${from ? `${from} → ` : ""}${name}`,
	);
	const patches: string[] = [];
	let left = MOST_CHARS;
	for (const file of changed.slice(0, MOST_PATCHES)) {
		if (left <= 0) break;
		if (await isHidden(files, top, file)) continue;
		const patch = await patchOf(git, top, { file, staged }, signal);
		if (patch === undefined) continue;
		patches.push(patch.trimEnd());
		left -= patch.length;
	}
	return { ok: true, value: [names.join("\n"), ...patches].join("\n\n") };
}

/** Of a file that holds secrets, by any of its names, or that `.kimiignore` hides, nothing but the name is shown. */
export async function isHidden(files: Files, top: string, { name, from }: Uncommitted): Promise<boolean> {
	for (const each of from === undefined ? [name] : [name, from]) {
		const place = await files.place(join(top, each));
		if (!place.ok || place.value.ignored !== undefined || mayBeSecret(place.value, join(top, each))) return true;
	}
	return false;
}
