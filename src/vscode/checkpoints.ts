import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { createCheckpoints, type WorkspaceCheckpoints } from "../node/checkpoints/checkpoints.ts";
import { sizeOf } from "../node/checkpoints/prune.ts";
import { liveBytes } from "./files.ts";

/** Days that what nobody used is kept. */
const KEPT_DAYS = 30;

/** The checkpoints of this workspace in the extension's storage: made with the first use, so that no start pays. */
export class CheckpointStore implements vscode.Disposable {
	readonly #root: string | undefined;
	readonly #folder: string | undefined;
	readonly #background: (work: Promise<unknown>) => void;
	#current: WorkspaceCheckpoints | undefined;

	/** `storage`: absent without a folder. `background` takes work that nobody waits for. */
	constructor(root: string | undefined, storage: vscode.Uri | undefined, background: (work: Promise<unknown>) => void) {
		this.#root = root;
		this.#folder = storage && join(storage.fsPath, "checkpoints");
		this.#background = background;
	}

	/** Undefined where nothing may be read or written: no folder is open, or nobody trusts it. */
	get current(): WorkspaceCheckpoints | undefined {
		if (this.#root === undefined || this.#folder === undefined || !vscode.workspace.isTrusted) return undefined;
		this.#current ??= createCheckpoints({ root: this.#root, folder: this.#folder, liveBytes, keptDays: KEPT_DAYS });
		return this.#current;
	}

	/** By us or by the person: where a command runs meanwhile, it is not its work. Paths as recorded. */
	wrote(paths: readonly string[]): void {
		if (this.#current && paths.length > 0) this.#background(this.#current.wrote(paths));
	}

	/** Bytes on disk. */
	async size(): Promise<number> {
		return this.#folder === undefined ? 0 : sizeOf(this.#folder);
	}

	/** Nothing of before can be undone afterwards. Returns why it could not be deleted. */
	async delete(): Promise<string | undefined> {
		this.dispose();
		if (this.#folder === undefined) return undefined;
		return rm(this.#folder, { recursive: true, force: true, maxRetries: 3 }).then(
			() => undefined,
			(error: unknown) => (error instanceof Error ? error.message : String(error)),
		);
	}

	dispose(): void {
		this.#current?.dispose();
		this.#current = undefined;
	}
}
