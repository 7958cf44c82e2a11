import type { Effect, Mode, Rule } from "../shared/event.ts";
import type { Call } from "../shared/reduce.ts";
import { openCalls } from "../shared/reduce.ts";
import { type PolicyState, type Ruling, rule } from "./policy.ts";
import type { Checkpoints } from "./ports.ts";
import type { Session } from "./session.ts";
import { type Ctx, type Edits, isRefusal, type Outcome, type Plan, type Refusal, type Toolbox } from "./tool.ts";

/** A person's word on a call. */
export interface Answer {
	readonly verdict: "allow" | "deny";
	/** For the model. */
	readonly reason?: string;
	/** "Always allow in this chat". */
	readonly remember?: boolean;
	/** What they made of the proposals first; absent: as proposed. */
	readonly edits?: Edits;
}

/** What calls need of their host. */
export interface CallEnv {
	readonly toolbox: Toolbox;
	readonly ctx: Omit<Ctx, "seen" | "todo">;
	/** Read anew for each call: the person may switch in the middle of a turn. */
	readonly mode: () => Mode;
	/** Commands allowed from outside, to the letter. */
	readonly commands: readonly string[];
	/** Plans and decides, runs nothing. */
	readonly dryRun?: boolean;
	/** Absent: nothing is kept, and nothing can be undone. */
	readonly checkpoints?: Checkpoints;
	/** Asks the person. Resolves with undefined when `signal` aborts first. */
	readonly approve: (call: { id: string; plan: Plan }, signal: AbortSignal) => Promise<Answer | undefined>;
}

/** How long a tool may take to notice Stop before its call is closed without it, in milliseconds. */
const STOP_GRACE = 200;

const STOPPED = "Stopped by the person before it ran.";

interface Prepared {
	readonly plan: Plan;
	readonly ruling: Ruling;
}

/**
 * Gives every open call of the last step exactly one result. In order; reads that may run unasked overlap.
 * Also after a reload: a call that was allowed and has no result may have run, so it is closed and not run again.
 */
export async function runCalls(session: Session, env: CallEnv, signal: AbortSignal): Promise<void> {
	let reading: Promise<void>[] = [];
	for (const call of openCalls(session.chat)) {
		if (signal.aborted) break;
		if (call.state === "allowed") {
			await fail(session, call, "Interrupted while it ran: it may have taken effect in part. Check before you go on.");
			continue;
		}
		let prepared = await prepare(session, call, env, signal);
		if (reading.length > 0 && !runsAsRead(prepared)) {
			// What the reads before it bring may change the plan, and a change must not overtake them.
			await Promise.all(reading);
			reading = [];
			prepared = await prepare(session, call, env, signal);
		}
		const running = handle(session, call, prepared, env, signal);
		if (runsAsRead(prepared)) {
			// A log that fails meanwhile is told by `Promise.all` below; until then it must not end the process.
			running.catch(() => undefined);
			reading.push(running);
		} else await running;
	}
	await Promise.all(reading);
	for (const call of openCalls(session.chat)) await fail(session, call, STOPPED);
}

/** Closes the calls that a turn left open, when the person goes on with something else. */
export async function closeCalls(session: Session, text: string): Promise<void> {
	for (const call of openCalls(session.chat)) await fail(session, call, text);
}

function runsAsRead(prepared: Prepared | Refusal): boolean {
	if ("refused" in prepared) return false;
	const { effects } = prepared.plan;
	return prepared.ruling.verdict === "allow" && effects.length > 0 && effects.every((effect) => "read" in effect);
}

async function prepare(session: Session, call: Call, env: CallEnv, signal: AbortSignal): Promise<Prepared | Refusal> {
	const taken = env.toolbox.take(call.tool, call.args);
	if ("refused" in taken) return taken;
	const { seen, todo, rules } = session.chat;
	const plan = await taken.tool
		.plan(taken.input, { ...env.ctx, seen, todo }, signal)
		.catch((error: unknown): Refusal => ({ refused: `The tool could not plan this call: ${words(error)}` }));
	if (isRefusal(plan)) return plan;
	const state: PolicyState = { mode: env.mode(), rules, commands: env.commands };
	const { tool, recovered = false } = call;
	return { plan, ruling: rule({ tool, effects: plan.effects, recovered }, state) };
}

async function handle(
	session: Session,
	call: Call,
	prepared: Prepared | Refusal,
	env: CallEnv,
	signal: AbortSignal,
): Promise<void> {
	if ("refused" in prepared) {
		const { refused, title = call.tool } = prepared;
		await session.record({ type: "planned", callId: call.id, tool: call.tool, title, effects: [] });
		return fail(session, call, refused);
	}
	const { plan, ruling } = prepared;
	const { title, effects, preview } = plan;
	await session.record({ type: "planned", callId: call.id, tool: call.tool, title, effects: [...effects], preview });
	await session.record({ type: "decided", callId: call.id, by: "policy", ...ruling });
	if (env.dryRun) return finish(session, call, { text: "dry run" }, 0);
	if (ruling.verdict === "deny") return fail(session, call, `Not allowed: ${ruling.reason}`);
	const allowed = ruling.verdict === "ask" ? await asked(session, call, plan, env, signal) : plan;
	if (allowed) await run(session, call, allowed, signal);
}

/**
 * Asks the person and records the answer. Returns the plan as they allowed it; undefined when they did not, and the
 * call has its result then.
 */
async function asked(
	session: Session,
	call: Call,
	plan: Plan,
	env: CallEnv,
	signal: AbortSignal,
): Promise<Plan | undefined> {
	const answer = await env.approve({ id: call.id, plan }, signal);
	if (!answer || signal.aborted) {
		await fail(session, call, STOPPED);
		return undefined;
	}
	const { verdict, reason = "" } = answer;
	const remembers = answer.remember && verdict === "allow" && !call.recovered;
	const remember = remembers ? ruleFor(plan.effects) : undefined;
	const amended = answer.edits && verdict === "allow" ? (plan.amend?.(answer.edits) ?? plan) : plan;
	const edited = amended === plan ? undefined : true;
	await session.record({ type: "decided", callId: call.id, verdict, by: "person", reason, remember, edited });
	if (verdict === "allow") return amended;
	const why = reason.trim() === "" ? "They gave no reason; ask if you need one." : `Their reason: ${reason.trim()}`;
	await fail(session, call, `The person rejected this call; nothing was changed or run. ${why}`);
	return undefined;
}

/** What "Always allow in this chat" stands for: all edits, or this one command to the letter. */
function ruleFor(effects: readonly Effect[]): Rule | undefined {
	if (effects.every((effect) => "read" in effect || "write" in effect)) return { edits: true };
	const [effect] = effects;
	return effects.length === 1 && effect && "exec" in effect ? { command: effect.exec } : undefined;
}

async function run(session: Session, call: Call, plan: Plan, signal: AbortSignal): Promise<void> {
	const from = performance.now();
	session.show({ type: "running", callId: call.id, at: Date.now() });
	const progress = (text: string) => session.show({ type: "output", callId: call.id, text });
	const running = plan
		.run(signal, progress)
		.catch((error: unknown): Outcome => ({ text: `The tool failed: ${words(error)}`, failed: true }));
	const outcome = await unlessStopped(running, signal);
	await finish(session, call, outcome, performance.now() - from);
}

const STOPPED_RUNNING: Outcome = {
	text: "Stopped by the person while it ran; it may have taken effect in part.",
	failed: true,
};

/** A tool that does not notice Stop must not keep the chat waiting. */
function unlessStopped(running: Promise<Outcome>, signal: AbortSignal): Promise<Outcome> {
	return new Promise((resolve, reject) => {
		const late = () => setTimeout(resolve, STOP_GRACE, STOPPED_RUNNING);
		if (signal.aborted) late();
		else signal.addEventListener("abort", late, { once: true });
		running.then(resolve, reject).finally(() => signal.removeEventListener("abort", late));
	});
}

function finish(session: Session, call: Call, outcome: Outcome, ms: number): Promise<void> {
	const { text, show, details } = outcome;
	const failed = outcome.failed === true;
	return session.record({ type: "finished", callId: call.id, failed, text, show, details, ms: Math.round(ms) });
}

function fail(session: Session, call: Call, text: string): Promise<void> {
	return finish(session, call, { text, failed: true }, 0);
}

function words(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
