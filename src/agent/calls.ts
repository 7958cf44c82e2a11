import type { Call, Chat } from "../shared/reduce.ts";
import { openCalls } from "../shared/reduce.ts";
import type { Grant } from "../shared/rule.ts";
import { fail, finish } from "./finish.ts";
import { isAgain } from "./guard/past.ts";
import { type Group, Joiner } from "./join.ts";
import type { Keeper, Kept } from "./keeper.ts";
import type { Limits } from "./limits.ts";
import { type NotRun, withRepeats } from "./loop-guard.ts";
import { type ErrorWatch, watchErrors } from "./new-errors.ts";
import { outsideOf } from "./outside.ts";
import { inTime } from "./patient.ts";
import { notRun } from "./pause.ts";
import type { Ruling } from "./policy.ts";
import type { Checkpoints } from "./ports.ts";
import { type Prepared, type PrepareEnv, prepare, runsAsRead, words } from "./prepare.ts";
import type { Session } from "./session.ts";
import type { Ctx, Edits, Outcome, Plan, Refusal } from "./tool.ts";

/** A person's word on a call. */
export interface Answer {
	readonly verdict: "allow" | "deny";
	/** For the model. */
	readonly reason?: string;
	/** One of the call's offers: what is allowed from now on. */
	readonly remember?: Grant;
	/** What they made of the proposals first; absent: as proposed. */
	readonly edits?: Edits;
}

/** What calls need of their host. */
export interface CallEnv extends PrepareEnv {
	/** What a task may take before it pauses. */
	readonly limits: Limits;
	/** Plans and decides, runs nothing. */
	readonly dryRun?: boolean;
	/** Nobody can be asked: what would ask is not allowed. */
	readonly unattended?: boolean;
	/** Absent: nothing is kept, and nothing can be undone. */
	readonly checkpoints?: Checkpoints;
	/** Asks the person. Resolves with undefined when `signal` aborts first. */
	readonly approve: (call: { id: string; plan: Plan }, signal: AbortSignal) => Promise<Answer | undefined>;
	/** Keeps what was allowed beyond the chat. Absent: only `chat` is offered. */
	readonly remember?: (grant: Grant) => Promise<void>;
}

/** How long a tool may take to notice Stop before its call is closed without it, in milliseconds. */
const STOP_GRACE = 150;

const STOPPED = "Stopped by the person before it ran.";
const AFTER_PLAN =
	"Not run: the person decided on your plan first. Make this call again if it still belongs to what comes next.";
const INTERRUPTED = "Interrupted while it ran: it may have taken effect in part. Check before you go on.";

/** What every part of the way needs. */
interface Work {
	readonly session: Session;
	readonly env: CallEnv;
	readonly keeper: Keeper;
	readonly signal: AbortSignal;
}

/**
 * Gives every open call of the last step exactly one result. In order; reads that may run unasked overlap, and edits of
 * one file that have to ask are one proposal. Nothing runs in an answer after its plan was decided on.
 * Also after a reload: a call that was allowed and has no result may have run, so it is closed and not run again.
 */
export async function runCalls(session: Session, env: CallEnv, keeper: Keeper, signal: AbortSignal): Promise<void> {
	const work: Work = { session, env, keeper, signal };
	const joiner = new Joiner(env.ctx.files, (call, change) => planned(work, call, change));
	let reading: Promise<void>[] = [];
	const calls = openCalls(session.chat);
	for (const [at, call] of calls.entries()) {
		if (signal.aborted) break;
		// Whether it repeats others shows when those that are still read have their results.
		if (reading.length > 0 && isAgain(session.chat, call)) reading = await settled(reading);
		if (await isPassedOver(work, call)) continue;
		let prepared = await planned(work, call);
		if (reading.length > 0 && !runsAsRead(prepared)) {
			// What the reads before it bring may change the plan, and a change must not overtake them.
			reading = await settled(reading);
			prepared = await planned(work, call);
		}
		const later = calls.slice(at + 1).filter(({ state }) => state !== "allowed");
		const running = handle(work, call, prepared, (plan) => joiner.join(call, plan, later));
		if (runsAsRead(prepared)) {
			// A log that fails meanwhile is told by `Promise.all` below; until then it must not end the process.
			running.catch(() => undefined);
			reading.push(running);
		} else await running;
	}
	await Promise.all(reading);
	await closeCalls(session, isPlanDecided(session.chat) ? AFTER_PLAN : STOPPED);
}

/** A plan touches nothing: one that does not notice Stop is left alone. */
function planned({ session, env, signal }: Work, call: Call, change?: (ctx: Ctx) => Ctx): Promise<Prepared | Refusal> {
	return inTime(prepare(session.chat, call, env, signal, change), { signal }, { refused: STOPPED });
}

async function settled(reading: readonly Promise<void>[]): Promise<Promise<void>[]> {
	await Promise.all(reading);
	return [];
}

/** It is not run: it has its result by now, or gets one with an earlier call. */
async function isPassedOver({ session, env }: Work, call: Call): Promise<boolean> {
	if (call.state === "allowed") {
		await fail(session, call, INTERRUPTED);
		return true;
	}
	if (call.state === "denied") {
		// The word came just before the process ended. It holds, also where nobody would be asked again.
		await fail(session, call, call.by === "person" ? rejected(call.reason) : `Not allowed: ${call.reason ?? ""}`);
		return true;
	}
	if (!isDue(session.chat, call)) return true;
	const refusal = notRun(session.chat, call, env.limits);
	if (refusal) await refuse(session, call, refusal);
	return refusal !== undefined;
}

/** Without a look at what it would do. */
async function refuse(session: Session, call: Call, { refused, title = call.tool, held }: NotRun): Promise<void> {
	await session.record({ type: "planned", callId: call.id, tool: call.tool, title, effects: [] });
	await finish(session, call, { text: refused, failed: true, ...(held && { details: { held } }) }, 0);
}

/** As `finish`, with a word where the call repeats others. */
function conclude(session: Session, call: Call, outcome: Outcome, ms: number): Promise<void> {
	return finish(session, call, (chat) => withRepeats(chat, call, outcome), ms);
}

/** Not decided on with an earlier one. */
function isDue(chat: Chat, call: Call): boolean {
	return !isPlanDecided(chat) && openCalls(chat).some(({ id }) => id === call.id);
}

/** What the model asked for along with a plan it wrote before it knew what the person makes of it. */
function isPlanDecided({ turns }: Chat): boolean {
	const calls = turns.at(-1)?.steps.at(-1)?.calls ?? [];
	return calls.some(({ by, effects }) => by === "person" && effects?.some((effect) => "plan" in effect));
}

/** Closes the calls that a turn left open. `text` is for those that did not run. */
export async function closeCalls(session: Session, text: string): Promise<void> {
	for (const call of openCalls(session.chat)) await fail(session, call, call.state === "allowed" ? INTERRUPTED : text);
}

async function handle(
	work: Work,
	call: Call,
	prepared: Prepared | Refusal,
	join: (plan: Plan) => Promise<Group>,
): Promise<void> {
	const { session, env } = work;
	const planned = { type: "planned", callId: call.id, tool: call.tool } as const;
	if ("refused" in prepared) {
		const { refused, title = call.tool } = prepared;
		await session.record({ ...planned, title, effects: [] });
		return conclude(session, call, { text: refused, failed: true }, 0);
	}
	const ruling = env.unattended ? withoutAsking(prepared.ruling) : prepared.ruling;
	const asks = ruling.verdict === "ask" && !env.dryRun;
	const group = asks ? await join(prepared.plan) : { call, plan: prepared.plan, joined: [] };
	const { title, effects, preview } = group.plan;
	const offers = asks ? prepared.offers(group.plan) : [];
	const offered = offers.length > 0 && { offers: [...offers] };
	await session.record({ ...planned, title, effects: [...effects], preview, ...offered });
	for (const { call: each, ...of } of group.joined) {
		const part = { callId: each.id, tool: each.tool, title: of.title, effects: [...of.effects], joined: call.id };
		await session.record({ type: "planned", ...part });
	}
	await session.record({ type: "decided", callId: call.id, by: "policy", ...ruling });
	if (env.dryRun) return finish(session, call, { text: "dry run" }, 0);
	if (ruling.verdict === "deny")
		return conclude(session, call, { text: `Not allowed: ${ruling.reason}`, failed: true }, 0);
	const allowed = asks ? await asked(work, group) : group.plan;
	if (allowed) await run(work, group, allowed);
}

function withoutAsking(ruling: Ruling): Ruling {
	return ruling.verdict === "ask"
		? { ...ruling, verdict: "deny", reason: `${ruling.reason} Nobody can be asked here: go on without it.` }
		: ruling;
}

/**
 * Asks the person and records the answer. Returns the plan as they allowed it; undefined when they did not, and the
 * calls have their results then.
 */
async function asked({ session, env, signal }: Work, group: Group): Promise<Plan | undefined> {
	const { call, plan, joined } = group;
	const answer = await env.approve({ id: call.id, plan }, signal);
	if (!answer || signal.aborted) {
		await closeGroup(session, group, STOPPED, STOPPED);
		return undefined;
	}
	const { verdict, reason = "", edits } = answer;
	const all = [call, ...joined.map((each) => each.call)];
	const amended = edits && verdict === "allow" ? ((await plan.amend?.(edits)) ?? plan) : plan;
	const decided = {
		type: "decided",
		verdict,
		by: "person",
		reason,
		// An answer is no change of a proposal.
		edited: amended === plan || plan.questions ? undefined : true,
	} as const;
	const kept = verdict === "allow" && !all.some(({ recovered }) => recovered) ? answer.remember : undefined;
	const remember = kept && { remember: kept.rule, ...(kept.scope !== "chat" && { scope: kept.scope }) };
	await session.record({ ...decided, callId: call.id, ...remember });
	if (kept && kept.scope !== "chat") await env.remember?.(kept);
	for (const { id } of all.slice(1)) await session.record({ ...decided, callId: id });
	if (verdict === "allow") return amended;
	await closeGroup(session, group, rejected(reason), `The person rejected this call. ${TOGETHER}`);
	return undefined;
}

function rejected(reason = ""): string {
	const why = reason.trim() === "" ? "They gave no reason; ask if you need one." : `Their reason: ${reason.trim()}`;
	return `The person rejected this call; nothing was changed or run. ${why}`;
}

async function run(work: Work, group: Group, plan: Plan): Promise<void> {
	const errors = await watchErrors(work.env.ctx, plan);
	try {
		await runWatched(work, group, plan, errors);
	} finally {
		errors.end();
	}
}

async function runWatched(work: Work, group: Group, plan: Plan, errors: ErrorWatch): Promise<void> {
	const { session, keeper, signal } = work;
	const before = keeper.before(group.call, plan);
	const kept = await inTime(before, { signal }, undefined);
	if (!kept) {
		const drop = (late: Kept) => late.dropped();
		before.then(drop, () => undefined);
		return closeGroup(session, group, STOPPED, STOPPED);
	}
	try {
		await runKept(work, group, plan, { kept, errors });
	} catch (error) {
		kept.dropped();
		throw error;
	}
}

interface Around {
	readonly kept: Kept;
	readonly errors: ErrorWatch;
}

async function runKept({ session, env, signal }: Work, group: Group, plan: Plan, around: Around): Promise<void> {
	const { kept, errors } = around;
	const { call } = group;
	await kept.begin();
	const opened = outsideOf(plan.effects).map((path) => env.ctx.files.grant(path));
	const from = performance.now();
	session.show({ type: "running", callId: call.id, at: Date.now() });
	const progress = (text: string) => session.show({ type: "output", callId: call.id, text });
	const running = plan
		.run(signal, progress)
		.catch((error: unknown): Outcome => ({ text: `The tool failed: ${words(error)}`, failed: true }));
	// What does not notice Stop must not keep the chat waiting.
	const ran = await inTime(running, { signal, grace: STOP_GRACE }, STOPPED_RUNNING);
	for (const close of opened) close();
	const ms = performance.now() - from;
	const outcome = await errors.tell(await kept.outcome(ran), signal);
	await conclude(session, call, outcome, ms);
	kept.finished();
	const isAsProposed = plan === group.plan && !outcome.failed;
	for (const { call: each, done } of group.joined)
		await finish(session, each, { text: isAsProposed ? done : TOGETHER, ...(outcome.failed && { failed: true }) }, 0);
}

const TOGETHER =
	"It was one proposal with your earlier edit of the same file in this answer: the result there is for both.";

/** The first tells all, the others where to look. */
async function closeGroup(session: Session, { call, joined }: Group, text: string, others: string): Promise<void> {
	await fail(session, call, text);
	for (const each of joined) await fail(session, each.call, others);
}

const STOPPED_RUNNING: Outcome = {
	text: "Stopped by the person while it ran; it may have taken effect in part.",
	failed: true,
};
