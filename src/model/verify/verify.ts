import type { Failure } from "../../shared/failure.ts";
import type { Facts } from "../facts.ts";
import { plainText } from "../markdown.ts";
import { type Clocks, defaultClocks } from "../patience.ts";
import type { Heard } from "./ask.ts";
import { limited } from "./clocks.ts";
import { Context, totalUsage } from "./context.ts";
import { estimate } from "./estimate.ts";
import type { Finding, Report, Row, Verdict } from "./finding.ts";
import { finding, type Probe } from "./probe.ts";
import { probes } from "./probes.ts";
import { CALL } from "./probes-tools.ts";
import type { Target } from "./questions.ts";

/** How far a run is. */
export interface Progress {
	/** Counts from 1. */
	readonly n: number;
	readonly of: number;
	readonly title: string;
	/** The server asked to wait so many milliseconds. */
	readonly waitMs?: number;
}

export interface VerifyOptions extends Target {
	readonly clocks?: Clocks;
	readonly signal: AbortSignal;
	readonly progress?: (progress: Progress) => void;
}

/** Tries an endpoint and a model. Never throws; cancelled or cut off, it reports what was found so far. */
export async function verify(options: VerifyOptions): Promise<Report> {
	const clocks = limited(options.clocks ?? defaultClocks(options.endpoint));
	const at = Date.now();
	let step: Progress = { n: 0, of: probes.length, title: "" };
	const tell = (next: Progress) => {
		step = next;
		options.progress?.(next);
	};
	const waiting = (waitMs: number) => options.progress?.({ ...step, waitMs });
	const { requests, mostRequests } = estimate(options);
	const context = new Context({ ...options, clocks, waiting, repeats: mostRequests - requests });
	const rows: Row[] = [];
	for (const [before, probe] of probes.entries()) {
		if (!context.stopped) tell({ n: before + 1, of: probes.length, title: probe.title });
		const { id, title, vital = false } = probe;
		rows.push({ id, title, vital, ...(await tried(probe, rows, context)) });
	}
	return report(options, context, rows, at);
}

async function tried(probe: Probe, rows: readonly Row[], context: Context): Promise<Finding> {
	const isAnswered = probe.asks.every((name) => context.isAsked(name));
	if (context.stopped && !isAnswered) return finding("skipped", "Not tried: the run had ended.");
	const lacking = await lacks(probe, rows, context);
	if (lacking !== undefined) return finding("skipped", `Not tried: ${lacking}`);
	const found = await probe
		.run(context)
		.catch((error: unknown) => finding("skipped", `It broke: ${plainText(String(error))}`));
	// What was under way when the run was stopped says nothing about this probe.
	if (!isAnswered && context.stopped?.code === "aborted")
		return finding("skipped", "Not finished: the run was stopped.");
	const unheard = await context.unheard(probe.asks);
	if (!unheard) return found;
	// Without it there is no verdict.
	if (probe.vital) context.stop(unheard);
	return finding("skipped", `Not judged: ${plainText(unheard.message)}`);
}

async function lacks({ needs }: Probe, rows: readonly Row[], context: Context): Promise<string | undefined> {
	if (needs === undefined) return undefined;
	const { failure } = await context.ask("hello");
	// Who thinks too long answers all the same.
	if (failure && failure.code !== "length") return "the first question was not answered.";
	const call = rows.find(({ id }) => id === CALL)?.status;
	return needs === "calls" && (call === "fail" || call === "skipped") ? "no tool was called." : undefined;
}

async function report(options: VerifyOptions, context: Context, rows: readonly Row[], at: number): Promise<Report> {
	const { endpoint, model } = options;
	const { stopped } = context;
	const heard = (await context.answers()).map(([, each]) => each);
	const ordered = rows.toSorted((a, b) => a.id - b.id);
	const verdict = verdictOf(ordered, stopped);
	const served = heard.find(({ reply }) => reply.model !== model)?.reply.model;
	return {
		at,
		endpoint: { name: endpoint.name, baseUrl: endpoint.baseUrl },
		model,
		...(served !== undefined && { served }),
		rows: ordered,
		verdict,
		...(stopped && { stopped }),
		requests: context.requests,
		usage: totalUsage(heard),
		ms: Date.now() - at,
		...speed(heard),
		facts: factsOf(context.facts, ordered),
	};
}

/**
 * Not suitable: a vital probe failed, or the endpoint was lost on the way. Works with repairs: another probe failed, or
 * the client mends something. Ready: neither; what is only worth knowing does not count.
 */
function verdictOf(rows: readonly Row[], stopped: Failure | undefined): Verdict {
	const isLost = stopped !== undefined && stopped.code !== "aborted";
	if (isLost || rows.some(({ status, vital }) => status === "fail" && vital)) return "unsuitable";
	return rows.some(({ status }) => status === "fail" || status === "repair") ? "repairs" : "ready";
}

/** What the requests taught, and over it what the probes concluded. How often a test was mended is no fact. */
function factsOf({ repairs: _, ...learned }: Facts, rows: readonly Row[]): Facts {
	return Object.assign({}, learned, ...rows.map((row) => row.facts));
}

/** What of an answer's time must go by after its first piece, so that it tells how fast the rest came. */
const LEAST_SHARE = 0.1;
/** A shorter time says nothing. */
const LEAST_MS = 100;

function speed(heard: readonly Heard[]): Pick<Report, "firstTokenMs" | "tokensPerSecond"> {
	const first = heard[0]?.firstMs;
	const timed = heard.flatMap(({ firstMs, left, ms, reply: { usage }, seen }) => {
		const rest = ms - (firstMs ?? ms);
		const isTold = usage && seen.kind === "stream" && !left && rest >= LEAST_SHARE * ms;
		return isTold ? [{ tokens: usage.outputTokens, ms: rest }] : [];
	});
	const tokens = timed.reduce((sum, each) => sum + each.tokens, 0);
	const ms = timed.reduce((sum, each) => sum + each.ms, 0);
	return {
		...(first === undefined ? {} : { firstTokenMs: first }),
		...(tokens > 0 && ms >= LEAST_MS ? { tokensPerSecond: Math.round((tokens / ms) * 10_000) / 10 } : {}),
	};
}
