import type { FactStore } from "../model/facts.ts";
import { estimate } from "../model/verify/estimate.ts";
import type { Report, Verdict } from "../model/verify/finding.ts";
import { keep } from "../model/verify/keep.ts";
import { renderReport } from "../model/verify/report.ts";
import { type Progress, verify } from "../model/verify/verify.ts";
import type { Failure } from "../shared/failure.ts";
import { visible } from "../shared/visible.ts";
import type { HeadlessOptions } from "./headless-args.ts";
import { findServer } from "./headless-model.ts";

/** Exit codes: a door for scripts, kept stable. */
const EXIT: Readonly<Record<Verdict, number>> = { ready: 0, repairs: 1, unsuitable: 2 };
const INTERRUPTED = 130;
const BAD_USAGE = 2;

interface Outputs {
	readonly out: NodeJS.WritableStream;
	readonly err: NodeJS.WritableStream;
}

/** Tries an endpoint: progress on stderr, the report on stdout as Markdown or JSON, the verdict as exit code. */
export async function runVerify(
	options: HeadlessOptions,
	facts: FactStore,
	{ out, err }: Outputs,
	signal: AbortSignal,
): Promise<number> {
	const say = (line: string) => void err.write(`${visible(line)}\n`);
	// What is tried costs money: a key that happens to be in the environment is no wish for that.
	if (options.endpoint === undefined && options.profile === undefined && !process.env["KIMI_K2_BASE_URL"]) {
		say("Name what to verify: --endpoint URL, --profile NAME, or a base URL in KIMI_K2_BASE_URL.");
		return BAD_USAGE;
	}
	const found = await findServer(options, process.env, signal);
	if (!found.ok) {
		sayFailure(found.failure, say);
		return signal.aborted ? INTERRUPTED : EXIT.unsuitable;
	}
	const { endpoint, server, close } = found.value;
	try {
		if (endpoint.preset === "demo") {
			say("The demo is a script and no model. Name an endpoint with --endpoint or --profile.");
			return EXIT.unsuitable;
		}
		const target = { endpoint, model: server.id, server };
		const { requests, mostRequests, inputTokens, outputTokens, cost } = estimate(target);
		say(`Verify ${server.id} at ${endpoint.name} (${endpoint.baseUrl})`);
		const price = cost === undefined ? "" : `, $${cost.toFixed(2)}`;
		say(
			`About ${requests} requests, ${mostRequests} if the server is busy, with up to ${inputTokens} tokens in and ${outputTokens} out${price}.`,
		);
		const report = await verify({ ...target, signal, progress: (step) => say(progressLine(step)) });
		keep(report, facts.book(endpoint.baseUrl, server.id));
		out.write(options.json ? `${JSON.stringify(report, undefined, "\t")}\n` : renderReport(report));
		return exitCode(report);
	} finally {
		await close();
	}
}

function exitCode({ stopped, verdict }: Report): number {
	return stopped?.code === "aborted" ? INTERRUPTED : EXIT[verdict];
}

function progressLine({ n, of, title, waitMs }: Progress): string {
	if (waitMs !== undefined) return `  The server is busy: waiting for ${Math.ceil(waitMs / 1000)} s`;
	return `${String(n).padStart(2)}/${of} ${title}`;
}

function sayFailure({ message, detail }: Failure, say: (line: string) => void): void {
	say(`✗ ${message}`);
	if (detail) say(`  ${detail.replace(/\s+/g, " ").slice(0, 300)}`);
}
