import { mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import * as vscode from "vscode";
import { isInside, pathTrouble } from "../../node/place.ts";
import { workspaceFolders } from "../workspace.ts";
import { bindingOf } from "./binding.ts";
import { type McpEntry, type McpTrouble, readMcpFile } from "./config.ts";
import { filledIn, type Surroundings } from "./variables.ts";

/** A server that stands in a file. */
export interface Configured {
	/** Unique in this window, and the same tomorrow. */
	readonly id: string;
	readonly entry: McpEntry;
	/** Absolute path of the file. */
	readonly file: string;
	/** Absolute path of the workspace folder that the file is of; absent: it is the person's own. */
	readonly folder?: string;
	/** See `bindingOf`. */
	readonly binding: string;
	/** Out of its environment file. */
	readonly env: Readonly<Record<string, string>>;
	/** Why it can't be started, in a sentence. */
	readonly trouble?: string;
}

interface FileTrouble extends McpTrouble {
	readonly file: string;
}

/** Several files are written at once: what changes is looked at after so many milliseconds. */
const SOON = 200;

/** The files that name servers, the person's own and, where they trust it, the workspace's. Read when first asked for. */
export class McpFiles implements vscode.Disposable {
	/** Absolute path of the person's own. */
	readonly own: string;
	servers: readonly Configured[] = [];
	troubles: readonly FileTrouble[] = [];
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	readonly #problems = vscode.languages.createDiagnosticCollection("kimiK2.mcp");
	#watchers: readonly vscode.Disposable[] = [];
	#watched = "";
	#timer: NodeJS.Timeout | undefined;
	#seen = "";
	#loading = Promise.resolve();

	constructor(storage: vscode.Uri) {
		this.own = join(storage.fsPath, "mcp.json");
	}

	/** Reads them anew, one time after the other. Where that changes something, `onChanged` tells. */
	load(): Promise<void> {
		this.#loading = this.#loading.then(() => this.#read());
		return this.#loading;
	}

	/** Soon, where they were read before. */
	loadAgain(): void {
		if (this.#watchers.length === 0) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.load(), SOON);
	}

	async #read(): Promise<void> {
		const folders = vscode.workspace.isTrusted ? workspaceFolders() : [];
		this.#watch(folders);
		const places = [{ file: this.own }, ...folders.map((folder) => ({ file: inFolder(folder), folder }))];
		const read = await Promise.all(places.map(readPlace));
		const servers = new Map<string, Configured>();
		const troubles = read.flatMap((each) => each.troubles);
		for (const server of read.flatMap((each) => each.servers)) {
			const sound = soundOf(server.entry.name);
			if (servers.has(sound)) troubles.push(taken(server));
			else servers.set(sound, server);
		}
		const all = [...servers.values()];
		const seen = JSON.stringify([all, troubles]);
		if (seen === this.#seen) return;
		this.#seen = seen;
		this.servers = all;
		this.troubles = troubles;
		this.#showProblems();
		this.#changed.fire();
	}

	/** Opens a file at a line, from 1. The person's own is made where there is none. */
	async open(file: string, line = 1): Promise<void> {
		if (file === this.own) await this.#create();
		const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
		if (document.languageId === "json") await vscode.languages.setTextDocumentLanguage(document, "jsonc");
		const at = new vscode.Position(Math.min(line, document.lineCount) - 1, 0);
		await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
	}

	dispose(): void {
		clearTimeout(this.#timer);
		for (const each of [...this.#watchers, this.#changed, this.#problems]) each.dispose();
	}

	async #create(): Promise<void> {
		await mkdir(dirname(this.own), { recursive: true });
		// It is there already more often than not.
		await writeFile(this.own, example(), { flag: "wx" }).catch(() => undefined);
	}

	#watch(folders: readonly string[]): void {
		const watched = JSON.stringify(folders);
		if (this.#watched === watched) return;
		this.#watched = watched;
		for (const each of this.#watchers) each.dispose();
		const soon = () => this.loadAgain();
		this.#watchers = [this.own, ...folders.map(inFolder)].flatMap((file) => {
			const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(file)), "mcp.json");
			const watcher = vscode.workspace.createFileSystemWatcher(pattern);
			return [watcher, watcher.onDidCreate(soon), watcher.onDidChange(soon), watcher.onDidDelete(soon)];
		});
	}

	#showProblems(): void {
		this.#problems.clear();
		const files = new Set(this.troubles.map(({ file }) => file));
		for (const file of files) {
			const own = this.troubles.filter((trouble) => trouble.file === file).map(diagnosticOf);
			this.#problems.set(vscode.Uri.file(file), own);
		}
	}
}

const inFolder = (folder: string) => join(folder, ".vscode", "mcp.json");

function diagnosticOf({ line, text }: McpTrouble): vscode.Diagnostic {
	const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
	const diagnostic = new vscode.Diagnostic(range, text, vscode.DiagnosticSeverity.Warning);
	diagnostic.source = "Kimi K2";
	return diagnostic;
}

interface Place {
	readonly file: string;
	readonly folder?: string;
}

async function readPlace(place: Place): Promise<{ servers: readonly Configured[]; troubles: FileTrouble[] }> {
	const read = readMcpFile((await readSmall(place.file)) ?? "", vscode.l10n.t);
	return {
		servers: await Promise.all(read.entries.map((entry) => configured(entry, place))),
		troubles: read.troubles.map((trouble) => ({ ...trouble, file: place.file })),
	};
}

async function configured(entry: McpEntry, place: Place): Promise<Configured> {
	const id = `${place.folder ?? "own"}:${entry.name}`;
	const read = entry.envFile === undefined ? { text: "" } : await readEnvFile(entry.envFile, place);
	const text = "text" in read ? read.text : "";
	return { ...place, id, entry, binding: bindingOf(entry, text), env: parsed(text), ...("trouble" in read && read) };
}

/** Bytes of a file: nobody writes more by hand. */
const LARGEST = 500_000;

async function readEnvFile(envFile: string, { folder }: Place): Promise<{ text: string } | { trouble: string }> {
	const base = folder ?? workspaceFolders()[0];
	const written = filledIn(envFile, surroundings(folder), {});
	const path = resolve(base ?? homedir(), written);
	const unread = { trouble: vscode.l10n.t("Its envFile {0} can't be read.", path) };
	// Nobody agreed to it yet: Windows signs in at a network path that is only looked at.
	if (folder !== undefined && pathTrouble(written) !== undefined) return unread;
	const [real = path, ...folders] = await Promise.all(
		[path, ...workspaceFolders()].map((each) => realpath(each).catch(() => each)),
	);
	if (folder === undefined && folders.some((each) => isInside(each, real)))
		return {
			trouble: vscode.l10n.t(
				"Its envFile lies in the workspace, whose files could choose what it does. Put the file elsewhere, or the server into the workspace's .vscode/mcp.json.",
			),
		};
	const text = await readSmall(real);
	return text === undefined ? unread : { text };
}

/** Anybody may have put a device or a whole disk there. Undefined: there is no file, or none of this kind. */
async function readSmall(path: string): Promise<string | undefined> {
	try {
		const found = await stat(path);
		return found.isFile() && found.size <= LARGEST ? await readFile(path, "utf8") : undefined;
	} catch {
		return undefined;
	}
}

function parsed(text: string): Readonly<Record<string, string>> {
	const entries = Object.entries(parseEnv(text));
	return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What the variables of a file in this folder stand for; absent: of the person's own file. */
export function surroundings(folder: string | undefined): Surroundings {
	const open = folder ?? workspaceFolders()[0];
	return { ...(open !== undefined && { folder: open }), home: homedir(), env: process.env };
}

/** The model knows tools by what is left of their server's name: none may pass for another's. */
const soundOf = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");

function taken({ file, entry }: Configured): FileTrouble {
	const text = vscode.l10n.t(
		"Another server is called “{0}”, or nearly so, and that one counts. Give this one another name.",
		entry.name,
	);
	return { file, line: entry.line, text };
}

function example(): string {
	const words = [
		vscode.l10n.t("Your MCP servers, in the form of VS Code's mcp.json. They work in every workspace that you trust."),
		vscode.l10n.t("Try them with the command “Kimi K2: MCP Servers…”. Take the // away to use an example."),
	];
	return `// ${words.join("\n// ")}
{
	"servers": {
		// "browser": { "command": "npx", "args": ["-y", "@playwright/mcp@latest", "--isolated"] },
		// "database": { "command": "npx", "args": ["-y", "@bytebase/dbhub@latest"], "env": { "DSN": "\${input:dsn}" } },
		// "here": { "type": "http", "url": "http://127.0.0.1:8931/mcp" }
	},
	"inputs": [
		// { "type": "promptString", "id": "dsn", "description": "Where the database is", "password": true }
	]
}
`;
}
