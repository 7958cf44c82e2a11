import * as vscode from "vscode";
import type { Proposal } from "../agent/tool.ts";

const SCHEME = "kimi-k2";

/** Proposed edits as VS Code's diff editor shows them: left the file now, right the proposal. Nothing is written. */
export class Review implements vscode.TextDocumentContentProvider, vscode.Disposable {
	readonly #proposals = new Map<string, Proposal>();
	readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

	provideTextDocumentContent(uri: vscode.Uri): string {
		return uri.query === "" ? "" : (this.#proposals.get(uri.query)?.after ?? "");
	}

	add(callId: string, proposal: Proposal): void {
		this.#proposals.set(callId, proposal);
	}

	/** Opens the diff; false when the call proposes no edit, or no longer. */
	async open(callId: string, preserveFocus: boolean): Promise<boolean> {
		const proposal = this.#proposals.get(callId);
		if (!proposal) return false;
		const { path, before } = proposal;
		const left = before === null ? vscode.Uri.from({ scheme: SCHEME, path }) : vscode.Uri.file(path);
		const name = vscode.workspace.asRelativePath(path);
		const title = vscode.l10n.t("{0} (proposed by Kimi K2)", name);
		const options: vscode.TextDocumentShowOptions = { preview: true, preserveFocus };
		await vscode.commands.executeCommand("vscode.diff", left, rightOf(callId, proposal), title, options);
		return true;
	}

	/** The call is decided: its diff closes. */
	async close(callId: string): Promise<void> {
		const proposal = this.#proposals.get(callId);
		if (!proposal) return;
		this.#proposals.delete(callId);
		const right = rightOf(callId, proposal).toString();
		const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
		const isOurs = ({ input }: vscode.Tab) =>
			input instanceof vscode.TabInputTextDiff && input.modified.toString() === right;
		await vscode.window.tabGroups.close(tabs.filter(isOurs), true);
	}

	/** The call whose diff is in front, so that keys there decide on what the person looks at. */
	get activeCall(): string | undefined {
		const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
		const isOurs = input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME;
		return isOurs ? input.modified.query : undefined;
	}

	dispose(): void {
		this.#registration.dispose();
	}
}

function rightOf(callId: string, { path }: Proposal): vscode.Uri {
	return vscode.Uri.from({ scheme: SCHEME, path, query: callId });
}
