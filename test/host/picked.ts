import assert from "node:assert/strict";
import * as vscode from "vscode";

export interface Item extends vscode.QuickPickItem {
	readonly buttons?: readonly vscode.QuickInputButton[];
}

/** A list of VS Code's, as a person sees and uses it. */
export class Picked {
	items: readonly Item[] = [];
	selectedItems: readonly Item[] = [];
	activeItems: readonly Item[] = [];
	readonly #button = new vscode.EventEmitter<{ item: Item; button: vscode.QuickInputButton }>();
	readonly #accept = new vscode.EventEmitter<void>();
	readonly onDidTriggerItemButton = this.#button.event;
	readonly onDidAccept = this.#accept.event;
	readonly onDidHide = () => undefined;
	show(): void {}
	hide(): void {}
	dispose(): void {}

	/** All that it says, a line each. */
	get lines(): readonly string[] {
		return this.items.map(({ kind, label, description = "" }) =>
			kind === vscode.QuickPickItemKind.Separator ? `-- ${label}` : `${label} · ${description}`,
		);
	}

	press(label: string, icon: string): void {
		const item = this.items.find((each) => each.label === label) ?? assert.fail(`no item ${label}`);
		const button = item.buttons?.find(({ iconPath }) => (iconPath as vscode.ThemeIcon).id === icon);
		this.#button.fire({ item, button: button ?? assert.fail(`no button ${icon}`) });
	}

	select(label: string): void {
		this.selectedItems = this.items.filter((each) => each.label.endsWith(label));
		assert.equal(this.selectedItems.length, 1);
		this.#accept.fire();
	}
}

/** A command shows a list; `use` gets it, and those that follow. */
export async function listing(command: string, use: (lists: readonly Picked[]) => Promise<void>): Promise<void> {
	const { createQuickPick } = vscode.window;
	const lists: Picked[] = [];
	const play = () => {
		const list = new Picked();
		lists.push(list);
		return list;
	};
	Object.assign(vscode.window, { createQuickPick: play });
	try {
		await vscode.commands.executeCommand(command);
		await use(lists);
	} finally {
		Object.assign(vscode.window, { createQuickPick });
	}
}
