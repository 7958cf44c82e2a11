import type { Recorded } from "../../src/shared/event.ts";
import type { CallPart } from "../../src/shared/message.ts";
import type { Line } from "./events.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

/** A call as the log tells of it. Sizes are of the log, with the event. */
export interface BookedCall {
	readonly id: string;
	readonly tool: string;
	readonly args: string;
	/** `seq` of the answer that it is part of. */
	readonly seq: number;
	planned?: Of<"planned">;
	/** The word that let it run, and the log's size with it. */
	allowed?: { readonly event: Of<"decided">; readonly end: number };
	finished?: { readonly event: Of<"finished">; readonly end: number };
	/** Writes that it made, by the journal. */
	writes: number;
}

/** All calls of a log, in order. Finds those that do not have one result, or that ran without a word. */
export class CallBook {
	readonly calls = new Map<string, BookedCall>();
	readonly wrong: string[] = [];
	#step: BookedCall[] = [];

	constructor(lines: readonly Line[]) {
		for (const line of lines) this.#take(line);
	}

	get finished(): number {
		return [...this.calls.values()].filter(({ finished }) => finished).length;
	}

	#take({ event, end }: Line): void {
		switch (event.type) {
			case "replied":
				this.#closed(event, "the next answer");
				this.#step = event.complete ? this.#add(event) : [];
				break;
			case "steered":
			case "prompted":
			case "ended":
				this.#closed(event, event.type);
				break;
			case "planned":
				this.#planned(event);
				break;
			case "decided":
				this.#decided(event, end);
				break;
			case "finished":
				this.#finished(event, end);
				break;
			default:
		}
	}

	/** Nothing of these comes before every call has its result. */
	#closed({ seq }: Recorded, what: string): void {
		for (const { id, finished } of this.#step)
			if (!finished) this.wrong.push(`call ${id} has no result before ${what} (seq ${seq})`);
	}

	#add({ parts, seq }: Of<"replied">): BookedCall[] {
		const calls = parts.filter((part): part is CallPart => part.kind === "call");
		return calls.map(({ id, tool, args }) => {
			if (this.calls.has(id)) this.wrong.push(`two calls are called ${id} (seq ${seq})`);
			const call: BookedCall = { id, tool, args, seq, writes: 0 };
			this.calls.set(id, call);
			return call;
		});
	}

	#planned(event: Of<"planned">): void {
		const call = this.#find(event);
		if (call) call.planned = event;
	}

	#decided(event: Of<"decided">, end: number): void {
		const call = this.#find(event);
		if (!call) return;
		if (!call.planned) this.wrong.push(`call ${call.id} was decided on before it was planned (seq ${event.seq})`);
		if (event.verdict === "allow") call.allowed = { event, end };
	}

	#finished(event: Of<"finished">, end: number): void {
		const call = this.#find(event);
		if (!call) return;
		if (call.finished) this.wrong.push(`call ${call.id} has a second result (seq ${event.seq})`);
		if (!event.failed && !call.allowed) this.wrong.push(`call ${call.id} ran and was not allowed (seq ${event.seq})`);
		call.finished = { event, end };
	}

	#find({ type, callId, seq }: Of<"planned" | "decided" | "finished">): BookedCall | undefined {
		const call = this.#step.find(({ id }) => id === callId);
		if (!call) this.wrong.push(`${type} is of ${callId}, which is no call of the last answer (seq ${seq})`);
		return call;
	}
}
