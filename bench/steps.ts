import { type Client, type Run, runClient } from "./client.ts";
import type { Step } from "./endpoint.ts";
import { kinds } from "./script.ts";
import { median, p95, sum } from "./stats.ts";
import type { Figures } from "./targets.ts";

/**
 * Runs of each length. The quietest of them counts, by its median: the work is the same each time, so what is slower
 * comes from other processes of the machine.
 */
const REPEATS = { 10: 3, 50: 5, 300: 2 } as const;
const MIB = 1024 * 1024;

/** The agent and the floor through 10, 50 and 300 calls. */
export async function measureSteps(): Promise<Figures> {
	const [agent10, floor10] = await quietest(10);
	const [agent50, floor50] = await quietest(50);
	const [agent300, floor300] = await quietest(300);
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
async function quietest(calls: keyof typeof REPEATS): Promise<[Run, Run]> {
	const best: { [C in Client]?: Run } = {};
	for (let time = 0; time < REPEATS[calls]; time++)
		for (const client of ["floor", "agent"] as const)
			best[client] = quieter(best[client], await runClient(client, calls));
	if (!best.agent || !best.floor) throw new Error("Nothing was run.");
	return [best.agent, best.floor];
}

function quieter(best: Run | undefined, run: Run): Run {
	return best && median(times(best)) < median(times(run)) ? best : run;
}

const times = ({ steps }: Run) => steps.map(({ ms }) => ms);

function overhead(calls: number, agent: Run, floor: Run): Figures {
	const at = (place: number) => agent.steps.at(place)?.ms ?? 0;
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

function byKind({ steps }: Run): Figures {
	return Object.fromEntries(kinds.map((kind) => [`steps.50.${kind}`, median(ofKind(steps, kind))]));
}

function atStart(agent: Run, floor: Run): Figures {
	return { "start.cold": agent.coldStart, "start.floor": floor.coldStart };
}

function longRun(agent: Run, floor: Run): Figures {
	return {
		"long.growth": growth(agent),
		"long.growthFloor": growth(floor),
		"long.steps": agent.succeeded,
		"long.edits": agent.edits,
		"long.total": agent.total / 1000,
		"long.totalFloor": floor.total / 1000,
		...(agent.peakRss > 0 && {
			"long.cpu": (agent.cpu.at(-1) ?? 0) / 1000,
			"long.cpuLate": between(agent.cpu, 250, 300) / 50,
			"memory.peak": agent.peakRss / MIB,
			"memory.growth": between(agent.rss, 0, 300) / MIB,
			"memory.floor": floor.peakRss / MIB,
		}),
	};
}

const between = (values: readonly number[], from: number, to: number) => (values[to] ?? 0) - (values[from] ?? 0);

const growth = ({ steps }: Run) => typical(steps.slice(-50)) / typical(steps.slice(0, 50));

/** One call of each kind: medians of a mixture would jump with the mixture. */
function typical(steps: readonly Step[]): number {
	return sum(kinds.map((kind) => median(ofKind(steps, kind))));
}

function prompt(run: Run): Figures {
	return {
		"prompt.system": run.systemBytes,
		"prompt.tools": run.toolBytes,
		"prompt.both": run.systemBytes + run.toolBytes,
		"prompt.last": run.lastRequestBytes / 1000,
		"prompt.prefix": 100 * Math.min(...run.prefixes),
	};
}
