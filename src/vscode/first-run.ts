import * as vscode from "vscode";
import type { FoundServer } from "../model/discover.ts";
import { presetOf, presets } from "../model/presets.ts";
import type { ViewState } from "../shared/protocol.ts";

/**
 * What the first-run screen offers: what was found on this machine, then the usual choices without the kinds of server
 * that were found; the picker has them all.
 * @param found undefined until the first look is over
 */
export function firstRunChoices(found: readonly FoundServer[] | undefined): Pick<ViewState, "presets" | "found"> {
	const offered = presets.filter(({ id, more }) => !more && !found?.some(({ preset }) => preset === id));
	const rows = found?.map(({ preset, baseUrl, model }) => ({
		preset,
		baseUrl,
		model,
		name: presetOf(preset).name,
		host: URL.parse(baseUrl)?.host ?? "",
	}));
	return {
		presets: offered.map(({ id, name, about, group }) => ({ id, name, about: vscode.l10n.t(about), group })),
		...(rows && { found: rows }),
	};
}
