import * as vscode from "vscode";
import { readBundle } from "../agent/bundle.ts";
import { forkChat, importChat } from "../agent/copy-chat.ts";
import type { Result } from "../agent/ports.ts";
import { sumUp } from "../agent/replay.ts";
import { promptFor } from "../node/begin-chat.ts";
import { isEmpty } from "../node/chat-index.ts";
import type { Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import type { App } from "./app.ts";
import { inWords, plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";

/** No chat comes near this. */
const MAX_BYTES = 100 * 1024 * 1024;
/** Characters of a title. */
const LONGEST_TITLE = 200;

/** Asks for another title. */
export async function renameChat({ chats }: App, { id, title }: Named): Promise<void> {
	const name = await vscode.window.showInputBox({
		title: vscode.l10n.t("Rename Chat"),
		value: title,
		ignoreFocusOut: true,
		validateInput: (value) => (value.trim() === "" ? vscode.l10n.t("A chat needs a title.") : undefined),
	});
	if (name === undefined || name.trim() === "" || name === title) return;
	fail(await chats.rename(id, name.trim().slice(0, LONGEST_TITLE)));
}

/** Pins it, or takes that back; says which, since nothing on screen shows it. */
export async function pinChat(app: App, { id }: Named): Promise<void> {
	const pinned = (await app.chats.list()).some((chat) => chat.id === id && chat.pinned);
	await app.chats.pin(id, !pinned);
	app.announce(
		pinned
			? vscode.l10n.t("The chat is no longer pinned.")
			: vscode.l10n.t("The chat is pinned: it stands at the top of the list."),
	);
}

/** With the chat in front, once something was said in it. */
export async function withChat({ chats }: App, use: (chat: Named) => Promise<unknown>): Promise<void> {
	const { chat } = (await chats.restore()).run.session;
	if (!isEmpty(chat)) await use(chat);
	else void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was said in this chat yet."));
}

interface Named {
	readonly id: string;
	readonly title: string;
}

/** Asks first: a chat that is deleted is gone. True when it is. */
export async function deleteChat({ chats, outbox }: App, { id, title }: Named): Promise<boolean> {
	const run = chats.runs.find(({ session }) => session.chat.id === id);
	const running = run?.running ?? false;
	const elsewhere = await chats.isElsewhere(id);
	const gone = vscode.l10n.t("It can't be brought back. What it did to files stays.");
	const stops = elsewhere
		? vscode.l10n.t("Another window works in it: that is stopped at its next step.")
		: vscode.l10n.t("It is working: that is stopped first.");
	const question = vscode.l10n.t("Delete the chat “{0}”?", plain(title));
	const yes = vscode.l10n.t("Delete");
	const options = { modal: true, detail: running || elsewhere ? `${stops} ${gone}` : gone };
	if ((await vscode.window.showWarningMessage(question, options, yes)) !== yes) return false;
	// What is on its way to it is the person's to keep.
	outbox.stop(run);
	await chats.remove(id);
	return true;
}

/**
 * A new chat that begins as this one: up to before the turn with this `seq`, whose text then stands in the composer; or
 * all of it, but for a turn that is under way. Files stay as they are.
 */
export async function fork(app: App, id: string, before?: number): Promise<void> {
	const log = await app.chats.read(id);
	if (!log.ok) return fail(log.failure);
	const chat = await sumUp(log.value);
	const isRunning =
		app.chats.runs.some((run) => run.session.chat.id === id && run.running) || (await app.chats.isElsewhere(id));
	const turn = before ?? (isRunning ? chat.turns.at(-1)?.seq : undefined);
	const title = vscode.l10n.t("{0} (fork)", chat.title).slice(0, LONGEST_TITLE);
	const copy = { chat: crypto.randomUUID(), title, now: Date.now() };
	if (!(await add(app, await forkChat(log.value, copy, turn)))) return;
	const last = chat.turns.find(({ seq }) => seq === before);
	if (last) app.compose(last.prompt, last.attached);
	app.announce(vscode.l10n.t("This is the fork: the other chat stays as it is, and so do your files."));
}

/** Asks for a file with a chat, and makes a new chat of it. */
export async function importFile(app: App): Promise<void> {
	const [file] = (await vscode.window.showOpenDialog({ filters: filters(), canSelectMany: false })) ?? [];
	if (!file) return;
	const imported = await readFile(file, app);
	if (!imported.ok) return fail(imported.failure);
	if (!(await add(app, imported.value))) return;
	app.announce(vscode.l10n.t("The chat is imported. Nothing of it runs; go on with it as with any other."));
}

async function readFile(file: vscode.Uri, { chats }: App): Promise<Result<readonly Recorded[]>> {
	let text: string;
	try {
		const { size } = await vscode.workspace.fs.stat(file);
		if (size > MAX_BYTES) return unfit(vscode.l10n.t("This file is too large to be a chat."));
		text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return unfit(vscode.l10n.t("The file can't be read: {0}", why));
	}
	const bundle = await readBundle(text);
	if (!bundle.ok) return bundle;
	const { workplace } = chats;
	const { title } = await sumUp(bundle.value.events);
	return importChat(bundle.value.events, {
		chat: crypto.randomUUID(),
		title: vscode.l10n.t("{0} (imported)", title).slice(0, LONGEST_TITLE),
		now: Date.now(),
		system: promptFor(workplace),
		...(workplace.root !== undefined && { workspace: workplace.root }),
	});
}

/** True when the new chat is in front. */
async function add(app: App, events: readonly Recorded[]): Promise<boolean> {
	try {
		const opened = await app.chats.add(events);
		if ("failure" in opened) fail(opened.failure);
		return "run" in opened;
	} catch (error) {
		const why = plain(inWords(error instanceof Error ? error.message : String(error)));
		void vscode.window.showErrorMessage(vscode.l10n.t("The new chat could not be written: {0}", why));
		return false;
	}
}

function fail(failure: Failure | undefined): void {
	if (failure) void vscode.window.showErrorMessage(plainWords(failure));
}

function unfit(message: string): Result<never> {
	return { ok: false, failure: { code: "storage", message } };
}

function filters(): Record<string, string[]> {
	return { [vscode.l10n.t("Chats")]: ["jsonl"] };
}
