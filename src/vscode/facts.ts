import * as vscode from "vscode";
import { createFactStore, type FactBook, type FactStore, type Learned, Facts as StoredFacts } from "../model/facts.ts";

const PREFIX = "kimiK2.facts:";

/** What was learned of endpoints, for all windows: one entry of VS Code's memory for each model at each endpoint. */
export class Facts implements vscode.Disposable {
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	readonly #store: FactStore;

	constructor(memory: vscode.Memento) {
		const keys = memory.keys().filter((key) => key.startsWith(PREFIX));
		const read = keys.map((key) => [key.slice(PREFIX.length), StoredFacts.safeParse(memory.get(key))] as const);
		const known = read.flatMap(([key, facts]) => (facts.success ? [[key, facts.data] as const] : []));
		this.#store = createFactStore(known, (key, facts) => {
			void memory.update(PREFIX + key, facts);
			this.#changed.fire();
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
