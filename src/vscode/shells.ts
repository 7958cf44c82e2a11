import { join } from "node:path";
import * as vscode from "vscode";
import type { Shell } from "../agent/ports.ts";
import { removeLogs } from "../node/command-log.ts";
import { lastJobOf } from "../node/jobs.ts";
import { createSandbox, type Sandbox } from "../node/sandbox/sandbox.ts";
import { createSandboxedShell, SANDBOX_KINDS } from "../node/sandbox/sandboxed-shell.ts";
import { findShell, shellName } from "../node/shell-program.ts";
import type { Chat } from "../shared/reduce.ts";
import { readSettings } from "./settings.ts";
import type { CommandTerminals } from "./terminal.ts";

/** Makes the shells of the chats: on show in terminals, and in the sandbox where the person set that. */
export class Shells {
	/** Absolute path of the folder for all of what long commands print. */
	readonly logs: string;
	readonly #terminals: CommandTerminals;
	readonly #sandbox: Sandbox;
	readonly #shells = new Map<string, Shell>();

	/** @param folders absolute paths of the workspace's folders, as they are now */
	constructor(
		{ globalStorageUri, storageUri, logUri }: vscode.ExtensionContext,
		folders: () => readonly string[],
		terminals: CommandTerminals,
	) {
		this.#terminals = terminals;
		this.logs = join((storageUri ?? globalStorageUri).fsPath, "commands");
		// VS Code keeps our storage three folders below its user data: settings, secrets, and sockets that open windows.
		const ours = [storageUri, globalStorageUri, logUri, vscode.Uri.joinPath(globalStorageUri, "../../..")];
		this.#sandbox = createSandbox({
			folders,
			secrets: ours.flatMap((uri) => (uri ? [uri.fsPath] : [])),
		});
	}

	/** That of the setting now, as the model is told of it. */
	get name(): string {
		return shellName(findShell(readSettings().shell, process.env));
	}

	/** That of a chat: the same for each of its turns, also after the chat was left and opened again. */
	of(chat: Chat): Shell {
		const shell = this.#shells.get(chat.id) ?? this.#terminals.wrap(this.#create(chat));
		this.#shells.set(chat.id, shell);
		return shell;
	}

	/** Ends all that runs in a chat, also in the background. */
	async close(chat: string): Promise<void> {
		const shell = this.#shells.get(chat);
		this.#shells.delete(chat);
		await shell?.close();
	}

	/** Ends all that runs in a chat, and deletes what is kept of it: the paths of full outputs that its log names. */
	async remove(chat: string, outputs: readonly string[]): Promise<void> {
		await this.close(chat);
		await removeLogs(outputs, this.logs);
	}

	async closeAll(): Promise<void> {
		await Promise.all([...this.#shells.keys()].map((chat) => this.close(chat)));
		this.#sandbox.close();
	}

	#create(chat: Chat): Shell {
		const { shell: path } = readSettings();
		const options = { path, logs: this.logs, lastJob: lastJobOf(chat) };
		return createSandboxedShell(options, this.#sandbox, () => SANDBOX_KINDS[readSettings().sandbox]);
	}
}
