import { parse } from "node:path";
import * as vscode from "vscode";
import type { Place } from "../../agent/ports.ts";
import { secretReason } from "../../agent/protected.ts";
import type { Around } from "../../model/completion-prompt.ts";
import { createPlaces } from "../../node/places.ts";
import type { App } from "../app.ts";
import { inWords } from "../in-words.ts";
import { withPlainEnds } from "../plain.ts";

/** Texts that are a person's own work; all others are shown by VS Code or an extension, such as its settings. */
export const SCHEMES: readonly string[] = ["file", "untitled", "vscode-notebook-cell"];

/** Why a document's text is not sent to be continued, as a sentence; undefined: it may be. */
export async function hiddenReason(
	app: App,
	{ uri }: vscode.TextDocument,
	{ alsoOutside }: { readonly alsoOutside: boolean },
): Promise<string | undefined> {
	const name = vscode.workspace.asRelativePath(uri);
	if (!SCHEMES.includes(uri.scheme)) return vscode.l10n.t("Only files and new texts can be continued.");
	const place = await placeOf(app, uri.fsPath);
	if (typeof place === "string") return place;
	if (place.ignored !== undefined) return vscode.l10n.t("{0} is hidden by .kimiignore, so its text is not sent.", name);
	if ([uri.fsPath, place.name, place.path].some((each) => secretReason(each) !== undefined))
		return vscode.l10n.t("{0} may hold secrets, so its text is not sent.", name);
	// A new text has no place yet: it is the window's own.
	if (place.inside || alsoOutside || uri.scheme === "untitled") return undefined;
	return vscode.l10n.t("{0} is outside of the workspace, so its text is not sent unasked.", name);
}

async function placeOf({ ports: { files } }: App, path: string): Promise<Place | string> {
	// Without a folder the rules of all folders above the file count.
	const places = files.root === undefined ? createPlaces(parse(path).root || "/") : files;
	const place = await places.place(path);
	return place.ok ? place.value : inWords(place.failure.message);
}

export function aroundOf(document: vscode.TextDocument, position: vscode.Position): Around {
	const text = document.getText();
	const at = document.offsetAt(position);
	return { before: withPlainEnds(text.slice(0, at)), after: withPlainEnds(text.slice(at)) };
}
