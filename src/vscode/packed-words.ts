import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

/** What the view and the log say, in another language. */
interface Packed {
	/** English to that language. */
	readonly words: Readonly<Record<string, string>>;
	/** Those of the English ones that the log holds, for `knowSentences`. */
	readonly sentences: readonly string[];
}

/** As `scripts/lib/bundles.ts` packs it in the folder `dist`; empty where nobody translated to `language`. */
export function packedWords(dist: string, language: string): Packed {
	try {
		const words: readonly string[] = read(dist, `words.${language}.json.br`);
		const { sentences, rest }: Record<"sentences" | "rest", readonly string[]> = read(dist, "words.json.br");
		const pairs = [...sentences, ...rest].map((english, at) => [english, words[at] ?? english] as const);
		return { words: Object.fromEntries(pairs), sentences };
	} catch {
		return { words: {}, sentences: [] };
	}
}

function read<T>(dist: string, name: string): T {
	return JSON.parse(brotliDecompressSync(readFileSync(join(dist, name))).toString());
}
