import * as z from "zod/mini";

/**
 * Everything that can go wrong between a person, a model and a workspace: a closed set, so that each code has one
 * meaning and one remedy (`remedies.ts`) everywhere.
 */
export const FailureCode = z.enum([
	"aborted", // the person pressed Stop
	"no-endpoint", // nothing configured yet
	"bad-endpoint", // the base URL is not a URL, or not http(s)
	"unreachable", // no such server: refused on this machine, unknown host, TLS
	"network", // no way to the server for the moment
	"cut", // the connection ended before the answer did
	"timeout", // one of the three clocks ran out
	"redirected", // the server answered with a redirect, which is never followed
	"not-api", // HTML or another body that is no OpenAI-compatible answer
	"auth", // 401: no key, or a wrong one
	"forbidden", // 403
	"plan", // a subscription that does not cover this: membership, its limit, its list of clients
	"no-credit", // 402, or a quota that does not come back by waiting
	"budget", // the credit left covers fewer tokens than the request may use
	"rate-limit", // 429
	"overloaded", // 5xx, 529
	"no-model", // 404 for the model
	"unfit", // the model, or how it is served, can't do what an agent needs
	"not-found", // 404 for the path: a wrong base URL
	"context", // the conversation is longer than the model's context
	"structure", // the server finds a message of the history malformed
	"schema", // the server does not take the description of a tool
	"image", // the model reads no images, or not this one
	"content-filter",
	"rejected", // another 4xx: the server understood and refused
	"empty", // neither text nor a call
	"incomplete", // the answer stopped without a finish
	"length", // the answer stopped at its token limit
	"limit", // our own limit on steps
	"storage", // the session log could not be written
	"internal", // a defect of ours
]);
export type FailureCode = z.infer<typeof FailureCode>;

/** A failure is a value, never an exception that crosses a room. */
export const Failure = z.object({
	code: FailureCode,
	/** One or two sentences for the person: what happened and what to do. */
	message: z.string(),
	/** The raw words of the server or the system, for the details and the log; never a key. */
	detail: z.optional(z.string()),
	/** HTTP status, if there was an answer. */
	status: z.optional(z.number()),
	/** Whether the same request may succeed later; what `remedies.ts` says of the code. */
	retryable: z.optional(z.boolean()),
	/** What `Retry-After` asked for, in milliseconds. */
	retryAfterMs: z.optional(z.number()),
	/** A page on which the person can mend it, such as that of the account: from our table, never from the server. */
	link: z.optional(z.string()),
});
export type Failure = z.infer<typeof Failure>;
