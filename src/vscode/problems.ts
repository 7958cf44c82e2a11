import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { inTime, pause } from "../agent/patient.ts";
import type { Problem, Problems } from "../agent/problems.ts";
import { editorUri } from "./files.ts";

/** How long words on a change are waited for, in milliseconds. */
const PATIENCE = 1500;
/** No further words for this long: they are all there. Services report syntax first and meaning after it. */
const QUIET = 200;

const SEVERITIES: ReadonlyMap<vscode.DiagnosticSeverity, Problem["severity"]> = new Map([
	[vscode.DiagnosticSeverity.Error, "error"],
	[vscode.DiagnosticSeverity.Warning, "warning"],
]);

/** What is in VS Code's Problems view, by language services of whatever extensions there are. */
export function createProblems(root: string | undefined, patience = PATIENCE): Problems {
	/** Languages that had their chance: those of which nothing was heard are not waited for again. */
	const tried = new Set<string>();
	const isServed = (language: string | undefined): language is string =>
		language !== undefined && (!tried.has(language) || reported().some((path) => languageOf(path) === language));
	return {
		now: () =>
			vscode.languages
				.getDiagnostics()
				.flatMap(([uri, found]) => (isOnDisk(uri) ? found.flatMap((each) => problem(uri, each)) : [])),
		async watch(paths) {
			const uris = new Map(
				await Promise.all(paths.map(async (path) => [path, (await editorUri(root, path)).fsPath] as const)),
			);
			const known = new Set(reported());
			const shown = shownFiles();
			const served = [...uris.values()].filter(
				(path) => known.has(path) || (shown.has(path) && isServed(languageOf(path))),
			);
			if (served.length === 0) return undefined;
			const hearing = new Hearing(served);
			return {
				known: new Set(paths.filter((path) => known.has(uris.get(path) ?? ""))),
				async settled(signal) {
					await hearing.settled(patience, signal);
					for (const path of served) tried.add(languageOf(path) ?? "");
				},
				end: () => hearing.dispose(),
			};
		},
	};
}

/** Files that have a tab. Documents without one are not looked at: JSON's service and TypeScript's leave them out. */
function shownFiles(): ReadonlySet<string> {
	const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
	const uris = inputs.flatMap((input) => {
		if (input instanceof vscode.TabInputText) return [input.uri];
		return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
	});
	return new Set(uris.filter(isOnDisk).map(({ fsPath }) => fsPath));
}

/** Listens for words on files from its making on. */
class Hearing implements vscode.Disposable {
	readonly #missing: Set<string>;
	readonly #all = Promise.withResolvers<true>();
	readonly #subscription: vscode.Disposable;
	#count = 0;

	constructor(paths: readonly string[]) {
		this.#missing = new Set(paths);
		this.#subscription = vscode.languages.onDidChangeDiagnostics((event) => {
			this.#count++;
			for (const { fsPath } of event.uris) this.#missing.delete(fsPath);
			if (this.#missing.size === 0) this.#all.resolve(true);
		});
	}

	/** Resolves when there were words on each and no more come, after `ms`, or on Stop. */
	async settled(ms: number, signal: AbortSignal): Promise<void> {
		const until = performance.now() + ms;
		if (!(await inTime(this.#all.promise, { ms, signal }, false))) return;
		for (let heard = -1; heard !== this.#count && !signal.aborted; ) {
			heard = this.#count;
			const left = until - performance.now();
			if (left <= 0) return;
			await pause(Math.min(QUIET, left), signal);
		}
	}

	dispose(): void {
		this.#subscription.dispose();
	}
}

/** Files of which something was said, be it that there is nothing to report. */
function reported(): readonly string[] {
	return vscode.languages.getDiagnostics().map(([uri]) => uri.fsPath);
}

function isOnDisk({ scheme }: vscode.Uri): boolean {
	return scheme === "file";
}

function problem({ fsPath }: vscode.Uri, { range, severity, message, source, code }: vscode.Diagnostic): Problem[] {
	const named = SEVERITIES.get(severity);
	if (!named) return [];
	const id = typeof code === "object" ? code.value : code;
	const more = { ...(source !== undefined && { source }), ...(id !== undefined && { code: String(id) }) };
	return [{ path: fsPath, line: range.start.line + 1, severity: named, message, ...more }];
}

/** The language of a file by its name, as extensions declare it. Undefined: plain text and the like, without a service. */
function languageOf(path: string): string | undefined {
	languages ??= declaredLanguages();
	return languages.get(basename(path).toLowerCase()) ?? languages.get(extname(path).toLowerCase());
}

/** By file name or extension, in lower case. Extensions that come later are not known before the next window. */
let languages: ReadonlyMap<string, string> | undefined;

interface DeclaredLanguage {
	readonly id?: unknown;
	readonly extensions?: unknown;
	readonly filenames?: unknown;
}

function declaredLanguages(): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const { packageJSON } of vscode.extensions.all) {
		const declared = (packageJSON as { contributes?: { languages?: unknown } }).contributes?.languages;
		for (const each of list(declared)) {
			const { id, extensions, filenames } = (each ?? {}) as DeclaredLanguage;
			if (typeof id !== "string") continue;
			for (const name of [...list(extensions), ...list(filenames)])
				if (typeof name === "string") found.set(name.toLowerCase(), id);
		}
	}
	return found;
}

function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}
