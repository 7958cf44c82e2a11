import { type Run, runClient } from "./client.ts";
import { kinds } from "./script.ts";
import { median, sum } from "./stats.ts";
import type { Figures, Group, Must, Row } from "./targets.ts";

const CALLS = 1000;
/** Steps about the 10th, 100th, 300th and 1,000th: from, and up to. As many of each kind in each. */
const WINDOWS = { 10: [4, 44], 100: [80, 120], 300: [280, 320], 1000: [960, 1000] } as const;
type Window = readonly [from: number, to: number];
const FLAT = 1.3;
const MEGABYTE = 1e6;
const MIB = 1024 * 1024;

/** Runs of each: the quietest counts, since what is slower comes from other processes of the machine. */
const REPEATS = 2;

/** The agent, and the floor beside it, through 1,000 calls. */
export async function measureThousand(): Promise<Figures> {
	const [floors, agents]: [Run[], Run[]] = [[], []];
	for (let time = 0; time < REPEATS; time++) {
		floors.push(await runClient("floor", CALLS));
		agents.push(await runClient("agent", CALLS));
	}
	const [at10 = 0, at100 = 0, at300 = 0, at1000 = 0] = quietest(agents, typical);
	const [floor10 = 0, , , floor1000 = 0] = quietest(floors, typical);
	return {
		"thousand.10": at10,
		"thousand.100": at100,
		"thousand.300": at300,
		"thousand.1000": at1000,
		"thousand.growth": Math.max(at100, at300, at1000) / at10,
		"thousand.growthFloor": floor1000 / floor10,
		...ofLast(agents.at(-1), floors.at(-1)),
	};
}

/** For each window the least that it was in any run. */
function quietest(runs: readonly Run[], of: (run: Run, window: Window) => number): number[] {
	return Object.values(WINDOWS).map((window) => Math.min(...runs.map((run) => of(run, window))));
}

/** The same in each run, or nearly. */
function ofLast(agent: Run | undefined, floor: Run | undefined): Figures {
	if (!agent || !floor) return {};
	// Where it was shortened the request begins anew.
	const prefixes = agent.prefixes.toSorted((a, b) => a - b).slice(agent.shortened);
	const cpu = quietest([agent], cpuOf);
	return {
		"thousand.steps": agent.succeeded,
		"thousand.edits": agent.edits,
		"thousand.sent": agent.sentBytes / MEGABYTE,
		"thousand.sentFloor": floor.sentBytes / MEGABYTE,
		"thousand.shortened": agent.shortened,
		"thousand.prefix": 100 * Math.min(...prefixes),
		...(agent.peakRss > 0 && {
			"thousand.cpu": cpu.at(-1) ?? 0,
			"thousand.cpuGrowth": Math.max(...cpu) / (cpu[0] ?? 0),
			"thousand.memory": agent.peakRss / MIB,
			"thousand.memoryFloor": floor.peakRss / MIB,
		}),
	};
}

/** CPU time of a step, whatever else the machine does, in milliseconds. */
function cpuOf({ cpu }: Run, [from, to]: Window): number {
	return ((cpu[to] ?? 0) - (cpu[from] ?? 0)) / (to - from);
}

/** Milliseconds of a step, the mean of the four kinds' medians: a median of a mixture would jump with it. */
function typical({ steps }: Run, [from, to]: Window): number {
	const window = steps.slice(from, to);
	const medians = kinds.map((kind) => median(window.filter((step) => step.kind === kind).map(({ ms }) => ms)));
	return sum(medians) / kinds.length;
}

function row(id: string, what: string, unit: string, means: string, must?: Must, digits = 1): Row {
	return { id: `thousand.${id}`, what, unit, digits, means, ...(must && { must }) };
}

const about = (step: string) => row(step, `about step ${step}`, "ms", "40 steps, ten of each kind.");

export const thousandGroup: Group = {
	name: "thousand",
	title: "1,000 calls",
	rows: [
		about("10"),
		about("100"),
		about("300"),
		about("1000"),
		row("growth", "the slowest of these to the first", "×", "1 means that history costs nothing.", { most: FLAT }, 2),
		row("growthFloor", "growth of the floor", "×", "About step 1,000 to about step 10.", undefined, 2),
		row("cpu", "CPU of a step about step 1000", "ms", "User and system time of the agent's process; Linux only."),
		row("cpuGrowth", "CPU, the dearest of the four to the first", "×", "The same, in steps of 10 ms.", undefined, 2),
		row("steps", "steps done of 1,000", "", "Calls with a result that is no failure.", { exactly: CALLS }, 0),
		row("edits", "edits on disk of 250", "", "Every edit was really made.", { exactly: CALLS / kinds.length }, 0),
		row("sent", "sent", "MB", "All bodies of requests; a server's prefix cache reads nearly all of it.", undefined, 0),
		row("sentFloor", "sent by the floor", "MB", "It never shortens the chat.", undefined, 0),
		row("shortened", "times that the chat was shortened", "", "Its window has 262,144 tokens.", undefined, 0),
		row(
			"prefix",
			"prefix kept between two of these, worst step",
			"%",
			"Share of a request that the next begins with, byte for byte.",
			{ exactly: 100 },
			2,
		),
		row("memory", "peak memory", "MiB", "Largest resident set of the process; Linux only.", { most: 250 }, 0),
		row("memoryFloor", "peak memory of the floor", "MiB", "What Node and 1,000 messages need anyway.", undefined, 0),
	],
};
