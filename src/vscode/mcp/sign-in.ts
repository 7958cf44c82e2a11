import * as vscode from "vscode";
import { isLoopback } from "../../model/endpoint.ts";
import type { McpSignInHost } from "../../node/mcp/server.ts";
import { visible } from "../../shared/visible.ts";
import { inWords } from "../in-words.ts";
import { plain, shown } from "../plain.ts";
import type { Slot } from "./secrets.ts";

/** What signing in to a server takes. `slot`: for its tokens. */
export function createSignIn(slot: Slot, name: string): McpSignInHost {
	return {
		open: (page) => openPage(name, page),
		reach: async (loopback) => {
			const reached = await vscode.env.asExternalUri(vscode.Uri.parse(loopback, true));
			return reached.toString(true);
		},
		inWords,
		load: () => slot.get(),
		save: (secret) => slot.set(secret),
	};
}

/** The server says where its page is: the person sees whose it is before it opens. */
async function openPage(name: string, page: string): Promise<boolean> {
	const url = URL.parse(page);
	if (url?.username !== "" || url.password !== "") return false;
	if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(page))) return false;
	const open = vscode.l10n.t("Open {0}", plain(url.host));
	const question = vscode.l10n.t("Sign in to the MCP server “{0}” at {1}?", shown(name), plain(url.host));
	const where = vscode.l10n.t("The server names this page. Sign in there only if you know it:");
	const options = { modal: true, detail: `${where}\n\n${visible(url.origin + url.pathname)}` };
	if ((await vscode.window.showInformationMessage(question, options, open)) !== open) return false;
	// As text: a Uri would be written anew, and what is encoded in it twice would not survive.
	return vscode.env.openExternal(page as unknown as vscode.Uri);
}
