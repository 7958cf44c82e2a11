import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dice } from "./dice.ts";
import { logSize, note, type SoakPlace } from "./place.ts";

/** Files that are there now and not the commands' marks. */
export function filesIn({ root }: SoakPlace): string[] {
	return readdirSync(join(root, "src"))
		.filter((name) => name.endsWith(".ts"))
		.sort()
		.map((name) => `src/${name}`);
}

/** The person works on the same files, without a word: changes one, deletes one, renames one, or makes a new one. */
export function meddle(place: SoakPlace, dice: Dice, name: string, wanted?: string): void {
	const files = filesIn(place);
	const path = wanted !== undefined && existsSync(join(place.root, wanted)) ? wanted : dice.pick(files);
	const text = readFileSync(join(place.root, path), "utf8");
	const what = dice.int(10);
	const line = `export const ${name} = "by hand";\n`;
	if (what === 0 && files.length > 6) put(place, path, null);
	else if (what === 1) rename(place, path, `src/${name}.ts`, text);
	else if (what === 2) put(place, `src/${name}.ts`, line);
	else put(place, path, dice.percent(50) ? `${text}${line}` : `${line}${text}`);
}

function rename(place: SoakPlace, from: string, to: string, text: string): void {
	renameSync(join(place.root, from), join(place.root, to));
	const at = logSize(place);
	note(place, { kind: "person", path: from, text: null, at });
	note(place, { kind: "person", path: to, text, at });
}

function put(place: SoakPlace, path: string, text: string | null): void {
	const file = join(place.root, path);
	note(place, { kind: "person", path, text, at: logSize(place) });
	if (text === null) rmSync(file);
	else writeFileSync(file, text);
}
