import * as vscode from "vscode";
import { createFactStore, type FactBook, type FactStore, type Learned } from "../model/facts.ts";

const PREFIX = "kimiK2.facts:";

/** What was learned of endpoints, for all windows: one entry of VS Code's memory for each model at each endpoint. */
export class Facts implements vscode.Disposable {
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	readonly #store: FactStore;

	constructor(memory: vscode.Memento) {
		// Read anew each time: VS Code brings what another window learned.
		this.#store = createFactStore({
			keys: () => memory.keys().flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : [])),
			get: (key) => memory.get(PREFIX + key),
			change: (key, more) => {
				void memory.update(PREFIX + key, more && { ...memory.get<object>(PREFIX + key), ...more });
				this.#changed.fire();
			},
		});
	}

	book(baseUrl: string, model: string): FactBook {
		return this.#store.book(baseUrl, model);
	}

	all(): readonly Learned[] {
		return this.#store.all();
	}

	/** Forgets one model at one endpoint, or all of them. */
	forget(key?: string): void {
		this.#store.forget(key);
	}

	dispose(): void {
		this.#changed.dispose();
	}
}
