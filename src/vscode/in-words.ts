import * as vscode from "vscode";
import { translated, translatedTitle } from "../shared/said.ts";
import { plain } from "./plain.ts";

const t = (sentence: string, ...args: string[]) => vscode.l10n.t(sentence, ...args);

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
