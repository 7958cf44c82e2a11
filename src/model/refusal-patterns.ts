// What servers say when they refuse a request, as far as it takes more than a line to know it again.

/** Any of the patterns, in any case. */
const anyOf = (...patterns: readonly RegExp[]): RegExp =>
	new RegExp(patterns.map(({ source }) => source).join("|"), "i");

// A complaint of `max_tokens` alone is none of these: a lesson mends that.
export const CONTEXT = anyOf(
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
export const BODY =
	/exceeds the maximum size|total message size .* exceeds|(payload|body|entity)( is)? too large|request too large/i;

/** A request that is larger than what one may send in a minute: no wait makes it fit. */
export const ABOVE_RATE = /request too large.{0,300}(per min|\bTPM\b)/i;

export const RATE = anyOf(
	/rate[ _-]?limit[ _-]?(exceeded|reached)|per[ _-]?(second|minute)|\b[rt]pm\b/,
	/(try again|retry) (in|after) [\d.]+ ?(m?s\b|sec|m\d|min)/,
);

/** The account is empty, whatever else is said. */
export const EMPTY = anyOf(
	/exceeded_current_quota|insufficient[ _-]?(\w+_)?(quota|balance|credit|funds)|please recharge|payment_required/,
	/key limit exceeded/,
);
/** Google says the same of a limit that comes back within a minute. */
export const QUOTA = /exceeded your (current|monthly) (token )?(quota|included)/i;

/** Some refuse the whole history for one message: thinking that is missing, a result without its call, nothing said. */
export const STRUCTURE =
	/reasoning_content is missing|tool_call_id.{0,80}not found|must not be empty|text content is empty|must be followed by tool messages|tool_calls?.{0,60}(without|did not have)|response to a prece+ding message|roles? must alternate|expected last role/i;

export const SCHEMA =
	/flavored json schema|function name .{0,80}(duplicated|invalid)|tools?\.?\[?\d*\]?\.function\.(parameters|name)|invalid_function_parameters|invalid schema for function|json schema (error|conversion failed)|failed to parse grammar/i;

export const IMAGE =
	/(unsupported|invalid|unable to (process|download)|too (many|large)).{0,20}image|image.{0,30}(unsupported|not supported|too large|input)|does(n't| not) support (image|vision|multimodal)|not a multimodal model|mmproj/i;

export const NO_MODEL = anyOf(
	/model.{0,80}(not (be )?found|does not exist|not exist|no longer)|not found the model|NotFoundError.{0,40}model/,
	/invalid model|not a valid model|unknown model|model_not_found|deploymentnotfound/,
	// A parameter that a model does not support is something else.
	/models? ['"`]?[\w./:-]+['"`]? (is|are) not supported/,
);
