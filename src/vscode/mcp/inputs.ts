import * as vscode from "vscode";
import * as z from "zod/mini";
import { parseJson } from "../../model/json.ts";
import { shown } from "../plain.ts";
import type { McpInput } from "./config.ts";
import type { Configured } from "./files.ts";
import type { McpSecrets } from "./secrets.ts";

/** Values by the ids of inputs. */
export type Values = Readonly<Record<string, string>>;

/** What the person typed for `${input:…}`. */
export class McpInputs {
	readonly #secrets: McpSecrets;

	constructor(secrets: McpSecrets) {
		this.#secrets = secrets;
	}

	/** All that a server needs; undefined where the person was not asked for one yet. */
	async values(server: Configured): Promise<Values | undefined> {
		if (server.entry.inputs.length === 0) return {};
		const kept = await this.#kept(server);
		return server.entry.inputs.every(({ id }) => Object.hasOwn(kept, id)) ? kept : undefined;
	}

	/** Asks for what is missing, or for all of it. False where the person left. */
	async ask(server: Configured, all = false): Promise<boolean> {
		let kept = await this.#kept(server);
		for (const input of server.entry.inputs) {
			if (!all && Object.hasOwn(kept, input.id)) continue;
			const value = await askFor(input, server.entry.name);
			if (value === undefined) return false;
			kept = { ...kept, [input.id]: value };
			await this.#secrets.inputs(server).set(JSON.stringify(kept));
		}
		return true;
	}

	async #kept(server: Configured): Promise<Values> {
		const text = await this.#secrets.inputs(server).get();
		const { data } = z.record(z.string(), z.string()).safeParse(parseJson(text ?? "{}"));
		return data ?? {};
	}
}

async function askFor(input: McpInput, server: string): Promise<string | undefined> {
	const title = vscode.l10n.t("For the MCP server “{0}”", shown(server));
	const prompt = shown(input.description ?? input.id);
	if (input.type === "promptString")
		return vscode.window.showInputBox({
			title,
			prompt: `${prompt} ${vscode.l10n.t("(kept in VS Code's secret storage)")}`,
			value: input.default ?? "",
			password: input.password ?? false,
			ignoreFocusOut: true,
		});
	const items = input.options.map((option) => {
		const { value, label = value } = typeof option === "string" ? { value: option } : option;
		const description = label === value ? "" : shown(value);
		return { label: shown(label), description, value };
	});
	const picked = await vscode.window.showQuickPick(items, { title, placeHolder: prompt, ignoreFocusOut: true });
	return picked?.value;
}
