import { type Entry, entries, error } from "./catalogue.ts";

/** Refusals of hosts and gateways that word the same things in ways of their own. */

const GROQ = "https://api.groq.com/openai/v1";
const GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai";
const GATEWAY = "https://gateway.example.com/v1";
const HERE = "http://localhost:8000/v1";
const tpm = (what: string) =>
	error(
		`${what} for model \`moonshotai/kimi-k2-instruct-0905\` in organization \`org_01\` service tier \`on_demand\` on tokens per minute (TPM): Limit 10000, Requested 20000. Please try again in 24s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing`,
		"tokens",
		"rate_limit_exceeded",
	);

export const gateways: readonly Entry[] = [
	// Limits that wait, though they speak of money.
	...entries(GROQ, true, [[429, tpm("Rate limit reached"), "rate-limit", /Wait a little/]]),
	...entries(GROQ, false, [
		[413, tpm("Request too large"), "context", /in a minute/],
		[429, tpm("Request too large"), "context", /in a minute/],
	]),
	...entries(GEMINI, true, [
		[
			429,
			error(
				"You exceeded your current quota, please check your plan and billing details. Quota exceeded for metric: generate_requests_per_minute. Please retry in 34.07s.",
			),
			"rate-limit",
		],
	]),
	...entries("https://api.openai.com/v1", false, [
		[
			429,
			error("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota"),
			"no-credit",
		],
		[400, error("Billing hard limit has been reached"), "rejected"],
	]),
	...entries(GATEWAY, true, [
		[403, error("Rate limit exceeded for your subscription tier"), "rate-limit"],
		[429, error("Request was rejected due to rate limiting. Questions? subscription@example.com"), "rate-limit"],
		[500, error("TypeError in handler: billing hook failed"), "overloaded"],
		[500, error("no key left in the pool: invalid api key"), "overloaded"],
	]),

	// A chat that is too long.
	...entries(GATEWAY, false, [
		...[
			"The decoder prompt (length 40000) is longer than the maximum model length of 32768. Make sure that `max_model_len` is no smaller than the number of text tokens.",
			"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 131073. Given: 140000 `inputs` tokens and 1024 `max_new_tokens`",
			"Input validation error: `inputs` must have less than 4096 tokens. Given: 5000",
			"input length and `max_tokens` exceed context limit: 190000 + 32768 > 200000, decrease input length or `max_tokens` and try again",
			"prompt is too long: 210000 tokens > 200000 maximum",
			"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
			"This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
			"Input is too long for requested model.",
			"length of prompt_tokens (270000) must be less than max_seq_len (262144).",
			"Prompt exceeds max length",
			"Total tokens of image and text exceed max message tokens",
			"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
			"Please reduce the length of the messages or completion. Current length is 140000 while limit is 131072",
		].map((message) => [400, error(message), "context", /longer than .* can read/] as const),
		[413, error("Request Entity Too Large"), "context", /takes no request as large.*client_max_body_size/],
		[400, error("total message size 2500000 exceeds limit 2097152"), "context", /takes no request as large/],
		// Only the budget: a lesson mends that.
		...[
			"max_tokens is too large: 32768. This model supports at most 16384 completion tokens, whereas you provided 32768.",
			"The value of max_tokens in this request is too large",
			"Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
		].map((message) => [400, error(message), "rejected"] as const),
	]),

	// The model, or the machine that serves it.
	...entries(HERE, false, [
		[
			500,
			{ error: "model requires more system memory (600.0 GiB) than is available (30.1 GiB)" },
			"unfit",
			/too little memory/,
		],
		[
			500,
			error("llama runner process has terminated: cudaMalloc failed: out of memory", "api_error"),
			"unfit",
			/Trying again does not help/,
		],
	]),
	...entries(GATEWAY, false, [
		[
			404,
			error(
				"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
				undefined,
				"DeploymentNotFound",
			),
			"no-model",
		],
		[404, error("The requested model 'kimi-k2' could not be found"), "no-model"],
		[400, error("Model kimi-k9 is not supported"), "no-model"],
		[400, error("Unsupported parameter for model kimi-k2: `min_p` is not supported"), "rejected", /min_p/],
	]),
];
