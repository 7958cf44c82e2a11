import { createParser } from "eventsource-parser";
import { createAssembler } from "../src/model/assemble.ts";
import { createDecoder } from "../src/model/decode.ts";
import { tools } from "../src/tools/index.ts";
import { toolSpecs } from "../src/tools/schema.ts";
import { code, type Deltas, ending, spelledCall, words } from "./deltas.ts";
import type { Figures } from "./targets.ts";

const DELTAS = 20_000;
const ROUNDS = 15;
/** As the network hands them over. */
const PIECE_BYTES = 16 * 1024;
const specs = toolSpecs(tools);

/** What our assembling costs beside the parsing that nobody can do without: the same bytes, in this process. */
export function measureAssembly(): Figures {
	const text = compare(words, "stop");
	return {
		"assemble.rate": 1e6 / text.ours,
		"assemble.cpu": text.ours,
		"assemble.raw": text.raw,
		"assemble.text": text.ratio,
		"assemble.code": compare(code, "stop").ratio,
		"assemble.args": compare(spelledCall, "tool_calls").ratio,
	};
}

/** µs of CPU for each delta, turn by turn; the quietest round of each counts. */
function compare(deltas: Deltas, finish: "stop" | "tool_calls") {
	const bytes = Buffer.from([...deltas(DELTAS), ending(finish)].join(""));
	const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, n) =>
		bytes.subarray(n * PIECE_BYTES, (n + 1) * PIECE_BYTES),
	);
	const rounds = Array.from({ length: ROUNDS }, () => ({
		raw: perDelta(() => parse(pieces)),
		ours: perDelta(() => assemble(pieces)),
	}));
	const raw = Math.min(...rounds.map((round) => round.raw));
	const ours = Math.min(...rounds.map((round) => round.ours));
	return { raw, ours, ratio: ours / raw };
}

function perDelta(work: () => void): number {
	const from = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(from);
	return (user + system) / DELTAS;
}

/** Bytes to objects, and nothing else. */
function parse(pieces: readonly Uint8Array[]): void {
	const utf8 = new TextDecoder();
	let events = 0;
	const parser = createParser({
		onEvent({ data }) {
			if (data !== "[DONE]" && JSON.parse(data)) events++;
		},
	});
	for (const piece of pieces) parser.feed(utf8.decode(piece, { stream: true }));
	if (events !== DELTAS + 1) throw new Error(`${events} events were parsed.`);
}

/** As the adapter does it: all deltas are taken as they come, and the answer at the end. */
function assemble(pieces: readonly Uint8Array[]): void {
	const assembler = createAssembler({ tools: specs });
	const decoder = createDecoder(assembler);
	let grown = 0;
	for (const piece of pieces) {
		decoder.add(piece);
		grown += assembler.take().length;
	}
	decoder.end();
	if (!decoder.done || grown === 0 || assembler.answer().parts.length === 0) throw new Error("Nothing was assembled.");
}
