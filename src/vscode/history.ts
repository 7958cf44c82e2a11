import * as vscode from "vscode";
import type { StoredChat } from "../node/chat-store.ts";
import type { App } from "./app.ts";
import { deleteChat, fork, renameChat } from "./chat-actions.ts";
import { exportChat } from "./export-chat.ts";
import { inWords, plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";

interface Item extends vscode.QuickPickItem {
	/** Absent: a line between groups. */
	readonly chat?: StoredChat;
}

interface Button extends vscode.QuickInputButton {
	/** What is done to the chat; the list is shown again afterwards unless another chat is in front then. */
	press(app: App, chat: StoredChat): Promise<unknown>;
	readonly leaves?: true;
}

/** The list of chats, with search over titles and prompts, and what can be done with each. */
export async function showHistory(app: App, search = ""): Promise<void> {
	const stored = await app.chats.list();
	if (stored.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t("No chats yet in this workspace."));
		return;
	}
	const pick = vscode.window.createQuickPick<Item>();
	pick.title = vscode.l10n.t("Chats");
	pick.placeholder = vscode.l10n.t("Search titles and what you said");
	pick.matchOnDetail = true;
	pick.value = search;
	pick.items = itemsOf(app, stored, Date.now());
	const active = app.chats.active?.session.chat.id;
	pick.activeItems = pick.items.filter(({ chat }) => chat && chat.id === active);
	pick.onDidTriggerItemButton(async ({ item: { chat }, button }) => {
		const { value } = pick;
		// Other questions take the place of the list: it comes back after them.
		pick.hide();
		const { press, leaves } = button as Button;
		try {
			if (chat) await press(app, chat);
		} catch (error) {
			void vscode.window.showErrorMessage(plain(inWords(error instanceof Error ? error.message : String(error))));
		}
		if (!leaves) await showHistory(app, value);
	});
	pick.onDidAccept(async () => {
		const chat = pick.selectedItems[0]?.chat;
		pick.hide();
		const opened = chat && (await app.chats.open(chat.id));
		if (opened && "failure" in opened) void vscode.window.showErrorMessage(plainWords(opened.failure));
	});
	pick.onDidHide(() => pick.dispose());
	pick.show();
}

/** Pinned ones first, the others by the day of their last word. */
export function itemsOf(app: App, stored: readonly StoredChat[], now: number): readonly Item[] {
	const groups = new Map<string, Item[]>();
	// Made once: there may be thousands of chats.
	const time = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: "medium", timeStyle: "short" });
	const common = [rename(), forked(), exported(), remove()];
	const [plainButtons, pinnedButtons] = [
		[pin(false), ...common],
		[pin(true), ...common],
	];
	for (const chat of [...stored].sort((a, b) => Number(b.pinned) - Number(a.pinned))) {
		const name = chat.pinned ? vscode.l10n.t("Pinned") : dayOf(chat.at, now);
		const items = groups.get(name) ?? [];
		if (items.length === 0) groups.set(name, items);
		items.push(itemOf(app, chat, time, chat.pinned ? pinnedButtons : plainButtons));
	}
	return [...groups].flatMap(([label, items]): Item[] => [
		{ label, kind: vscode.QuickPickItemKind.Separator },
		...items,
	]);
}

function itemOf(app: App, chat: StoredChat, time: Intl.DateTimeFormat, buttons: readonly Button[]): Item {
	const { title, unreadable, prompts, steps, at } = chat;
	if (unreadable !== undefined)
		return {
			chat,
			label: vscode.l10n.t("A chat that can't be opened"),
			detail: plain(unreadable),
			buttons: buttons.slice(-1),
		};
	const count = steps === 1 ? vscode.l10n.t("1 step") : vscode.l10n.t("{0} steps", steps);
	return {
		chat,
		label: plain(title),
		description: [stateOf(app, chat), time.format(at), count].filter((part) => part !== "").join(" · "),
		detail: plain(prompts, SEARCHED),
		buttons,
	};
}

/** What it does now; empty where that is nothing. */
function stateOf({ chats }: App, { id, open, paused, elsewhere }: StoredChat): string {
	const run = chats.runs.find(({ session }) => session.chat.id === id);
	if (run && run.asked.length > 0) return vscode.l10n.t("waits for you");
	if (run?.running) return vscode.l10n.t("working");
	if (elsewhere) return vscode.l10n.t("working in another window");
	if (paused) return vscode.l10n.t("waits for you");
	if (open) return vscode.l10n.t("interrupted");
	return run !== undefined && run === chats.active ? vscode.l10n.t("current") : "";
}

function dayOf(at: number, now: number): string {
	const midnight = new Date(now).setHours(0, 0, 0, 0);
	// A day of another length, when clocks change, is met at its noon.
	const yesterday = new Date(midnight - 12 * HOUR_MS).setHours(0, 0, 0, 0);
	if (at >= midnight) return vscode.l10n.t("Today");
	return at >= yesterday ? vscode.l10n.t("Yesterday") : vscode.l10n.t("Earlier");
}

const HOUR_MS = 3_600_000;
/** Characters of what was said that are searched, and shown as far as there is room. */
const SEARCHED = 1000;

function pin(pinned: boolean): Button {
	return {
		iconPath: new vscode.ThemeIcon(pinned ? "pinned" : "pin"),
		tooltip: pinned ? vscode.l10n.t("Unpin") : vscode.l10n.t("Pin to the top"),
		press: ({ chats }, chat) => chats.pin(chat.id, !chat.pinned),
	};
}

function rename(): Button {
	return { iconPath: new vscode.ThemeIcon("edit"), tooltip: vscode.l10n.t("Rename"), press: renameChat };
}

function forked(): Button {
	return {
		iconPath: new vscode.ThemeIcon("repo-forked"),
		tooltip: vscode.l10n.t("Fork: go on in a copy"),
		press: (app, { id }) => fork(app, id),
		leaves: true,
	};
}

function exported(): Button {
	return {
		iconPath: new vscode.ThemeIcon("export"),
		tooltip: vscode.l10n.t("Export"),
		press: (app, { id }) => exportChat(app, id),
		leaves: true,
	};
}

function remove(): Button {
	return { iconPath: new vscode.ThemeIcon("trash"), tooltip: vscode.l10n.t("Delete this chat"), press: deleteChat };
}
