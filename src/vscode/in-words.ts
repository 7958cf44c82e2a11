import { join } from "node:path";
import * as vscode from "vscode";
import { knowSentences, translated, translatedTitle } from "../shared/said.ts";
import { packedWords } from "./packed-words.ts";
import { plain } from "./plain.ts";

let packed: ReturnType<typeof packedWords> = { words: {}, sentences: [] };

/** Takes what VS Code's own bundle does not hold from where the extension lies. */
export function takeWords(extensionPath: string): void {
	if (!vscode.l10n.bundle) return;
	packed = packedWords(join(extensionPath, "dist"), vscode.env.language);
	knowSentences(packed.sentences);
}

/** All translations, of those that VS Code loaded and those that we did: what the view needs. */
export function allWords(): typeof packed {
	const bundle = Object.entries(vscode.l10n.bundle ?? {});
	const texts = bundle.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
	return { words: { ...Object.fromEntries(texts), ...packed.words }, sentences: packed.sentences };
}

/** A sentence that stands in a room below this one, in the display language. */
export const t = (sentence: string, ...args: string[]): string =>
	vscode.l10n.t(packed.words[sentence] ?? sentence, ...args);

/** A sentence of the log in the display language: what went wrong, why a call is asked about. */
export function inWords(sentence: string): string {
	return translated(sentence, t);
}

/** The title of a call in the display language. */
export function titleInWords(title: string): string {
	return translatedTitle(title, t);
}

/** What went wrong, in the display language and fit for VS Code's own messages. */
export function plainWords(failure: { readonly message: string }): string {
	return plain(inWords(failure.message));
}
