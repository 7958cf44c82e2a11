import { dice } from "./dice.ts";
import type { SoakPlace } from "./place.ts";
import { Run, type RunOptions } from "./run.ts";

/** One turn in a process of its own, which may die by SIGKILL. */
export interface ChildAsk {
	readonly place: SoakPlace;
	readonly options: RunOptions;
	readonly prompt?: string;
	/** It dies a moment after so many events were shown. */
	readonly diesAfter: number;
}

const { place, options, prompt, diesAfter } = JSON.parse(process.argv[2] ?? "") as ChildAsk;
const run = await Run.open(place, options);
const chance = dice(options.seed, `death ${run.session.chat.next}`);
let left = diesAfter;
run.session.subscribe(() => {
	if (--left !== 0) return;
	// At once, or so many rounds of the event loop later: between two events as well.
	let rounds = chance.int(12);
	const die = () => (rounds-- > 0 ? setImmediate(die) : process.kill(process.pid, "SIGKILL"));
	die();
});
await run.turn(prompt, new AbortController().signal);
run.witness.compare();
await run.close();
