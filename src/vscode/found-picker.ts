import * as vscode from "vscode";
import { usualPorts } from "../model/discover.ts";
import { presetOf } from "../model/presets.ts";
import { type ChoosingHost, useFound } from "./choose.ts";
import type { Discovery } from "./discovery.ts";
import { plain } from "./plain.ts";
import { untrusted } from "./trust.ts";

/** Looks for servers on this machine and chooses among those that answer. */
export async function pickFound(host: ChoosingHost & { readonly discovery: Discovery }): Promise<boolean> {
	const off = untrusted();
	if (off) {
		void vscode.window.showWarningMessage(off.message);
		return false;
	}
	const title = vscode.l10n.t("Looking for servers on this machine…");
	const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
		host.discovery.look(),
	);
	if (found.length === 0) {
		const ports = usualPorts.map(({ port }) => port).join(", ");
		void vscode.window.showInformationMessage(
			vscode.l10n.t("No server answers on this machine on the ports {0}. Start one, or add its address.", ports),
		);
		return false;
	}
	const rows = found.map((server) => ({
		label: presetOf(server.preset).name,
		description: [plain(server.model), URL.parse(server.baseUrl)?.host].filter(Boolean).join(" · "),
		server,
	}));
	const row = await vscode.window.showQuickPick(rows, { title: vscode.l10n.t("Found on this machine") });
	return row ? useFound(host, row.server) : false;
}
