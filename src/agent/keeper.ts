import { isSameState } from "../shared/changes.ts";
import type { Effect, FileChange } from "../shared/event.ts";
import type { Checkpoints, Snapshot } from "./ports.ts";
import type { Session } from "./session.ts";
import type { Outcome, Plan, Toolbox } from "./tool.ts";

/** What is kept of the workspace while one call runs. */
export interface Kept {
	/** The outcome with the files that the call changed, as far as it named them beforehand. */
	outcome(of: Outcome): Promise<Outcome>;
	/** The call has its result: what else it changed is looked for from now on. */
	finished(callId: string): void;
}

const NOTHING: Kept = { outcome: async (of) => of, finished: () => undefined };

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

	/** To be waited for before the plan runs. */
	async before({ effects }: Plan): Promise<Kept> {
		const checkpoints = this.#checkpoints;
		const paths = effects.flatMap((effect) => ("write" in effect ? [effect.write] : []));
		const isOpaque = effects.some(mayChangeAnything);
		if (!checkpoints || (paths.length === 0 && !isOpaque)) return NOTHING;
		// What this call changes must not be taken for the work of the one before.
		await this.settled();
		if (isOpaque) return this.#around(await checkpoints.snapshot());
		const before = await checkpoints.capture(paths);
		return {
			finished: () => undefined,
			outcome: async (of) => {
				const after = await checkpoints.capture(paths);
				const changes = paths.flatMap((path): FileChange[] => {
					const [was, is] = [before.get(path), after.get(path)];
					return was === undefined || is === undefined || isSameState(was, is)
						? []
						: [{ path, before: was, after: is }];
				});
				return changes.length === 0 ? of : { ...of, details: { ...of.details, changes } };
			},
		};
	}

	/** Everything that was found out is on record. */
	settled(): Promise<void> {
		return this.#looking;
	}

	#around(snapshot: Snapshot): Kept {
		const finished = (callId: string) => {
			const looking = this.#look(snapshot, callId);
			// A log that fails meanwhile is told by whoever waits; until then it must not end the process.
			looking.catch(() => undefined);
			this.#looking = looking;
		};
		return { ...NOTHING, finished };
	}

	async #look(snapshot: Snapshot, callId: string): Promise<void> {
		const { files, uncovered: found } = await snapshot.changes();
		// Said once: the same words under each command would be noise.
		const isKnown = this.#session.chat.turns.some((turn) => turn.uncovered === found);
		const uncovered = found === undefined || isKnown ? {} : { uncovered: found };
		if (files.length === 0 && !("uncovered" in uncovered)) return;
		await this.#session.record({ type: "changed", callId, files: [...files], ...uncovered });
	}
}

function mayChangeAnything(effect: Effect): boolean {
	return "exec" in effect || "unknown" in effect;
}
