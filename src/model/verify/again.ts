import type { Failure, FailureCode } from "../../shared/failure.ts";
import { failureOf } from "../../shared/remedies.ts";

/* Which failures speak of the request, and which only of the moment, the line or the account. */

/** The server says itself that it is busy, or it is in trouble: it gets a pause. */
const busy: ReadonlySet<FailureCode> = new Set(["rate-limit", "overloaded"]);

/** No fault that a server's owner could mend with a flag: what asks for more than this is not judged by it. */
const blameless: ReadonlySet<FailureCode> = new Set([
	"aborted",
	"unreachable",
	"network",
	"cut",
	"timeout",
	"rate-limit",
	"overloaded",
	"budget",
	"no-credit",
	"plan",
	"limit",
]);

const MAX_PAUSES = 3;
const FIRST_PAUSE_MS = 2000;
/** Longer than this nobody waits for a test. */
const MAX_PAUSE_MS = 60_000;

/** Milliseconds until the same question is asked once more after `before` such attempts; undefined: not again. */
export function pauseBefore({ code, retryable, retryAfterMs }: Failure, before: number): number | undefined {
	if (!retryable) return undefined;
	// A broken line, a lost answer: once may be an accident.
	if (!busy.has(code)) return before < 1 ? 0 : undefined;
	const ms = retryAfterMs ?? FIRST_PAUSE_MS * 2 ** before;
	return before < MAX_PAUSES && ms <= MAX_PAUSE_MS ? ms : undefined;
}

/** The question was not answered, and nobody knows what the answer would have been. */
export function isUnheard(failure: Failure | undefined): boolean {
	return failure !== undefined && blameless.has(failure.code);
}

/** The run asked again so often that more would cost what nobody agreed to. */
export const TOO_MANY = failureOf(
	"limit",
	"The endpoint refused or broke off so many requests that Verify gave up. Try again when it is less busy.",
);
