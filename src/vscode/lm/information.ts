import type * as vscode from "vscode";
import { type Known, resolveCapabilities } from "../../model/capabilities.ts";
import { addressOf, titleOf } from "../../model/profile.ts";
import type { Profile } from "../../shared/settings.ts";

/** The smallest window of any Kimi K2, for what nobody told us the window of. */
const USUAL_WINDOW = 131_072;

/** The name of a profile among our models; the flat settings are the one without a name. */
export function modelIdOf({ name }: Pick<Profile, "name">): string {
	return name === "" ? "endpoint" : `profile:${name}`;
}

/** A profile as VS Code's own chat lists it, with all that is known without asking its server. */
export function informationOf(profile: Profile, known: Known): vscode.LanguageModelChatInformation {
	const { model, facts } = known;
	const { contextTokens, images, maxOutputTokens: most } = resolveCapabilities(known);
	const window = contextTokens || USUAL_WINDOW;
	// The two share the window.
	const maxOutputTokens = Math.min(most, Math.floor(window / 4));
	const host = URL.parse(addressOf(profile))?.host ?? "";
	return {
		id: modelIdOf(profile),
		name: profile.name || model || titleOf(profile),
		family: model.toLowerCase().split(/[/\\]/).at(-1)?.split(":")[0] || "unknown",
		version: model || "unknown",
		detail: host,
		tooltip: model === "" ? host : `${model} · ${host}`,
		maxInputTokens: window - maxOutputTokens,
		maxOutputTokens,
		capabilities: { toolCalling: facts?.verified?.verdict !== "unsuitable", imageInput: images },
	};
}
