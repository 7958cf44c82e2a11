import type { Failure } from "../shared/failure.ts";
import { readCapped } from "./body.ts";
import { type Asked, classifyAnswer, classifyTimeout, classifyTransport } from "./classify.ts";
import { type ClockName, type Clocks, createPatience, type Patience } from "./patience.ts";

/** As much of an error page as is worth reading. */
const MAX_ERROR_BYTES = 64 * 1024;
const ABORTED: Failure = { code: "aborted", message: "Stopped." };

/** Why a wait ended before what it waited for came. */
export type Stopped = { readonly clock: ClockName } | { readonly aborted: true } | { readonly error: unknown };

/** One request's connection with its clocks. Ends on Stop, on a clock, and when nobody listens any more. */
export class Line {
	readonly #clocks: Clocks;
	readonly #patience: Patience;
	readonly #given: AbortSignal;
	readonly #hungUp = new AbortController();
	/** For whoever opens the connection. */
	readonly signal: AbortSignal;
	#expired: ClockName | undefined;

	constructor(clocks: Clocks, given: AbortSignal) {
		this.#clocks = clocks;
		this.#patience = createPatience(clocks);
		this.#given = given;
		this.signal = AbortSignal.any([given, this.#hungUp.signal]);
	}

	/** Waits as long as the clocks allow, and not a moment longer than the person does. Never throws. */
	async wait<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly stopped: Stopped }> {
		const limit = this.#patience.next();
		const expire = () => {
			this.#expired = limit?.clock;
			this.hangUp();
		};
		const timer = limit && setTimeout(expire, limit.ms);
		try {
			return { value: await work() };
		} catch (error) {
			if (this.#given.aborted) return { stopped: { aborted: true } };
			return { stopped: this.#expired ? { clock: this.#expired } : { error } };
		} finally {
			clearTimeout(timer);
		}
	}

	/** Bytes came after so many milliseconds; whether they held content, and whether the answer is finished. */
	heard(waited: number, isContent: boolean, isFinished: boolean): void {
		this.#patience.bytes(waited);
		if (isContent) this.#patience.content();
		if (isFinished) this.#patience.finished();
	}

	/** `begun`: the answer had begun by then. */
	failure(stopped: Stopped, asked: Asked, begun: boolean): Failure {
		if ("aborted" in stopped) return ABORTED;
		if ("clock" in stopped) return classifyTimeout(stopped.clock, asked);
		return classifyTransport(stopped.error, asked, begun);
	}

	/** What a refusal says; what came of its body in good time must do. */
	async refusal(response: Response, asked: Asked): Promise<Failure> {
		const limit = AbortSignal.any([this.signal, AbortSignal.timeout(this.#clocks.idleMs)]);
		const { text: body } = await readCapped(response, MAX_ERROR_BYTES, limit);
		this.hangUp();
		if (this.#given.aborted) return ABORTED;
		const { status, headers } = response;
		return classifyAnswer({ status, headers, body }, asked);
	}

	hangUp(): void {
		this.#hungUp.abort();
	}
}
