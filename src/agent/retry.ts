import type { Failure, FailureCode } from "../shared/failure.ts";
import { type Answered, type AskEnv, askModel } from "./ask.ts";
import type { Session } from "./session.ts";

export interface RetryEnv extends AskEnv {
	/** Waits before the next try: `ms`, or less when the person wants no more waiting or `signal` aborts. Never rejects. */
	readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Tries of one request, the first included. */
const MAX_TRIES = 10;
/** Tries where each one may cost a long answer before it breaks. */
const MAX_LONG_TRIES = 4;
const LONG: readonly FailureCode[] = ["cut", "incomplete", "timeout"];
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 32_000;
const JITTER = 0.25;
/** A server that asks for more is obeyed by not asking again: the person is told, and can come back later. */
const MAX_ASKED_WAIT_MS = 120_000;

/** As tries go on: how many there may be. */
function triesFor(failure: Failure): number {
	return LONG.includes(failure.code) ? MAX_LONG_TRIES : MAX_TRIES;
}

/**
 * Milliseconds to wait before try `next` (2 is the first retry); undefined: this failure is not asked again by itself.
 * `random`: 0 to 1.
 */
export function delayBefore(next: number, failure: Failure, random: number): number | undefined {
	const { retryable, retryAfterMs } = failure;
	if (!retryable || next > triesFor(failure)) return undefined;
	if (retryAfterMs !== undefined && retryAfterMs > MAX_ASKED_WAIT_MS) return undefined;
	const usual = Math.min(FIRST_WAIT_MS * 2 ** (next - 2), MAX_WAIT_MS);
	// A server that asks for no wait at all is not asked again and again at once.
	return Math.max(Math.round(usual * (1 - JITTER + 2 * JITTER * random)), retryAfterMs ?? 0);
}

/**
 * Asks, and asks again where waiting may help; every failed try is on record. On Stop the last answer is returned as
 * it is. An empty answer is left to the caller: waiting does not fill it.
 */
export async function askPatiently(session: Session, env: RetryEnv, signal: AbortSignal): Promise<Answered> {
	for (let next = 2; ; next++) {
		const answered = await askModel(session, env, signal);
		const { failure } = answered;
		if (!failure || failure.code === "empty" || signal.aborted) return answered;
		const wait = delayBefore(next, failure, Math.random());
		if (wait === undefined) return answered;
		await session.record({ type: "failed", failure });
		const at = Date.now();
		session.show({ type: "waiting", at, until: at + wait, attempt: next, of: triesFor(failure), failure });
		await env.pause(wait, signal);
		if (signal.aborted) return answered;
	}
}
