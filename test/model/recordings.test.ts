import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createAssembler } from "../../src/model/assemble.ts";
import type { Clocks } from "../../src/model/chat-model.ts";
import { conclude } from "../../src/model/conclude.ts";
import { createDecoder } from "../../src/model/decode.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { type LoadedRecording, loadRecording, type Recording, recordingsIn, replay } from "../fake/endpoint-corpus.ts";
import { endpointAt, type Heard, hear, hello, modelAt, patient, tools } from "./harness.ts";

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
			assert.deepEqual({ text, reasoning }, { text: of("text"), reasoning: of("reasoning") });
		});
	}

	it("give the same answer wherever the network cuts their bytes, also inside of characters", () => {
		const random = seeded(20_261);
		const streams = names.map((name) => ({ name, ...loadRecording(folder, name) }));
		for (const { name, recording, bytes } of streams.filter(({ recording }) => recording.status === undefined)) {
			const whole = decode(recording, [bytes]);
			const sizes = [1, 2, 3, 5, 8, 13].map((size) => cutUp(bytes, () => size));
			const randoms = Array.from({ length: 6 }, () => cutUp(bytes, () => 1 + Math.floor(random() * 40)));
			for (const chunks of [...sizes, ...randoms]) assert.deepEqual(decode(recording, chunks), whole, name);
		}
	});
});

function decode({ cut }: Recording, chunks: readonly Uint8Array[]) {
	const assembler = createAssembler();
	const decoder = createDecoder(assembler);
	for (const chunk of chunks) decoder.add(chunk);
	if (!cut) decoder.end();
	const asked = { endpoint: endpointAt("http://127.0.0.1:1/v1"), model: "asked" };
	return conclude(assembler.answer(), decoder, tools, asked);
}

function cutUp(bytes: Uint8Array, size: () => number): Uint8Array[] {
	const chunks: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; ) {
		const next = at + size();
		chunks.push(bytes.subarray(at, next));
		at = next;
	}
	return chunks;
}

/** mulberry32 */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
