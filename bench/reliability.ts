import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Clocks } from "../src/model/patience.ts";
import { startEndpoint } from "../test/fake/endpoint.ts";
import { allCases, type NamedCase } from "../test/fake/endpoint-corpus.ts";
import { hello, modelAt, patient } from "../test/model/harness.ts";
import { made, meet } from "../test/model/meet.ts";
import { measureAssembly } from "./assemble.ts";
import { root } from "./place.ts";
import type { Figures } from "./targets.ts";

const STOPS = 20;
/** Whoever takes longer than this for a case hangs. */
const HANGS_MS = 20_000;
/** So much patience that `fetch` would give up before: the request goes by `node:http`. */
const local: Partial<Clocks> = { firstByteMs: null };

/** What the corpus and the faults do to the adapter over HTTP, and how fast Stop is. */
export async function measureReliability(): Promise<Figures> {
	// First, since odd streams make the same code slower for the ordinary ones.
	const assembly = measureAssembly();
	const all = allCases(path.join(root, "test", "recordings"));
	const lost: string[] = [];
	for (const each of all) if (!(await survives(each))) lost.push(each.name);
	if (lost.length > 0) console.error(`Not survived: ${lost.join(", ")}`);
	return {
		"corpus.streams": all.length,
		"corpus.survived": (100 * (all.length - lost.length)) / all.length,
		"abort.fetch": await slowestStop({}),
		"abort.http": await slowestStop(local),
		...assembly,
	};
}

/** Whether the right text and calls came, or the right failure, in time. */
async function survives(each: NamedCase): Promise<boolean> {
	const done = new AbortController();
	const late = sleep(HANGS_MS, undefined, { signal: done.signal }).catch(() => undefined);
	const heard = await Promise.race([meet(each).catch(() => undefined), late]);
	done.abort();
	return heard !== undefined && isDeepStrictEqual(made(each, heard), each.expect);
}

/** Milliseconds from Stop in the middle of an answer until the server sees the connection closed. */
async function slowestStop(change: Partial<Clocks>): Promise<number> {
	const server = await startEndpoint({ script: () => ({ text: "Hello there.", chunkSize: 2, hang: "mid" }) });
	const model = modelAt(server.url, { ...patient, ...change });
	let slowest = 0;
	for (let n = 0; n < STOPS; n++) {
		const stop = new AbortController();
		let from = 0;
		for await (const delta of model.stream(hello, stop.signal)) {
			if (delta.kind === "end") continue;
			from ||= performance.now();
			stop.abort();
		}
		await server.requests[n]?.ended;
		slowest = Math.max(slowest, performance.now() - from);
	}
	await server.close();
	return slowest;
}
