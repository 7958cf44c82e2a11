import type { KeptFile } from "../shared/event.ts";
import type { Call } from "../shared/reduce.ts";
import { mayChangeAnything } from "./effects.ts";
import { JobChanges } from "./job-changes.ts";
import { changesSince, lookBack, lookOnce, recordChanged } from "./look-back.ts";
import { inTime } from "./patient.ts";
import type { Checkpoints } from "./ports.ts";
import type { PrepareEnv } from "./prepare.ts";
import type { Session } from "./session.ts";
import type { Outcome, Plan, Toolbox } from "./tool.ts";

/** What finding out needs of its host. */
export interface KeeperEnv {
	/** Absent: nothing is kept, and nothing can be undone. */
	readonly checkpoints?: Checkpoints;
	readonly toolbox: Toolbox;
	readonly ctx: PrepareEnv["ctx"];
	/** How long a turn waits for what a command changed, in milliseconds; 3 seconds unless told. */
	readonly patience?: number;
}

const PATIENCE = 3_000;

/** How long it still waits for that after Stop, in milliseconds. */
const STOP_GRACE = 50;

/** What is kept of the workspace while one call runs. */
export interface Kept {
	/** Puts it on record: to be waited for, then the call may run. */
	begin(): Promise<void>;
	/** The outcome with the files that the call changed, where it named all of them beforehand. */
	outcome(of: Outcome): Promise<Outcome>;
	/** The call has its result: what a command changed is looked for from now on. */
	finished(): void;
	/** It did not come to a result that is on record: nobody looks for what it changed, but a later process may. */
	dropped(): void;
}

const NOTHING: Kept = {
	begin: async () => undefined,
	outcome: async (of) => of,
	finished: () => undefined,
	dropped: () => undefined,
};

/**
 * Finds out what the calls of a turn change, so that it can be reviewed and put back: by looking at the files that a
 * call names before and after it, or at the whole workspace where nobody can tell beforehand.
 */
export class Keeper {
	readonly #session: Session;
	readonly #checkpoints: Checkpoints | undefined;
	readonly #jobs: JobChanges | undefined;
	#opaque: ReadonlySet<string> = new Set();
	readonly #signal: AbortSignal;
	readonly #patience: number;
	#looking: Promise<unknown> = Promise.resolve();

	constructor(session: Session, { checkpoints, toolbox, ctx, patience = PATIENCE }: KeeperEnv, signal: AbortSignal) {
		this.#session = session;
		this.#signal = signal;
		this.#patience = patience;
		this.#checkpoints = checkpoints;
		this.#jobs = checkpoints && new JobChanges(session, checkpoints, ctx.shell.jobs);
		this.offer(toolbox);
	}

	/** The calls from now on are of these tools. */
	offer({ specs }: Toolbox): void {
		this.#opaque = new Set(specs.filter((spec) => spec.opaque).map((spec) => spec.name));
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
	async before({ id: callId, tool }: Call, { effects }: Plan): Promise<Kept> {
		const checkpoints = this.#checkpoints;
		const paths = [...new Set(effects.flatMap((effect) => ("write" in effect ? [effect.write] : [])))];
		const isOpaque = effects.some(mayChangeAnything);
		if (!checkpoints || (paths.length === 0 && !isOpaque))
			return this.#opaque.has(tool) ? { ...NOTHING, finished: () => this.jobs() } : NOTHING;
		// What this call changes is best not taken for the work of the one before.
		await this.settled();
		const [states, snapshot] = await Promise.all([
			paths.length === 0 ? undefined : checkpoints.capture(paths),
			isOpaque ? checkpoints.snapshot() : undefined,
		]);
		const files = paths.flatMap((path): KeptFile[] => {
			const state = states?.get(path);
			return state === undefined ? [] : [{ path, state }];
		});
		const lost = states ? paths.filter((path) => !states.has(path)) : [];
		if (files.length === 0 && lost.length === 0 && !snapshot) return NOTHING;
		const look = () => changesSince(checkpoints, files, snapshot);
		return {
			begin: async () => {
				if (files.length === 0 && !snapshot) return;
				const held = snapshot && { snapshot: await snapshot.hold() };
				await this.#session.record({ type: "kept", callId, files, ...held });
			},
			outcome: async (of) => {
				if (snapshot) return of;
				// Also where there are none: that is on record then.
				const changes = files.length > 0 && { changes: [...(await look()).files] };
				const uncovered = lost.length > 0 && !of.failed && { uncovered: lost.map(notKept) };
				return changes || uncovered ? { ...of, details: { ...of.details, ...changes, ...uncovered } } : of;
			},
			finished: () => {
				if (!snapshot) return;
				const find = () => look().then((found) => recordChanged(this.#session, { callId, snapshot }, found));
				this.#wait(lookOnce(this.#session, callId, find));
				this.jobs();
			},
			dropped: () => snapshot?.close(),
		};
	}

	/** What earlier turns left to find out is looked for from now on. */
	lookBack(): void {
		this.#wait(lookBack(this.#session, this.#checkpoints).then(() => this.#jobs?.look()));
	}

	/** What background commands changed is looked for from now on. */
	jobs(): void {
		if (this.#jobs) this.#wait(this.#looking.then(() => this.#jobs?.look()));
	}

	/**
	 * Everything that was found out is on record, if that does not take too long or Stop comes: what is still open then
	 * goes on record when it is found.
	 */
	async settled(): Promise<void> {
		await inTime(this.#looking, { ms: this.#patience, signal: this.#signal, grace: STOP_GRACE }, undefined);
	}

	#wait(looking: Promise<void>): void {
		this.#looking = Promise.all([this.#looking, looking]);
		// A log that fails meanwhile is told by whoever waits; until then it must not end the process.
		this.#looking.catch(() => undefined);
	}
}

function notKept(path: string): string {
	return `${path} was changed and can't be undone: what it was before could not be kept.`;
}
