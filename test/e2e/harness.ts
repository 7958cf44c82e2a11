// A real VS Code with the packaged extension in a real browser. One server and one browser serve every file of a run;
// each test has a browser context, a workspace, settings and extension storage of its own. E2E_BESIDE: packages of
// extensions that run beside ours.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import { vsixPath } from "../../scripts/lib/vsix.ts";
import {
	keepSecrets,
	launchBrowser,
	webviewFrame,
	workbenchReady,
	workbenchUrl,
} from "../../scripts/vscode/browser.ts";
import { quietSettings, type Server, startServer, writeUserSettings } from "../../scripts/vscode/server.ts";
import { setUpServer } from "../../scripts/vscode/setup.ts";

const outDir = path.join(import.meta.dirname, "out");

const themes = {
	dark: "Dark 2026",
	light: "Light 2026",
	highContrast: "Default High Contrast",
	highContrastLight: "Default High Contrast Light",
} as const;

export interface WorkbenchOptions {
	/** What is open: a new folder with these files (path → text), a copy of a folder, or nothing. */
	readonly workspace?: { readonly files: Readonly<Record<string, string>> } | { readonly copyOf: string };
	/** The folder's name, as the title bar shows it. */
	readonly name?: string;
	/** On top of settings that keep VS Code quiet. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** False: the workspace opens in Restricted Mode, without a question. */
	readonly trusted?: boolean;
	readonly theme?: keyof typeof themes;
	readonly size?: { readonly width: number; readonly height: number };
}

export interface Workbench {
	readonly page: Page;
	/** The open folder, its real path; an empty folder beside the window when none is open. */
	readonly dir: string;
	/** What the pages wrote to the console as errors, this extension's webview included. */
	readonly consoleErrors: readonly string[];
	/** Clicks the icon in the activity bar and waits for the chat. */
	openView(): Promise<Frame>;
	/** The document of the chat, after its script said that it is ready. */
	view(): Promise<Frame>;
	/** Runs a command by its title in the palette, as a person does. What the palette listed is gone then. */
	run(title: string): Promise<void>;
	/** Opens a file of the folder by its name, as a person does; its editor has the keyboard then. */
	openFile(name: string): Promise<void>;
	/** Types in the list of VS Code's that is open until it stands on a row with this text, and takes that. */
	choose(text: string, row?: string | RegExp): Promise<void>;
	/** Resolves when VS Code has written down, for after a reload, something of the workspace that holds this text. */
	kept(text: string): Promise<void>;
	/** Loads the window again, as "Developer: Reload Window" does. */
	reload(): Promise<void>;
	/** Opens a workspace file that is new to VS Code in place of what is open: frames from before are gone then. */
	openWorkspaceFile(file: string): Promise<void>;
	/** The text of a file in the folder. */
	read(file: string): string;
	/** Resolves when a file in the folder has this text. What is saved in an editor is on screen before it is on the disk. */
	saved(file: string, text: string): Promise<void>;
	/** The extension's own folder for this workspace; there once it has kept something. */
	storage(): string;
	/** A picture in test/e2e/out; returns its path. */
	shot(name: string): Promise<string>;
}

interface Host {
	readonly server: Server;
	readonly browser: Browser;
	readonly dataDir: string;
	readonly temp: string;
}

let host: Promise<Host> | undefined;

/** Keys that a person at this machine may have: no test may depend on them, or spend them. */
const noKeys = Object.fromEntries(
	Object.keys(process.env)
		.filter((name) => /_API_KEY$|^KIMI_K2_(BASE_URL|MODEL)$/.test(name))
		.map((name) => [name, undefined]),
);

async function startHost(): Promise<Host> {
	if (!fs.existsSync(vsixPath)) {
		throw new Error("There is no package to test: run `npm run package` first.");
	}
	const temp = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-e2e-")));
	const dataDir = path.join(temp, "data");
	writeUserSettings(dataDir, quietSettings);
	const packages = [vsixPath, ...(process.env["E2E_BESIDE"]?.split(path.delimiter) ?? [])];
	const [server, browser] = await Promise.all([
		startServer({
			server: setUpServer(),
			dataDir,
			extensionsDir: path.join(temp, "extensions"),
			args: [...packages.flatMap((file) => ["--install-extension", file]), "--start-server"],
			env: noKeys,
		}),
		launchBrowser(),
	]);
	return { server, browser, dataDir, temp };
}

after("closes VS Code", async () => {
	if (host !== undefined) {
		const { server, browser, temp } = await host;
		await browser.close();
		await server.stop();
		fs.rmSync(temp, { recursive: true, force: true, maxRetries: 5 });
	}
});

/** Opens a fresh workbench, hands it to `body`, and keeps a picture when that fails. */
export async function withWorkbench(
	options: WorkbenchOptions,
	body: (workbench: Workbench) => Promise<void>,
): Promise<void> {
	host ??= startHost();
	const { server, browser, dataDir, temp } = await host;
	const dir = makeWorkspace(temp, options);
	resetUserData(dataDir, options);
	const context = await browser.newContext({ viewport: options.size ?? { width: 1400, height: 900 } });
	const page = await context.newPage();
	const url = workbenchUrl(server.url, options.workspace === undefined ? {} : { open: dir });
	const workbench = new WorkbenchPage(page, dir, dataDir);
	try {
		await keepSecrets(page);
		await page.goto(url);
		await workbenchReady(page);
		await body(workbench);
	} catch (error) {
		await keepEvidence(workbench);
		throw error;
	} finally {
		// Leaving the page ends its extension host; closing the context alone leaves it waiting for a reconnection.
		await page.goto("about:blank").catch(() => undefined);
		await context.close();
		// What this window still writes, such as a setting, would be the next one's.
		await server.left();
		fs.rmSync(path.dirname(dir), { recursive: true, force: true, maxRetries: 5 });
	}
}

async function keepEvidence(workbench: Workbench): Promise<void> {
	const picture = await workbench.shot(`failed-${Date.now()}`).catch(() => "no picture");
	console.log(`    failed: ${picture}`);
	for (const line of workbench.consoleErrors) {
		console.log(`    console: ${line}`);
	}
}

function makeWorkspace(temp: string, { workspace, name = "workspace" }: WorkbenchOptions): string {
	const dir = path.join(fs.mkdtempSync(path.join(temp, "test-")), name);
	fs.mkdirSync(dir);
	if (workspace !== undefined && "copyOf" in workspace) {
		fs.cpSync(workspace.copyOf, dir, { recursive: true });
	}
	const files = workspace !== undefined && "files" in workspace ? workspace.files : {};
	for (const [file, text] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
		fs.writeFileSync(path.join(dir, file), text);
	}
	return dir;
}

/** The web keeps user data on the server, but for secrets and window state, which go with the browser context. */
function resetUserData(dataDir: string, { settings, trusted = true, theme = "dark" }: WorkbenchOptions): void {
	const user = path.join(dataDir, "data", "User");
	fs.rmSync(path.join(user, "globalStorage"), { recursive: true, force: true });
	fs.rmSync(path.join(user, "workspaceStorage"), { recursive: true, force: true });
	writeUserSettings(dataDir, {
		...quietSettings,
		"security.workspace.trust.enabled": !trusted,
		"security.workspace.trust.startupPrompt": "never",
		"security.workspace.trust.banner": "never",
		"workbench.colorTheme": themes[theme],
		...settings,
	});
}

/** Resolves when an editor of VS Code's has the keyboard: it takes it a moment after it is on screen. */
export async function editorFocused(page: Page): Promise<void> {
	await page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
}

/** Run in the page: Escape for the list that is open, and for nothing else if it has closed by itself meanwhile. */
function closeList(): void {
	const input = document.querySelector(".quick-input-widget input");
	const key = new KeyboardEvent("keydown", { key: "Escape", code: "Escape", keyCode: 27, bubbles: true });
	if (input?.checkVisibility()) input.dispatchEvent(key);
}

/** Run in the page: whether what VS Code wrote to the browser's storage, for after a reload, has this text somewhere. */
async function browserKeeps(text: string): Promise<boolean> {
	const done = <T>(request: IDBRequest<T>) =>
		new Promise<T>((resolve, reject) => {
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
	for (const { name = "" } of await indexedDB.databases()) {
		if (!name.startsWith("vscode-web-state-db")) continue;
		const db = await done(indexedDB.open(name));
		const values = await done(db.transaction("ItemTable").objectStore("ItemTable").getAll());
		db.close();
		if (values.some((value) => String(value).includes(text))) return true;
	}
	return false;
}

/** Of the errors on the console, those of this extension and of webviews: VS Code has plenty of its own, offline. */
const ours = /kimi-k2-agent\.kimi-k2-agent|kimiK2|webview|Content Security Policy/;

class WorkbenchPage implements Workbench {
	readonly page: Page;
	readonly dir: string;
	readonly consoleErrors: string[] = [];
	readonly #dataDir: string;

	constructor(page: Page, dir: string, dataDir: string) {
		this.page = page;
		this.dir = dir;
		this.#dataDir = dataDir;
		page.on("pageerror", (error) => this.consoleErrors.push(String(error)));
		page.on("console", (message) => {
			if (message.type() === "error" && ours.test(`${message.location().url} ${message.text()}`)) {
				this.consoleErrors.push(message.text().slice(0, 500));
			}
		});
	}

	async openView(): Promise<Frame> {
		await this.page.locator('.activitybar [aria-label^="Kimi K2 Agent"]').first().click();
		// Resting on the icon, the pointer would bring up a hover over the chat.
		await this.page.mouse.move(900, 500);
		return this.view();
	}

	view(): Promise<Frame> {
		return webviewFrame(this.page, "body[data-ready]");
	}

	run(title: string): Promise<void> {
		return this.#pick("F1", `>${title}`, title);
	}

	async openFile(name: string): Promise<void> {
		await this.#pick("Control+P", name, name);
		await this.page.getByRole("tab", { name }).first().waitFor();
		await editorFocused(this.page);
	}

	async choose(text: string, row: string | RegExp = text): Promise<void> {
		const widget = this.page.locator(".quick-input-widget:visible");
		await widget.locator("input").first().fill(text);
		await widget.locator(".monaco-list-row.focused", { hasText: row }).waitFor();
		await widget.locator("input").first().press("Enter");
	}

	/** Takes what VS Code lists for a text; the list may know it only once a host has started, or files were found. */
	async #pick(key: string, text: string, found: string): Promise<void> {
		const end = Date.now() + 30_000;
		while (!(await this.#tryPick(key, text, found))) {
			if (Date.now() > end) throw new Error(`VS Code lists nothing for "${text}".`);
			await this.page.evaluate(closeList);
			await this.page.waitForTimeout(200);
		}
		// Lists that the command opens are the same widget: what is looked for there must not be found in this one.
		await this.page.waitForFunction((typed) => {
			const input = document.querySelector<HTMLInputElement>(".quick-input-widget input");
			return !input?.checkVisibility() || input.value !== typed;
		}, text);
	}

	async #tryPick(key: string, text: string, found: string): Promise<boolean> {
		await this.page.keyboard.press(key);
		const input = this.page.locator(".quick-input-widget:visible input").first();
		// Whatever takes the focus closes the list.
		const within = { timeout: 1_500 };
		const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: found }).first();
		return input
			.fill(text, within)
			.then(() => row.click(within))
			.then(
				() => true,
				() => false,
			);
	}

	async kept(text: string): Promise<void> {
		while (!(await this.page.evaluate(browserKeeps, text))) await this.page.waitForTimeout(50);
	}

	async openWorkspaceFile(file: string): Promise<void> {
		const { origin } = new URL(this.page.url());
		await this.page.goto(workbenchUrl(origin, { open: file }));
		// Of a file that it never saw VS Code for the web may miss the folders for good, if the server's disk comes up while
		// the window is made. It keeps a copy of the file, with which the next window begins.
		await this.#keptFile(fs.readFileSync(file, "utf8"));
		await this.reload();
	}

	async reload(): Promise<void> {
		// Not the browser's own reload, before which VS Code may not get to write down what is open.
		const loaded = this.page.waitForEvent("load");
		await this.run("Developer: Reload Window");
		await loaded;
		await workbenchReady(this.page);
	}

	/** Resolves when VS Code has its copy of a workspace file with this text. */
	async #keptFile(text: string): Promise<void> {
		const copies = path.join(this.#dataDir, "data", "User", "caches", "CachedConfigurations", "workspaces");
		const holds = (id: string) => {
			const copy = path.join(copies, id, "workspace.json");
			return fs.existsSync(copy) && fs.readFileSync(copy, "utf8") === JSON.stringify({ content: text });
		};
		for (const end = Date.now() + 30_000; Date.now() < end; await this.page.waitForTimeout(100))
			if (fs.existsSync(copies) && fs.readdirSync(copies).some(holds)) return;
		throw new Error("VS Code keeps no copy of the workspace file.");
	}

	read(file: string): string {
		return fs.readFileSync(path.join(this.dir, file), "utf8");
	}

	async saved(file: string, text: string): Promise<void> {
		while (this.read(file) !== text) await this.page.waitForTimeout(50);
	}

	storage(): string {
		// One window at a time, and what earlier ones kept is gone.
		const all = path.join(this.#dataDir, "data", "User", "workspaceStorage");
		const found = fs.readdirSync(all).map((name) => path.join(all, name, "kimi-k2-agent.kimi-k2-agent"));
		return found.find((folder) => fs.existsSync(folder)) ?? assert.fail(`nothing of the extension in ${all}`);
	}

	async shot(name: string): Promise<string> {
		const file = path.join(outDir, `${name.replaceAll(/[^\w.-]+/g, "-")}.png`);
		await this.page.screenshot({ path: file });
		return file;
	}
}
