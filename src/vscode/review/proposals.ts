import * as vscode from "vscode";
import type { Proposal } from "../../agent/tool.ts";
import { editorUri } from "../files.ts";
import { plain } from "../plain.ts";

const SCHEME = "kimi-k2";

/** A call among all chats: ids alone repeat from chat to chat. */
export interface CallKey {
	readonly chat: string;
	readonly call: string;
}

/** Proposed edits as VS Code's diff editor shows them: left the file now, right the proposal. Nothing is written. */
export class Review implements vscode.TextDocumentContentProvider, vscode.Disposable {
	readonly #root: string | undefined;
	readonly #proposals = new Map<string, Proposal>();
	readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

	constructor(root: string | undefined) {
		this.#root = root;
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return uri.query === "" ? "" : (this.#proposals.get(uri.query)?.after?.text ?? "");
	}

	add(key: CallKey, proposal: Proposal): void {
		this.#proposals.set(queryOf(key), proposal);
	}

	/** Opens the diff; false when the call proposes no edit, or no longer. */
	async open(key: CallKey, preserveFocus: boolean): Promise<boolean> {
		const proposal = this.#proposals.get(queryOf(key));
		if (!proposal) return false;
		// As the editor knows it: through the links that the person opened it by.
		const file = await editorUri(this.#root, proposal.path);
		const left = proposal.before === null ? vscode.Uri.from({ scheme: SCHEME, path: file.path }) : file;
		const title = vscode.l10n.t("{0} (proposed by Kimi K2)", plain(vscode.workspace.asRelativePath(file)));
		const options: vscode.TextDocumentShowOptions = { preview: true, preserveFocus };
		await vscode.commands.executeCommand("vscode.diff", left, rightOf(key, proposal), title, options);
		return true;
	}

	/** The call is done: its diff closes. */
	async close(key: CallKey): Promise<void> {
		const proposal = this.#proposals.get(queryOf(key));
		if (!proposal) return;
		this.#proposals.delete(queryOf(key));
		const right = rightOf(key, proposal).toString();
		const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
		const isOurs = ({ input }: vscode.Tab) =>
			input instanceof vscode.TabInputTextDiff && input.modified.toString() === right;
		await vscode.window.tabGroups.close(tabs.filter(isOurs), true);
	}

	/** The call whose diff is in front, so that keys there decide on what the person looks at. */
	get front(): CallKey | undefined {
		const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
		const isOurs = input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME;
		return isOurs ? keyOf(input.modified.query) : undefined;
	}

	dispose(): void {
		this.#registration.dispose();
	}
}

function queryOf({ chat, call }: CallKey): string {
	return JSON.stringify([chat, call]);
}

function keyOf(query: string): CallKey {
	const [chat = "", call = ""] = JSON.parse(query) as string[];
	return { chat, call };
}

function rightOf(key: CallKey, { path }: Proposal): vscode.Uri {
	return vscode.Uri.from({ scheme: SCHEME, path: vscode.Uri.file(path).path, query: queryOf(key) });
}
