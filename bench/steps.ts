import { type Client, type Run, runClient } from "./client.ts";
import type { Step } from "./endpoint.ts";
import { kinds } from "./script.ts";
import { median, p95, sum } from "./stats.ts";
import type { Figures } from "./targets.ts";

/** Runs of the most watched length; their steps are pooled. */
const REPEATS = 3;
const MIB = 1024 * 1024;

/** The agent and the floor through 10, 50 and 300 calls. */
export async function measureSteps(): Promise<Figures> {
	const [agent10, floor10] = await pairs(10, 1);
	const [agent50, floor50] = await pairs(50, REPEATS);
	const [agent300, floor300] = await pairs(300, 1);
	return {
		...overhead(10, agent10, floor10),
		...overhead(50, agent50, floor50),
		...overhead(300, agent300, floor300),
		...byKind(agent50),
		...atStart(agent50, floor50),
		...longRun(agent300, floor300),
		...prompt(agent300),
	};
}

/** Turn by turn, so that a busy moment of the machine meets both. */
async function pairs(calls: number, times: number): Promise<[Run[], Run[]]> {
	const all: Record<Client, Run[]> = { agent: [], floor: [] };
	for (let time = 0; time < times; time++)
		for (const client of ["floor", "agent"] as const) all[client].push(await runClient(client, calls));
	return [all.agent, all.floor];
}

const times = (runs: readonly Run[]) => runs.flatMap(({ steps }) => steps.map(({ ms }) => ms));

function overhead(calls: number, agent: readonly Run[], floor: readonly Run[]): Figures {
	const at = (place: number) => median(agent.map(({ steps }) => steps.at(place)?.ms ?? 0));
	return {
		[`steps.${calls}.median`]: median(times(agent)),
		[`steps.${calls}.p95`]: p95(times(agent)),
		[`steps.${calls}.first`]: at(0),
		[`steps.${calls}.last`]: at(-1),
		[`steps.${calls}.floor`]: median(times(floor)),
		[`steps.${calls}.ratio`]: median(times(agent)) / median(times(floor)),
	};
}

const ofKind = (steps: readonly Step[], kind: Step["kind"]) =>
	steps.filter((step) => step.kind === kind).map(({ ms }) => ms);

function byKind(runs: readonly Run[]): Figures {
	const steps = runs.flatMap((run) => run.steps);
	return Object.fromEntries(kinds.map((kind) => [`steps.50.${kind}`, median(ofKind(steps, kind))]));
}

function atStart(agent: readonly Run[], floor: readonly Run[]): Figures {
	return {
		"start.cold": median(agent.map(({ coldStart }) => coldStart)),
		"start.floor": median(floor.map(({ coldStart }) => coldStart)),
	};
}

function longRun(agent: readonly Run[], floor: readonly Run[]): Figures {
	const run = agent[0];
	if (!run) return {};
	return {
		"long.growth": typical(run.steps.slice(-50)) / typical(run.steps.slice(0, 50)),
		"long.steps": run.steps.length,
		"long.edits": run.edits,
		"long.total": run.total / 1000,
		"long.totalFloor": (floor[0]?.total ?? 0) / 1000,
		...(run.peakRss > 0 && {
			"long.cpu": run.cpuMs / 1000,
			"memory.peak": run.peakRss / MIB,
			"memory.growth": ((run.rss.at(-1) ?? 0) - (run.rss[0] ?? 0)) / MIB,
			"memory.floor": (floor[0]?.peakRss ?? 0) / MIB,
		}),
	};
}

/** One call of each kind: medians of a mixture would jump with the mixture. */
function typical(steps: readonly Step[]): number {
	return sum(kinds.map((kind) => median(ofKind(steps, kind))));
}

function prompt([run]: readonly Run[]): Figures {
	if (!run) return {};
	return {
		"prompt.system": run.systemBytes,
		"prompt.tools": run.toolBytes,
		"prompt.both": run.systemBytes + run.toolBytes,
		"prompt.last": run.lastRequestBytes / 1000,
		"prompt.prefix": 100 * Math.min(...run.prefixes),
	};
}
