import type * as vscode from "vscode";
import type { Configured } from "./files.ts";

/** One place in the storage for secrets. */
export interface Slot {
	get(): Promise<string | undefined>;
	/** Undefined: it is to be forgotten. */
	set(secret: string | undefined): Promise<void>;
}

/** What servers need that is secret: in SecretStorage only. */
export class McpSecrets {
	readonly #secrets: vscode.SecretStorage;

	constructor({ secrets }: Pick<vscode.ExtensionContext, "secrets">) {
		this.#secrets = secrets;
	}

	/**
	 * What the person typed for `${input:…}`, as JSON. Servers of their own file share it; of a workspace's server it is
	 * bound to its entry: one that changed gets nothing of what the person told another.
	 */
	inputs({ folder, binding }: Configured): Slot {
		return this.#slot(`kimiK2.mcpInputs:${folder === undefined ? "own" : binding}`);
	}

	/** Of one server at one address. */
	signIn({ id, entry: { template } }: Configured): Slot {
		return this.#slot(`kimiK2.mcpSignIn:${id}:${template.type === "http" ? template.url : ""}`);
	}

	#slot(key: string): Slot {
		return {
			get: async () => this.#secrets.get(key),
			set: async (secret) => {
				if (secret === undefined) await this.#secrets.delete(key);
				else await this.#secrets.store(key, secret);
			},
		};
	}
}
