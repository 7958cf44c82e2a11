import * as vscode from "vscode";
import type { Files } from "../../agent/ports.ts";
import type { WebAddress } from "../../agent/web.ts";
import { findGit } from "../../node/checkpoints/git.ts";
import { commandEnvironment } from "../../node/environment.ts";
import { webFor } from "../../node/web/own-machine.ts";
import type { Wanted } from "../../shared/attachments.ts";
import { readable } from "../../tools/page/readable.ts";
import { editorUri } from "../files.ts";
import type { WorkspacePorts } from "../workspace.ts";
import { pageText } from "./page-text.ts";
import type { Read, ResolveEnv } from "./resolve.ts";
import { uncommittedText } from "./uncommitted.ts";

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
	return uncommittedText({ path, env: commandEnvironment(process.env) }, files.root, files, signal);
}

/** The person named the host, be it one of this machine; nothing that answers there leads on to another such. */
async function page(url: string, signal: AbortSignal): ReturnType<ResolveEnv["page"]> {
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
		return { ok: true, value: pageText(text) };
	}
	return { ok: false, failure: `${url} leads on to ${at.url}, which was not read.` };
}
