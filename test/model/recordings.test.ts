import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Clocks } from "../../src/model/chat-model.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { type LoadedRecording, loadRecording, type Recording, recordingsIn, replay } from "../fake/endpoint-corpus.ts";
import { type Heard, hear, hello, modelAt, patient, tools } from "./harness.ts";

const folder = fileURLToPath(new URL("../recordings", import.meta.url));
const names = recordingsIn(folder);

/** The same shape as a recording's `expect`. */
function summary({ reply, failure }: Pick<Heard, "reply" | "failure">) {
	const { code, status, retryable, retryAfterMs } = failure ?? {};
	const told = Object.entries({ code, status, retryable, retryAfterMs }).filter(([, value]) => value !== undefined);
	return { ...reply, ...(failure && { failure: Object.fromEntries(told) }) };
}

function expected({ expect }: Recording) {
	if (!expect.failure) return expect;
	const { says, ...failure } = expect.failure;
	return { ...expect, failure };
}

async function overHttp(loaded: LoadedRecording, clocks: Clocks, writeSize: number) {
	const server = await startEndpoint({ script: [replay(loaded, writeSize)] });
	try {
		return await hear(modelAt(server.url, clocks), { ...hello, tools });
	} finally {
		await server.close();
	}
}

const transports: readonly (readonly [string, Clocks])[] = [
	["fetch", patient],
	["node:http", { ...patient, firstByteMs: null }],
];

describe("recorded streams", () => {
	for (const name of names) {
		const loaded = loadRecording(folder, name);
		for (const [transport, clocks] of transports) {
			it(`${name} over ${transport}: ${loaded.recording.about}`, async () => {
				const heard = await overHttp(loaded, clocks, 97);
				assert.deepEqual(summary(heard), expected(loaded.recording));
				const says = loaded.recording.expect.failure?.says;
				if (says !== undefined) assert.ok(heard.failure?.message.includes(says), heard.failure?.message);
			});
		}
		it(`${name}: what was streamed is what the reply holds`, async () => {
			const { text, reasoning, reply } = await overHttp(loaded, patient, 97);
			const of = (kind: "text" | "reasoning") =>
				reply.parts.map((part) => (part.kind === kind ? part.text : "")).join("");
			// That it was thinking may show only at its end, when it was already taken for text.
			if (reply.repairs?.includes("think-tags")) assert.equal(reasoning + text, of("reasoning") + of("text"));
			else assert.deepEqual({ text, reasoning }, { text: of("text"), reasoning: of("reasoning") });
		});
	}
});
