import type { FailureCode } from "../shared/failure.ts";
import type { Endpoint } from "./endpoint.ts";
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

/** Any of the patterns, in any case. */
const anyOf = (...patterns: readonly RegExp[]): RegExp =>
	new RegExp(patterns.map(({ source }) => source).join("|"), "i");

// A complaint of `max_tokens` alone is none of these: a lesson mends that.
const CONTEXT = anyOf(
	/context[ _-]?(length|window|size|limit)|maximum context|context the overflows|context overflows|exceed_context_size/,
	/exceeded model token limit|prompt (is )?too long|too many tokens|input token length too long/,
	/longer than the (model's context|maximum model length)|trying to keep the first \d+ tokens/,
	/input token count.{0,30}exceeds/, // Gemini
	/`inputs` (tokens \+ `max_new_tokens` must be|must have less)/, // TGI, Together
	/maximum prompt length is/, // xAI
	/input is too long for (the )?requested model/, // Bedrock
	/(prompt|total)_tokens.{0,40}must be less than.{0,20}max_seq_len/, // SiliconFlow
	/prompt exceeds max length/, // GLM
	/exceed max message tokens/, // Volcengine
	/range of input length should be/, // DashScope
	/reduce the length of the (messages|prompt|input)/, // OpenAI and its likes
);

/** A limit on what one request may weigh, in front of the model. */
const BODY =
	/exceeds the maximum size|total message size .* exceeds|(payload|body|entity)( is)? too large|request too large/i;

/** A request that is larger than what one may send in a minute: no wait makes it fit. */
const ABOVE_RATE = /request too large.{0,300}(per min|\bTPM\b)/i;

const RATE = anyOf(
	/rate[ _-]?limit[ _-]?(exceeded|reached)|per[ _-]?(second|minute)|\b[rt]pm\b/,
	/(try again|retry) (in|after) [\d.]+ ?(m?s\b|sec|m\d|min)/,
);

/** The account is empty, whatever else is said. */
const EMPTY = anyOf(
	/exceeded_current_quota|insufficient[ _-]?(\w+_)?(quota|balance|credit|funds)|please recharge|payment_required/,
	/key limit exceeded/,
);
/** Google says the same of a limit that comes back within a minute. */
const QUOTA = /exceeded your (current|monthly) (token )?(quota|included)/i;

/** Some refuse the whole history for one message: thinking that is missing, a result without its call, nothing said. */
const STRUCTURE =
	/reasoning_content is missing|tool_call_id.{0,80}not found|must not be empty|text content is empty|must be followed by tool messages|tool_calls?.{0,60}(without|did not have)|response to a prece+ding message|roles? must alternate|expected last role/i;

const SCHEMA =
	/flavored json schema|function name .{0,80}(duplicated|invalid)|tools?\.?\[?\d*\]?\.function\.(parameters|name)|invalid_function_parameters|invalid schema for function|json schema (error|conversion failed)|failed to parse grammar/i;

const IMAGE =
	/(unsupported|invalid|unable to (process|download)|too (many|large)).{0,20}image|image.{0,30}(unsupported|not supported|too large|input)|does(n't| not) support (image|vision|multimodal)|not a multimodal model|mmproj/i;

const NO_MODEL = anyOf(
	/model.{0,80}(not (be )?found|does not exist|not exist|no longer)|not found the model|NotFoundError.{0,40}model/,
	/invalid model|not a valid model|unknown model|model_not_found|deploymentnotfound/,
	// A parameter that a model does not support is something else.
	/models? ['"`]?[\w./:-]+['"`]? (is|are) not supported/,
);

const authSentence = ({ endpoint, host }: Refusal): string =>
	endpoint.key
		? `${endpoint.name} did not accept the key. Check it, or set another one.${vendorAt(endpoint.baseUrl)?.keys ?? ""}`
		: `${endpoint.name} wants a key, and none is set. Set one for ${host}.`;

/** Where servers speak of money. */
const MONEY: Row["status"] = [200, 400, 402, 403, 429];

const emptySentence = ({ endpoint }: Refusal): string =>
	`Your account at ${endpoint.name} has no credit or quota left. Waiting does not help: top it up and try again, or switch the endpoint.`;

const rateSentence = ({ endpoint }: Refusal): string =>
	`${endpoint.name} asks for fewer requests. Wait a little and try again.`;

/** The server's own words, as the end of a sentence. */
const saying = (said: string): string => (said === "" ? "." : `: ${said}.`);

const bodySentence = ({ host }: Refusal): string =>
	`${host} takes no request as large as this chat has become. If the proxy there is yours, raise its limit (nginx: client_max_body_size); else begin a new chat, or name fewer and smaller files.`;

const overloadedSentence = ({ endpoint, status, said }: Refusal): string =>
	`${endpoint.name} can't answer now${status === undefined ? "" : ` (${status})`}${saying(said)} Try again in a moment.`;

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
			`This chat is larger than what ${endpoint.name} lets you send in a minute${saying(said)} Begin a new chat, or extend the plan.`,
	},
	{ words: RATE, status: [200, 403, 429], code: "rate-limit", sentence: rateSentence },

	// Subscriptions.
	{
		words: /usage limit|billing cycle|quota will (be refreshed|reset)/i,
		status: [402, 403, 429],
		code: "plan",
		sentence: ({ endpoint, said }) =>
			`The limit of your plan at ${endpoint.name} is reached${saying(said)} Extend the plan, switch the endpoint, or try again in the next cycle.`,
	},
	{
		words: /membership|subscription/i,
		status: [402, 403],
		code: "plan",
		sentence: ({ endpoint, said }) =>
			`Your plan at ${endpoint.name} does not cover this${saying(said)} Check the plan, or switch the endpoint.`,
	},
	{
		words: /access_terminated_error/i,
		code: "plan",
		sentence: ({ endpoint }) =>
			`${endpoint.name} lets only the clients on its own list in, and this one is not on it. Switch the endpoint: a Moonshot platform key works here.`,
	},

	// Credit.
	{
		words: /fewer max_tokens|can only afford/i,
		code: "budget",
		sentence: ({ endpoint, said }) =>
			`The credit left at ${endpoint.name} covers ${affordable(said)}. Lower kimiK2.maxTokens to that, or top up the account.`,
	},
	{ words: QUOTA, waits: true, status: [429], code: "rate-limit", sentence: rateSentence },
	{ words: QUOTA, status: MONEY, code: "no-credit", sentence: emptySentence },
	{
		status: [402],
		code: "no-credit",
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} wants payment${saying(said)} Top up the account and try again, or switch the endpoint.`,
	},

	// What is wrong with the request.
	{
		words: STRUCTURE,
		status: [200, 400, 422, 500],
		code: "structure",
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} does not take this chat as it stands${saying(said)} Begin a new chat, or try again with another model.`,
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
			`${model} does not take this image${saying(said)} Choose a model that reads images, or begin a new chat without it.`,
	},
	{
		words: CONTEXT,
		status: [200, 400, 413, 422, [500, 599]],
		code: "context",
		sentence: ({ model }) =>
			`The chat is longer than ${model} can read. Begin a new chat, or name fewer and smaller files.`,
	},
	{ words: BODY, status: [400, 413], code: "context", sentence: bodySentence },
	{ status: [413], code: "context", sentence: bodySentence },
	{
		words: /content[ _-]?filter|high risk|content_policy|flagged_input|moderation/i,
		status: [200, [400, 403], 422],
		code: "content-filter",
		sentence: ({ endpoint }) => `${endpoint.name} refused this text by its content rules. Say it in other words.`,
	},

	// What is wrong with the model, or with how it is served.
	{
		words: /requires --(enable-auto-tool-choice|tool-call-parser)/i,
		code: "unfit",
		sentence: () =>
			"The server was started without tool calling. Start vLLM with --enable-auto-tool-choice --tool-call-parser kimi_k2, then try again.",
	},
	{
		words: /requires? --jinja|--jinja flag/i,
		code: "unfit",
		sentence: () => "The server was started without tool calling. Start llama-server with --jinja, then try again.",
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
			`${model} at ${endpoint.name} can't call tools, and an agent needs them. Choose another model.`,
	},
	{
		words: /requires more (system )?memory|(out of|not enough|insufficient) memory|cudaMalloc failed/i,
		status: [200, 400, [500, 599]],
		code: "unfit",
		sentence: ({ endpoint, model }) =>
			`The machine behind ${endpoint.name} has too little memory for ${model}. Trying again does not help: choose a smaller model, or serve it with a smaller context.`,
	},
	{
		words: /no endpoints (found|available)|no allowed providers|routing requirements/i,
		code: "no-model",
		sentence: ({ endpoint, model }) =>
			`${endpoint.name} has no provider for ${model} that fits this request and your privacy settings there. Choose another model, or change those settings.`,
	},
	{
		words: /try pulling it first/i,
		code: "no-model",
		sentence: ({ endpoint, model, said }) =>
			`${endpoint.name} has no model ${model}. Run “ollama pull ${pullable(said, model)}” in a terminal and try again, or choose another model.`,
	},
	{
		words: /no models? (is )?(currently )?loaded|model (was |is |has been )?(unloaded|crashed)|model has crashed/i,
		code: "no-model",
		sentence: ({ endpoint }) => `${endpoint.name} has no model loaded. Load one there and try again.`,
	},
	{
		words: NO_MODEL,
		status: [200, 400, 403, 404, 410, 422],
		code: "no-model",
		sentence: ({ endpoint, model }) =>
			`${endpoint.name} has no model ${model}, or your key may not use it. Choose another model from its list.`,
	},

	// By status.
	{
		status: [403],
		code: "forbidden",
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} refused this request${saying(said)} Check what your key and plan allow.`,
	},
	{
		status: [404],
		code: "not-found",
		sentence: ({ endpoint }) => `There is no chat API at ${endpoint.baseUrl}. Check the base URL: most end in /v1.`,
	},
	// A limit of the plan is told in the same words there.
	{
		status: [200, 429, 503],
		words: /engine_overloaded|overloaded/i,
		host: /(^|\.)kimi\.(com|ai)$/,
		code: "overloaded",
		sentence: ({ endpoint }) =>
			`${endpoint.name} says that it is overloaded; it says so as well when the limit of a plan is reached. Try again in a moment, and look at your plan if that does not help.`,
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
		sentence: ({ endpoint }) => `${endpoint.name} is still loading the model. Try again in a moment.`,
	},
	{ status: [408, 409, 425, [500, 999]], code: "overloaded", sentence: overloadedSentence },
	{
		status: [[400, 499]],
		code: "rejected",
		sentence: ({ endpoint, status, said }) =>
			`${endpoint.name} refused the request (${status})${saying(said)} Try again, or choose another model.`,
	},
	{ words: /overloaded|unavailable|timed? ?out|server_error/i, code: "overloaded", sentence: overloadedSentence },
	{
		code: "rejected",
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} reported an error${saying(said)} Try again, or choose another model.`,
	},
];

/** OpenRouter tells how many. */
function affordable(said: string): string {
	const tokens = /can only afford (\d+)/i.exec(said)?.[1];
	return `${tokens === undefined ? "fewer tokens" : `${tokens} tokens, fewer`} than one answer may have`;
}

/** The name as Ollama itself has it in its sentence, with the tag that it was asked for. */
function pullable(said: string, model: string): string {
	return /model ['"]([\w./:-]+)['"]/i.exec(said)?.[1] ?? model;
}
