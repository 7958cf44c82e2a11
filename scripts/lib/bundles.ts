import { brotliCompressSync } from "node:zlib";
import { phrases } from "../../src/shared/sentences.ts";
import { stated } from "../../src/shared/stated.ts";
import { readTranslations } from "../tasks/languages.ts";
import { collectWords, nativeWords } from "../tasks/words.ts";

/**
 * The translations as they ship, by path below dist/. VS Code's bundle repeats all of English in each language, which is
 * more than half of it, so it holds only what `vscode.l10n.t` looks up. The sentences of the log and the rest are
 * `words.LANGUAGE`, an array in the order of the English ones in `words`, packed closer than a VSIX is: `packedWords` reads
 * them.
 */
export function bundles(): Readonly<Record<string, string | Buffer>> {
	const native = new Set(nativeWords());
	const sentences: readonly string[] = [...phrases, ...stated];
	const rest = Object.keys(collectWords()).filter((sentence) => !native.has(sentence) && !sentences.includes(sentence));
	const packed = (value: unknown) => brotliCompressSync(JSON.stringify(value));
	const files: Record<string, string | Buffer> = { "words.json.br": packed({ sentences, rest }) };
	for (const { file, language, words } of readTranslations()) {
		if (!file.startsWith("l10n/")) continue;
		const own = Object.entries(words).filter(([sentence]) => native.has(sentence));
		files[file] = JSON.stringify(Object.fromEntries(own));
		files[`words.${language}.json.br`] = packed([...sentences, ...rest].map((sentence) => words[sentence] ?? sentence));
	}
	return files;
}
