import type { FailureCode } from "../shared/failure.ts";
import { say } from "../shared/said.ts";
import type { Endpoint } from "./endpoint.ts";
import {
	ABOVE_RATE,
	BODY,
	CONTEXT,
	EMPTY,
	IMAGE,
	NO_MODEL,
	QUOTA,
	RATE,
	SCHEMA,
	STRUCTURE,
} from "./refusal-patterns.ts";
import { vendorAt } from "./vendors.ts";

/** A server's refusal, as far as it could be read. */
export interface Refusal {
	/** HTTP status, or the code in an error body that came with 200; undefined when neither is known. */
	readonly status: number | undefined;
	/** Everything the server said, for patterns. */
	readonly words: string;
	/** Its own sentence. */
	readonly said: string;
	/** How long it asks to wait, in milliseconds. */
	readonly waitMs?: number | undefined;
	readonly endpoint: Endpoint;
	/** Host and port. */
	readonly host: string;
	readonly model: string;
}

/**
 * One kind of refusal. The first row whose status, host and pattern all fit gives the code; what follows from the code
 * (tried again by itself or not, which buttons) is in `remedies.ts`.
 */
interface Row {
	/** Any of these; a pair is a range with both ends. 200: the error came inside of an answer. Absent: any status. */
	readonly status?: readonly (number | readonly [number, number])[];
	/** Searched in everything the server said. */
	readonly words?: RegExp;
	/** Tested against the host of the base URL. */
	readonly host?: RegExp;
	/** Only where it tells how long to wait. */
	readonly waits?: true;
	readonly code: FailureCode;
	/** What happened, and what to do about it. */
	readonly sentence: (refusal: Refusal) => string;
}

const authSentence = ({ endpoint, host }: Refusal): string =>
	endpoint.key
		? say(
				"{0} did not accept the key. Check it, or set another one.{1}",
				endpoint.name,
				vendorAt(endpoint.baseUrl)?.keys ?? "",
			)
		: say("{0} wants a key, and none is set. Set one for {1}.", endpoint.name, host);

/** Where servers speak of money. */
const MONEY: Row["status"] = [200, 400, 402, 403, 429];

const emptySentence = ({ endpoint }: Refusal): string =>
	say(
		"Your account at {0} has no credit or quota left. Waiting does not help: top it up and try again, or switch the endpoint.",
		endpoint.name,
	);

const rateSentence = ({ endpoint }: Refusal): string =>
	say("{0} asks for fewer requests. Wait a little and try again.", endpoint.name);

/** The server's own words, as the end of a sentence. */
const saying = (said: string): string => (said === "" ? say(".") : say(": {0}.", said));

const bodySentence = ({ host }: Refusal): string =>
	say(
		"{0} takes no request as large as this chat has become. If the proxy there is yours, raise its limit (nginx: client_max_body_size); else begin a new chat, or name fewer and smaller files.",
		host,
	);

const overloadedSentence = ({ endpoint, status, said }: Refusal): string =>
	say(
		"{0} can't answer now{1} Try again in a moment.",
		endpoint.name,
		`${status === undefined ? "" : ` (${status})`}${saying(said)}`,
	);

/** In order. Patterns come before bare statuses, since servers use statuses loosely. */
export const rows: readonly Row[] = [
	{ status: [401], code: "auth", sentence: authSentence },
	{
		words: /invalid_authentication|incorrect_api_key|invalid[ _]api[ _]key|api key not valid|no auth credentials/i,
		// In a 5xx it is the gateway's own key.
		status: [200, [400, 403], 429],
		code: "auth",
		sentence: authSentence,
	},

	// An empty account, and limits that wait. Both may speak of plans and link to the page for billing.
	{ words: EMPTY, status: MONEY, code: "no-credit", sentence: emptySentence },
	{
		words: ABOVE_RATE,
		status: [413, 429],
		code: "context",
		sentence: ({ endpoint, said }) =>
			say(
				"This chat is larger than what {0} lets you send in a minute{1} Begin a new chat, or extend the plan.",
				endpoint.name,
				saying(said),
			),
	},
	{ words: RATE, status: [200, 403, 429], code: "rate-limit", sentence: rateSentence },

	// Subscriptions.
	{
		words: /usage limit|billing cycle|quota will (be refreshed|reset)/i,
		status: [402, 403, 429],
		code: "plan",
		sentence: ({ endpoint, said }) =>
			say(
				"The limit of your plan at {0} is reached{1} Extend the plan, switch the endpoint, or try again in the next cycle.",
				endpoint.name,
				saying(said),
			),
	},
	{
		words: /membership|subscription/i,
		status: [402, 403],
		code: "plan",
		sentence: ({ endpoint, said }) =>
			say(
				"Your plan at {0} does not cover this{1} Check the plan, or switch the endpoint.",
				endpoint.name,
				saying(said),
			),
	},
	{
		words: /access_terminated_error/i,
		code: "plan",
		sentence: ({ endpoint }) =>
			say(
				"{0} lets only the clients on its own list in, and this one is not on it. Switch the endpoint: a Moonshot platform key works here.",
				endpoint.name,
			),
	},

	// Credit.
	{
		words: /fewer max_tokens|can only afford/i,
		code: "budget",
		sentence: ({ endpoint, said }) =>
			say(
				"The credit left at {0} covers {1}. Lower kimiK2.maxTokens to that, or top up the account.",
				endpoint.name,
				affordable(said),
			),
	},
	{ words: QUOTA, waits: true, status: [429], code: "rate-limit", sentence: rateSentence },
	{ words: QUOTA, status: MONEY, code: "no-credit", sentence: emptySentence },
	{
		status: [402],
		code: "no-credit",
		sentence: ({ endpoint, said }) =>
			say(
				"{0} wants payment{1} Top up the account and try again, or switch the endpoint.",
				endpoint.name,
				saying(said),
			),
	},

	// What is wrong with the request.
	{
		words: STRUCTURE,
		status: [200, 400, 422, 500],
		code: "structure",
		sentence: ({ endpoint, said }) =>
			say(
				"{0} does not take this chat as it stands{1} Begin a new chat, or try again with another model.",
				endpoint.name,
				saying(said),
			),
	},
	{
		words: SCHEMA,
		// llama.cpp answers 500.
		status: [200, 400, 422, 500],
		code: "schema",
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} does not take the description of a tool${saying(said)} Switch the endpoint, or report this with the log.`,
	},
	{
		words: IMAGE,
		status: [200, 400, 404, 413, 415, 422, 500],
		code: "image",
		sentence: ({ model, said }) =>
			say(
				"{0} does not take this image{1} Choose a model that reads images, or begin a new chat without it.",
				model,
				saying(said),
			),
	},
	{
		words: CONTEXT,
		status: [200, 400, 413, 422, [500, 599]],
		code: "context",
		sentence: ({ model }) =>
			say("The chat is longer than {0} can read. Begin a new chat, or name fewer and smaller files.", model),
	},
	{ words: BODY, status: [400, 413], code: "context", sentence: bodySentence },
	{ status: [413], code: "context", sentence: bodySentence },
	{
		words: /content[ _-]?filter|high risk|content_policy|flagged_input|moderation/i,
		status: [200, [400, 403], 422],
		code: "content-filter",
		sentence: ({ endpoint }) =>
			say("{0} refused this text by its content rules. Say it in other words.", endpoint.name),
	},

	// What is wrong with the model, or with how it is served.
	{
		words: /requires --(enable-auto-tool-choice|tool-call-parser)/i,
		code: "unfit",
		sentence: () =>
			say(
				"The server was started without tool calling. Start vLLM with --enable-auto-tool-choice --tool-call-parser kimi_k2, then try again.",
			),
	},
	{
		words: /requires? --jinja|--jinja flag/i,
		code: "unfit",
		sentence: () =>
			say("The server was started without tool calling. Start llama-server with --jinja, then try again."),
	},
	{
		words: /jinja|chat.?template/i,
		status: [200, 400, 500],
		code: "unfit",
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} can't put this chat into the model's template${saying(said)} Start it with the template that Kimi comes with, or choose another model.`,
	},
	{
		words: /does not support (tools|function)|support tool use|tool (use|calling) is not supported/i,
		code: "unfit",
		sentence: ({ endpoint, model }) =>
			say("{0} at {1} can't call tools, and an agent needs them. Choose another model.", model, endpoint.name),
	},
	{
		words: /requires more (system )?memory|(out of|not enough|insufficient) memory|cudaMalloc failed/i,
		status: [200, 400, [500, 599]],
		code: "unfit",
		sentence: ({ endpoint, model }) =>
			say(
				"The machine behind {0} has too little memory for {1}. Trying again does not help: choose a smaller model, or serve it with a smaller context.",
				endpoint.name,
				model,
			),
	},
	{
		words: /no endpoints (found|available)|no allowed providers|routing requirements/i,
		code: "no-model",
		sentence: ({ endpoint, model }) =>
			say(
				"{0} has no provider for {1} that fits this request and your privacy settings there. Choose another model, or change those settings.",
				endpoint.name,
				model,
			),
	},
	{
		words: /try pulling it first/i,
		code: "no-model",
		sentence: ({ endpoint, model, said }) =>
			say(
				"{0} has no model {1}. Run “ollama pull {2}” in a terminal and try again, or choose another model.",
				endpoint.name,
				model,
				pullable(said, model),
			),
	},
	{
		words: /no models? (is )?(currently )?loaded|model (was |is |has been )?(unloaded|crashed)|model has crashed/i,
		code: "no-model",
		sentence: ({ endpoint }) => say("{0} has no model loaded. Load one there and try again.", endpoint.name),
	},
	{
		words: NO_MODEL,
		status: [200, 400, 403, 404, 410, 422],
		code: "no-model",
		sentence: ({ endpoint, model }) =>
			say(
				"{0} has no model {1}, or your key may not use it. Choose another model from its list.",
				endpoint.name,
				model,
			),
	},

	// By status.
	{
		status: [403],
		code: "forbidden",
		sentence: ({ endpoint, said }) =>
			say("{0} refused this request{1} Check what your key and plan allow.", endpoint.name, saying(said)),
	},
	{
		status: [404],
		code: "not-found",
		sentence: ({ endpoint }) =>
			say("There is no chat API at {0}. Check the base URL: most end in /v1.", endpoint.baseUrl),
	},
	// A limit of the plan is told in the same words there.
	{
		status: [200, 429, 503],
		words: /engine_overloaded|overloaded/i,
		host: /(^|\.)kimi\.(com|ai)$/,
		code: "overloaded",
		sentence: ({ endpoint }) =>
			say(
				"{0} says that it is overloaded; it says so as well when the limit of a plan is reached. Try again in a moment, and look at your plan if that does not help.",
				endpoint.name,
			),
	},
	{ status: [429], words: /engine_overloaded|overloaded/i, code: "overloaded", sentence: overloadedSentence },
	{
		status: [429],
		code: "rate-limit",
		sentence: rateSentence,
	},
	{
		status: [200],
		words: /rate.?limit|too many requests/i,
		code: "rate-limit",
		sentence: rateSentence,
	},
	{
		status: [503],
		words: /loading model/i,
		code: "overloaded",
		sentence: ({ endpoint }) => say("{0} is still loading the model. Try again in a moment.", endpoint.name),
	},
	{ status: [408, 409, 425, [500, 999]], code: "overloaded", sentence: overloadedSentence },
	{
		status: [[400, 499]],
		code: "rejected",
		sentence: ({ endpoint, status, said }) =>
			say(
				"{0} refused the request ({1}){2} Try again, or choose another model.",
				endpoint.name,
				String(status),
				saying(said),
			),
	},
	{ words: /overloaded|unavailable|timed? ?out|server_error/i, code: "overloaded", sentence: overloadedSentence },
	{
		code: "rejected",
		sentence: ({ endpoint, said }) =>
			say("{0} reported an error{1} Try again, or choose another model.", endpoint.name, saying(said)),
	},
];

/** OpenRouter tells how many. */
function affordable(said: string): string {
	const tokens = /can only afford (\d+)/i.exec(said)?.[1];
	return tokens === undefined
		? say("fewer tokens than one answer may have")
		: say("{0} tokens, fewer than one answer may have", tokens);
}

/** The name as Ollama itself has it in its sentence, with the tag that it was asked for. */
function pullable(said: string, model: string): string {
	return /model ['"]([\w./:-]+)['"]/i.exec(said)?.[1] ?? model;
}
