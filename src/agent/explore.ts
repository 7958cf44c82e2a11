import type { Mode } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import type { Chat } from "../shared/reduce.ts";
import system from "./explorer.md";
import type { Explore, Explored } from "./explorer.ts";
import { Lanes } from "./lanes.ts";
import { runTurn, type TurnEnv } from "./loop.ts";
import { pause } from "./patient.ts";
import type { Log } from "./ports.ts";
import { Session } from "./session.ts";

/** What an explorer needs: the model that is asked, and tools that only read. */
export interface ExploreEnv extends Pick<TurnEnv, "model" | "toolbox" | "ctx" | "grants"> {
	/** Absolute path of the workspace folder. */
	readonly root: string | undefined;
}

/** How many explore at once; others wait for their turn. */
const AT_ONCE = 4;
/** Requests to the model that one may make. */
const MAX_STEPS = 40;
const LAST_WORDS = "Your budget is used up. Call no more tools: write your report now, from what you know.";

/**
 * Explorers: sub-agents with a context and a budget of their own. They only read, and are told nothing of the chat.
 * What would ask the person is refused to them.
 */
export function createExplore(env: ExploreEnv): Explore {
	const lanes = new Lanes(AT_ONCE);
	return (prompt, signal, onCall) => lanes.run(() => explore(env, prompt, signal, onCall), signal, { calls: [] });
}

async function explore(
	env: ExploreEnv,
	prompt: string,
	signal: AbortSignal,
	onCall: (title: string) => void,
): Promise<Explored> {
	const session = new Session(FORGETFUL);
	const where = env.root === undefined ? "No folder is open." : `The project folder is \`${env.root}\`.`;
	await session.record({
		type: "opened",
		version: 1,
		chat: crypto.randomUUID(),
		system: `${system.trimEnd()}\n\n${where}\n`,
	});
	session.subscribe((event) => event.type === "planned" && onCall(event.title));
	const run = (text: string, steps: number) =>
		runTurn(session, text, { ...env, ...ALONE, pause, limits: { steps } }, signal);
	const end = await run(prompt, MAX_STEPS);
	const isCutShort = end.reason === "limit" || end.reason === "looping";
	const last = isCutShort ? await run(LAST_WORDS, 1) : end;
	// What it said on the way to its next call is no report.
	const failure = last.reason === "stopped" ? STOPPED : last.failure;
	return { ...outcome(session.chat), ...(failure && { failure }) };
}

function outcome({ turns, spent }: Chat): Explored {
	const steps = turns.flatMap((turn) => turn.steps);
	const report = (steps.at(-1)?.parts ?? []).flatMap((part) => (part.kind === "text" ? [part.text.trim()] : []));
	const failure = turns.at(-1)?.failure;
	const calls = steps.flatMap((step) =>
		step.calls.map(({ title, tool, state }) => ({
			title: title ?? tool,
			...(state !== "done" && { failed: true as const }),
		})),
	);
	return {
		...(report.length > 0 && { report: report.join("\n\n") }),
		...(failure && { failure }),
		calls,
		...(steps.some((step) => step.usage) && { usage: spent }),
	};
}

const STOPPED: Failure = { code: "aborted", message: "Stopped by the person." };

/** Under the mode that asks: nothing that the person did not allow runs. */
const ALONE = { mode: (): Mode => "ask", unattended: true, approve: async () => undefined };

/** What an explorer does is told in its call's result: a log of its own would only be more to keep and to delete. */
const FORGETFUL: Log = { append: () => Promise.resolve({ ok: true, value: undefined }) };
