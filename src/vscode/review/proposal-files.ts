import * as vscode from "vscode";
import { changedRange } from "../files.ts";
import type { Drafts } from "./drafts.ts";

export const SCHEME = "kimi-k2";

/** A call among all chats: ids alone repeat from chat to chat. */
export interface CallKey {
	readonly chat: string;
	readonly call: string;
}

/** Where a text of a call is served. The path says how VS Code names and colours it. */
export function uriOf({ chat, call }: CallKey, path: string): vscode.Uri {
	return vscode.Uri.from({ scheme: SCHEME, path, query: JSON.stringify([chat, call]) });
}

/** Nothing, in a language and under a name: the left side of a new file. */
export function emptyUri(path: string): vscode.Uri {
	return vscode.Uri.from({ scheme: SCHEME, path });
}

/** The call of a document of ours; undefined for others, and for what belongs to none. */
export function callOf({ scheme, query }: vscode.Uri): CallKey | undefined {
	if (scheme !== SCHEME || query === "") return undefined;
	const [chat = "", call = ""] = JSON.parse(query) as string[];
	return { chat, call };
}

interface Served {
	readonly text: string;
	readonly readonly: boolean;
	readonly mtime: number;
}

/** How long after a change a document is saved, in milliseconds: soon enough that no closed tab asks about it. */
const PAUSE = 200;

/**
 * Texts that wait for the person, as files of a scheme of their own: real documents to type in, with undo and all. What
 * is typed is saved here by itself, so that nothing stays unsaved and a closed tab asks nothing; nothing is on disk but
 * the drafts.
 */
export class ProposalFiles implements vscode.FileSystemProvider, vscode.Disposable {
	readonly #drafts: Drafts;
	readonly #served = new Map<string, Served>();
	readonly #documents = new Map<string, vscode.TextDocument>();
	readonly #timers = new Map<string, NodeJS.Timeout>();
	/** Texts of the documents that we are saving. */
	readonly #saving = new Map<string, string>();
	readonly #fileChanges = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
	readonly onDidChangeFile = this.#fileChanges.event;
	readonly #texts = new vscode.EventEmitter<vscode.Uri>();
	/** A text was changed or saved by the person. */
	readonly onText = this.#texts.event;
	readonly #subscriptions: vscode.Disposable[];
	#mtime = Date.now();

	constructor(drafts: Drafts) {
		this.#drafts = drafts;
		for (const document of vscode.workspace.textDocuments) this.#opened(document);
		this.#subscriptions = [
			vscode.workspace.registerFileSystemProvider(SCHEME, this, { isCaseSensitive: true }),
			vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
			vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#documents.delete(uri.toString())),
			vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changed(document)),
		];
	}

	serve(uri: vscode.Uri, text: string, readonly = false): void {
		const known = this.#served.get(uri.toString());
		this.#set(uri, text, readonly);
		if (known && known.text !== text) this.#tell(uri);
	}

	/** Changes a text as the person would, so that they can undo it. */
	async edit(uri: vscode.Uri, text: string): Promise<boolean> {
		const document = await vscode.workspace.openTextDocument(uri);
		const edit = new vscode.WorkspaceEdit();
		edit.replace(uri, ...changedRange(document, document.getText(), text));
		return vscode.workspace.applyEdit(edit);
	}

	withdraw(uri: vscode.Uri): void {
		this.#served.delete(uri.toString());
	}

	/** As the person sees it now, what is not saved yet included. */
	text(uri: vscode.Uri): string {
		return this.document(uri)?.getText() ?? this.#served.get(uri.toString())?.text ?? "";
	}

	document(uri: vscode.Uri): vscode.TextDocument | undefined {
		return this.#documents.get(uri.toString());
	}

	/** Saves what was typed last, without waiting for the pause. */
	async settle(uri: vscode.Uri): Promise<void> {
		const document = this.document(uri);
		if (document) await this.#save(document);
	}

	stat(uri: vscode.Uri): vscode.FileStat | Promise<vscode.FileStat> {
		const found = this.#served.get(uri.toString());
		return found ? statOf(uri, found) : this.#restored(uri).then((restored) => statOf(uri, restored));
	}

	readFile(uri: vscode.Uri): Uint8Array | Promise<Uint8Array> {
		const found = this.#served.get(uri.toString());
		return found ? bytesOf(uri, found) : this.#restored(uri).then((restored) => bytesOf(uri, restored));
	}

	writeFile(uri: vscode.Uri, content: Uint8Array): void {
		const key = uri.toString();
		const known = this.#served.get(key);
		if (!known) throw vscode.FileSystemError.FileNotFound(uri);
		if (known.readonly) throw vscode.FileSystemError.NoPermissions(uri);
		const text = Buffer.from(content)
			.toString("utf8")
			.replace(/^\uFEFF/, "");
		const meant = this.#saving.get(key);
		// The person's settings may have white space trimmed and files formatted as they are saved. They did not save.
		const isTidied = meant !== undefined && meant !== text && withoutSpace(meant) === withoutSpace(text);
		this.#set(uri, isTidied ? meant : text, false);
		this.#texts.fire(uri);
	}

	watch(): vscode.Disposable {
		return new vscode.Disposable(() => undefined);
	}

	readDirectory(): [string, vscode.FileType][] {
		return [];
	}

	createDirectory(uri: vscode.Uri): void {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	delete(uri: vscode.Uri): void {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	rename(uri: vscode.Uri): void {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	dispose(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		for (const part of [...this.#subscriptions, this.#fileChanges, this.#texts]) part.dispose();
	}

	/** A tab that VS Code opened again after a reload: the draft that was kept, until the call asks again. */
	async #restored(uri: vscode.Uri): Promise<Served> {
		const key = callOf(uri);
		if (!key) return { text: "", readonly: true, mtime: 0 };
		const draft = await this.#drafts.read({ ...key, path: uri.path });
		const known = this.#served.get(uri.toString());
		if (known) return known;
		if (!draft) throw vscode.FileSystemError.FileNotFound(uri);
		return this.#set(uri, draft.text, false);
	}

	#set(uri: vscode.Uri, text: string, readonly: boolean): Served {
		this.#mtime = Math.max(this.#mtime + 1, Date.now());
		const served = { text, readonly, mtime: this.#mtime };
		this.#served.set(uri.toString(), served);
		return served;
	}

	/** VS Code reads the text again, unless the document has changes of its own. */
	#tell(uri: vscode.Uri): void {
		const known = this.#served.get(uri.toString());
		if (!known) return;
		this.#set(uri, known.text, known.readonly);
		this.#fileChanges.fire([{ type: vscode.FileChangeType.Changed, uri }]);
	}

	#opened(document: vscode.TextDocument): void {
		if (document.uri.scheme !== SCHEME) return;
		this.#documents.set(document.uri.toString(), document);
		// VS Code brings back after a reload what was not saved before.
		if (document.isDirty) this.#changed(document);
	}

	#changed(document: vscode.TextDocument): void {
		const { uri } = document;
		if (uri.scheme !== SCHEME) return;
		this.#texts.fire(uri);
		const key = uri.toString();
		clearTimeout(this.#timers.get(key));
		if (!document.isDirty) return;
		const timer = setTimeout(() => {
			this.#timers.delete(key);
			void this.#save(document);
		}, PAUSE);
		this.#timers.set(key, timer);
	}

	async #save(document: vscode.TextDocument): Promise<void> {
		if (document.isClosed || !document.isDirty) return;
		const key = document.uri.toString();
		this.#saving.set(key, document.getText());
		try {
			await document.save();
		} finally {
			this.#saving.delete(key);
		}
		const kept = this.#served.get(key)?.text;
		if (kept !== undefined && kept !== document.getText() && !document.isDirty) this.#tell(document.uri);
	}
}

function statOf(uri: vscode.Uri, served: Served): vscode.FileStat {
	const { readonly, mtime } = served;
	const permissions = readonly ? { permissions: vscode.FilePermission.Readonly } : {};
	return { type: vscode.FileType.File, ctime: 0, mtime, size: bytesOf(uri, served).length, ...permissions };
}

/** UTF-8; with a mark in front where the person's settings would have VS Code take it for another encoding. */
function bytesOf(uri: vscode.Uri, { text }: Served): Uint8Array {
	const files = vscode.workspace.getConfiguration("files", uri);
	const isUtf8 = files.get<string>("encoding", "utf8").startsWith("utf8") && !files.get("autoGuessEncoding");
	return Buffer.from(isUtf8 ? text : `\uFEFF${text}`);
}

function withoutSpace(text: string): string {
	return text.replace(/\s+/g, "");
}
