import type { EndReason, Mode, Unstamped } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import { type Chat, isOpen, openCalls } from "../shared/reduce.ts";
import { say } from "../shared/said.ts";
import type { Answered } from "./ask.ts";
import { type CallEnv, closeCalls, runCalls } from "./calls.ts";
import { askFitting } from "./fitting.ts";
import { instructAfterCalls, instructAtPrompt } from "./instructions.ts";
import { Keeper, type KeeperEnv } from "./keeper.ts";
import { modeNote } from "./mode-note.ts";
import { inTime } from "./patient.ts";
import { type Ending, endingOf, saysSomething } from "./pause.ts";
import { mustSteer, type Prompt, saySteering, wordsOf } from "./queue.ts";
import type { RoomEnv } from "./room.ts";
import { type Session, StorageError } from "./session.ts";
import type { Toolbox } from "./tool.ts";

/** What a turn needs of its host. */
export interface TurnEnv extends CallEnv, RoomEnv, KeeperEnv {
	/**
	 * The tools of the turn, where they take their time: asked for once the prompt is on record. They stay so until the turn
	 * ends. Absent: `toolbox`.
	 */
	readonly tools?: (signal: AbortSignal) => Promise<Toolbox>;
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
 * with the last turn: its open calls first. A message that waited and is gone leaves the chat as it is, done. Never
 * throws; whatever happens, every call has one result afterwards and the chat can be continued.
 */
export async function runTurn(
	session: Session,
	prompt: Prompt | undefined,
	given: TurnEnv,
	signal: AbortSignal,
): Promise<TurnEnd> {
	const keeper = new Keeper(session, given, signal);
	const unwatch = keeper.watch();
	try {
		if (prompt !== undefined && !(await begin(session, prompt, given.mode()))) return { reason: "done" };
		keeper.lookBack();
		const tools = given.tools && inTime(given.tools(signal), { signal }, undefined);
		const [toolbox = given.toolbox] = await Promise.all([tools, keeper.settled()]);
		keeper.offer(toolbox);
		const env = { ...given, toolbox };
		if (prompt === undefined) await carryOut(session, env, keeper, signal);
		else await instructAtPrompt(session, env);
		const end = await steps(session, env, keeper, signal);
		// Stop may come between an answer and its calls.
		if (end.reason === "stopped") await closeCalls(session, "Stopped by the person before it ran.");
		keeper.jobs();
		await keeper.settled();
		await session.record({ type: "ended", ...end });
		return end;
	} catch (error) {
		if (error instanceof StorageError) return { reason: "failed", failure: error.failure };
		return { reason: "failed", failure: await recordDefect(session, keeper, error) };
	} finally {
		unwatch();
	}
}

/** False: there was nothing to begin with any more. */
async function begin(session: Session, prompt: Prompt, mode: Mode): Promise<boolean> {
	await leaveLastTurn(session);
	let isSaid = false;
	await session.record((chat) => {
		const event = prompted(chat, prompt, mode);
		isSaid = event !== undefined;
		return event;
	});
	return isSaid;
}

/** What the person did since the last request, and what their mode means, goes to the model with their words. */
function prompted(chat: Chat, prompt: Prompt, mode: Mode): Unstamped | undefined {
	const { untold: note } = chat;
	const words = wordsOf(chat, prompt);
	const limits = modeNote(chat, mode);
	return (
		words && {
			type: "prompted",
			...words,
			...(note !== undefined && { note }),
			...(limits !== undefined && { modeNote: limits }),
		}
	);
}

async function leaveLastTurn(session: Session): Promise<void> {
	await closeCalls(session, "Not run: the person went on with another message.");
	if (isOpen(session.chat)) await session.record({ type: "ended", reason: "interrupted" });
}

async function steps(session: Session, env: TurnEnv, keeper: Keeper, signal: AbortSignal): Promise<Ending> {
	let empty = 0;
	while (!signal.aborted) {
		await saySteering(session);
		const ending = endingOf(session.chat, env.limits);
		if (ending) return ending;
		const answer = await askFitting(session, env, signal);
		if (signal.aborted) break;
		empty = isEmpty(answer) ? empty + 1 : 0;
		const trouble = empty > 0 ? tooEmpty(empty) : troubleWith(answer);
		if (trouble) {
			await session.record({ type: "failed", failure: trouble });
			return { reason: "failed" };
		}
		if (empty > 0) continue;
		if (isLastWord(session.chat, answer)) return { reason: "done" };
		await carryOut(session, env, keeper, signal);
	}
	return { reason: "stopped" };
}

/** What notes the project has on the folders of its calls goes to the model with their results, which no request had yet. */
async function carryOut(session: Session, env: TurnEnv, keeper: Keeper, signal: AbortSignal): Promise<void> {
	const isOwing = openCalls(session.chat).length > 0;
	await runCalls(session, env, keeper, signal);
	if (isOwing && !signal.aborted) await instructAfterCalls(session, env);
}

/** Nothing at all, or thinking alone, and no other trouble with it. */
function isEmpty({ reply, failure }: Answered): boolean {
	return failure ? failure.code === "empty" : !saysSomething(reply);
}

function isLastWord(chat: Chat, { reply }: Answered): boolean {
	return !reply.parts.some((part) => part.kind === "call") && !mustSteer(chat);
}

function tooEmpty(times: number): Failure | undefined {
	return times > EMPTY_RETRIES ? EMPTY : undefined;
}

function troubleWith({ reply, failure }: Answered): Failure | undefined {
	return failure ?? (reply.complete ? undefined : INCOMPLETE);
}

const EMPTY: Failure = {
	code: "empty",
	message: say("The model answered with nothing, three times. Try again, or say it in other words."),
	retryable: true,
};

const INCOMPLETE: Failure = {
	code: "incomplete",
	message: say("The answer ended before it was complete, so nothing of it was run. Try again."),
	retryable: true,
};

async function recordDefect(session: Session, keeper: Keeper, error: unknown): Promise<Failure> {
	const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
	const failure: Failure = {
		code: "internal",
		message: say("Something in Kimi K2 Agent broke. Please report it."),
		detail,
	};
	try {
		await closeCalls(session, "Not run: an internal error ended the turn.");
		await keeper.settled().catch(() => undefined);
		await session.record({ type: "failed", failure });
		await session.record({ type: "ended", reason: "failed" });
	} catch {
		// The log is broken as well; the caller shows the failure.
	}
	return failure;
}
