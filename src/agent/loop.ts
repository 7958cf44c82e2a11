import type { EndReason } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import { isOpen } from "../shared/reduce.ts";
import { type CallEnv, closeCalls, runCalls } from "./calls.ts";
import { toMessages } from "./context.ts";
import type { Model, Reply } from "./ports.ts";
import { type Session, StorageError } from "./session.ts";
import { uniqueIds } from "./unique-ids.ts";

/** What a turn needs of its host. */
export interface TurnEnv extends CallEnv {
	readonly model: Model;
	/** Steps that this run may take before it pauses. */
	readonly maxSteps: number;
	/** Resolves when the person wants no more waiting for the next try. Absent: nobody is there to say so. */
	readonly hurried?: () => Promise<void>;
}

export interface TurnEnd {
	readonly reason: EndReason;
	/** Set where the log itself failed, and so could not be told. */
	readonly failure?: Failure;
}

/** Times that an empty answer is asked for again. */
const EMPTY_RETRIES = 2;

/**
 * Runs one turn to its end: ask the model, carry out its calls, until an answer has none. `prompt` undefined goes on
 * with the last turn: its open calls first. Never throws; whatever happens, every call has one result afterwards and
 * the chat can be continued.
 */
export async function runTurn(
	session: Session,
	prompt: string | undefined,
	env: TurnEnv,
	signal: AbortSignal,
): Promise<TurnEnd> {
	try {
		if (prompt !== undefined) {
			await leaveLastTurn(session);
			await session.record({ type: "prompted", text: prompt });
		} else await runCalls(session, env, signal);
		const reason = await steps(session, env, signal);
		// Stop may come between an answer and its calls.
		if (reason === "stopped") await closeCalls(session, "Stopped by the person before it ran.");
		await session.record({ type: "ended", reason });
		return { reason };
	} catch (error) {
		if (error instanceof StorageError) return { reason: "failed", failure: error.failure };
		return { reason: "failed", failure: await recordDefect(session, error) };
	}
}

async function leaveLastTurn(session: Session): Promise<void> {
	await closeCalls(session, "Not run: the person went on with another message.");
	if (isOpen(session.chat)) await session.record({ type: "ended", reason: "interrupted" });
}

async function steps(session: Session, env: TurnEnv, signal: AbortSignal): Promise<EndReason> {
	let empty = 0;
	for (let step = 0; step < env.maxSteps && !signal.aborted; step++) {
		const answer = await askModel(session, env, signal);
		if (signal.aborted) break;
		empty = isEmpty(answer) ? empty + 1 : 0;
		const trouble = empty > 0 ? tooEmpty(empty) : troubleWith(answer);
		if (trouble) {
			await session.record({ type: "failed", failure: trouble });
			return "failed";
		}
		if (empty > 0) continue;
		if (!answer.reply.parts.some((part) => part.kind === "call")) return "done";
		await runCalls(session, env, signal);
	}
	return signal.aborted ? "stopped" : "limit";
}

interface Answered {
	readonly reply: Reply;
	readonly failure?: Failure;
}

/** Nothing at all, or thinking alone, and no other trouble with it. */
function isEmpty({ reply, failure }: Answered): boolean {
	if (failure) return failure.code === "empty";
	return !reply.parts.some((part) => part.kind === "call" || (part.kind === "text" && part.text.trim() !== ""));
}

function tooEmpty(times: number): Failure | undefined {
	return times > EMPTY_RETRIES ? EMPTY : undefined;
}

function troubleWith({ reply, failure }: Answered): Failure | undefined {
	return failure ?? (reply.complete ? undefined : INCOMPLETE);
}

const EMPTY: Failure = {
	code: "empty",
	message: "The model answered with nothing, three times. Try again, or say it in other words.",
	retryable: true,
};

const INCOMPLETE: Failure = {
	code: "incomplete",
	message: "The answer ended before it was complete, so nothing of it was run. Try again.",
	retryable: true,
};

/** One request; its answer is on record afterwards, as far as it came. */
async function askModel(session: Session, env: TurnEnv, signal: AbortSignal): Promise<Answered> {
	const { chat } = session;
	const clock = stopwatch();
	const request = { system: chat.system, tools: env.toolbox.specs, messages: toMessages(chat), chat: chat.id };
	session.show({ type: "requested", at: Date.now() });
	let end: Answered | undefined;
	for await (const delta of env.model.stream(request, signal)) {
		if (delta.kind === "end") {
			end = delta;
			continue;
		}
		if (clock.mark(delta.kind === "reasoning")) session.show({ type: "answering", at: Date.now() });
		if (delta.kind === "calling") {
			const { index, tool, bytes } = delta;
			session.show({ type: "calling", index, tool, bytes });
		} else session.show({ type: "delta", channel: delta.kind, text: delta.text });
	}
	const { reply, failure } = end ?? noEnd(env.model);
	const { finish, complete, model, usage } = reply;
	const parts = uniqueIds(reply.parts, session.chat);
	// What was said is kept even when it failed: the person saw it. Nothing said leaves nothing to keep.
	if (parts.length > 0 || !failure)
		await session.record({ type: "replied", parts, usage, finish, complete, model, ...clock.read() });
	return { reply: { ...reply, parts }, failure };
}

function noEnd(model: Model): Answered {
	return {
		reply: { parts: [], finish: null, complete: false, model: model.name },
		failure: { code: "internal", message: "The model adapter ended without a last word. Please report this." },
	};
}

/** Milliseconds of an answer: all of it, to its first token, and of thinking. */
function stopwatch() {
	const from = performance.now();
	let first: number | undefined;
	let thinkingFrom: number | undefined;
	let thinkingTo: number | undefined;
	return {
		/** True for the first token. */
		mark(isThinking: boolean): boolean {
			const now = performance.now();
			const isFirst = first === undefined;
			first ??= now;
			if (isThinking) {
				thinkingFrom ??= now;
				thinkingTo = now;
			}
			return isFirst;
		},
		read() {
			const since = (to: number | undefined, start = from) => (to === undefined ? undefined : Math.round(to - start));
			return {
				ms: Math.round(performance.now() - from),
				firstMs: since(first),
				thinkingMs: thinkingFrom === undefined ? undefined : since(thinkingTo, thinkingFrom),
			};
		},
	};
}

async function recordDefect(session: Session, error: unknown): Promise<Failure> {
	const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
	const failure: Failure = { code: "internal", message: "Something in Kimi K2 Agent broke. Please report it.", detail };
	try {
		await closeCalls(session, "Not run: an internal error ended the turn.");
		await session.record({ type: "failed", failure });
		await session.record({ type: "ended", reason: "failed" });
	} catch {
		// The log is broken as well; the caller shows the failure.
	}
	return failure;
}
