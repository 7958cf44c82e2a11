import * as vscode from "vscode";
import { listed } from "../../agent/undone.ts";
import { plain } from "../plain.ts";
import type { Row } from "./restore-plan.ts";

export function files(count: number): string {
	return count === 1 ? vscode.l10n.t("1 file") : vscode.l10n.t("{0} files", count);
}

export function filesChange(count: number): string {
	return count === 1 ? vscode.l10n.t("1 file changes") : vscode.l10n.t("{0} files change", count);
}

export function messagesGo(count: number): string {
	return count === 1 ? vscode.l10n.t("1 message goes") : vscode.l10n.t("{0} messages go", count);
}

/** A few names, and how many more there are. */
export function names(all: readonly Row[], most = 5): string {
	const some = all.slice(0, most).map(({ path, from }) => (from === undefined ? path : `${from} → ${path}`));
	const more = all.length - some.length;
	return plain([...some, ...(more > 0 ? [vscode.l10n.t("{0} more", more)] : [])].join(", "));
}

/** A prompt as the name of its turn. */
export function titleOf(prompt: string): string {
	return plain(firstLine(prompt));
}

/** For the model: what went back while the conversation stays. */
export function backNote(paths: readonly string[], prompt: string): string | undefined {
	if (paths.length === 0) return undefined;
	return `The person put files back to what they were before their message "${firstLine(prompt)}": ${listed(paths)}. Read them before you rely on them.`;
}

/** For the model: what is not as it knows it, where the conversation went back. */
export function otherNote(paths: readonly string[]): string | undefined {
	if (paths.length === 0) return undefined;
	return `These files have changed meanwhile: ${listed(paths)}. Read them before you rely on them.`;
}

/** For the model: what was put back is there again. */
export function againNote(paths: readonly string[]): string | undefined {
	if (paths.length === 0) return undefined;
	return `The person took that back; these files are again as they were before it: ${listed(paths)}.`;
}

function firstLine(text: string): string {
	const line = text.trim().split("\n", 1)[0] ?? "";
	return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
