import { resolveCapabilities } from "../capabilities.ts";
import { bodyJson, buildBody } from "../request.ts";
import { probes } from "./probes.ts";
import {
	budgetOf,
	canBeTooLong,
	contextTold,
	type QuestionName,
	questions,
	requestOf,
	type Target,
} from "./questions.ts";

/** What a run takes where no request is made twice; of the tokens most take a third. */
export interface Estimate {
	readonly requests: number;
	/** With those that are made again, mended or after a failure: the run ends before it makes one more. */
	readonly mostRequests: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** US dollars; absent without prices. */
	readonly cost?: number;
	/** Seconds at a usual speed. */
	readonly seconds: number;
}

/** JSON in English has more. */
const CHARS_PER_TOKEN = 3;
/** Of a hosted model. */
const TOKENS_PER_SECOND = 60;
/** Models seldom use up what they may think. */
const USED_SHARE = 0.35;
const SECONDS_PER_REQUEST = 1.5;

/** Counts the questions that the probes may ask, each once. `prices`: dollars for a million tokens. */
export function estimate(target: Target, prices = target.server?.price): Estimate {
	const capabilities = resolveCapabilities(target);
	const state = { target, capabilities, contextTold: contextTold(target, {}) };
	const canOverflow = canBeTooLong(state);
	const asked = [...new Set(probes.flatMap(({ asks }) => asks))].filter(
		(name) => name !== (canOverflow ? "too many tokens" : "too long"),
	);
	const size = (name: QuestionName) => {
		const body = buildBody(requestOf(name, true), target.model, capabilities);
		return bodyJson({ ...body, ...questions[name].fields?.(state) }).length;
	};
	const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
	const inputTokens = Math.ceil(sum(asked.map(size)) / CHARS_PER_TOKEN);
	const outputTokens = sum(asked.map((name) => budgetOf(name, capabilities)));
	// And the list of models.
	const requests = asked.length + 1;
	return {
		requests,
		mostRequests: 2 * requests,
		inputTokens,
		outputTokens,
		...(prices && { cost: (inputTokens * prices.input + outputTokens * prices.output) / 1_000_000 }),
		seconds: Math.round(requests * SECONDS_PER_REQUEST + (outputTokens * USED_SHARE) / TOKENS_PER_SECOND),
	};
}
