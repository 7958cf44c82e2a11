import { toMessages } from "../../src/agent/context.ts";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import type { Delta, Model } from "../../src/agent/ports.ts";
import { Session } from "../../src/agent/session.ts";
import type { Recorded } from "../../src/shared/event.ts";
import type { Chat } from "../../src/shared/reduce.ts";
import { MemoryLog, TestTools, turnEnv } from "./agent.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

/** What the loop makes by itself; everything else is recorded by those around it, and is put in where it was. */
const MADE: readonly Recorded["type"][] = [
	"prompted",
	"steered",
	"replied",
	"planned",
	"decided",
	"finished",
	"noted",
	"failed",
	"ended",
];

/**
 * Runs a recorded chat anew: its answers play the model, its results the tools, its decisions the person. The chat that
 * comes of it should be the recorded one, see `conversation`.
 */
export async function replay(events: readonly Recorded[]): Promise<Session> {
	const session = new Session(new MemoryLog());
	const others = events.filter(({ type }) => !MADE.includes(type));
	const answers = events.filter((event) => event.type === "replied" || event.type === "failed");
	const ends = events.filter((event) => event.type === "ended");
	const until = async (seq: number) => {
		for (let next = others[0]; next && next.seq < seq; next = others[0]) {
			others.shift();
			await session.record(next);
		}
	};
	for (const [n, event] of events.entries()) {
		const begins = event.type === "prompted" || (event.type === "ended" && isGoingOn(events.slice(n + 1)));
		if (!begins) continue;
		await until(event.type === "prompted" ? event.seq : (answers[0]?.seq ?? event.seq));
		const stop = new AbortController();
		const end = ends.find(({ seq }) => seq > event.seq);
		const model = playing(answers, until, () => (answers[0]?.seq ?? 0) > (end?.seq ?? 0) && stop.abort());
		const env = envOf(events, model, until, end);
		await runTurn(session, promptOf(event), env, stop.signal);
	}
	await until(Number.POSITIVE_INFINITY);
	return session;
}

function promptOf(event: Recorded): Parameters<typeof runTurn>[1] {
	if (event.type !== "prompted") return undefined;
	return event.queued === undefined ? event.text : { queued: event.queued };
}

/** The turn goes on after its end, without a prompt. */
function isGoingOn(later: readonly Recorded[]): boolean {
	return later.find(({ type }) => type === "prompted" || type === "replied")?.type === "replied";
}

function playing(
	answers: Of<"replied" | "failed">[],
	until: (seq: number) => Promise<void>,
	check: () => unknown,
): Model {
	return {
		name: "replayed",
		contextTokens: 0,
		async *stream(): AsyncGenerator<Delta> {
			check();
			const answer = answers.shift();
			await until(answer?.seq ?? 0);
			const said = answer?.type === "replied" ? answer : undefined;
			const { parts = [], usage, finish = null, complete = false, model = "" } = said ?? {};
			const reply = { parts, finish, complete, model, ...(usage && { usage }) };
			const [next] = answers;
			const failed = answer?.type === "failed" ? answer : !complete && next?.type === "failed" ? next : undefined;
			if (failed === next) answers.shift();
			yield { kind: "end", reply, ...(failed && { failure: failed.failure }) };
		},
	};
}

/** Tools that answer as on record, and a person who decides so. */
function envOf(
	events: readonly Recorded[],
	model: Model,
	until: (seq: number) => Promise<void>,
	end: Of<"ended"> | undefined,
): TurnEnv {
	const of = <T extends Recorded["type"]>(type: T, id: string) =>
		events.findLast((event) => event.type === type && "callId" in event && event.callId === id) as Of<T> | undefined;
	const words = (id: string) => of("decided", id);
	const calls = events.flatMap((event) => (event.type === "replied" ? event.parts : []));
	const idOf = (tool: string, args: string) =>
		calls.findLast((part) => part.kind === "call" && part.tool === tool && part.args === args);
	const { toolbox } = new TestTools({});
	return turnEnv(model, new TestTools({}), {
		toolbox: {
			...toolbox,
			take: (name, args) => {
				const call = idOf(name, args);
				const id = call?.kind === "call" ? call.id : "";
				const [planned, finished] = [of("planned", id), of("finished", id)];
				if (!planned) return { refused: finished?.text ?? "" };
				const { title, effects, preview } = planned;
				const run = async () => {
					await until(finished?.seq ?? 0);
					const { text = "", failed = false, show, details } = finished ?? {};
					return { text, ...(failed && { failed }), ...(show && { show }), ...(details && { details }) };
				};
				const plan = { title, effects, run, ...(preview && { preview }) };
				return {
					tool: { name, description: "", input: undefined as never, plan: async () => plan },
					input: undefined as never,
				};
			},
		},
		limits: end?.limit ? { [end.limit.of]: end.limit.max } : {},
		approve: async ({ id }) => {
			const { verdict = "deny", reason = "" } = words(id) ?? {};
			return { verdict: verdict === "allow" ? "allow" : "deny", ...(reason !== "" && { reason }) };
		},
	});
}

/** What two runs of the same chat have in common: everything but times, and why nobody had to be asked. */
export function conversation(chat: Chat) {
	return {
		messages: toMessages(chat),
		turns: chat.turns.map(({ prompt, ended, steps }) => ({
			prompt,
			ended,
			calls: steps.flatMap(({ calls }) => calls.map(({ id, state, text, show }) => ({ id, state, text, show }))),
		})),
		title: chat.title,
		todo: chat.todo,
		changes: chat.changes,
		queue: chat.queue,
		seen: chat.seen,
		spent: chat.spent,
	};
}
