import { basename } from "node:path";
import * as vscode from "vscode";
import { secretReason } from "../../agent/protected.ts";
import { MAX_ATTACHED, type Wanted } from "../../shared/attachments.ts";
import type { App } from "../app.ts";
import { terminalName } from "../attachments/terminals.ts";
import { hiddenReason, SCHEMES } from "../completions/surroundings.ts";
import { plain, withPlainEnds } from "../plain.ts";
import { say } from "../say.ts";
import { untrusted } from "../trust.ts";
import { selectedText } from "./terminal-selection.ts";

/** Lines as people count them, from 1. */
export interface Lines {
	readonly from: number;
	readonly to: number;
}

/** What is selected in the editor in front, each part of it; without a selection its file. */
export async function addSelection(app: App): Promise<void> {
	const editor = vscode.window.activeTextEditor;
	if (!editor) return say(vscode.l10n.t("Open a file and select what Kimi should see."));
	const { document, selections } = editor;
	const picked = selections.filter(({ isEmpty }) => !isEmpty);
	if (picked.length === 0) return addFiles(app, document.uri);
	const why = await whyNot(app, document);
	if (why !== undefined) return say(why);
	const parts = await Promise.all(picked.map((range) => partOf(app, document, range)));
	await give(app, parts);
}

/** Files and folders: those that are selected in a list, else the one in front. */
export async function addFiles(app: App, ...on: readonly unknown[]): Promise<void> {
	// The explorer gives what was clicked and a list of all that is selected, a list of changes one row after the other.
	const clicked = on.flat().flatMap((each) => uriOf(each) ?? []);
	const given = clicked.length > 0 ? clicked : [inFront()].flatMap((uri) => uri ?? []);
	const files = given.filter(({ scheme }) => scheme === "file").map((uri) => [uri.fsPath, uri] as const);
	if (files.length === 0) return say(vscode.l10n.t("Only files and folders on a disk can be added."));
	const found = await Promise.all([...new Map(files).values()].map((uri) => fileOrFolder(app, uri)));
	await give(app, found.flat());
}

/** The problems of the file in front, else those of the workspace. */
export async function addProblems(app: App): Promise<void> {
	const uri = vscode.window.activeTextEditor?.document.uri;
	const isHere = uri?.scheme === "file" && vscode.languages.getDiagnostics(uri).length > 0;
	if (isHere) return give(app, [{ kind: "problems", path: await nameOf(app, uri) }]);
	if (vscode.languages.getDiagnostics().every(([, found]) => found.length === 0))
		return say(vscode.l10n.t("VS Code knows of no problems in this workspace."));
	await give(app, [{ kind: "problems" }]);
}

/** What is selected in the terminal in front. */
export async function addTerminal(app: App): Promise<void> {
	const terminal = vscode.window.activeTerminal;
	const copy = () => vscode.commands.executeCommand("workbench.action.terminal.copySelection");
	const text = terminal && (await selectedText(vscode.env.clipboard, copy));
	if (!terminal || text === undefined) return say(vscode.l10n.t("Select text in a terminal first."));
	await give(app, [{ kind: "terminal", name: plain(terminalName(terminal)), text }]);
}

/** What git says is changed and not committed. */
export function addChanges(app: App): Promise<void> {
	return give(app, [{ kind: "changes" }]);
}

/** Why a document's text is not given, as a sentence; undefined: it may be. The person asks for it, so outside counts too. */
export async function whyNot(app: App, document: vscode.TextDocument): Promise<string | undefined> {
	const { scheme, path } = document.uri;
	if (SCHEMES.includes(scheme)) return hiddenReason(app, document, { alsoOutside: true });
	// Another version of a file has its name.
	if (secretReason(path) === undefined) return undefined;
	return vscode.l10n.t("{0} may hold secrets, so its text is not sent.", basename(path));
}

/** A part of a document with its text as it is now. */
export async function partOf(app: App, document: vscode.TextDocument, range: vscode.Range): Promise<Wanted> {
	const text = withPlainEnds(document.getText(range));
	const { from, to } = linesOf(range);
	// Without a folder no file is read, and so none is named as one.
	if (document.uri.scheme === "file" && app.ports.files.root !== undefined)
		return { kind: "selection", path: await nameOf(app, document.uri), from, to, text };
	return { kind: "text", name: `${basename(document.uri.path)}:${from}-${to}`, text };
}

/** The lines that a selection shows as selected: not the one at whose beginning it ends. */
export function linesOf({ start, end }: vscode.Range): Lines {
	const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
	return { from: start.line + 1, to: last + 1 };
}

/** As attachments name files. */
export async function nameOf(app: App, { fsPath }: vscode.Uri): Promise<string> {
	const place = await app.ports.files.place(fsPath);
	return place.ok ? place.value.name : fsPath;
}

/** Puts it beside the composer, and the cursor into that. */
async function give(app: App, wanted: readonly Wanted[]): Promise<void> {
	const off = untrusted();
	if (off) return say(off.message);
	for (const each of wanted.slice(0, MAX_ATTACHED)) app.attachments.add(each);
	await app.showView();
	if (wanted.length > MAX_ATTACHED)
		say(vscode.l10n.t("A message takes {0} attachments, so only the first ones were added.", MAX_ATTACHED));
}

async function fileOrFolder(app: App, uri: vscode.Uri): Promise<readonly Wanted[]> {
	try {
		const { type } = await vscode.workspace.fs.stat(uri);
		const kind = (type & vscode.FileType.Directory) !== 0 ? "folder" : "file";
		return [{ kind, path: await nameOf(app, uri) }];
	} catch {
		// It is gone, such as a deleted file in the list of changes.
		return [];
	}
}

/** Of a row in a list of changes, too. */
function uriOf(on: unknown): vscode.Uri | undefined {
	if (on instanceof vscode.Uri) return on;
	const uri = typeof on === "object" && on !== null && "resourceUri" in on ? on.resourceUri : undefined;
	return uri instanceof vscode.Uri ? uri : undefined;
}

function inFront(): vscode.Uri | undefined {
	const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
	const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
	return isFile ? input.uri : vscode.window.activeTextEditor?.document.uri;
}
