import { phrases } from "../../src/shared/sentences.ts";
import { stated } from "../../src/shared/stated.ts";
import { readTranslations } from "../tasks/languages.ts";
import { collectWords, nativeWords } from "../tasks/words.ts";

/**
 * The translations as they ship, by path below dist/. VS Code's bundle repeats all of English in each language, which is
 * more than half of it, so it holds only what `vscode.l10n.t` looks up. The sentences of the log and the rest are
 * `words.LANGUAGE.json`, an array in the order of the English ones in `words.json`; `packedWords` reads them.
 */
export function bundles(): Readonly<Record<string, string>> {
	const native = new Set(nativeWords());
	const sentences: readonly string[] = [...phrases, ...stated];
	const rest = Object.keys(collectWords()).filter((sentence) => !native.has(sentence) && !sentences.includes(sentence));
	const files: Record<string, string> = { "words.json": JSON.stringify({ sentences, rest }) };
	for (const { file, language, words } of readTranslations()) {
		if (!file.startsWith("l10n/")) continue;
		const own = Object.entries(words).filter(([sentence]) => native.has(sentence));
		files[file] = JSON.stringify(Object.fromEntries(own));
		files[`words.${language}.json`] = JSON.stringify(
			[...sentences, ...rest].map((sentence) => words[sentence] ?? sentence),
		);
	}
	return files;
}
