import * as vscode from "vscode";
import type { Result } from "../agent/ports.ts";
import { isLoopback } from "../model/endpoint.ts";
import { addressOf, freeName, readProfile, titleOf } from "../model/profile.ts";
import type { Profile } from "../shared/settings.ts";
import { type ChoosingHost, offerKey, useProfile } from "./choose.ts";
import { plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";
import { putProfiles, takenNames } from "./profiles.ts";

const SECRETS = /key|token|secret|passw|auth|credential/i;
const MAX_NAME = 60;

/**
 * `vscode://kimi-k2-agent.kimi-k2-agent/add-endpoint?name=…&baseUrl=…&model=…&preset=…`: any web page can offer such a
 * link, so nothing happens before the person has seen the whole address, and a key is never taken from it.
 */
export async function addFromLink(host: ChoosingHost, uri: vscode.Uri): Promise<void> {
	const read = readLink(uri);
	if (!read.ok) {
		void vscode.window.showErrorMessage(plainWords(read.failure));
		return;
	}
	const profile = read.value;
	const use = vscode.l10n.t("Add and use");
	const question = vscode.l10n.t(
		"A link wants to add {0} as the endpoint “{1}”.",
		hostOf(profile),
		plain(profile.name),
	);
	const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: detailOf(profile) }, use);
	if (answer !== use) return;
	if (!(await offerKey(host, profile))) return;
	if (await putProfiles([profile])) await useProfile(host, profile);
}

/** The profile that a link describes, under a free name. */
function readLink({ path, query }: vscode.Uri): Result<Profile> {
	const parameters = new URLSearchParams(query);
	if (path !== "/add-endpoint") return wrong(vscode.l10n.t("This link asks for nothing that Kimi K2 Agent can do."));
	if ([...parameters.keys()].some((name) => SECRETS.test(name)))
		return wrong(
			vscode.l10n.t("A link must not carry an API key, so it was not used. Add the endpoint, then enter the key."),
		);
	const given = (name: string) => parameters.get(name) ?? undefined;
	const value = { baseUrl: given("baseUrl"), model: given("model"), preset: given("preset") };
	const read = readProfile({ ...value, name: "Link" });
	if (!read.ok) return read;
	const name =
		plain(given("name") ?? "")
			.trim()
			.slice(0, MAX_NAME) || titleOf({ ...read.value, name: "" });
	return { ok: true, value: { ...read.value, name: freeName(name, takenNames()) } };
}

function wrong(message: string): Result<never> {
	return { ok: false, failure: { code: "bad-endpoint", message } };
}

/** Where it really is, whatever it calls itself. */
function hostOf(profile: Profile): string {
	return plain(URL.parse(addressOf(profile))?.host ?? titleOf({ ...profile, name: "" }));
}

function detailOf(profile: Profile): string {
	const address = addressOf(profile);
	const lines = [
		vscode.l10n.t("Your prompts and code would go to {0}", plain(address)),
		profile.model === "" ? "" : vscode.l10n.t("Model: {0}", plain(profile.model)),
		vscode.l10n.t("Add it only if you know this server and trust it."),
	];
	if (address.startsWith("http:") && !isLoopback(address))
		lines.push(vscode.l10n.t("The connection is not encrypted: others on the way can read everything."));
	return lines.filter(Boolean).join("\n\n");
}
