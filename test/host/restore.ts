import assert from "node:assert/strict";
import { lstat, mkdir, readdir, readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../../src/vscode/app.ts";
import type { EndpointOptions, FakeEndpoint } from "../fake/endpoint.ts";
import { answering, type Shown } from "./dialogs.ts";
import { setting, withScript, workspacePath } from "./setup.ts";

/** Every file and link below a folder: its mode and content. */
export async function tree(folder: string): Promise<Record<string, string>> {
	const entries = await readdir(folder, { withFileTypes: true, recursive: true });
	const found: Record<string, string> = {};
	for (const entry of entries) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isDirectory()) continue;
		const { mode } = await lstat(path);
		const content = entry.isSymbolicLink() ? `-> ${await readlink(path)}` : (await readFile(path)).toString("latin1");
		found[path.slice(folder.length + 1)] = entry.isSymbolicLink()
			? content
			: `${(mode & 0o777).toString(8)} ${content}`;
	}
	return found;
}

/** A folder `box` of the workspace, gone afterwards; edits and commands run unasked. */
export async function withBox(
	script: EndpointOptions["script"],
	fill: (box: string) => Promise<void>,
	use: (app: App, box: string, endpoint: FakeEndpoint) => Promise<void>,
): Promise<void> {
	const box = workspacePath("box");
	await mkdir(box, { recursive: true });
	try {
		await fill(box);
		await withScript(script, async (app, endpoint) => {
			await setting("mode", "trusted");
			await use(app, box, endpoint);
		});
	} finally {
		await rm(box, { recursive: true, force: true });
	}
}

export const edit = (path: string, from: string, to: string) => ({
	tool: "Edit",
	args: { path, old_string: from, new_string: to },
});

export const bash = (command: string) => ({ tool: "Bash", args: { command } });

interface Item {
	readonly label: string;
	readonly description?: string;
	readonly detail?: string;
}

/** Plays the person: of each list, the first entry whose words fit the next pattern; without one, Escape. */
export async function choosing(picks: readonly RegExp[], use: () => Promise<void>): Promise<readonly Shown[]> {
	const left = [...picks];
	const shown = await answering(
		{
			showQuickPick: (items: readonly Item[]) => {
				const wanted = left.shift();
				return (
					wanted && (items.find(({ label }) => wanted.test(label)) ?? assert.fail(`no ${wanted} in ${labels(items)}`))
				);
			},
		},
		use,
	);
	assert.deepEqual(left, [], "not all was asked");
	return shown;
}

/** What the lists said, in the order in which they came. */
export function lists(shown: readonly Shown[]) {
	return shown
		.filter(({ dialog }) => dialog === "showQuickPick")
		.map(({ args }) => {
			const [items, options] = args as [readonly Item[], { title?: string; placeHolder?: string }];
			return { ...options, items: items.map(({ label, description, detail }) => ({ label, description, detail })) };
		});
}

/** What was said in notifications. */
export function said(shown: readonly Shown[]): readonly string[] {
	return shown.filter(({ dialog }) => dialog !== "showQuickPick").map(({ args: [text] }) => String(text));
}

function labels(items: readonly Item[]): string {
	return items.map(({ label }) => label).join(", ");
}

export function chatOf(app: App) {
	return app.chats.active?.session.chat ?? assert.fail("no chat");
}

/** The `seq` of the turn with this place. */
export function turnAt(app: App, index: number): number {
	return chatOf(app).turns.at(index)?.seq ?? assert.fail("no such turn");
}
