import { join } from "node:path";
import * as vscode from "vscode";
import { isSecret } from "../../agent/policy.ts";
import type { Files } from "../../agent/ports.ts";
import type { WebAddress } from "../../agent/web.ts";
import { findGit } from "../../node/checkpoints/git.ts";
import { commandEnvironment } from "../../node/environment.ts";
import { changesSinceCommit, patchOf, type Uncommitted } from "../../node/git-changes.ts";
import { webFor } from "../../node/web/own-machine.ts";
import type { Wanted } from "../../shared/attachments.ts";
import { plainText, readable } from "../../tools/page/readable.ts";
import { editorUri } from "../files.ts";
import type { WorkspacePorts } from "../workspace.ts";
import type { Read, ResolveEnv } from "./resolve.ts";

/** Patches of more files are named only. */
const MOST_PATCHES = 100;
/** Other hosts that a page may lead to, such as from a name to the same one with `www.`. */
const MOST_MOVES = 3;

/** How attachments are read here. */
export function resolveEnv(ports: WorkspacePorts): ResolveEnv {
	const { files, search, problems } = ports;
	return {
		files,
		search,
		problems,
		symbol: (path, wanted) => symbolNow(files, path, wanted),
		changes: (signal) => changes(files, signal),
		page,
	};
}

type Symbol = Extract<Wanted, { kind: "symbol" }>;

/** Where it is now: of several of that name the nearest to where it was. */
async function symbolNow(files: Files, path: string, { name, from }: Symbol) {
	const place = await files.place(path);
	if (!place.ok) return undefined;
	const uri = await editorUri(files.root, place.value.path);
	const found = await vscode.commands
		.executeCommand<readonly vscode.DocumentSymbol[] | undefined>("vscode.executeDocumentSymbolProvider", uri)
		.then(
			(symbols) => symbols ?? [],
			() => [],
		);
	const all = flat(found).filter((each) => each.name === name);
	const distance = ({ range }: vscode.DocumentSymbol) => Math.abs(range.start.line + 1 - from);
	const [nearest] = all.toSorted((a, b) => distance(a) - distance(b));
	return nearest && { from: nearest.range.start.line + 1, to: nearest.range.end.line + 1 };
}

function flat(symbols: readonly vscode.DocumentSymbol[]): readonly vscode.DocumentSymbol[] {
	return symbols.flatMap((each) => [each, ...flat(each.children ?? [])]);
}

async function changes(files: Files, signal: AbortSignal): Promise<Read> {
	const path = await findGit();
	if (path === undefined || files.root === undefined) return { ok: false, failure: "There is no git to ask." };
	const git = { path, env: commandEnvironment(process.env) };
	const top = files.root;
	const found = await changesSinceCommit(git, top, signal);
	if (!found.ok) return { ok: false, failure: found.failure.message };
	const { files: changed, staged } = found.value;
	if (changed.length === 0) return { ok: true, value: "Nothing is changed since the last commit." };
	const status = changed.map(
		({ name, from, isNew }) => `${isNew ? "new" : "changed"} ${from ? `${from} → ` : ""}${name}`,
	);
	const patches: string[] = [];
	for (const file of changed.slice(0, MOST_PATCHES)) {
		if (await isHidden(files, top, file)) continue;
		const patch = await patchOf(git, top, { file, staged }, signal);
		if (patch !== undefined) patches.push(patch.trimEnd());
	}
	return { ok: true, value: [status.join("\n"), ...patches].join("\n\n") };
}

/** By any of its names: such a file is named only. */
async function isHidden(files: Files, top: string, { name, from }: Uncommitted): Promise<boolean> {
	for (const each of from === undefined ? [name] : [name, from]) {
		const place = await files.place(join(top, each));
		if (!place.ok || place.value.ignored !== undefined) return true;
		if ([each, join(top, each), place.value.path].some(isSecret)) return true;
	}
	return false;
}

/** The person named the host, be it one of this machine; nothing that answers there leads on to another such. */
async function page(url: string, signal: AbortSignal): Promise<Read> {
	const { web, url: named, isOwn } = webFor(url);
	const address = web.address(named);
	if (!address.ok) return { ok: false, failure: address.failure };
	let at: WebAddress = address.value;
	for (let moves = isOwn ? 0 : MOST_MOVES; moves >= 0; moves--) {
		const got = await web.get(at, signal);
		if (!got.ok) return got;
		if ("moved" in got.value) {
			at = got.value.moved;
			continue;
		}
		const { status } = got.value;
		if (status < 200 || status > 299) return { ok: false, failure: `${at.url} answered with status ${status}.` };
		const { text } = await readable(got.value, signal);
		return { ok: true, value: plainText(text).text };
	}
	return { ok: false, failure: `${url} leads on to ${at.url}, which was not read.` };
}
