import * as vscode from "vscode";
import type { MarkedHunk } from "./marks.ts";
import type { CallKey } from "./proposal-files.ts";
import type { HunkRef } from "./proposal-lenses.ts";
import type { Review } from "./proposals.ts";
import type { ProposedFile } from "./proposed-file.ts";

export type HunkAction = "accept" | "reject" | "reconsider";

/** What an action is about: a hunk, or the file as such. */
interface Target {
	readonly file: ProposedFile;
	readonly hunk: MarkedHunk | undefined;
}

/**
 * Decides on one hunk: the one a button is on, else the one at the cursor. Away from all hunks a key decides nothing: it
 * goes to the next. `announce` says what came of it. Returns the call once nothing of it is left to decide.
 */
export async function decideHunk(
	review: Review,
	announce: (text: string) => void,
	action: HunkAction,
	ref?: HunkRef,
): Promise<CallKey | undefined> {
	const found = ref ? review.find(vscode.Uri.parse(ref.uri)) : review.focused;
	if (!found) return undefined;
	const { file } = found;
	const target = ref ? targetOf(file, ref) : targetAtCursor(file);
	if (!target) {
		if (!goTo(file, "next", true)) announce(vscode.l10n.t("No change is left to decide on in this file."));
		return undefined;
	}
	await apply(target, action);
	const { left } = await review.decided(found.review, file);
	announce(saying(action, left));
	if (left === 0 && action !== "reconsider") return found.review.key;
	if (!ref && action !== "reconsider") goTo(file, "next", true);
	return undefined;
}

/** Moves the cursor to the hunk after it, or before. */
export function stepHunk(review: Review, direction: "next" | "previous"): void {
	const found = review.focused;
	if (found) goTo(found.file, direction, false);
}

async function apply({ file, hunk }: Target, action: HunkAction): Promise<void> {
	if (!hunk) file.decide(action === "accept" ? "accepted" : action === "reject" ? "rejected" : undefined);
	else if (action === "reject") await file.reject(hunk);
	else file.mark(hunk, action === "accept");
}

function targetOf(file: ProposedFile, { key, index = 0 }: HunkRef): Target | undefined {
	if (key === undefined) return { file, hunk: undefined };
	const same = file.hunks().flatMap((hunk, at) => (hunk.key === key ? [{ hunk, away: Math.abs(at - index) }] : []));
	const [nearest] = same.sort((a, b) => a.away - b.away);
	return nearest && { file, hunk: nearest.hunk };
}

function targetAtCursor(file: ProposedFile): Target | undefined {
	const editor = vscode.window.activeTextEditor;
	const line = editor?.selection.active.line ?? 0;
	const side = sideOf(file, editor);
	// Where nothing is left of the lines, the cursor is beside them.
	const hunk = file
		.hunks()
		.find((each) => line >= each[side].from && line <= Math.max(each[side].from, each[side].to - 1));
	if (hunk) return { file, hunk };
	return file.decision === "none" ? undefined : { file, hunk: undefined };
}

function sideOf(file: ProposedFile, editor: vscode.TextEditor | undefined): "before" | "after" {
	return editor?.document.uri.toString() === file.left.toString() ? "before" : "after";
}

/** False when there is no such hunk. Goes round at the end. */
function goTo(file: ProposedFile, direction: "next" | "previous", onlyOpen: boolean): boolean {
	const editor = vscode.window.activeTextEditor;
	if (!editor) return false;
	const side = sideOf(file, editor);
	const lines = file
		.hunks()
		.filter(({ accepted }) => !(onlyOpen && accepted))
		.map((hunk) => Math.min(hunk[side].from, editor.document.lineCount - 1));
	const { line } = editor.selection.active;
	const next =
		direction === "next"
			? (lines.find((each) => each > line) ?? lines[0])
			: (lines.findLast((each) => each < line) ?? lines.at(-1));
	if (next === undefined) return false;
	const at = new vscode.Position(next, 0);
	editor.selection = new vscode.Selection(at, at);
	editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
	return true;
}

function saying(action: HunkAction, left: number): string {
	if (action === "reconsider") return vscode.l10n.t("To be decided on again. Left: {0}", left);
	if (action === "accept") return vscode.l10n.t("Accepted. Left: {0}", left);
	return vscode.l10n.t("Rejected. Left: {0}", left);
}
