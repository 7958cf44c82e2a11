import { isSecret } from "../agent/policy.ts";
import type { Repository } from "../agent/probe.ts";
import type { Looks } from "./looks.ts";

type Trouble = string | undefined;
type Kept = Exclude<Repository, { readonly trouble: string } | { readonly isNone: true }>;

/**
 * Why git, which only shows something, may run something or show what it should not. What it shows is not what lies in a
 * folder but what it keeps, of old revisions as well.
 * @param deep it shows the text of files
 */
export async function gitTrouble(
	folder: string,
	words: readonly string[],
	deep: boolean,
	looks: Looks,
): Promise<Trouble> {
	const found = await looks.repository(folder);
	if ("trouble" in found) return found.trouble;
	if ("isNone" in found) return deep ? "There is no repository, so git shows any file." : undefined;
	return (await whereTrouble(found, deep, looks)) ?? (deep ? shownTrouble(found, folder, words, looks) : undefined);
}

async function whereTrouble({ top, kept }: Kept, deep: boolean, looks: Looks): Promise<Trouble> {
	const placed = await looks.place(top);
	if (!placed.ok) return placed.failure.message;
	if (!placed.value.inside) return deep ? `It may show files of ${top}, which is outside the workspace.` : undefined;
	for (const folder of kept) {
		const own = await looks.place(folder);
		if (!own.ok || !own.value.inside) return `Its repository is kept in ${folder}, outside the workspace.`;
	}
	return undefined;
}

async function shownTrouble({ top }: Kept, folder: string, words: readonly string[], looks: Looks): Promise<Trouble> {
	if (await looks.hiding()) return "It may show files that .kimiignore hides.";
	const shown = await looks.ports.shell.probe.shown(folder, words, looks.signal);
	if ("trouble" in shown) return shown.trouble;
	const placed = await looks.place(top);
	// As tools name them: what lies in a secret folder is secret whatever its own name.
	const prefix = !placed.ok || placed.value.name === "." ? "" : `${placed.value.name}/`;
	const secret = shown.names.map((name) => prefix + name).find(isSecret);
	return secret === undefined ? undefined : `It shows ${secret}, which may hold secrets.`;
}
