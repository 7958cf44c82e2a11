import type * as vscode from "vscode";
import { createPlaces } from "../../node/places.ts";
import type { AttachmentRow, Wanted } from "../../shared/attachments.ts";
import type { App } from "../app.ts";
import { workspaceFolders, workspaceRoot } from "../workspace.ts";
import { Mentions } from "./mentions.ts";
import { Pending } from "./pending.ts";

/** What the person gives with their words. */
export class Attachments implements vscode.Disposable {
	readonly #pending: Pending;
	readonly #mentions: Mentions;

	constructor(app: App) {
		const places = createPlaces(workspaceRoot(), workspaceFolders);
		this.#pending = new Pending(() => app.update());
		this.#mentions = new Mentions(places, (id, rows) => app.view.mentions(id, rows));
	}

	/** The chips above the composer. */
	get rows(): readonly AttachmentRow[] {
		return this.#pending.rows;
	}

	add(wanted: Wanted): void {
		this.#pending.add(wanted);
	}

	remove(id: string): void {
		this.#pending.remove(id);
	}

	/** What fits the words after an `@`. */
	async ask(id: number, query: string): Promise<void> {
		await this.#mentions.ask(id, query);
	}

	/** What `@` needs is got ready. */
	async warmUp(): Promise<void> {
		await this.#mentions.warmUp();
	}

	dispose(): void {
		this.#mentions.dispose();
	}
}
