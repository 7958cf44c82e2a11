import * as vscode from "vscode";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import type { FileState } from "../../shared/event.ts";
import { numberWords } from "../numbers.ts";
import { asTextUri } from "./as-text.ts";
import { type Entry, type Side, textOf } from "./changed-file.ts";
import { BASE_SCHEME, type Changes } from "./changes.ts";

/** The side of what has no text to show as it is now. */
const NOW = "now";

/** What changed files are compared with, as documents that nobody can write to. */
export class BaseDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
	readonly #changes: Changes;
	readonly #checkpoints: () => WorkspaceCheckpoints | undefined;
	readonly #changed = new vscode.EventEmitter<vscode.Uri>();
	readonly #registration: vscode.Disposable;
	readonly onDidChange = this.#changed.event;

	constructor(changes: Changes, checkpoints: () => WorkspaceCheckpoints | undefined) {
		this.#changes = changes;
		this.#checkpoints = checkpoints;
		this.#registration = vscode.Disposable.from(
			vscode.workspace.registerTextDocumentContentProvider(BASE_SCHEME, this),
			changes.onChanged(() => this.#refresh()),
		);
	}

	/** What a file was before; named as it was, so that it is coloured like it. */
	before({ path, from = path }: Entry): vscode.Uri {
		return asTextUri(this.#changes.uriOf(from)).with({ scheme: BASE_SCHEME });
	}

	/** What stands for a file that has no text, or is gone. */
	now({ path }: Entry): vscode.Uri {
		return asTextUri(this.#changes.uriOf(path)).with({ scheme: BASE_SCHEME, query: NOW });
	}

	async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
		const file = this.#changes.find(uri);
		// Reviewed meanwhile: a diff that is still open shows no difference.
		if (!file) return textOf((await this.#changes.sides.current(this.#changes.pathOf(uri) ?? "")).side) ?? "";
		if (uri.query !== NOW && file.before !== undefined) return file.before;
		const { entry, base, current } = file;
		if (uri.query !== NOW) return textOf(base) ?? this.#describe(base, entry.base);
		const { side, state } = current;
		const id = state?.id;
		return textOf(side) ?? this.#describe(side, state && id !== undefined ? { mode: state.mode, id } : null);
	}

	dispose(): void {
		this.#registration.dispose();
		this.#changed.dispose();
	}

	async #describe(side: Side, state: FileState | null): Promise<string> {
		if (side.kind !== "opaque" || side.why === "lost")
			return vscode.l10n.t("What this file was before is not kept any more.");
		const bytes = state ? await this.#checkpoints()?.read(state) : undefined;
		if (side.why === "link") return vscode.l10n.t("A link to {0}", bytes?.toString() ?? "…");
		if (!bytes) return vscode.l10n.t("A binary file");
		const size = numberWords(bytes.length);
		return vscode.l10n.t("A binary file of {0} bytes ({1})", size, state?.id.slice(0, 8) ?? "");
	}

	#refresh(): void {
		for (const { uri, isClosed } of vscode.workspace.textDocuments)
			if (uri.scheme === BASE_SCHEME && !isClosed) this.#changed.fire(uri);
	}
}
