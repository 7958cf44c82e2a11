import * as vscode from "vscode";
import type { BaseDocuments } from "./base-documents.ts";
import type { ReviewedFile } from "./changed-file.ts";
import type { Changes } from "./changes.ts";

/** Named in `when` clauses of package.json. */
const ID = "kimi-k2";

/**
 * Unreviewed changes in VS Code's Source Control view and as marks beside the lines. There only while there are some,
 * and without a folder of its own, so that git stays what the view and the status bar speak of.
 */
export class ChangesInScm implements vscode.Disposable {
	readonly #changes: Changes;
	readonly #bases: BaseDocuments;
	readonly #subscription: vscode.Disposable;
	#shown: { readonly control: vscode.SourceControl; readonly group: vscode.SourceControlResourceGroup } | undefined;

	constructor(changes: Changes, bases: BaseDocuments) {
		this.#changes = changes;
		this.#bases = bases;
		this.#subscription = changes.onChanged(() => this.#update());
	}

	dispose(): void {
		this.#subscription.dispose();
		this.#shown?.control.dispose();
	}

	#update(): void {
		const { files } = this.#changes;
		if (files.length === 0) {
			this.#shown?.control.dispose();
			this.#shown = undefined;
			return;
		}
		this.#shown ??= this.#create();
		this.#shown.group.resourceStates = files.map((file) => this.#resource(file));
	}

	#create() {
		const control = vscode.scm.createSourceControl(ID, "Kimi K2");
		control.inputBox.visible = false;
		// Git counts the same files.
		control.count = 0;
		control.quickDiffProvider = {
			provideOriginalResource: (uri) => {
				const file = uri.scheme === "file" ? this.#changes.find(uri) : undefined;
				return file?.before === undefined ? undefined : this.#bases.before(file.entry);
			},
		};
		const group = control.createResourceGroup("changes", vscode.l10n.t("Changes to Review"));
		group.hideWhenEmpty = true;
		return { control, group };
	}

	#resource(file: ReviewedFile): vscode.SourceControlResourceState {
		const { path } = file.entry;
		return {
			resourceUri: this.#changes.uriOf(path),
			contextValue: file.kind,
			command: {
				command: "kimiK2.reviewFile",
				title: vscode.l10n.t("Show Changes"),
				arguments: [this.#changes.uriOf(path)],
			},
			decorations: { tooltip: tooltipOf(file), strikeThrough: file.kind === "deleted" },
		};
	}
}

function tooltipOf({ kind, entry, edits }: ReviewedFile): string {
	const what = {
		changed: vscode.l10n.t("Changed by Kimi K2"),
		created: vscode.l10n.t("Created by Kimi K2"),
		deleted: vscode.l10n.t("Deleted"),
		renamed: vscode.l10n.t("Renamed by Kimi K2 from {0}", entry.from ?? ""),
		mode: vscode.l10n.t("Whether it may be executed was changed by Kimi K2"),
		binary: vscode.l10n.t("Changed by Kimi K2, no text"),
	}[kind];
	return edits === "mixed" ? `${what} · ${vscode.l10n.t("edited by you since")}` : what;
}
