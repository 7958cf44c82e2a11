import * as vscode from "vscode";
import { inTime, pause } from "../agent/patient.ts";
import type { FileEdits, NamedSymbol, Position, Said, Spot, Symbols } from "../agent/symbols.ts";
import { editorUri } from "./files.ts";

/** How long one question may take in all, and how long a service that says nothing is given to start, in milliseconds. */
const PATIENCE = 30_000;
const START = 20_000;
/** It is asked again after so many. */
const AGAIN = 250;

/** What VS Code's language services know, of whatever extensions there are. Changes nothing. */
export function createSymbols(root: string | undefined): Symbols {
	const services = new Services();
	const open = async (path: string) => vscode.workspace.openTextDocument(await editorUri(root, path));
	const at = async (spot: Spot, signal: AbortSignal) => {
		const document = await open(spot.path);
		await services.started(document, signal);
		const position = positionOf(spot);
		// While a project is read in, TypeScript answers from the one file that it has, and a rename would be half of one.
		// This question waits until all is there; other services answer it at once.
		await ask("vscode.executeTypeDefinitionProvider", document.uri, position);
		return { document, position };
	};
	const places = (command: string) => (spot: Spot, signal: AbortSignal) =>
		patiently(signal, async (own) => {
			const { document, position } = await at(spot, own);
			const found = await services.asked(document, own, () => ask<Link>(command, document.uri, position));
			return found.ok ? { ok: true, value: found.value.flatMap(spotOf) } : found;
		});
	return {
		outline: (path, signal) =>
			patiently(signal, async (own) => {
				const document = await open(path);
				const found = await services.outline(document, own);
				return found.ok ? { ok: true, value: found.value.flatMap((each) => declared(each, document.uri, [])) } : found;
			}),
		find: (query, near, signal) =>
			patiently(signal, async (own) => {
				if (near !== undefined) await services.started(await open(near), own);
				const found = await ask<vscode.SymbolInformation>("vscode.executeWorkspaceSymbolProvider", query);
				return { ok: true, value: found.flatMap(named) };
			}),
		definitions: places("vscode.executeDefinitionProvider"),
		references: places("vscode.executeReferenceProvider"),
		rename: (spot, name, signal) =>
			patiently(signal, async (own) => {
				const { document, position } = await at(spot, own);
				const { uri } = document;
				const command = "vscode.executeDocumentRenameProvider";
				const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
					command,
					uri,
					position,
					name,
				);
				return edit ? editsOf(edit) : fail(nobody(document));
			}),
	};
}

/** Which languages have a service, as far as was heard. */
class Services {
	readonly #answered = new Set<string>();
	/** Those that had their time to start: they are not waited for again. */
	readonly #tried = new Set<string>(["plaintext"]);

	outline(document: vscode.TextDocument, signal: AbortSignal): Promise<Said<readonly Outlined[]>> {
		return this.asked(document, signal, () => ask<Outlined>("vscode.executeDocumentSymbolProvider", document.uri));
	}

	/** Resolves when its service answers, or will not. An outline is what every one has first. */
	async started(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
		if (!this.#answered.has(document.languageId)) await this.outline(document, signal);
	}

	/** Nothing is found: asks again while the service may still be starting. */
	async asked<T>(document: vscode.TextDocument, signal: AbortSignal, question: () => Promise<readonly T[]>) {
		const { languageId: language } = document;
		const until = performance.now() + START;
		let found = await question();
		while (found.length === 0 && !this.#answered.has(language) && !this.#tried.has(language) && !signal.aborted) {
			if (performance.now() > until) this.#tried.add(language);
			await pause(AGAIN, signal);
			found = await question();
		}
		if (found.length > 0) this.#answered.add(language);
		const isKnown = this.#answered.has(language);
		return isKnown ? ({ ok: true, value: found } as const) : fail(nobody(document));
	}
}

/** Where a definition or reference is. */
type Link = vscode.Location | vscode.LocationLink;
type Outlined = vscode.DocumentSymbol | vscode.SymbolInformation;

async function ask<T>(command: string, ...args: readonly unknown[]): Promise<readonly T[]> {
	return (await vscode.commands.executeCommand<readonly T[] | undefined>(command, ...args)) ?? [];
}

/** What comes of the work in time; what is thrown, such as why a service refuses, as a sentence. */
async function patiently<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Said<T>>): Promise<Said<T>> {
	const over = new AbortController();
	const own = AbortSignal.any([signal, over.signal]);
	const working = work(own).catch((error: unknown) =>
		fail(`The language service refuses: ${error instanceof Error ? error.message : String(error)}`),
	);
	const said = await inTime(working, { ms: PATIENCE, signal }, undefined);
	over.abort();
	if (said) return said;
	return fail(signal.aborted ? "Stopped before the language service answered." : LATE);
}

const LATE =
	"The language service did not answer within half a minute: it may still be reading in the project. Go on with Grep, or try again later.";

function nobody({ languageId }: vscode.TextDocument): string {
	return `No language service answers for ${languageId} in this editor. Use Grep and Read.`;
}

function editsOf(edit: vscode.WorkspaceEdit): Said<readonly FileEdits[]> {
	if (hasFileSteps(edit))
		return fail(
			"This rename would also create, rename or delete files, which is not done from here: use Bash and Edit.",
		);
	const entries = edit.entries();
	const elsewhere = entries.find(([{ scheme }]) => scheme !== "file");
	if (elsewhere) return fail(`It would change ${elsewhere[0].toString(true)}, which is no file on a disk.`);
	const changes = ({ range: { start, end }, newText: text }: vscode.TextEdit) => ({
		from: spot(start),
		to: spot(end),
		text,
	});
	return { ok: true, value: entries.map(([{ fsPath: path }, edits]) => ({ path, edits: edits.map(changes) })) };
}

/** `entries()` leaves out all but changes of text. The list with all of it is not in VS Code's typings, but is there. */
function hasFileSteps(edit: vscode.WorkspaceEdit): boolean {
	const { _allEntries } = edit as { _allEntries?(): readonly { readonly _type?: unknown }[] };
	const all = _allEntries?.call(edit) ?? [];
	return all.some(({ _type }) => _type === FILE_STEP);
}

const FILE_STEP = 1;

function spotOf(found: Link): readonly Spot[] {
	const isLink = "targetUri" in found;
	const uri = isLink ? found.targetUri : found.uri;
	const range = isLink ? (found.targetSelectionRange ?? found.targetRange) : found.range;
	return [{ path: pathOf(uri), ...spot(range.start) }];
}

function declared(symbol: Outlined, uri: vscode.Uri, within: readonly string[]): readonly NamedSymbol[] {
	if (!("selectionRange" in symbol)) return named(symbol);
	const { name, kind, selectionRange, children } = symbol;
	const own = { path: pathOf(uri), ...spot(selectionRange.start), name, kind: kindOf(kind), within };
	return [own, ...children.flatMap((child) => declared(child, uri, [...within, name]))];
}

function named({ name, kind, containerName, location }: vscode.SymbolInformation): readonly NamedSymbol[] {
	const within = containerName ? [containerName] : [];
	return [{ path: pathOf(location.uri), ...spot(location.range.start), name, kind: kindOf(kind), within }];
}

/** `EnumMember` as `enum member`. */
function kindOf(kind: vscode.SymbolKind): string {
	return vscode.SymbolKind[kind].replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function pathOf(uri: vscode.Uri): string {
	return uri.scheme === "file" ? uri.fsPath : uri.toString(true);
}

function spot({ line, character }: vscode.Position): Position {
	return { line: line + 1, column: character };
}

function positionOf({ line, column }: Position): vscode.Position {
	return new vscode.Position(line - 1, column);
}

function fail(failure: string): Said<never> {
	return { ok: false, failure };
}
