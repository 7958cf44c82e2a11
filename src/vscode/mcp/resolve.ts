import { resolve } from "node:path";
import * as vscode from "vscode";
import type { McpServerConfig } from "../../node/mcp/server.ts";
import { type Configured, surroundings } from "./files.ts";
import type { Values } from "./inputs.ts";
import { filledIn, mapTexts, textsOf, variablesOf } from "./variables.ts";

/** How the server is reached with every variable filled in, or why that can't be said. */
export function resolved(server: Configured, values: Values): { config: McpServerConfig } | { trouble: string } {
	const { entry, folder, env, trouble } = server;
	if (trouble !== undefined) return { trouble };
	const around = surroundings(folder);
	const needsFolder = variablesOf(textsOf(entry.template)).some(({ kind }) => kind === "workspaceFolder");
	if (needsFolder && around.folder === undefined)
		return { trouble: vscode.l10n.t("It works in a folder: open one first.") };
	const config = mapTexts(entry.template, (text) => filledIn(text, around, values));
	if (config.type === "http") {
		if (/^https?:$/.test(URL.parse(config.url)?.protocol ?? "")) return { config };
		return {
			trouble: vscode.l10n.t("The address of the server “{0}” must begin with https:// or http://.", entry.name),
		};
	}
	// In a folder of somebody else's, `npx` would take their package for the one that the person named.
	const base = folder ?? around.home;
	return { config: { ...config, env: { ...env, ...config.env }, cwd: resolve(base, config.cwd ?? ".") } };
}
