import type { Effect, KeptFile } from "../shared/event.ts";
import { changesSince, recordChanged } from "./look-back.ts";
import type { Checkpoints } from "./ports.ts";
import type { Session } from "./session.ts";
import type { Outcome, Plan, Toolbox } from "./tool.ts";

/** What is kept of the workspace while one call runs. */
export interface Kept {
	/** Puts it on record: to be waited for, then the call may run. */
	begin(): Promise<void>;
	/** The outcome with the files that the call changed, where it named all of them beforehand. */
	outcome(of: Outcome): Promise<Outcome>;
	/** The call has its result: what a command changed is looked for from now on. */
	finished(): void;
}

const NOTHING: Kept = { begin: async () => undefined, outcome: async (of) => of, finished: () => undefined };

/**
 * Finds out what the calls of a turn change, so that it can be reviewed and put back: by looking at the files that a
 * call names before and after it, or at the whole workspace where nobody can tell beforehand.
 */
export class Keeper {
	readonly #session: Session;
	readonly #checkpoints: Checkpoints | undefined;
	readonly #opaque: ReadonlySet<string>;
	#looking: Promise<void> = Promise.resolve();

	constructor(session: Session, { checkpoints, toolbox }: { checkpoints?: Checkpoints; toolbox: Toolbox }) {
		this.#session = session;
		this.#checkpoints = checkpoints;
		this.#opaque = new Set(toolbox.specs.filter((spec) => spec.opaque).map((spec) => spec.name));
	}

	/** Gets a snapshot under way as soon as a command may be near. Returns the way to stop. */
	watch(): () => void {
		const checkpoints = this.#checkpoints;
		if (!checkpoints) return () => undefined;
		checkpoints.expect();
		let isExpected = false;
		return this.#session.subscribe((event) => {
			if (event.type === "requested") isExpected = false;
			if (event.type !== "calling" || isExpected || !this.#opaque.has(event.tool)) return;
			isExpected = true;
			checkpoints.expect();
		});
	}

	/** To be waited for before the plan runs; nothing is on record yet. */
	async before(callId: string, { effects }: Plan): Promise<Kept> {
		const checkpoints = this.#checkpoints;
		const paths = [...new Set(effects.flatMap((effect) => ("write" in effect ? [effect.write] : [])))];
		const isOpaque = effects.some(mayChangeAnything);
		if (!checkpoints || (paths.length === 0 && !isOpaque)) return NOTHING;
		// What this call changes must not be taken for the work of the one before.
		await this.settled();
		const [states, snapshot] = await Promise.all([
			paths.length === 0 ? undefined : checkpoints.capture(paths),
			isOpaque ? checkpoints.snapshot() : undefined,
		]);
		const files = paths.flatMap((path): KeptFile[] => {
			const state = states?.get(path);
			return state === undefined ? [] : [{ path, state }];
		});
		if (files.length === 0 && !snapshot) return NOTHING;
		const look = () => changesSince(checkpoints, files, snapshot);
		return {
			begin: async () => {
				const held = snapshot && { snapshot: await snapshot.hold() };
				await this.#session.record({ type: "kept", callId, files, ...held });
			},
			outcome: async (of) => {
				const changes = snapshot ? [] : (await look()).files;
				return changes.length === 0 ? of : { ...of, details: { ...of.details, changes: [...changes] } };
			},
			finished: () => {
				if (!snapshot) return;
				const looking = look().then((found) => recordChanged(this.#session, { callId, snapshot }, found));
				// A log that fails meanwhile is told by whoever waits; until then it must not end the process.
				looking.catch(() => undefined);
				this.#looking = looking;
			},
		};
	}

	/** Everything that was found out is on record. */
	settled(): Promise<void> {
		return this.#looking;
	}
}

function mayChangeAnything(effect: Effect): boolean {
	return "exec" in effect || "unknown" in effect;
}
