import * as vscode from "vscode";
import { PathIndex } from "../../node/path-index.ts";
import type { Places } from "../../node/places.ts";
import { findRipgrep } from "../../node/ripgrep.ts";
import { workspacePaths } from "../../node/workspace-paths.ts";
import { ripgrepCandidates } from "../ripgrep.ts";

/** Rules of what is listed. */
const RULES = "**/{.gitignore,.ignore,.rgignore,.kimiignore}";

/**
 * The paths of the workspace, listed once in the background and again when files came or went. Listing anew, instead of
 * following each change, is right about every ignore file and link.
 */
export class WorkspaceIndex implements vscode.Disposable {
	readonly #places: Places;
	readonly #closed = new AbortController();
	#watchers: readonly vscode.Disposable[] = [];
	#current: PathIndex | undefined;
	#isStale = true;
	#listing: Promise<PathIndex | undefined> | undefined;

	constructor(places: Places) {
		this.#places = places;
	}

	/** What is known now, maybe of a moment ago. */
	get current(): PathIndex | undefined {
		return this.#current;
	}

	/** Up to date; undefined where nothing could be listed. */
	async fresh(): Promise<PathIndex | undefined> {
		// What is being listed right now is not stale, and not there either.
		if (!this.#isStale) return this.#listing ?? this.#current;
		this.#listing ??= this.#list().finally(() => {
			this.#listing = undefined;
		});
		return this.#listing;
	}

	dispose(): void {
		this.#closed.abort();
		for (const watcher of this.#watchers) watcher.dispose();
	}

	async #list(): Promise<PathIndex | undefined> {
		this.#watch();
		// What changes from here on is not in the list for sure.
		this.#isStale = false;
		const { signal } = this.#closed;
		const rgPath = await findRipgrep(ripgrepCandidates());
		const paths = rgPath === undefined ? undefined : await workspacePaths({ rgPath, places: this.#places }, signal);
		if (!paths?.ok) {
			this.#isStale = true;
			return undefined;
		}
		this.#current = await PathIndex.of(paths.value, signal);
		return this.#current;
	}

	#watch(): void {
		if (this.#watchers.length > 0) return;
		const stale = () => {
			this.#isStale = true;
		};
		const files = vscode.workspace.createFileSystemWatcher("**/*", false, true, false);
		const rules = vscode.workspace.createFileSystemWatcher(RULES, true, false, true);
		this.#watchers = [
			files,
			rules,
			files.onDidCreate(stale),
			files.onDidDelete(stale),
			rules.onDidChange(stale),
			vscode.workspace.onDidChangeWorkspaceFolders(stale),
		];
	}
}
