import * as vscode from "vscode";
import type { TurnEnv } from "../agent/loop.ts";
import type { Search } from "../agent/ports.ts";
import { nameOf } from "../node/place.ts";
import { createPlaces } from "../node/places.ts";
import { findRipgrep } from "../node/ripgrep.ts";
import { createSearch } from "../node/search.ts";
import { createWeb } from "../node/web/web.ts";
import { createEditorFiles } from "./files.ts";
import { createProblems } from "./problems.ts";
import { ripgrepCandidates } from "./ripgrep.ts";
import { createSymbols } from "./symbols.ts";

/** The first folder that is on a disk. */
export function workspaceRoot(): string | undefined {
	return workspaceFolders()[0];
}

/** As tools name them. */
export function otherFolders(): readonly string[] {
	const [first = "", ...others] = workspaceFolders();
	return others.map((folder) => nameOf(first, folder));
}

/** Those on a disk. */
export function workspaceFolders(): readonly string[] {
	const folders = vscode.workspace.workspaceFolders ?? [];
	return folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
}

/** What a turn works with, but for its chat's shell. */
export type WorkspacePorts = Omit<TurnEnv["ctx"], "shell">;

export function createPorts(root: string | undefined): WorkspacePorts {
	const places = createPlaces(root, workspaceFolders);
	let search: Promise<Search> | undefined;
	// ripgrep is looked for when the first search needs it, not while VS Code starts.
	const found = () => {
		search ??= findRipgrep(ripgrepCandidates()).then((rgPath) => createSearch({ rgPath, places }));
		return search;
	};
	return {
		files: createEditorFiles(places),
		search: {
			grep: async (query, signal) => (await found()).grep(query, signal),
			files: async (query, signal) => (await found()).files(query, signal),
			listing: async (path, options, signal) => (await found()).listing(path, options, signal),
			hiding: async (signal) => (await found()).hiding(signal),
		},
		web: createWeb(),
		problems: createProblems(root),
		symbols: createSymbols(root),
	};
}
