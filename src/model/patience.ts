import { type Endpoint, isLoopback } from "./endpoint.ts";

export type ClockName = "first-byte" | "idle" | "stall";

/** How long the usage may take after the answer said that it is finished. */
const AFTER_FINISH_MS = 5000;

/** What setTimeout can hold. */
const FOREVER = 2 ** 31 - 1;

export interface Patience {
	/** How long the next wait may be, and which clock says so; undefined: without limit. */
	next(): { readonly ms: number; readonly clock: ClockName } | undefined;
	/** A wait of `ms` ended with bytes. Only waits count: a slow reader of ours is not the server's fault. */
	bytes(ms: number): void;
	content(): void;
	finished(): void;
}

/** Limits of patience, in milliseconds; independent of the SDK, whose own time limit ends at the headers. */
export interface Clocks {
	/**
	 * To the first byte of the answer. Null: no limit, for servers that read a long prompt slowly; the other two clocks
	 * then start at the first content, since such servers send headers or signs of life long before it.
	 */
	readonly firstByteMs: number | null;
	/** Between two bytes; comments count. */
	readonly idleMs: number;
	/** Between two pieces of content. */
	readonly stallMs: number;
}

export function defaultClocks(endpoint: Endpoint): Clocks {
	return { firstByteMs: isLoopback(endpoint.baseUrl) ? null : 300_000, idleMs: 90_000, stallMs: 300_000 };
}

/** Follows an answer through its phases and says how long to wait for more of it. */
export function createPatience({ firstByteMs, idleMs, stallMs }: Clocks): Patience {
	let phase: "before" | "started" | "content" | "finished" = "before";
	let withoutContent = 0;
	return {
		next() {
			if (phase === "finished") return { ms: Math.min(idleMs, AFTER_FINISH_MS), clock: "idle" };
			if (phase !== "content" && firstByteMs === null) return undefined;
			if (phase === "before") return { ms: limited(firstByteMs ?? FOREVER), clock: "first-byte" };
			const stall = stallMs - withoutContent;
			return stall < idleMs ? { ms: limited(stall), clock: "stall" } : { ms: limited(idleMs), clock: "idle" };
		},
		bytes(ms) {
			withoutContent += phase === "before" ? 0 : ms;
			if (phase === "before") phase = "started";
		},
		content() {
			withoutContent = 0;
			if (phase !== "finished") phase = "content";
		},
		finished() {
			phase = "finished";
		},
	};
}

function limited(ms: number): number {
	return Math.min(Math.max(ms, 1), FOREVER);
}
