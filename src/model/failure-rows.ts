import type { FailureCode } from "../shared/failure.ts";
import type { Endpoint } from "./endpoint.ts";

/** A server's refusal, as far as it could be read. */
export interface Refusal {
	/** HTTP status, or the code in an error body that came with 200; undefined when neither is known. */
	readonly status: number | undefined;
	/** Everything the server said, for patterns. */
	readonly words: string;
	/** Its own sentence. */
	readonly said: string;
	readonly endpoint: Endpoint;
	/** Host and port. */
	readonly host: string;
	readonly model: string;
}

/** One kind of refusal. The first row whose status and pattern both fit gives the answer. */
export interface Row {
	/** Any of these; a pair is a range with both ends. Absent: any status, also none. */
	readonly status?: readonly (number | readonly [number, number])[];
	/** Searched in everything the server said. */
	readonly words?: RegExp;
	readonly code: FailureCode;
	readonly retryable: boolean;
	readonly sentence: (refusal: Refusal) => string;
}

const CONTEXT =
	/context[ _-]?(length|window|size)|maximum context|exceeded model token limit|prompt is too long|too many tokens|input token length too long|exceed_context_size|longer than the model's context|total message size .* exceeds|trying to keep the first \d+ tokens|exceeds the maximum size/i;

const QUOTA =
	/exceeded_current_quota|insufficient[ _-]?(quota|balance|credit|funds)|exceeded your current (token )?quota|please recharge|payment_required|billing/i;

const otherKey = ({ endpoint }: Refusal): string => {
	if (endpoint.preset === "moonshot")
		return " Keys of platform.moonshot.cn do not work here: choose Moonshot AI (China).";
	if (endpoint.preset === "moonshot-cn") return " Keys of platform.moonshot.ai do not work here: choose Moonshot AI.";
	return "";
};

const authSentence = (refusal: Refusal): string =>
	refusal.endpoint.key
		? `${refusal.endpoint.name} did not accept the key. Check it, or set another one.${otherKey(refusal)}`
		: `${refusal.endpoint.name} wants a key, and none is set. Set one for ${refusal.host}.`;

const modelSentence = ({ endpoint, model }: Refusal): string =>
	`${endpoint.name} has no model ${model}, or your key may not use it. Choose another model from its list.`;

/** The server's own words, as the end of a sentence. */
const saying = (said: string): string => (said === "" ? "." : `: ${said}.`);

const overloadedSentence = ({ endpoint, status, said }: Refusal): string =>
	`${endpoint.name} can't answer now${status === undefined ? "" : ` (${status})`}${saying(said)} Try again in a moment.`;

/** In order. Patterns come before bare statuses, since servers use statuses loosely. */
export const rows: readonly Row[] = [
	{
		status: [401],
		code: "auth",
		retryable: false,
		sentence: authSentence,
	},
	{
		words: /invalid_authentication|incorrect_api_key|invalid[ _]api[ _]key|no auth credentials/i,
		code: "auth",
		retryable: false,
		sentence: authSentence,
	},
	{
		words: /access_terminated_error/i,
		code: "forbidden",
		retryable: false,
		sentence: ({ endpoint }) =>
			`${endpoint.name} lets only the clients on its own list in, and this one is not on it. Use another endpoint.`,
	},
	{
		words: QUOTA,
		code: "no-credit",
		retryable: false,
		sentence: ({ endpoint }) =>
			`Your account at ${endpoint.name} has no credit or quota left. Waiting does not help: top it up, or use another endpoint.`,
	},
	{
		status: [402],
		code: "no-credit",
		retryable: false,
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} wants payment${saying(said)} Top up the account, or lower kimiK2.maxTokens.`,
	},
	{
		status: [[400, 400], 413, 422, [500, 599]],
		words: CONTEXT,
		code: "context",
		retryable: false,
		sentence: ({ model }) =>
			`The chat is longer than ${model} can read. Start a new chat, or name fewer and smaller files.`,
	},
	{
		words: CONTEXT,
		status: [200],
		code: "context",
		retryable: false,
		sentence: ({ model }) =>
			`The chat is longer than ${model} can read. Start a new chat, or name fewer and smaller files.`,
	},
	{
		words: /content[ _-]?filter|high risk|content_policy|flagged_input|moderation/i,
		status: [200, [400, 403], 422],
		code: "content-filter",
		retryable: false,
		sentence: ({ endpoint }) => `${endpoint.name} refused this text by its content rules. Say it in other words.`,
	},
	{
		words: /requires --enable-auto-tool-choice/i,
		code: "rejected",
		retryable: false,
		sentence: () =>
			"The server was started without tool calling. Start vLLM with --enable-auto-tool-choice --tool-call-parser kimi_k2.",
	},
	{
		words: /requires? --jinja|--jinja flag/i,
		code: "rejected",
		retryable: false,
		sentence: () => "The server was started without tool calling. Start llama-server with --jinja.",
	},
	{
		words: /does not support tools/i,
		code: "rejected",
		retryable: false,
		sentence: ({ endpoint, model }) =>
			`${model} at ${endpoint.name} can't call tools, and an agent needs them. Choose another model.`,
	},
	{
		words: /no endpoints found|no allowed providers/i,
		code: "no-model",
		retryable: false,
		sentence: ({ endpoint, model }) =>
			`${endpoint.name} has no provider for ${model} that fits this request and your privacy settings there. Choose another model, or change those settings.`,
	},
	{
		words:
			/model.{0,80}(not found|does not exist|not exist|no longer|is not supported)|not found the model|invalid model|unknown model|model_not_found|NotFoundError.{0,40}model/i,
		status: [200, 400, 403, 404, 410, 422],
		code: "no-model",
		retryable: false,
		sentence: modelSentence,
	},
	{
		status: [403],
		code: "forbidden",
		retryable: false,
		sentence: ({ endpoint, said }) =>
			`${endpoint.name} refused this request${saying(said)} Check what your key and plan allow.`,
	},
	{
		status: [404],
		code: "not-found",
		retryable: false,
		sentence: ({ endpoint }) => `There is no chat API at ${endpoint.baseUrl}. Check the base URL: most end in /v1.`,
	},
	{
		status: [429],
		words: /engine_overloaded|overloaded/i,
		code: "overloaded",
		retryable: true,
		sentence: overloadedSentence,
	},
	{
		status: [429],
		code: "rate-limit",
		retryable: true,
		sentence: ({ endpoint }) => `${endpoint.name} asks for fewer requests. Wait a little and try again.`,
	},
	{
		status: [503],
		words: /loading model/i,
		code: "overloaded",
		retryable: true,
		sentence: ({ endpoint }) => `${endpoint.name} is still loading the model. Try again in a moment.`,
	},
	{ status: [408, 409, 425, [500, 599]], code: "overloaded", retryable: true, sentence: overloadedSentence },
	{
		status: [[400, 499]],
		code: "rejected",
		retryable: false,
		sentence: ({ endpoint, status, said }) => `${endpoint.name} refused the request (${status})${saying(said)}`,
	},
	{
		words: /overloaded|unavailable|rate.?limit|timed? ?out/i,
		code: "overloaded",
		retryable: true,
		sentence: overloadedSentence,
	},
	{
		code: "rejected",
		retryable: false,
		sentence: ({ endpoint, said }) => `${endpoint.name} reported an error${saying(said)}`,
	},
];

/** Codes of Node's sockets, TLS and fetch. */
export const transportRows: readonly {
	readonly codes: RegExp;
	readonly code: FailureCode;
	readonly retryable: boolean;
	readonly sentence: (host: string, local: boolean) => string;
}[] = [
	{
		codes: /ERR_INVALID_CHAR|invalid header|ByteString/i,
		code: "auth",
		retryable: false,
		sentence: (host) => `The key for ${host} holds characters that no key has. Copy and set it again.`,
	},
	{
		codes: /ECONNREFUSED/,
		code: "unreachable",
		retryable: false,
		sentence: (host, local) =>
			local
				? `Nothing answers at ${host}. Start the server there, or check the port in the base URL.`
				: `${host} refuses connections. Check the base URL, and whether the server runs.`,
	},
	{
		codes: /ENOTFOUND/,
		code: "unreachable",
		retryable: false,
		sentence: (host) => `There is no host ${host}. Check the base URL and your network.`,
	},
	{
		codes: /EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN/,
		code: "unreachable",
		retryable: true,
		sentence: (host) => `${host} can't be reached. Check your network and try again.`,
	},
	{
		codes: /ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT/,
		code: "unreachable",
		retryable: true,
		sentence: (host) => `${host} did not accept a connection in time. Check your network, a proxy or a firewall.`,
	},
	{
		codes: /EPROTO|ERR_SSL|wrong version number|packet length too long/,
		code: "unreachable",
		retryable: false,
		sentence: (host) => `${host} does not speak https there. Check whether the base URL should begin with http://.`,
	},
	{
		codes: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS/,
		code: "unreachable",
		retryable: false,
		sentence: (host) => `The certificate of ${host} is not trusted. Check the base URL, or install its authority.`,
	},
	{
		codes: /UND_ERR_(HEADERS|BODY)_TIMEOUT/,
		code: "timeout",
		retryable: true,
		sentence: (host) => `${host} sent nothing for five minutes. Try again.`,
	},
	{
		codes: /ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED|HPE_|terminated|aborted|socket hang up|other side closed/,
		code: "cut",
		retryable: true,
		sentence: (host) => `The connection to ${host} ended before the answer did. Try again.`,
	},
	{
		codes: /(?:)/,
		code: "unreachable",
		retryable: true,
		sentence: (host) => `The request to ${host} failed. Check the network and try again.`,
	},
];
