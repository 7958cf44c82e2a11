import { readTranslations } from "../tasks/languages.ts";
import { collectWords, nativeWords } from "../tasks/words.ts";

/**
 * The translations as they ship, by path below dist/. VS Code's bundle repeats all of English in each language, which is
 * more than half of it, so it holds only what `vscode.l10n.t` looks up. The rest is `words.LANGUAGE.json`, an array in
 * the order of the English one in `words.json`; `src/vscode/in-words.ts` reads it.
 */
export function bundles(): Readonly<Record<string, string>> {
	const native = new Set(nativeWords());
	const rest = Object.keys(collectWords()).filter((sentence) => !native.has(sentence));
	const files: Record<string, string> = { "words.json": JSON.stringify(rest) };
	for (const { file, language, words } of readTranslations()) {
		if (!file.startsWith("l10n/")) continue;
		const own = Object.entries(words).filter(([sentence]) => native.has(sentence));
		files[file] = JSON.stringify(Object.fromEntries(own));
		files[`words.${language}.json`] = JSON.stringify(rest.map((sentence) => words[sentence] ?? sentence));
	}
	return files;
}
