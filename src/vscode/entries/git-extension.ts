import * as vscode from "vscode";
import { inTime } from "../../agent/patient.ts";

/** What we use of the API that VS Code's own git extension gives, version 1 (`extensions/git/src/api/git.d.ts`). */
interface GitApi {
	readonly state: "uninitialized" | "initialized";
	readonly onDidChangeState: vscode.Event<unknown>;
	readonly git: { readonly path: string };
	readonly repositories: readonly Repository[];
}

export interface Repository {
	readonly rootUri: vscode.Uri;
	readonly inputBox: { value: string };
}

interface GitExtension {
	readonly enabled: boolean;
	getAPI(version: 1): GitApi;
}

export interface GitOfEditor {
	/** Absolute path of the program. */
	readonly path: string;
	readonly repositories: readonly Repository[];
}

/** How long the extension may take to look for repositories, in milliseconds. */
const PATIENCE = 10_000;

/** Undefined where the extension is disabled, or found no git. Of one that is slow to look only what it has by then. */
export async function gitOfEditor(patience = PATIENCE): Promise<GitOfEditor | undefined> {
	try {
		const exported = await vscode.extensions.getExtension<GitExtension>("vscode.git")?.activate();
		if (!exported?.enabled) return undefined;
		const api = exported.getAPI(1);
		await initialized(api, patience);
		return { path: api.git.path, repositories: api.repositories };
	} catch {
		// It throws where there is no git.
		return undefined;
	}
}

async function initialized(api: GitApi, patience: number): Promise<void> {
	if (api.state === "initialized") return;
	const changed = Promise.withResolvers<void>();
	const listening = api.onDidChangeState(() => changed.resolve());
	await inTime(changed.promise, { ms: patience }, undefined);
	listening.dispose();
}
