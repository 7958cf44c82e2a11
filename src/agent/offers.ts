import type { Rule } from "../shared/rule.ts";
import { offeredWords } from "./command-words.ts";
import { folderToOffer, isOutside } from "./outside.ts";
import { type ForeignEffect, type PlannedCall, type PolicyState, rule } from "./policy.ts";

/**
 * What a person may allow beyond one call, the narrowest first. An offer that would not let this very call run is none:
 * what always asks asks again, whatever they chose.
 * @param home real path of the person's own folder
 */
export function offersFor(call: PlannedCall, state: PolicyState, home: string | undefined): readonly Rule[] {
	const helps = (offer: Rule) =>
		rule(call, { ...state, grants: [...state.grants, { rule: offer, scope: "chat" }] }).verdict === "allow";
	return candidates(call, home).filter(helps);
}

/** Of a call that does one kind of thing: of several, which one a rule would be about is a guess. */
function candidates({ effects, command, cwd }: PlannedCall, home: string | undefined): readonly Rule[] {
	const [effect] = effects;
	if (!effect) return [];
	if ("read" in effect && effects.length === 1) return foldersOf(effect.read, home);
	if (effects.every((each) => "read" in each || "write" in each)) return [{ edits: true }];
	if (effects.length > 1) return [];
	if ("net" in effect) return [{ origin: effect.net }];
	if ("tool" in effect) return foreignOffers(effect);
	if (!("exec" in effect)) return [];
	const exact = { command: effect.exec, ...(cwd !== undefined && cwd !== "." && { cwd }) };
	return [exact, ...wordsOf(command)];
}

/** That it only reads is the server's word: whether that is enough for Plan mode is the person's to say. */
function foreignOffers({ server, tool, from, saysItReads }: ForeignEffect): readonly Rule[] {
	const offer = { server, tool, from };
	return saysItReads ? [offer, { ...offer, reads: true }] : [offer];
}

function foldersOf(read: string, home: string | undefined): readonly Rule[] {
	const folder = isOutside(read) ? folderToOffer(read, home) : undefined;
	return folder === undefined ? [] : [{ folder }];
}

/** Only where one program of the line is not harmless by itself. */
function wordsOf(command: PlannedCall["command"]): readonly Rule[] {
	if (!command || !("commands" in command)) return [];
	const [only, ...others] = command.commands.filter(({ trouble }) => trouble !== undefined);
	const words = only && others.length === 0 ? offeredWords(only.words) : undefined;
	return words ? [{ words: [...words] }] : [];
}
