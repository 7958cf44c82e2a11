import type { Failure } from "../../shared/failure.ts";
import type { Usage } from "../../shared/message.ts";
import type { Facts } from "../facts.ts";

/**
 * `pass`: as it should be. `repair`: not as it should be, and the client mends it. `fail`: nobody can mend it here.
 * `info`: worth knowing, neither good nor bad. `skipped`: it could not be judged.
 */
export type FindingStatus = "pass" | "repair" | "fail" | "info" | "skipped";

/** What one probe found. */
export interface Finding {
	readonly status: FindingStatus;
	/** One or two sentences for the person, as Markdown in one line: words of others went through `markdown.ts`. */
	readonly says: string;
	/** What to change on the server or in the settings, with the exact flag; a line for each server. Markdown. */
	readonly advice?: readonly string[];
	/** What the resolver should know from now on. */
	readonly facts?: Facts;
}

/** A finding in a report. */
export interface Row extends Finding {
	/** As in the list of probes, 1 to 25. */
	readonly id: number;
	readonly title: string;
	/** Without it there is no agent work. */
	readonly vital: boolean;
}

export type Verdict = "ready" | "repairs" | "unsuitable";

/** A run of Verify, whole or as far as it came. Holds no key. */
export interface Report {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly endpoint: { readonly name: string; readonly baseUrl: string };
	/** The id that was asked for. */
	readonly model: string;
	/** The server's own name for the model, where it differs. */
	readonly served?: string;
	/** In the order of the probes' numbers. */
	readonly rows: readonly Row[];
	readonly verdict: Verdict;
	/** Why the run ended before its end; the verdict then speaks of what was found so far and is not kept. */
	readonly stopped?: Failure;
	readonly requests: number;
	/** All requests together, as far as the server told. */
	readonly usage: Usage;
	readonly ms: number;
	/** To the first piece of the first answer. */
	readonly firstTokenMs?: number;
	/** Over all answers that came in pieces, with their size; absent where none of them tells. */
	readonly tokensPerSecond?: number;
	/** Everything that the findings teach. */
	readonly facts: Facts;
}
