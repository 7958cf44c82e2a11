import { join } from "node:path";
import * as vscode from "vscode";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import type { RestorePlan } from "../../node/checkpoints/restore.ts";
import { decode } from "../../node/encoding.ts";
import { FileState } from "../../shared/event.ts";
import { numberWords } from "../numbers.ts";

const SCHEME = "kimi-k2-kept";

/** What files would be: documents that nobody can write to. Their address says all, so that they survive a reload. */
export class RestorePreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
	readonly #checkpoints: () => WorkspaceCheckpoints | undefined;
	readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

	constructor(checkpoints: () => WorkspaceCheckpoints | undefined) {
		this.#checkpoints = checkpoints;
	}

	/** Left the files as they are, right as they would be. */
	async show(title: string, { files }: RestorePlan): Promise<void> {
		const root = this.#checkpoints()?.root ?? "";
		const changed = files.filter(({ kind }) => kind !== "same" && kind !== "lost");
		const resources = changed.map(({ path, now, to }) => {
			const uri = vscode.Uri.file(join(root, path));
			// The text of a link's target is not what would change.
			const isText = now?.mode !== "link" && to?.mode !== "link";
			const left = !now ? undefined : isText ? uri : kept(uri, now);
			return [uri, left, to ? kept(uri, to) : undefined];
		});
		await vscode.commands.executeCommand("vscode.changes", title, resources);
	}

	async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
		const state = FileState.safeParse(JSON.parse(query));
		const bytes = state.success ? await this.#checkpoints()?.read(state.data) : undefined;
		if (!state.success || !bytes) return vscode.l10n.t("What this file was before is not kept any more.");
		if (state.data.mode === "link") return vscode.l10n.t("A link to {0}", bytes.toString());
		const content = decode(bytes);
		if (content.ok) return content.value.text;
		const size = numberWords(bytes.length);
		return vscode.l10n.t("A binary file of {0} bytes ({1})", size, state.data.id.slice(0, 8));
	}

	dispose(): void {
		this.#registration.dispose();
	}
}

function kept(file: vscode.Uri, { id, mode }: FileState): vscode.Uri {
	return file.with({ scheme: SCHEME, query: JSON.stringify({ id, mode }) });
}
