import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";

interface Running {
	readonly url: string;
	close(): Promise<void>;
}

/** The scripted demo: a loopback server that plays a model, started when it is first asked for. */
export class Demo implements vscode.Disposable {
	#running: Promise<Running> | undefined;

	/** Base URL of the demo endpoint. */
	async url(): Promise<string> {
		this.#running ??= import("../../demo/endpoint.ts").then(({ startDemo }) => startDemo());
		return (await this.#running).url;
	}

	dispose(): void {
		void this.#running?.then((running) => running.close());
	}
}

/** Copies the demo project to the extension's own storage, fresh each time, and opens it. */
export async function openDemoProject(context: vscode.ExtensionContext): Promise<void> {
	const target = join(context.globalStorageUri.fsPath, "demo-project");
	await rm(target, { recursive: true, force: true });
	await mkdir(context.globalStorageUri.fsPath, { recursive: true });
	await cp(join(context.extensionPath, "demo", "project"), target, { recursive: true });
	await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(target), { forceNewWindow: false });
}
