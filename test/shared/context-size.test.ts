import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createTwoFilesPatch } from "diff";
import { compactionPoint, contextSize, windowOf } from "../../src/shared/context-size.ts";
import type { Recorded, Unstamped } from "../../src/shared/event.ts";
import type { Usage } from "../../src/shared/message.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { tokensIn } from "../../src/shared/tokens.ts";

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const sources = ["agent/calls", "agent/ports", "shared/event", "model/chat-model", "node/headless", "vscode/app"];
const code = sources.map((name) => file(`src/${name}.ts`));
const typescript = code.join("\n");
const lines = typescript.split("\n");
const json = file("package.json");

/**
 * What a coding session's results are, each kind from this repository, and characters for a token of each as K2's own
 * tokenizer counts them (design/kimi-protocol.md, section 6).
 */
const kinds: Readonly<Record<string, { readonly text: string; readonly ratio: number }>> = {
	typescript: { text: typescript, ratio: 4.28 },
	markdown: { text: file("docs/architecture.md") + file("docs/commands.md"), ratio: 4.32 },
	numbered: { text: lines.map((line, n) => `${String(n + 1).padStart(6)}\t${line}`).join("\n"), ratio: 4.22 },
	grep: {
		text: lines.flatMap((line, n) => (n % 4 ? [] : [`src/agent/calls.ts:${n}:${line}`])).join("\n"),
		ratio: 3.41,
	},
	diff: { text: createTwoFilesPatch("a.ts", "b.ts", code[0] ?? "", code[1] ?? ""), ratio: 4.31 },
	prettyJson: { text: json, ratio: 3.04 },
	compactJson: { text: JSON.stringify(JSON.parse(json)), ratio: 3.15 },
	lockfile: { text: file("package-lock.json").slice(0, 60_000), ratio: 2.19 },
};
/** How much of a session is of which kind: files read and searched most, data now and then. */
const shares: Readonly<Record<string, number>> = {
	typescript: 12,
	numbered: 40,
	markdown: 8,
	grep: 18,
	diff: 14,
	prettyJson: 4,
	compactJson: 2,
	lockfile: 2,
};

function chatOf(...events: readonly Unstamped[]): Chat {
	const opened: Unstamped = { type: "opened", version: 1, chat: "c", system: "Be good." };
	return [opened, ...events].map((event, seq): Recorded => ({ ...event, seq, at: seq })).reduce(reduce, emptyChat);
}

const prompt = (text: string): Unstamped => ({ type: "prompted", text });

function step(id: string, result: string, usage?: Usage): readonly Unstamped[] {
	const parts = [{ kind: "call" as const, id, tool: "Read", args: '{"path":"a.ts"}' }];
	return [
		{ type: "replied", parts, finish: "tool_calls", complete: true, model: "k2", ms: 1, ...(usage && { usage }) },
		{ type: "finished", callId: id, failed: false, text: result, ms: 1 },
	];
}

describe("tokens of a text", () => {
	it("are estimated within 15 % on a code session, by K2's own ratios", () => {
		let [estimated, real, weight] = [0, 0, 0];
		for (const [kind, share] of Object.entries(shares)) {
			const { text, ratio } = kinds[kind] ?? { text: "", ratio: 1 };
			estimated += (share * tokensIn(text)) / text.length;
			real += share / ratio;
			weight += share;
		}
		const off = estimated / real;
		console.log(`      estimate of a code session: ${off.toFixed(3)} of K2's count (${weight} % weighed)`);
		assert.ok(off > 0.85 && off < 1.15, `${off}`);
	});

	it("are more than one for six and less than two for each character of whatever it is, and none of nothing", () => {
		assert.equal(tokensIn(""), 0);
		const samples = [
			...Object.values(kinds).map(({ text }) => text),
			"漢字".repeat(500),
			"a1b2".repeat(500),
			"😀".repeat(99),
		];
		for (const text of samples) {
			const ratio = text.length / tokensIn(text);
			assert.ok(ratio > 0.5 && ratio < 6, `${ratio.toFixed(2)}: ${text.slice(0, 30)}`);
		}
	});
});

describe("the size of a context", () => {
	const first: Usage = { inputTokens: 3000, outputTokens: 100 };

	it("is what the server counted, and an estimate of the results since", () => {
		const result = "one two three ".repeat(100);
		const before = chatOf(prompt("Go."), ...step("a", "", first).slice(0, 1));
		const after = chatOf(prompt("Go."), ...step("a", result, first));
		assert.deepEqual([contextSize(before).counted, contextSize(after).counted], [true, true]);
		assert.ok(Math.abs(contextSize(before).tokens - 3100) < 20);
		assert.ok(Math.abs(contextSize(after).tokens - 3100 - 300) < 30, `${contextSize(after).tokens}`);
	});

	it("grows with the next prompt before anything was sent", () => {
		const done: Unstamped[] = [...step("a", "x", first), { type: "ended", reason: "done" }];
		const grown = contextSize(chatOf(prompt("Go."), ...done, prompt("one two ".repeat(500))));
		assert.ok(grown.tokens > 4000 && grown.counted, `${grown.tokens}`);
	});

	it("learns from earlier steps by how much this model's count differs", () => {
		const result = "one two three ".repeat(1000);
		const steps = (each: number, count: number) =>
			Array.from({ length: count }, (_, n) =>
				step(`${n}`, result, { inputTokens: 3000 + n * (each + 100), outputTokens: 100 }),
			).flat();
		const tail = (each: number) => {
			const all = chatOf(prompt("Go."), ...steps(each, 8));
			return contextSize(all).tokens - (3000 + 7 * (each + 100) + 100);
		};
		for (const each of [2000, 3000, 4500]) {
			const off = tail(each) / each;
			assert.ok(off > 0.93 && off < 1.07, `${each}: ${off}`);
		}
	});

	it("is estimated as a whole where the server tells nothing, zeros, or less than can be", () => {
		const result = "one two three ".repeat(1000);
		for (const usage of [undefined, { inputTokens: 0, outputTokens: 0 }, { inputTokens: 12, outputTokens: 3 }]) {
			const { tokens, counted } = contextSize(chatOf(prompt("Go."), ...step("a", result, usage)), 500);
			assert.equal(counted, false);
			assert.ok(tokens > 3400 && tokens < 3700, `${tokens}`);
		}
	});

	it("is that of what is sent: less once the chat was shortened, or old results were left out", () => {
		const events = [prompt("Go."), ...step("a", "one two three ".repeat(1000), first), ...step("b", "short", first)];
		const full = contextSize(chatOf(...events)).tokens;
		const shed = contextSize(chatOf(...events, { type: "shed", from: 0, before: 4, max: 100 }));
		const compacted = contextSize(chatOf(...events, { type: "compacted", summary: "Notes.", keptFrom: 4 }));
		assert.ok(full > 3000 && !shed.counted && !compacted.counted);
		assert.ok(
			shed.tokens < full + 300 && compacted.tokens <= shed.tokens,
			`${full} ${shed.tokens} ${compacted.tokens}`,
		);
	});
});

describe("the point from which a chat is shortened", () => {
	it("is the share that is set, and less where that leaves no room for an answer", () => {
		assert.deepEqual(
			[1_048_576, 262_144, 131_072, 65_536, 8192, 4096, 0].map((window) => compactionPoint(window, 80)),
			[838_860, 209_715, 104_857, 48_512, 5632, 2816, 0],
		);
		assert.equal(compactionPoint(262_144, 95), 262_144 - 16_000 - 1024);
	});

	it("counts from what the model refused where its window is not known, or is smaller than it says", () => {
		const refused = { model: "k2", tokens: 30_000 };
		const chat = chatOf(prompt("Go."), { type: "shed", from: 0, before: 1, max: 1, refused });
		assert.deepEqual(
			[0, 32_768, 20_000, 262_144].map((told) => windowOf(chat, "k2", told)),
			[30_000, 30_000, 20_000, 262_144],
		);
		assert.equal(windowOf(chat, "another", 0), 0);
	});
});
