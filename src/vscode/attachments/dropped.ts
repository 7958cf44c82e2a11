import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { MAX_ATTACHED, MAX_IMAGE_BYTES, type Picture, type Wanted } from "../../shared/attachments.ts";
import type { App } from "../app.ts";
import { inWords } from "../in-words.ts";
import { plain } from "../plain.ts";
import { say } from "../say.ts";

/** First bytes of the images that models take: the name alone says nothing. */
const IMAGES: readonly { readonly mime: Picture["mime"]; readonly begins: RegExp }[] = [
	{ mime: "image/png", begins: /^\x89PNG\r\n/ },
	{ mime: "image/jpeg", begins: /^\xff\xd8\xff/ },
	{ mime: "image/gif", begins: /^GIF8[79]a/ },
	{ mime: "image/webp", begins: /^RIFF[\s\S]{4}WEBP/ },
];
const ENDINGS = new Set([".png", ".jpg", ".jpeg", ".gif", ".webp"]);

/** Attaches what was dropped on the view: addresses, one a line, as `text/uri-list` has them. */
export async function attachDropped(app: App, uris: string): Promise<void> {
	const lines = uris.split(/\r?\n/).map((line) => line.trim());
	await attachUris(
		app,
		lines.filter((line) => line !== "" && !line.startsWith("#")),
	);
}

/** Asks natively for files. VS Code has no dialog for files and folders on all systems: those come by `@` or a drop. */
export async function pickFiles(app: App): Promise<void> {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const found = await vscode.window.showOpenDialog({
		title: vscode.l10n.t("Attach files"),
		openLabel: vscode.l10n.t("Attach"),
		canSelectMany: true,
		canSelectFolders: process.platform === "darwin",
		...(folder && { defaultUri: folder }),
	});
	await attachUris(
		app,
		(found ?? []).map((uri) => uri.toString()),
	);
	app.view.focus();
}

async function attachUris(app: App, uris: readonly string[]): Promise<void> {
	for (const each of uris.slice(0, MAX_ATTACHED)) {
		const wanted = await wantedAt(app, each);
		if (typeof wanted === "string") void vscode.window.showWarningMessage(wanted);
		else app.attachments.add(wanted);
	}
	if (uris.length > MAX_ATTACHED)
		say(vscode.l10n.t("A message takes {0} attachments, so only the first ones were added.", MAX_ATTACHED));
}

/** A sentence where there is nothing that can be attached. */
async function wantedAt(app: App, address: string): Promise<Wanted | string> {
	if (/^https?:/i.test(address)) return { kind: "page", url: address };
	const uri = uriIn(address);
	if (!uri) return neither(address);
	const place = await app.ports.files.place(uri.fsPath);
	if (!place.ok) return plain(`${uri.fsPath}: ${inWords(place.failure.message)}`);
	const { path, name, ignored } = place.value;
	if (ignored !== undefined) return vscode.l10n.t("{0} is hidden by .kimiignore.", plain(name));
	const found = await stat(path).catch(() => undefined);
	if (found?.isDirectory()) return { kind: "folder", path: name };
	if (!found?.isFile()) return neither(name);
	return ENDINGS.has(extname(path).toLowerCase()) ? imageAt(path, name, found.size) : { kind: "file", path: name };
}

function neither(name: string): string {
	return vscode.l10n.t("{0} is neither a file nor a page, so it can't be attached.", plain(name));
}

/** Of a remote window the extension runs where the files are. */
function uriIn(address: string): vscode.Uri | undefined {
	try {
		const uri = vscode.Uri.parse(address, true);
		if (uri.scheme === "file") return uri;
		return uri.scheme === "vscode-remote" ? vscode.Uri.file(uri.path) : undefined;
	} catch {
		return undefined;
	}
}

async function imageAt(path: string, name: string, size: number): Promise<Wanted | string> {
	if (size > MAX_IMAGE_BYTES)
		return vscode.l10n.t(
			"{0} is too large to be sent as an image. Paste it into the message instead: then it is made smaller.",
			plain(name),
		);
	const bytes = await readFile(path).catch(() => undefined);
	const start = bytes?.subarray(0, 16).toString("latin1") ?? "";
	const mime = IMAGES.find(({ begins }) => begins.test(start))?.mime;
	if (!bytes || !mime) return vscode.l10n.t("{0} can't be read as a picture.", plain(name));
	return { kind: "image", name: basename(name), picture: { mime, data: bytes.toString("base64") } };
}
