import { basename, dirname } from "node:path/posix";
import * as vscode from "vscode";
import { inTime } from "../../agent/patient.ts";
import { matchPath, targetOf, typedOf } from "../../node/fuzzy.ts";
import type { FoundPath } from "../../node/path-index.ts";
import { nameOf } from "../../node/place.ts";
import type { Places } from "../../node/places.ts";
import type { MentionRow } from "../../shared/attachments.ts";
import { visible } from "../../shared/visible.ts";
import { selectionOf } from "./active-editor.ts";
import { terminalRows } from "./terminals.ts";
import { WorkspaceIndex } from "./workspace-index.ts";

const MOST = 50;
/** Of symbols, which come from language services of all kinds. */
const MOST_SYMBOLS = 10;
const SYMBOLS_MS = 3000;

type Post = (id: number, rows: readonly MentionRow[]) => void;

/** What fits the words after an `@`: what is at hand first, then files and folders, then symbols. */
export class Mentions implements vscode.Disposable {
	readonly #root: string | undefined;
	readonly #index: WorkspaceIndex;
	readonly #post: Post;
	#last = 0;

	constructor(places: Places, post: Post) {
		this.#root = places.root;
		this.#index = new WorkspaceIndex(places);
		this.#post = post;
	}

	/** Lists the workspace before somebody asks. */
	async warmUp(): Promise<void> {
		await this.#index.fresh();
	}

	/** Posts what is known at once, and again when more of it is found, unless something newer was asked meanwhile. */
	async ask(id: number, query: string): Promise<void> {
		this.#last = id;
		const words = query.trim();
		let symbols: readonly MentionRow[] = [];
		const post = () => {
			if (this.#last === id) this.#post(id, [...this.#rows(words), ...symbols].slice(0, MOST));
		};
		post();
		const { current } = this.#index;
		const [found] = await Promise.all([this.#symbols(words), this.#index.fresh()]);
		symbols = found;
		if (this.#index.current !== current || symbols.length > 0) post();
	}

	dispose(): void {
		this.#index.dispose();
	}

	#rows(words: string): readonly MentionRow[] {
		const used = usedPaths(this.#root);
		const files = words === "" ? [...used.keys()].map(asFound) : this.#found(words, used);
		const handy = atHand(this.#root, words);
		const page = pageOf(words);
		return [...(page ? [page] : []), ...handy, ...files.slice(0, MOST - handy.length).map(fileRow)];
	}

	#found(words: string, rank: ReadonlyMap<string, number>): readonly FoundPath[] {
		return this.#index.current?.find(words, { limit: MOST, rank }) ?? [];
	}

	async #symbols(words: string): Promise<readonly MentionRow[]> {
		if (words.length < 2 || /[\s/\\]/.test(words)) return [];
		const asked = vscode.commands.executeCommand<readonly vscode.SymbolInformation[] | undefined>(
			"vscode.executeWorkspaceSymbolProvider",
			words,
		);
		const found = await inTime(
			Promise.resolve(asked).catch(() => []),
			{ ms: SYMBOLS_MS },
			[],
		);
		return (found ?? []).flatMap((each) => symbolRow(this.#root, each, words)).slice(0, MOST_SYMBOLS);
	}
}

/** Files that have a tab, the one in front first. */
function usedPaths(root: string | undefined): ReadonlyMap<string, number> {
	const { activeTextEditor, tabGroups } = vscode.window;
	const tabs = tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));
	const shown = tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
	const uris = [...(activeTextEditor ? [activeTextEditor.document.uri] : []), ...shown];
	const names = uris.flatMap((uri) => (root !== undefined && uri.scheme === "file" ? [nameOf(root, uri.fsPath)] : []));
	const inside = [...new Set(names)].filter((name) => vscode.workspace.getWorkspaceFolder(uriOf(root, name)));
	return new Map(inside.map((name, at) => [name, at]));
}

function uriOf(root: string | undefined, name: string): vscode.Uri {
	return vscode.Uri.joinPath(vscode.Uri.file(root ?? "/"), name);
}

function asFound(path: string): FoundPath {
	return { path, isFolder: false, marks: [] };
}

function fileRow({ path, isFolder, marks }: FoundPath): MentionRow {
	const name = basename(path);
	const label = visible(name);
	const above = dirname(path);
	const start = path.length - name.length;
	const kind = isFolder ? "folder" : "file";
	return {
		label,
		detail: above === "." ? "" : visible(above),
		// Of a name that shows otherwise than it is, they would be elsewhere.
		marks: label === name ? marks.flatMap((at) => (at >= start ? [at - start] : [])) : [],
		kind,
		wanted: { kind, path },
	};
}

/** What is no file: offered by its name, all of it before anything is typed. */
function atHand(root: string | undefined, words: string): readonly MentionRow[] {
	const rows = [...selectionRow(root), ...problemRows(root), ...terminalRows(root), ...changesRow(), pageRow()];
	const typed = words.split(/\s+/).filter((word) => word !== "");
	return rows.flatMap((row) => {
		const marks: number[] = [];
		const target = targetOf(row.label);
		// One letter somewhere in a name is no reason to stand before all files.
		const isMeant = typed.every((word) => matchPath(target, typedOf(word), 0, marks) > LEAST_FIT);
		return isMeant ? [{ ...row, marks: [...new Set(marks)].sort((a, b) => a - b) }] : [];
	});
}

/** Words that begin as a word of the name does. */
const LEAST_FIT = 600;

function selectionRow(root: string | undefined): readonly MentionRow[] {
	const wanted = selectionOf(root, vscode.window.activeTextEditor);
	if (!wanted) return [];
	const detail = visible(`${wanted.path}:${wanted.from}-${wanted.to}`);
	return [{ label: vscode.l10n.t("Selection"), detail, marks: [], kind: "selection", wanted }];
}

function problemRows(root: string | undefined): readonly MentionRow[] {
	const all = vscode.languages.getDiagnostics().filter(([uri, found]) => uri.scheme === "file" && found.some(isMeant));
	const count = all.reduce((sum, [, found]) => sum + found.filter(isMeant).length, 0);
	const detail = vscode.l10n.t("{0} in {1} files", String(count), String(all.length));
	const everywhere: MentionRow = {
		label: vscode.l10n.t("Problems"),
		detail,
		marks: [],
		kind: "problems",
		wanted: { kind: "problems" },
	};
	const uri = vscode.window.activeTextEditor?.document.uri;
	const here = root === undefined ? undefined : all.find(([each]) => each.toString() === uri?.toString());
	if (!here || root === undefined) return count > 0 ? [everywhere] : [];
	const path = nameOf(root, here[0].fsPath);
	const label = vscode.l10n.t("Problems in {0}", visible(basename(path)));
	return [{ ...everywhere, label, detail: visible(path), wanted: { kind: "problems", path } }, everywhere];
}

function isMeant({ severity }: vscode.Diagnostic): boolean {
	return severity === vscode.DiagnosticSeverity.Error || severity === vscode.DiagnosticSeverity.Warning;
}

function changesRow(): readonly MentionRow[] {
	const detail = vscode.l10n.t("what is not committed");
	const label = vscode.l10n.t("Git Changes");
	return [{ label, detail, marks: [], kind: "changes", wanted: { kind: "changes" } }];
}

/** The way to one: its address is typed next. */
function pageRow(): MentionRow {
	const detail = vscode.l10n.t("type or paste its address");
	return { label: vscode.l10n.t("Page…"), detail, marks: [], kind: "page", more: "https://" };
}

/** An address that is typed or pasted after the `@`. */
function pageOf(words: string): MentionRow | undefined {
	const url = /^https?:\/\/[^\s/]/i.test(words) && !/\s/.test(words) ? URL.parse(words) : null;
	if (!url) return undefined;
	return {
		label: visible(words),
		detail: vscode.l10n.t("the page at this address"),
		marks: [],
		kind: "page",
		wanted: { kind: "page", url: words },
	};
}

function symbolRow(
	root: string | undefined,
	{ name, location }: vscode.SymbolInformation,
	words: string,
): readonly MentionRow[] {
	const { uri, range } = location;
	if (root === undefined || uri.scheme !== "file" || !vscode.workspace.getWorkspaceFolder(uri)) return [];
	const path = nameOf(root, uri.fsPath);
	const [from, to] = [range.start.line + 1, range.end.line + 1];
	const label = visible(name);
	const marks: number[] = [];
	matchPath(targetOf(label), typedOf(words), 0, marks);
	const wanted = { kind: "symbol", path, name, from, to } as const;
	return [{ label, detail: visible(`${path}:${from}`), marks, kind: "symbol", wanted }];
}
