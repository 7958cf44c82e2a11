import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/** Unpacks the demo project into the extension's own storage, fresh each time, and opens it. */
export async function openDemoProject(context: vscode.ExtensionContext): Promise<void> {
	const target = join(context.globalStorageUri.fsPath, "demo-project");
	const packed = await readFile(join(context.extensionPath, "dist", "demo-project.json"), "utf8");
	const files: Record<string, string> = JSON.parse(packed);
	await rm(target, { recursive: true, force: true });
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(target, name)), { recursive: true });
		await writeFile(join(target, name), text);
	}
	await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(target), { forceNewWindow: false });
}
