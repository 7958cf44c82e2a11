import * as vscode from "vscode";

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

/** Undefined where the extension is disabled, or found no git. */
export async function gitOfEditor(): Promise<GitOfEditor | undefined> {
	try {
		const exported = await vscode.extensions.getExtension<GitExtension>("vscode.git")?.activate();
		if (!exported?.enabled) return undefined;
		const api = exported.getAPI(1);
		if (api.state !== "initialized") await stateChange(api);
		return { path: api.git.path, repositories: api.repositories };
	} catch {
		// It throws where there is no git.
		return undefined;
	}
}

function stateChange(api: GitApi): Promise<void> {
	return new Promise((resolve) => {
		const listening = api.onDidChangeState(() => {
			listening.dispose();
			resolve();
		});
	});
}
