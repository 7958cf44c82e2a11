import type * as vscode from "vscode";
import { keyFromEnvironment, originOf } from "../model/endpoint.ts";
import type { Preset } from "../model/presets.ts";

/** API keys: in SecretStorage only, one per origin (scheme, host, port), never sent to another. */
export class Keys {
	readonly #secrets: vscode.SecretStorage;

	constructor(secrets: vscode.SecretStorage) {
		this.#secrets = secrets;
	}

	/** The key for a base URL: the stored one, else the environment's. */
	async find(preset: Preset, baseUrl: string): Promise<string | undefined> {
		const stored = await this.#secrets.get(slot(baseUrl));
		if (stored !== undefined) return stored;
		return keyFromEnvironment(preset, baseUrl, process.env);
	}

	async set(baseUrl: string, key: string): Promise<void> {
		await this.#secrets.store(slot(baseUrl), key);
	}

	async remove(baseUrl: string): Promise<void> {
		await this.#secrets.delete(slot(baseUrl));
	}

	onChanged(listener: () => void): vscode.Disposable {
		return this.#secrets.onDidChange(listener);
	}
}

function slot(baseUrl: string): string {
	return `kimiK2.key:${originOf(baseUrl)}`;
}
