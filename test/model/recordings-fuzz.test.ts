import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import * as z from "zod/mini";
import { callsOf, createAssembler } from "../../src/model/assemble.ts";
import { conclude } from "../../src/model/conclude.ts";
import { createDecoder } from "../../src/model/decode.ts";
import { Part } from "../../src/shared/message.ts";
import { loadRecording, recordingsIn } from "../fake/endpoint-corpus.ts";
import "../fake/seed.ts";
import { endpointAt, tools } from "./harness.ts";

const folder = fileURLToPath(new URL("../recordings", import.meta.url));
/** All that came with a status of 200, each with what it says when nothing happens to it. */
const streams = new Map(
	recordingsIn(folder)
		.map((name) => ({ name, ...loadRecording(folder, name) }))
		.filter(({ recording }) => recording.status === undefined)
		.map(({ name, recording: { cut }, bytes }) => [name, { bytes, cut, whole: decode([bytes], cut) }]),
);
const streamOf = (name: string) => streams.get(name) ?? assert.fail(name);
const anyName = fc.constantFrom(...streams.keys());
const runs = (numRuns: number) => (process.env["FC_RUNS"] ? {} : { numRuns });

describe("recorded streams, mangled,", () => {
	it("give the same answer wherever the network cuts their bytes, also inside of characters", () => {
		for (const [name, { bytes, cut, whole }] of streams)
			for (const size of [1, 2, 3, 5, 8, 13]) assert.deepEqual(decode(cutUp(bytes, [size]), cut), whole, name);
		const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });
		const property = fc.property(anyName, sizes, (name, each) => {
			const { bytes, cut, whole } = streamOf(name);
			assert.deepEqual(decode(cutUp(bytes, each), cut), whole);
		});
		fc.assert(property, runs(800));
	});

	it("say nothing else when they end after any byte, and are complete only with their finish", () => {
		const property = fc.property(anyName, fc.nat(), fc.boolean(), (name, at, closed) => {
			const { bytes, whole } = streamOf(name);
			const kept = bytes.subarray(0, at % (bytes.length + 1));
			const { reply } = decode([kept], !closed);
			assertSound(reply.parts);
			// A damaged event may be whole where it is cut, and what was mended may have been taken for text until then.
			const asItCame = !whole.reply.repairs && whole.failure?.code !== "cut";
			if (asItCame) assert.ok(spoken(whole.reply.parts).startsWith(spoken(reply.parts)), "other text");
			if (!reply.complete) return;
			assert.ok(reply.finish !== null || Buffer.from(kept).includes("[DONE]"), "no finish");
			const calls = callsOf(reply.parts).filter((call) => !whole.reply.parts.some((part) => isSame(part, call)));
			assert.deepEqual(calls, [], "a call that was cut");
		});
		fc.assert(property, runs(4000));
	});

	it("are read to their end when bytes and lines are changed, lost or repeated", () => {
		const change = fc.record({
			kind: fc.constantFrom("flip", "insert", "delete", "drop-line", "repeat-line", "swap-lines" as const),
			at: fc.nat(),
			char: fc.nat(255),
		});
		const property = fc.property(anyName, fc.array(change, { minLength: 1, maxLength: 4 }), (name, changes) => {
			const mangled = changes.reduce(mangle, Buffer.from(streamOf(name).bytes).toString("latin1"));
			const { reply, failure } = decode([Buffer.from(mangled, "latin1")], false);
			assertSound(reply.parts);
			assert.equal(reply.complete, failure === undefined);
			if (reply.finish === "length") assert.ok(!reply.complete || callsOf(reply.parts).every(isWhole), "half a call");
		});
		fc.assert(property, runs(2000));
	});
});

function decode(chunks: readonly Uint8Array[], cut: boolean | undefined) {
	const assembler = createAssembler({ tools });
	const decoder = createDecoder(assembler);
	for (const chunk of chunks) decoder.add(chunk);
	if (!cut) decoder.end();
	const asked = { endpoint: endpointAt("http://127.0.0.1:1/v1"), model: "asked" };
	return conclude(assembler.answer(), decoder, tools, asked);
}

/** The sizes come again and again. */
function cutUp(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
	const chunks: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; ) {
		const next = at + (sizes[chunks.length % sizes.length] ?? 1);
		chunks.push(bytes.subarray(at, next));
		at = next;
	}
	return chunks;
}

/** Parts as the log takes them, every call with an id of its own. */
function assertSound(parts: readonly Part[]): void {
	assert.ok(z.array(Part).safeParse(parts).success, "no parts");
	const ids = callsOf(parts).map(({ id }) => id);
	assert.equal(new Set(ids).size, ids.length, "an id twice");
}

function spoken(parts: readonly Part[]): string {
	return parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

function isSame(part: Part, call: Part): boolean {
	return JSON.stringify(part) === JSON.stringify(call);
}

function isWhole({ args }: { readonly args: string }): boolean {
	return JSON.parse(args) !== undefined;
}

interface Change {
	readonly kind: "flip" | "insert" | "delete" | "drop-line" | "repeat-line" | "swap-lines";
	readonly at: number;
	readonly char: number;
}

function mangle(text: string, { kind, at, char }: Change): string {
	if (kind.endsWith("-line") || kind === "swap-lines") return mangleLines(text.split("\n"), kind, at).join("\n");
	const place = at % (text.length + 1);
	const inserted = kind === "delete" ? "" : String.fromCharCode(char);
	return text.slice(0, place) + inserted + text.slice(kind === "insert" ? place : place + 1);
}

function mangleLines(lines: readonly string[], kind: Change["kind"], at: number): readonly string[] {
	const place = at % lines.length;
	const [line = "", next = ""] = lines.slice(place);
	if (kind === "drop-line") return lines.toSpliced(place, 1);
	if (kind === "repeat-line") return lines.toSpliced(place, 0, line);
	return lines.toSpliced(place, 2, next, line);
}
