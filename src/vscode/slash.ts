import * as vscode from "vscode";
import { findSlash, type Slash, type SlashRow } from "../shared/slash.ts";
import type { App } from "./app.ts";
import type { ChatRun } from "./chat-run.ts";
import { compactChat } from "./compact.ts";

/** What a command was called with. `now`: said at the next step of a turn that runs, where it is said at all. */
interface SlashCall extends Slash {
	readonly now: boolean;
}

interface BuiltIn extends SlashRow {
	run(app: App, run: ChatRun | undefined, call: SlashCall): unknown;
}

/** All that are built in, in the order of the list. */
function builtIn(): readonly BuiltIn[] {
	const command = (name: string) => () => vscode.commands.executeCommand(`kimiK2.${name}`);
	const prompt = (words: string) => (app: App, run: ChatRun | undefined, call: SlashCall) =>
		say(app, run, call.rest === "" ? words : `${words}\n\n${call.rest}`, call.now);
	const { t } = vscode.l10n;
	return [
		{ name: "new", about: t("Begin a new chat"), run: command("newChat") },
		{ name: "plan", about: t("Plan first: read only"), takes: t("what to plan"), run: plan },
		{
			name: "compact",
			about: t("Shorten what is sent of the chat"),
			takes: t("what to keep"),
			run: (app, run, { rest }) => compactChat(app, run, rest),
		},
		{
			name: "review",
			about: t("Review your uncommitted changes"),
			takes: t("what matters"),
			run: prompt(reviewWords()),
		},
		{
			name: "commit",
			about: t("Write a commit message, ask you, then commit"),
			takes: t("what to say"),
			run: prompt(commitWords()),
		},
		{
			name: "init",
			about: t("Write an AGENTS.md for this project"),
			takes: t("what to say"),
			run: prompt(initWords()),
		},
		{ name: "verify", about: t("Try whether the model suits an agent"), run: command("verify") },
		{ name: "export", about: t("Save the chat to a file"), run: command("exportChat") },
		{ name: "model", about: t("Switch the model"), run: command("switchModel") },
		{ name: "mcp", about: t("Servers that give Kimi more tools"), run: command("mcpServers") },
		{ name: "help", about: t("Show all commands"), run: help },
	];
}

function reviewWords(): string {
	return vscode.l10n.t(
		"Review my uncommitted changes: staged, unstaged and new files. Look for bugs, missing tests, security holes, and what could be simpler. Change nothing. List what you find by weight, each with file and line, and say so if there is nothing.",
	);
}

function commitWords(): string {
	return vscode.l10n.t(
		"Look at my uncommitted changes and at the style of the last commits. Show me the commit message that you propose and the files that belong to it, and wait for my answer. Commit only once I agreed, and do not push.",
	);
}

function initWords(): string {
	return vscode.l10n.t(
		"Write an AGENTS.md in the project's folder for agents that work here: what the project is, how to build, test and lint it, how it is laid out, its style, and what to leave alone. Find that out from the project itself, try the commands that you name, and keep it under 60 lines. If there is one already, improve it.",
	);
}

/** Words do not change while VS Code runs, and the view is told of these rows often. */
let rows: readonly SlashRow[] | undefined;

function builtInRows(): readonly SlashRow[] {
	rows ??= builtIn().map(({ run: _run, ...row }) => row);
	return rows;
}

/** What the composer's list offers: what is built in counts before what the project calls the same. */
export function slashRows({ projectCommands }: App): readonly SlashRow[] {
	const own = projectCommands.rows().filter(({ name }) => !findSlash(builtInRows(), name));
	return [...builtInRows(), ...own];
}

/** What the person wrote as a command; words that name none are said as they are. */
export async function runSlash(app: App, run: ChatRun | undefined, call: SlashCall): Promise<void> {
	const row = findSlash(builtInRows(), call.name);
	const found = builtIn().find(({ name }) => name === row?.name);
	if (found) await found.run(app, run, call);
	else await sayOwn(app, run, call);
}

async function sayOwn(app: App, run: ChatRun | undefined, { name, rest, now }: SlashCall): Promise<void> {
	const typed = `/${name} ${rest}`.trim();
	const text = await app.projectCommands.textOf(name, rest);
	if (text !== undefined) return await say(app, run, text ?? typed, now);
	app.compose(typed);
	app.announce(vscode.l10n.t("The file of /{0} is gone, empty or too long.", name));
}

async function say(app: App, run: ChatRun | undefined, text: string, now: boolean): Promise<void> {
	if (run?.running) await app.queue(run, { do: "add", text, ...(now && { steer: true }) });
	else await app.send(text);
}

async function plan(app: App, run: ChatRun | undefined, { rest, now }: SlashCall): Promise<void> {
	await app.setMode("plan");
	if (rest !== "") await say(app, run, rest, now);
	else app.announce(vscode.l10n.t("Mode Plan: Kimi reads only, and puts a plan to you."));
}

async function help(app: App): Promise<void> {
	const items = slashRows(app).map(({ name, about, takes = "" }) => ({
		label: `/${name}`,
		description: takes,
		detail: about,
	}));
	const picked = await vscode.window.showQuickPick(items, {
		title: vscode.l10n.t("Commands of the chat"),
		matchOnDetail: true,
	});
	if (picked) app.compose(`${picked.label} `);
	app.view.focus();
}
