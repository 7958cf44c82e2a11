import { join } from "node:path";
import { isSecret } from "../../agent/policy.ts";
import type { Files } from "../../agent/ports.ts";
import { changesSinceCommit, patchOf, type Uncommitted } from "../../node/git-changes.ts";
import type { Git } from "../../node/git-probe.ts";
import type { Read } from "./resolve.ts";

/** Patches of more files are named only. */
const MOST_PATCHES = 100;

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
	for (const file of changed.slice(0, MOST_PATCHES)) {
		if (await isHidden(files, top, file)) continue;
		const patch = await patchOf(git, top, { file, staged }, signal);
		if (patch !== undefined) patches.push(patch.trimEnd());
	}
	return { ok: true, value: [names.join("\n"), ...patches].join("\n\n") };
}

/** By any of its names: such a file is named only. */
async function isHidden(files: Files, top: string, { name, from }: Uncommitted): Promise<boolean> {
	for (const each of from === undefined ? [name] : [name, from]) {
		const place = await files.place(join(top, each));
		if (!place.ok || place.value.ignored !== undefined) return true;
		if ([each, join(top, each), place.value.path].some(isSecret)) return true;
	}
	return false;
}
