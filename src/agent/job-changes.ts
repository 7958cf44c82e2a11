import type { Chat } from "../shared/reduce.ts";
import { changesSince, lookOnce, recordChanged } from "./look-back.ts";
import type { Checkpoints, Jobs, Snapshot } from "./ports.ts";
import type { Session } from "./session.ts";

/**
 * What background commands change after the result of the call that began them: looked for when a later call tells of
 * them, and at the end of the turn. It goes on record as of the call that was the last one when it was begun to look.
 * Between turns `lookBack` does the same with what is left open here.
 */
export class JobChanges {
	readonly #session: Session;
	readonly #checkpoints: Checkpoints;
	readonly #jobs: Jobs;
	#open: { readonly callId: string; readonly snapshot: Snapshot } | undefined;
	#looking: Promise<void> = Promise.resolve();

	constructor(session: Session, checkpoints: Checkpoints, jobs: Jobs) {
		this.#session = session;
		this.#checkpoints = checkpoints;
		this.#jobs = jobs;
	}

	/** Puts on record what changed so far, and goes on to look as long as a job runs. Rejects with `StorageError`. */
	look(): Promise<void> {
		this.#looking = this.#looking.then(() => this.#look());
		return this.#looking;
	}

	async #look(): Promise<void> {
		const open = this.#open;
		// Before it is looked: what it changes at its end must not be missed.
		const goesOn = this.#jobs.list().some(({ exit }) => !exit);
		if (!open) return goesOn ? this.#begin(await this.#checkpoints.snapshot()) : undefined;
		const { callId, snapshot } = open;
		const first = await changesSince(this.#checkpoints, [], snapshot);
		if (goesOn && first.files.length === 0) return;
		const next = goesOn ? await this.#checkpoints.snapshot() : undefined;
		this.#open = undefined;
		// Again, so that nothing is lost between the two.
		const find = () => (next ? changesSince(this.#checkpoints, [], snapshot) : Promise.resolve(first));
		await lookOnce(this.#session, callId, async () => recordChanged(this.#session, open, await find()));
		if (next) await this.#begin(next);
	}

	async #begin(snapshot: Snapshot): Promise<void> {
		const callId = lastCall(this.#session.chat);
		if (callId === undefined) return snapshot.close();
		const id = await snapshot.hold();
		await this.#session.record({ type: "kept", callId, files: [], snapshot: id });
		this.#open = { callId, snapshot };
	}
}

function lastCall({ turns }: Chat): string | undefined {
	const calls = turns.flatMap(({ steps }) => steps.flatMap((step) => step.calls));
	return calls.findLast(({ text }) => text !== undefined)?.id;
}
