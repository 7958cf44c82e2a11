import * as vscode from "vscode";
import { inWords } from "../in-words.ts";
import { shown } from "../plain.ts";
import type { Configured } from "./files.ts";
import type { ServerState } from "./running.ts";
import type { McpRow } from "./servers.ts";

export const nameOf = ({ entry }: Configured) => shown(entry.name);

/** It runs, or will at the next call. */
export const isUp = ({ state: { kind } }: McpRow) => kind === "running" || kind === "starting" || kind === "asleep";

/** Icon and words for how a server is. */
export function stateWords({ server, standing, state, tools, toolsOff }: McpRow): { icon: string; words: string } {
	if (standing === "off") return { icon: "circle-slash", words: vscode.l10n.t("off") };
	if (standing === "new") return { icon: "circle-slash", words: vscode.l10n.t("off: look at it and turn it on") };
	if (standing === "changed") return { icon: "warning", words: vscode.l10n.t("off: it changed, look at it again") };
	if (server.trouble !== undefined) return { icon: "error", words: vscode.l10n.t("can't start") };
	switch (state.kind) {
		case "stopped":
			return { icon: "circle-outline", words: vscode.l10n.t("starts when it is needed") };
		case "starting":
			return { icon: "loading~spin", words: vscode.l10n.t("starting…") };
		case "running":
			return { icon: "circle-filled", words: toolCount(tools.length, toolsOff.length) };
		case "asleep":
			return { icon: "warning", words: vscode.l10n.t("ended; starts again when it is needed") };
		case "signIn":
			return { icon: "key", words: vscode.l10n.t("wants you to sign in") };
		case "input":
			return { icon: "key", words: vscode.l10n.t("needs a value from you: start it") };
		case "failed":
			return { icon: "error", words: vscode.l10n.t("failed") };
	}
}

function toolCount(all: number, off: number): string {
	if (off === 0) return all === 1 ? vscode.l10n.t("running · 1 tool") : vscode.l10n.t("running · {0} tools", all);
	return vscode.l10n.t("running · {0} of {1} tools", all - off, all);
}

/** What went wrong with it, if anything did. */
export function troubleOf({ server, state }: McpRow): string | undefined {
	const message = "message" in state ? state.message : undefined;
	const words = server.trouble ?? (message && inWords(message));
	return words === undefined ? undefined : shown(words, 1000);
}

/** What a turn goes without, and why; `ended`: by itself, in the middle of one. */
export interface Missing {
	readonly name: string;
	readonly why: Exclude<ServerState["kind"], "stopped" | "running" | "asleep"> | "changed" | "ended";
	readonly message: string;
}

/** What a turn goes without, in a sentence. */
export function missingWords({ name, why, message }: Missing): string {
	const server = shown(name);
	switch (why) {
		case "starting":
			return vscode.l10n.t("The MCP server “{0}” is still starting: this turn goes on without it.", server);
		case "ended":
			return vscode.l10n.t("The MCP server “{0}” ended: {1}", server, shown(inWords(message)));
		case "failed":
			return vscode.l10n.t("The MCP server “{0}” did not start: {1}", server, shown(inWords(message)));
		case "signIn":
			return vscode.l10n.t("The MCP server “{0}” wants you to sign in.", server);
		case "input":
			return vscode.l10n.t("The MCP server “{0}” needs a value from you: start it.", server);
		case "changed":
			return vscode.l10n.t("The MCP server “{0}” of this workspace changed: it is off until you look at it.", server);
	}
}
