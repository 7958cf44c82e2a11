import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Clocks } from "../../src/model/patience.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { type LoadedRecording, loadRecording, type Recording, recordingsIn, replay } from "../fake/endpoint-corpus.ts";
import { type Heard, hear, hello, modelAt, patient, tools } from "./harness.ts";

const folder = fileURLToPath(new URL("../recordings", import.meta.url));
const names = recordingsIn(folder);

/** The same shape as a recording's `expect`: without the advice, which depends on the server and not on the stream. */
function summary({ reply: { advice: _, ...reply }, failure }: Pick<Heard, "reply" | "failure">) {
	const { code, status, retryable, retryAfterMs } = failure ?? {};
	const told = Object.entries({ code, status, retryable, retryAfterMs }).filter(([, value]) => value !== undefined);
	return { ...reply, ...(failure && { failure: Object.fromEntries(told) }) };
}

function expected({ expect }: Recording) {
	if (!expect.failure) return expect;
	const { says, ...failure } = expect.failure;
	return { ...expect, failure };
}

/** That it was thinking may show only at its end, when it was already taken for text. */
function streamed({ text, reasoning, reply }: Heard) {
	return reply.repairs?.includes("think-tags") ? reasoning + text : { text, reasoning };
}

function held(heard: Heard) {
	const of = (kind: "text" | "reasoning") =>
		heard.reply.parts.map((part) => (part.kind === kind ? part.text : "")).join("");
	return streamed({ ...heard, text: of("text"), reasoning: of("reasoning") });
}

const transports: readonly (readonly [string, Clocks])[] = [
	["fetch", patient],
	["node:http", { ...patient, firstByteMs: null }],
];

describe("recorded streams", () => {
	let endpoint: FakeEndpoint;
	let playing: LoadedRecording;
	before(async () => {
		endpoint = await startEndpoint({ script: () => replay(playing, 97) });
	});
	after(() => endpoint.close());

	for (const name of names) {
		const loaded = loadRecording(folder, name);
		const { about, expect } = loaded.recording;
		for (const [transport, clocks] of transports) {
			it(`${name} over ${transport}: ${about}`, async () => {
				playing = loaded;
				const heard = await hear(modelAt(endpoint.url, clocks), { ...hello, tools });
				assert.deepEqual(summary(heard), expected(loaded.recording));
				const { says = "" } = expect.failure ?? {};
				assert.ok((heard.failure?.message ?? "").includes(says), heard.failure?.message);
				assert.deepEqual(streamed(heard), held(heard), "something else was streamed than the reply holds");
			});
		}
	}
});
