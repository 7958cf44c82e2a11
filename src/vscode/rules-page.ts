import * as vscode from "vscode";
import { readCommandRule, writeCommandRule } from "../agent/command-rule.ts";
import { isSameRule, type Rule, type Scope } from "../shared/rule.ts";
import type { ChatRun } from "./chat-run.ts";
import type { Grants } from "./grants.ts";
import { inWords } from "./in-words.ts";
import { plain, shown } from "./plain.ts";
import { readSettings, writeSetting } from "./settings.ts";

export interface RulesHost {
	readonly grants: Grants;
	readonly chats: { readonly active: ChatRun | undefined };
}

/** One thing that the person allowed. */
interface RuleRow {
	readonly place: Scope | "settings";
	/** What it means, and the words of a stranger that it is about. */
	readonly label: string;
	readonly about: string;
	/** As the person may write it anew; absent where it can only be removed. */
	readonly written?: string;
	/** Another rule in its place; without one it is gone. */
	change(written?: string): Promise<void>;
}

type RuleItem = vscode.QuickPickItem & { readonly row?: RuleRow; readonly all?: true };

/** Everything that runs unasked because the person allowed it, to look at, change, and be asked again. */
export function manageRules(host: RulesHost): void {
	const pick = vscode.window.createQuickPick<RuleItem>();
	pick.title = vscode.l10n.t("What You Allowed");
	pick.placeholder = vscode.l10n.t("Select one to change it, or to be asked again");
	pick.matchOnDescription = true;
	const show = () => {
		pick.items = itemsOf(rowsOf(host));
	};
	show();
	pick.onDidTriggerItemButton(async ({ item, button }) => {
		if (button !== EDIT) await item.row?.change();
		else if (item.row) return editThen(host, item.row);
		show();
	});
	pick.onDidAccept(async () => {
		const [item] = pick.selectedItems;
		pick.hide();
		if (item?.all) await removeAll(host);
		else if (item?.row) await act(host, item.row);
	});
	pick.onDidHide(() => pick.dispose());
	pick.show();
}

const EDIT: vscode.QuickInputButton = {
	iconPath: new vscode.ThemeIcon("edit"),
	tooltip: vscode.l10n.t("Change its words"),
};
const REMOVE: vscode.QuickInputButton = {
	iconPath: new vscode.ThemeIcon("trash"),
	tooltip: vscode.l10n.t("Ask Again"),
};

function itemsOf(rows: readonly RuleRow[]): readonly RuleItem[] {
	if (rows.length === 0)
		return [
			{
				label: vscode.l10n.t("You allowed nothing beyond what the mode lets run."),
				detail: vscode.l10n.t("“Stop asking…” on a call that waits for you allows more, and so does a setting."),
			},
		];
	const items = Object.entries(placeNames()).flatMap(([place, label]): RuleItem[] => {
		const own = rows.filter((row) => row.place === place);
		if (own.length === 0) return [];
		return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...own.map(itemOf)];
	});
	const end = { label: "", kind: vscode.QuickPickItemKind.Separator };
	return [...items, end, { label: `$(trash) ${vscode.l10n.t("Ask Again for Everything…")}`, all: true }];
}

function itemOf(row: RuleRow): RuleItem {
	const buttons = row.written === undefined ? [REMOVE] : [EDIT, REMOVE];
	return { label: row.label, description: row.about, buttons, row };
}

function placeNames(): Readonly<Record<RuleRow["place"], string>> {
	return {
		chat: vscode.l10n.t("in this chat"),
		workspace: vscode.l10n.t("in this workspace"),
		always: vscode.l10n.t("always"),
		settings: vscode.l10n.t("always, in your settings"),
	};
}

/** In the order in which they are shown. */
function rowsOf(host: RulesHost): readonly RuleRow[] {
	const run = host.chats.active;
	const chat = run?.session.chat.rules.map((rule) => rowOf("chat", rule, (other) => changeInChat(run, rule, other)));
	const kept = (["workspace", "always"] as const).flatMap((place) =>
		host.grants.kept(place).map((rule) => rowOf(place, rule, (other) => host.grants.replace(place, rule, other))),
	);
	return [...(chat ?? []), ...kept, ...readSettings().allowedCommands.map(settingRow)];
}

function rowOf(place: Scope, rule: Rule, change: (other?: Rule) => Promise<void>): RuleRow {
	const written = writeCommandRule(rule);
	return {
		place,
		...ruleWords(rule),
		...(written !== undefined && { written }),
		change: async (text) => {
			const read = text === undefined ? { rule: undefined } : readCommandRule(text);
			if ("rule" in read) await change(read.rule);
		},
	};
}

function settingRow(written: string): RuleRow {
	const read = readCommandRule(written);
	const words = "rule" in read ? ruleWords(read.rule) : { label: shown(written), about: inWords(read.trouble) };
	const change = async (text?: string) => {
		const entries = readSettings().allowedCommands.flatMap((each) => (each === written ? (text ?? []) : each));
		await writeSetting("allowedCommands", entries);
	};
	return { place: "settings", ...words, written, change };
}

/** What the person took back stays so, whatever moment the chat goes back to. */
async function changeInChat({ session }: ChatRun, rule: Rule, other?: Rule): Promise<void> {
	await session.record(({ rules }) => ({
		type: "allowed",
		rules: rules.flatMap((each) => (isSameRule(each, rule) ? (other ?? []) : each)),
	}));
}

function ruleWords(rule: Rule): Pick<RuleRow, "label" | "about"> {
	if ("edits" in rule)
		return { label: vscode.l10n.t("All edits in the workspace"), about: vscode.l10n.t("but for protected files") };
	if ("words" in rule)
		return { label: shown(rule.words.join(" ")), about: vscode.l10n.t("every command that begins with these words") };
	if ("origin" in rule) return { label: shown(rule.origin), about: vscode.l10n.t("fetching from there") };
	if ("folder" in rule) return { label: shown(rule.folder), about: vscode.l10n.t("reading files in it") };
	if ("tool" in rule) {
		const about = rule.reads
			? vscode.l10n.t("this tool of a server, in Plan mode too")
			: vscode.l10n.t("this tool of a server");
		return { label: shown(`${rule.server}: ${rule.tool}`), about };
	}
	const about = rule.cwd === undefined ? "" : vscode.l10n.t("in {0}", shown(rule.cwd));
	return { label: shown(rule.command), about: `${vscode.l10n.t("this exact command")} ${about}`.trimEnd() };
}

/** By keyboard alone. */
async function act(host: RulesHost, row: RuleRow): Promise<void> {
	const edit = { label: `$(edit) ${vscode.l10n.t("Change Its Words…")}`, run: () => editThen(host, row) };
	const remove = {
		label: `$(trash) ${vscode.l10n.t("Ask Again")}`,
		run: async () => {
			await row.change();
			manageRules(host);
		},
	};
	const actions = row.written === undefined ? [remove] : [edit, remove];
	const action = await vscode.window.showQuickPick(actions, { title: `${row.label} · ${row.about}` });
	await action?.run();
}

/** Asks for other words, and comes back to the list. */
async function editThen(host: RulesHost, row: RuleRow): Promise<void> {
	const written = await vscode.window.showInputBox({
		title: vscode.l10n.t("What may run unasked?"),
		prompt: vscode.l10n.t("A whole command, or the words that it begins with and a *, such as npm test *"),
		value: row.written ?? "",
		validateInput: meaning,
	});
	if (written !== undefined && "rule" in readCommandRule(written)) await row.change(written.trim());
	manageRules(host);
}

/** What is typed would mean, or why it is no rule. */
function meaning(text: string): vscode.InputBoxValidationMessage {
	const read = readCommandRule(text);
	if ("trouble" in read)
		return { message: plain(inWords(read.trouble)), severity: vscode.InputBoxValidationSeverity.Error };
	const { label, about } = ruleWords(read.rule);
	return { message: `${label}: ${about}`, severity: vscode.InputBoxValidationSeverity.Info };
}

async function removeAll(host: RulesHost): Promise<void> {
	const yes = vscode.l10n.t("Ask Again");
	const question = vscode.l10n.t("Ask again for everything that you allowed?");
	const detail = vscode.l10n.t("In this chat, in this workspace, always, and in your settings.");
	const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, yes);
	if (answer !== yes) return;
	for (const row of rowsOf(host)) await row.change();
}
