import type * as vscode from "vscode";

/** Names by their last use, newest first; kept on this machine. */
export class Recent {
	readonly #memory: vscode.Memento;
	readonly #key: string;

	constructor(memory: vscode.Memento, key: string) {
		this.#memory = memory;
		this.#key = key;
	}

	get names(): readonly string[] {
		return this.#memory.get<readonly string[]>(this.#key, []);
	}

	async touch(name: string): Promise<void> {
		const others = this.names.filter((each) => each !== name);
		await this.#memory.update(this.#key, [name, ...others].slice(0, MAX));
	}

	/** Puts those used last first, and leaves the order of the others. */
	sort<T>(items: readonly T[], name: (item: T) => string): T[] {
		const { names } = this;
		const rank = (item: T) => {
			const at = names.indexOf(name(item));
			return at < 0 ? MAX : at;
		};
		return [...items].sort((a, b) => rank(a) - rank(b));
	}
}

const MAX = 20;
