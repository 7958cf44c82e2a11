import * as vscode from "vscode";
import { visible } from "../../shared/visible.ts";
import type { Configured } from "./files.ts";
import type { McpServers } from "./servers.ts";
import { textsOf, variablesOf } from "./variables.ts";
import { nameOf } from "./words.ts";

/** Characters and lines that VS Code's question shows at once: nobody agrees to what they can't see. */
const MOST_SHOWN = 1500;
const MOST_LINES = 30;

/** Turns on a server of the workspace once the person has seen all of it. True when they agreed. */
export async function askToEnable(servers: McpServers, server: Configured): Promise<boolean> {
	const question = vscode.l10n.t("Turn on the MCP server “{0}” of this workspace?", nameOf(server));
	const detail = entryWords(server);
	const open = vscode.l10n.t("Open the File");
	const at = () => servers.files.open(server.file, server.entry.line);
	if (detail.length > MOST_SHOWN || detail.split("\n").length > MOST_LINES) {
		const words = vscode.l10n.t(
			"The MCP server “{0}” can't be turned on: its entry is too long to be shown.",
			nameOf(server),
		);
		if ((await vscode.window.showErrorMessage(words, open)) === open) await at();
		return false;
	}
	const turnOn = vscode.l10n.t("Turn On");
	const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, turnOn, open);
	if (answer === open) await at();
	if (answer !== turnOn) return false;
	await servers.turn(server, true);
	return true;
}

/** All that the person's word is about. */
function entryWords({ folder, entry: { template, envFile, inputs } }: Configured): string {
	const lines: string[] = [];
	const list = (title: string, values: readonly string[]) => {
		if (values.length > 0) lines.push("", title, ...values.map((value) => visible(value)));
	};
	if (template.type === "http") {
		lines.push(vscode.l10n.t("It is reached at this address:"), visible(template.url));
		list(vscode.l10n.t("With these headers:"), pairs(template.headers, ": "));
	} else {
		const words = [template.command, ...template.args].map(quoted).join(" ");
		lines.push(vscode.l10n.t("This command runs on your machine, with your rights:"), visible(words));
		// `npx` takes what the folder has under the name of a package.
		list(
			vscode.l10n.t("In this folder:"),
			[template.cwd ?? folder].flatMap((each) => each ?? []),
		);
		list(vscode.l10n.t("With these environment variables:"), pairs(template.env, "="));
		list(vscode.l10n.t("And all those in this file:"), envFile === undefined ? [] : [envFile]);
	}
	const own = variablesOf(textsOf(template)).flatMap(({ kind, of }) => (kind === "env" ? [of] : []));
	list(vscode.l10n.t("It gets these of your own environment variables:"), own);
	list(
		vscode.l10n.t("You will be asked for:"),
		inputs.map(({ id, description }) => description ?? id),
	);
	lines.push("", vscode.l10n.t("When any of this changes, it is off until you turn it on again."));
	return lines.join("\n");
}

const pairs = (values: Readonly<Record<string, string>>, between: string) =>
	Object.entries(values).map(([name, value]) => `${name}${between}${value}`);

const quoted = (word: string) => (/^[^\s"'\\]+$/.test(word) ? word : JSON.stringify(word));
