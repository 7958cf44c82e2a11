import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the view and the log say, English to `language`, as `scripts/lib/bundles.ts` packs it in the folder `dist`;
 * empty where nobody translated to that language.
 */
export function packedWords(dist: string, language: string): Readonly<Record<string, string>> {
	const read = (name: string) => JSON.parse(readFileSync(join(dist, name), "utf8")) as readonly string[];
	try {
		const words = read(`words.${language}.json`);
		return Object.fromEntries(read("words.json").map((english, at) => [english, words[at] ?? english]));
	} catch {
		return {};
	}
}
