import type { Around } from "./completion-prompt.ts";
import { withoutRepeats } from "./completion-trim.ts";

/** Suggestions that were made, found again where the person types what they say. */
export interface SuggestionCache {
	/** `document`: any name that tells texts apart. Empty: it is known that nothing is to be suggested there. */
	find(document: string, around: Around): string | undefined;
	/** Empty suggestions too: the same question is not asked again. */
	keep(document: string, around: Around, suggestion: string): void;
	clear(): void;
}

interface Kept {
	readonly document: string;
	/** Where it was made. */
	readonly at: number;
	/** What stood around it. */
	readonly before: string;
	readonly after: string;
	readonly suggestion: string;
}

const MAX_KEPT = 50;
/** As much of the surroundings as tells two places apart, in characters. */
const BEFORE = 1000;
const AFTER = 300;

/** A bracket or quote that editors close by themselves. */
const CLOSED = /^[)\]}>"'`]$/;

export function createSuggestionCache(): SuggestionCache {
	const kept: Kept[] = [];
	return {
		find(document, around) {
			for (const each of kept) {
				const rest = each.document === document ? restOf(each, around) : undefined;
				if (rest !== undefined) return rest;
			}
			return undefined;
		},
		keep(document, { before, after }, suggestion) {
			const near = { before: before.slice(-BEFORE), after: after.slice(0, AFTER) };
			kept.unshift({ document, at: before.length, ...near, suggestion });
			kept.length = Math.min(kept.length, MAX_KEPT);
		},
		clear() {
			kept.length = 0;
		},
	};
}

/** What is left of a suggestion where its beginning was typed. */
function restOf({ at, before, after, suggestion }: Kept, now: Around): string | undefined {
	const typed = now.before.length - at;
	if (typed < 0 || typed > suggestion.length || (typed === suggestion.length && typed > 0)) return undefined;
	if (!now.before.endsWith(before + suggestion.slice(0, typed))) return undefined;
	const rest = suggestion.slice(typed);
	const nowAfter = now.after.slice(0, AFTER + 1);
	if (nowAfter.slice(0, AFTER) === after) return rest;
	const isClosed = typed > 0 && CLOSED.test(nowAfter[0] ?? "") && nowAfter.slice(1).startsWith(after);
	return isClosed ? withoutRepeats(rest, now) : undefined;
}
