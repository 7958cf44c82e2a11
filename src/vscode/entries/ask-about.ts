import * as vscode from "vscode";
import type { Wanted } from "../../shared/attachments.ts";
import type { App } from "../app.ts";
import { say } from "../say.ts";
import { untrusted } from "../trust.ts";
import { type Lines, linesOf, nameOf, partOf, whyNot } from "./attach.ts";

/** Lines around a problem that go with it. */
const AROUND = 5;
/** More lines with problems than this are one attachment. */
const MOST_LINES = 5;
/** A longer piece is not quoted: the file is named, and Kimi reads what it needs. */
const LONGEST = 200;

/** Names that hold no sentence. */
const PLAIN_PLACE = /^[\p{L}\p{N}_./@+:-]{1,120}$/u;

/** What the person wants of a piece of code. */
type Wish = "fix" | "explain";

interface Target {
	readonly document: vscode.TextDocument;
	readonly range: vscode.Range;
	readonly problems: readonly vscode.Diagnostic[];
}

/** A problem that Kimi is told of: hints and remarks are none. */
export function isProblem({ severity }: vscode.Diagnostic): boolean {
	return severity <= vscode.DiagnosticSeverity.Warning;
}

/**
 * Asks Kimi to mend or to explain what stands here: the problems in `range` with the lines around them, else the lines
 * themselves. Sent at once where the chat is free; else it waits in the composer for the person.
 * @param at a place in a document; absent: what is selected in front, or its line, or for problems the whole file
 */
export async function askAbout(app: App, wish: Wish, at?: unknown, range?: unknown): Promise<void> {
	const off = untrusted();
	if (off) return say(off.message);
	const target = at instanceof vscode.Uri && range instanceof vscode.Range ? await placed(at, range) : inFront(wish);
	if (!target) return say(vscode.l10n.t("Open a file and select what Kimi should look at."));
	const why = await whyNot(app, target.document);
	if (why !== undefined) return say(why);
	const wanted = await attachments(app, target);
	await ask(app, await promptFor(app, wish, target), wanted);
}

async function placed(uri: vscode.Uri, range: vscode.Range): Promise<Target> {
	const document = await vscode.workspace.openTextDocument(uri);
	return { document, range, problems: problemsIn(document, range) };
}

function inFront(wish: Wish): Target | undefined {
	const editor = vscode.window.activeTextEditor;
	if (!editor) return undefined;
	const { document, selection } = editor;
	const range = selection.isEmpty
		? document.lineAt(selection.active).range
		: new vscode.Range(selection.start, selection.end);
	const here = problemsIn(document, range);
	const all = problemsIn(document, wholeOf(document));
	const isFile = wish === "fix" && selection.isEmpty && here.length === 0 && all.length > 0;
	return isFile ? { document, range: wholeOf(document), problems: all } : { document, range, problems: here };
}

function problemsIn({ uri }: vscode.TextDocument, range: vscode.Range): readonly vscode.Diagnostic[] {
	return vscode.languages.getDiagnostics(uri).filter((each) => isProblem(each) && each.range.intersection(range));
}

function wholeOf(document: vscode.TextDocument): vscode.Range {
	return document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
}

/** The words of the problems come along as data: a language service may quote a stranger's file in them. */
async function attachments(app: App, { document, range, problems }: Target): Promise<readonly Wanted[]> {
	if (problems.length === 0 || document.uri.scheme !== "file")
		return [await partOf(app, document, wholeLines(document, linesOf(range), 0))];
	const path = await nameOf(app, document.uri);
	const lines = [...new Set(problems.map((each) => each.range.start.line + 1))].sort((a, b) => a - b);
	const [from = 1, to = from] = [lines[0], lines.at(-1)];
	const told: readonly Wanted[] =
		lines.length > MOST_LINES
			? [{ kind: "problems", path }]
			: lines.map((line) => ({ kind: "problems" as const, path, line }));
	if (to - from > LONGEST) return [...told, { kind: "file", path }];
	return [...told, await partOf(app, document, wholeLines(document, { from, to }, AROUND))];
}

function wholeLines(document: vscode.TextDocument, { from, to }: Lines, around: number): vscode.Range {
	const first = Math.max(0, from - 1 - around);
	const last = Math.min(document.lineCount - 1, to - 1 + around);
	return new vscode.Range(first, 0, last, document.lineAt(last).text.length);
}

async function promptFor(app: App, wish: Wish, { document, range, problems }: Target): Promise<string> {
	const { uri } = document;
	const name = uri.scheme === "file" ? await nameOf(app, uri) : uri.path;
	const line = (problems[0]?.range.start.line ?? range.start.line) + 1;
	const place = problems.length > 1 ? name : `${name}:${line}`;
	// What stands in a prompt is the person's word. A stranger's file may be named like an order; the attachment names it.
	const where = PLAIN_PLACE.test(place) ? place : vscode.l10n.t("this file");
	if (wish === "fix") {
		if (problems.length > 1) return vscode.l10n.t("Fix the attached problems in {0}.", where);
		if (problems.length === 1) return vscode.l10n.t("Fix the attached problem in {0}.", where);
		return vscode.l10n.t("Find what is wrong in the attached lines of {0} and fix it.", where);
	}
	if (problems.length > 0)
		return vscode.l10n.t(
			"Explain the attached problem in {0}: what it means and what would fix it. Change nothing.",
			where,
		);
	return vscode.l10n.t("Explain the attached lines of {0}. Change nothing.", where);
}

/** What the person attached themselves is not sent behind their back, and a turn that runs is not spoken into. */
async function ask(app: App, prompt: string, wanted: readonly Wanted[]): Promise<void> {
	const run = await app.restore();
	const isFree = app.endpoints.isSetUp && app.mayRun && !app.outbox.isBusy(run) && !run.paused && !run.isElsewhere;
	const isEmpty = app.attachments.rows.every(({ kind }) => kind === "active");
	for (const each of wanted) app.attachments.add(each);
	if (!isFree || !isEmpty) app.compose(prompt);
	await app.showView();
	// The turn goes on for long: whoever called the command does not wait for it.
	if (isFree && isEmpty) app.send(prompt).catch((error: unknown) => app.log.error(String(error)));
}
