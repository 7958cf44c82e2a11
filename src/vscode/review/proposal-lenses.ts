import * as vscode from "vscode";
import * as z from "zod/mini";
import { plain } from "../plain.ts";
import type { Lens } from "./lenses.ts";
import type { ProposedFile } from "./proposed-file.ts";

/** Which hunk a button is on: hunks move while VS Code draws. Without a key: the file as such. */
const HunkRef = z.object({
	/** The right side's document. */
	uri: z.string(),
	key: z.optional(z.string()),
	/** Place among the file's hunks. */
	index: z.optional(z.number()),
});
export type HunkRef = z.infer<typeof HunkRef>;

/** What a command was given; undefined for a key, or when VS Code gave it something of its own. */
export function hunkRef(given: unknown): HunkRef | undefined {
	const parsed = HunkRef.safeParse(given);
	return parsed.success ? parsed.data : undefined;
}

/** The buttons on a proposal's right side. */
export function lensesOf(file: ProposedFile): readonly Lens[] {
	const hunks = file.hunks();
	const stale = file.stale ? [staleLens()] : [];
	const uri = file.right.toString();
	const faces = facesOf();
	const own = hunks.flatMap(({ after, key, accepted }, index): Lens[] => {
		const args: readonly [HunkRef] = [{ uri, key, index }];
		const buttons = (accepted ? faces.accepted : faces.open).map((face) => ({ ...face, line: after.from, args }));
		const place = { line: after.from, title: vscode.l10n.t("{0} of {1}", index + 1, hunks.length) };
		return hunks.length > 1 ? [...buttons, place] : buttons;
	});
	return [...stale, ...fileLenses(file, faces), ...own];
}

/** On a tab that came back after a reload, as long as its chat was not gone on with. */
export function orphanLenses(): readonly Lens[] {
	return [
		{
			line: 0,
			title: `$(debug-continue) ${vscode.l10n.t("Continue the chat to go on with this review")}`,
			tooltip: vscode.l10n.t("Your changes are kept. Opens the chat."),
			command: "kimiK2.open",
		},
	];
}

function staleLens(): Lens {
	return {
		line: 0,
		title: `$(warning) ${vscode.l10n.t("The file changed since: nothing would be written")}`,
		tooltip: vscode.l10n.t("If you accept, Kimi is told to read the file again."),
	};
}

function fileLenses(file: ProposedFile, faces: Faces): readonly Lens[] {
	const { decision, proposal, kind } = file;
	if (decision === "none") return [];
	const from = plain(proposal.from ?? "");
	const what = {
		created: `$(diff-added) ${vscode.l10n.t("New file")}`,
		deleted: `$(diff-removed) ${vscode.l10n.t("This file is deleted")}`,
		renamed: `$(diff-renamed) ${from} → ${plain(proposal.name)}`,
		changed: "",
	}[kind];
	const args: readonly [HunkRef] = [{ uri: file.right.toString() }];
	return [{ title: what }, ...faces[decision]].map((face) => ({ ...face, line: 0, args }));
}

type Face = Omit<Lens, "line" | "args">;
type Faces = Readonly<Record<"open" | "accepted" | "rejected", readonly Face[]>>;

/** What stands on hunks, by how they were decided. Made once for all hunks: a file may have thousands. */
function facesOf(): Faces {
	const reconsider: Face = {
		title: vscode.l10n.t("Reconsider"),
		tooltip: vscode.l10n.t("Decide on this once more."),
		command: "kimiK2.reconsiderHunk",
	};
	const accept: Face = {
		title: `$(check) ${vscode.l10n.t("Accept")}`,
		tooltip: vscode.l10n.t("Accept this change. It is written once all are decided on."),
		command: "kimiK2.acceptHunk",
	};
	const reject: Face = {
		title: `$(discard) ${vscode.l10n.t("Reject")}`,
		tooltip: vscode.l10n.t("Leave this as it is in the file. Kimi is told."),
		command: "kimiK2.rejectHunk",
	};
	return {
		open: [accept, reject],
		accepted: [{ title: `$(pass-filled) ${vscode.l10n.t("Accepted")}` }, reconsider],
		rejected: [{ title: `$(circle-slash) ${vscode.l10n.t("Rejected: nothing is done")}` }, reconsider],
	};
}
