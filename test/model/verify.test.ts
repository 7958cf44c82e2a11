import assert from "node:assert/strict";
import { createFactBook } from "../../src/model/facts.ts";
import { keep } from "../../src/model/verify/keep.ts";
import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";
import { goodKimi, refusal, saidIn } from "./verify-kimi.ts";
import { facts, MODEL, odd, says, tryOn, usual } from "./verify-trial.ts";

function markupOf(calls: NonNullable<ScriptedReply["calls"]>): string {
	const each = calls.map(
		({ tool, args }, n) =>
			`<|tool_call_begin|>functions.${tool}:${n}<|tool_call_argument_begin|>${JSON.stringify(args)}<|tool_call_end|>`,
	);
	return `<|tool_calls_section_begin|>${each.join("")}<|tool_calls_section_end|>`;
}

/** A good Kimi that refuses prompts over its context. */
function overlong(contextTokens: number): (request: WireRequest) => ScriptedReply {
	return (request) =>
		saidIn(request).length > 4 * contextTokens
			? refusal(400, `Your request exceeded model token limit : ${contextTokens}`)
			: goodKimi(request);
}

describe("What Verify finds", () => {
	it("finds a good Kimi ready and learns its ways", async () => {
		const { report, endpoint } = await tryOn(goodKimi);
		assert.deepEqual([report.verdict, odd(report), report.facts], ["ready", usual, facts]);
		assert.deepEqual(
			report.rows.map(({ id }) => id),
			Array.from({ length: 25 }, (_, n) => n + 1),
		);
		assert.equal(report.requests, endpoint.hits.length);
		assert.equal(report.stopped, undefined);
	});

	it("works with repairs where no token counts come", async () => {
		const { report } = await tryOn((request) => ({ ...goodKimi(request), usage: null }));
		assert.deepEqual([report.verdict, odd(report)], ["repairs", { ...usual, 6: "repair", 20: "info" }]);
	});

	it("leaves out stream_options where the server refuses it", async () => {
		const { report } = await tryOn((request) =>
			"stream_options" in request.body ? refusal(400, "Unknown field: stream_options") : goodKimi(request),
		);
		assert.deepEqual([report.verdict, odd(report)], ["repairs", { ...usual, 6: "repair" }]);
		assert.deepEqual(report.facts, { omit: ["stream_options"], ...facts });
	});

	it("leaves out a temperature that the server refuses", async () => {
		const { report } = await tryOn((request) =>
			"temperature" in request.body ? refusal(400, "invalid temperature: only 0.6 is allowed") : goodKimi(request),
		);
		assert.deepEqual([report.verdict, odd(report)], ["repairs", { ...usual, 10: "repair" }]);
		assert.deepEqual(report.facts, { omit: ["temperature"], ...facts });
	});

	it("names the flag for thinking that comes inside of the text", async () => {
		const tagged = (reply: ScriptedReply): ScriptedReply => {
			const { reasoning, ...rest } = reply;
			return reasoning === undefined ? reply : { ...rest, text: `${reasoning}</think>${reply.text ?? ""}` };
		};
		const { report } = await tryOn((request) => tagged(goodKimi(request)), { at: { preset: "vllm" } });
		const { thinkTags, reasoningKey } = report.facts;
		assert.deepEqual(
			[report.verdict, report.rows[7]?.status, thinkTags, reasoningKey],
			["repairs", "repair", true, undefined],
		);
		assert.deepEqual(report.rows[7]?.advice, ["vLLM: start it with `--reasoning-parser kimi_k2`."]);
	});

	it("finds an endpoint without tools unsuitable, in the server's words, and skips what needs them", async () => {
		const words = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set';
		const { report } = await tryOn((request) => (request.body.tools ? refusal(400, words) : goodKimi(request)));
		assert.equal(report.verdict, "unsuitable");
		assert.deepEqual(
			[11, 12, 17, 18].map((id) => odd(report)[id]),
			["fail", "skipped", "skipped", "skipped"],
		);
		assert.match(report.rows[10]?.advice?.join() ?? "", /--enable-auto-tool-choice --tool-call-parser kimi_k2/);
	});

	it("finds a model that never calls a tool unsuitable", async () => {
		const { report } = await tryOn(() => ({ text: "Sure! Here is what I would do." }));
		assert.deepEqual([report.verdict, odd(report)[11], odd(report)[14]], ["unsuitable", "fail", undefined]);
	});

	it("tries on where the whole answer came as thinking, and says that the parser does not fit", async () => {
		const swallowed = (request: WireRequest): ScriptedReply => {
			const { text, reasoning = "", ...rest } = goodKimi(request);
			return text === undefined ? { reasoning, ...rest } : { ...rest, reasoning: reasoning + text };
		};
		const { report } = await tryOn(swallowed);
		assert.deepEqual(
			[report.verdict, odd(report)[4], odd(report)[11], odd(report)[17]],
			["unsuitable", "fail", undefined, undefined],
		);
		assert.match(report.rows[3]?.advice?.join() ?? "", /without `--reasoning-parser`/);
	});

	it("gives a model that thinks long a second chance with more room", async () => {
		const brooding =
			(room: number) =>
			(request: WireRequest): ScriptedReply =>
				request.body.tools && Number(request.body["max_tokens"]) < room
					? { reasoning: "Hm, let me think about it.", finish: "length" }
					: goodKimi(request);
		const { report } = await tryOn(brooding(4000));
		assert.deepEqual([report.verdict, odd(report)], ["ready", { ...usual, 12: "info", 13: "info", 18: "info" }]);
		const endless = await tryOn(brooding(8000));
		assert.deepEqual(
			[endless.report.verdict, odd(endless.report)[11], odd(endless.report)[14]],
			["unsuitable", "fail", "fail"],
		);
		assert.match(says(endless.report, 11), /^Twice the model used up its tokens/);
	});

	it("takes one call at a time, and ids that repeat, for what they are", async () => {
		const single = (request: WireRequest) => {
			const reply = goodKimi(request);
			return { ...reply, ...(reply.calls && { calls: reply.calls.slice(0, 1) }) };
		};
		const { report } = await tryOn(single);
		assert.deepEqual([report.verdict, odd(report)], ["ready", { ...usual, 12: "info" }]);
		const same = (request: WireRequest) => {
			const reply = goodKimi(request);
			return { ...reply, ...(reply.calls && { calls: reply.calls.map((call) => ({ ...call, id: "call_0" })) }) };
		};
		const { report: repeated } = await tryOn(same);
		assert.deepEqual([repeated.verdict, odd(repeated)], ["repairs", { ...usual, 12: "repair" }]);
	});

	it("reads calls from the markup that a server leaks, and names the flag", async () => {
		const leaked = (request: WireRequest): ScriptedReply => {
			const { calls, ...rest } = goodKimi(request);
			return calls ? { ...rest, text: `${rest.text ?? ""}${markupOf(calls)}`, finish: "stop" } : rest;
		};
		const { report } = await tryOn(leaked, { at: { preset: "sglang" } });
		assert.deepEqual(
			[report.verdict, odd(report)],
			["repairs", { ...usual, 11: "repair", 12: "repair", 19: "repair" }],
		);
		assert.match(says(report, 19), /`<\|tool_calls_section_begin\|>`/);
		assert.deepEqual(report.rows[10]?.advice, [
			"SGLang and KTransformers: start it with `--tool-call-parser kimi_k2`.",
		]);
	});

	it("sees that a model loses its past calls, and that it is no accident", async () => {
		const { report } = await tryOn((request) =>
			request.body.messages.at(-1)?.role === "tool" ? { reasoning: "Hm." } : goodKimi(request),
		);
		assert.deepEqual([report.verdict, odd(report)], ["unsuitable", { ...usual, 14: "fail" }]);
	});

	it("sends plain ids where Kimi's own are refused", async () => {
		const { report } = await tryOn((request) =>
			request.raw.includes('"tool_call_id":"functions.')
				? refusal(400, "tool_call_id does not match the pattern ^[a-zA-Z0-9_-]+$")
				: goodKimi(request),
		);
		assert.deepEqual([report.verdict, odd(report)[14], report.facts.plainIds], ["repairs", "repair", true]);
	});

	it("notes that past calls need their thinking", async () => {
		const missing = "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2";
		const { report } = await tryOn((request) =>
			request.body.messages.some((each) => each.tool_calls && each.reasoning_content === undefined)
				? refusal(400, missing)
				: goodKimi(request),
		);
		assert.deepEqual([report.verdict, odd(report)], ["ready", usual]);
		assert.deepEqual(report.facts, { ...facts, reasoningRequired: true });
	});

	it("tells a server that loses 8 KB of arguments from a model that shortens", async () => {
		const cutTo = (size: number) => (request: WireRequest) => {
			const reply = goodKimi(request);
			if (!saidIn(request).includes("big.txt")) return reply;
			const json = JSON.stringify(reply.calls?.[0]?.args);
			return { ...reply, calls: [{ tool: "write_file", args: json.slice(0, size) }] };
		};
		const { report } = await tryOn(cutTo(8192));
		assert.deepEqual([report.verdict, odd(report)], ["repairs", { ...usual, 17: "fail" }]);
		const gap = await tryOn((request) => {
			const reply = goodKimi(request);
			if (!saidIn(request).includes("big.txt")) return reply;
			const json = JSON.stringify(reply.calls?.[0]?.args);
			return { ...reply, calls: [{ tool: "write_file", args: json.slice(0, 4100) + json.slice(8200) }] };
		});
		assert.equal(odd(gap.report)[17], "fail");
		assert.match(says(gap.report, 17), /4048 characters are missing after the first 4019/);
		const lazy = await tryOn((request) =>
			saidIn(request).includes("big.txt")
				? { calls: [{ tool: "write_file", args: { path: "big.txt", content: "0001 international\n…\n" } }] }
				: goodKimi(request),
		);
		assert.deepEqual([lazy.report.verdict, odd(lazy.report)], ["ready", { ...usual, 17: "info" }]);
	});

	it("sees characters that the server changed", async () => {
		const { report } = await tryOn((request) => {
			const reply = goodKimi(request);
			if (!saidIn(request).includes("odd.txt")) return reply;
			const json = JSON.stringify(reply.calls?.[0]?.args);
			return { calls: [{ tool: "write_file", args: json.replaceAll("<", "&lt;") }] };
		});
		assert.deepEqual([report.verdict, odd(report)], ["repairs", { ...usual, 18: "fail" }]);
		assert.match(says(report, 18), /HTML escapes/);
	});

	it("asks for no more than fits into a small context, and says that it is too small for an agent", async () => {
		const server = { id: MODEL, contextTokens: 4096 };
		const { report } = await tryOn(
			(request) =>
				Number(request.body["max_tokens"]) > 4096 - request.raw.length / 4
					? refusal(400, "This model's maximum context length is 4096 tokens.")
					: goodKimi(request),
			{ server, at: { preset: "vllm" } },
		);
		assert.deepEqual([report.verdict, odd(report)], ["unsuitable", { ...usual, 25: "fail" }]);
		assert.deepEqual(report.rows[24]?.advice, ["vLLM: start it with `--max-model-len 131072`."]);
	});

	it("judges the context by what the list or a refusal says of it", async () => {
		for (const [contextTokens, status, verdict] of [
			[16_000, "fail", "unsuitable"],
			[20_480, "repair", "repairs"],
			[131_072, undefined, "ready"],
		] as const) {
			const listed = await tryOn(overlong(contextTokens), { server: { id: MODEL, contextTokens } });
			assert.deepEqual([odd(listed.report)[25], listed.report.verdict], [status, verdict]);
			const told = await tryOn((request) =>
				Number(request.body["max_tokens"]) > 1_000_000
					? refusal(400, `This model's maximum context length is ${contextTokens} tokens.`)
					: goodKimi(request),
			);
			assert.deepEqual([odd(told.report)[25], told.report.verdict], [status, verdict]);
		}
	});

	it("finds a prompt that was cut without a word", async () => {
		const server = { id: MODEL, contextTokens: 20_480 };
		const { report } = await tryOn(goodKimi, { server, at: { preset: "ollama" } });
		assert.deepEqual([report.verdict, odd(report)], ["repairs", { ...usual, 22: "fail", 25: "repair" }]);
		assert.deepEqual(report.rows[21]?.advice, ["Ollama: start it with `OLLAMA_CONTEXT_LENGTH=131072`."]);
	});

	it("does not take the person's own limit for that of the server", async () => {
		const server = { id: MODEL, contextTokens: 262_144 };
		const { report } = await tryOn(goodKimi, { server, wishes: { contextTokens: 32_000 } });
		assert.deepEqual([report.verdict, odd(report)[22], odd(report)[25]], ["ready", undefined, undefined]);
	});

	it("learns that images are not taken from a refusal, and from no answer", async () => {
		const sees = (reply: ScriptedReply) => (request: WireRequest) =>
			Array.isArray(request.body.messages.at(-1)?.content) ? reply : goodKimi(request);
		const { report } = await tryOn(sees({ text: "Crimson." }));
		assert.deepEqual([odd(report)[23], report.facts.images], ["info", undefined]);
		const refusing = await tryOn(sees(refusal(400, "This model does not support image input")));
		assert.deepEqual([odd(refusing.report)[23], refusing.report.facts.images], ["info", false]);
	});

	it("forgets the limits that it did not find again", async () => {
		const book = createFactBook();
		book.learn({ contextTokens: 8192, maxOutputTokens: 2048, images: false, reasoningKey: "reasoning" });
		const { report } = await tryOn(goodKimi);
		keep(report, book);
		const { contextTokens, maxOutputTokens, images, reasoningKey } = book.read();
		assert.deepEqual(
			[contextTokens, maxOutputTokens, images, reasoningKey],
			[undefined, facts.maxOutputTokens, true, "reasoning_content"],
		);
	});

	it("judges a stopped answer by the request after it", async () => {
		const { report } = await tryOn(goodKimi);
		assert.equal(says(report, 21), "An answer was stopped in the middle, and the next request was answered.");
		let left = false;
		const stuck = await tryOn((request) => {
			if (left && saidIn(request).includes("17 + 25")) return refusal(400, "The last answer is still being made");
			left ||= saidIn(request).includes("Count from");
			return goodKimi(request);
		});
		assert.equal(odd(stuck.report)[21], "fail");
	});

	it("turns thinking off where the model can", async () => {
		const models = { data: [{ id: "kimi-k2.6", owned_by: "vllm" }] };
		const off = (request: WireRequest) => JSON.stringify(request.body["chat_template_kwargs"] ?? {}).includes("false");
		const script = (request: WireRequest) => {
			const { reasoning, ...rest } = goodKimi(request);
			return off(request) || reasoning === undefined ? rest : { ...rest, reasoning };
		};
		const { report } = await tryOn(script, { models, model: "kimi-k2.6", at: { preset: "vllm" } });
		assert.deepEqual([odd(report)[9], report.facts.thinkingOff], [undefined, true]);
		const stubborn = await tryOn(goodKimi, { models, model: "kimi-k2.6", at: { preset: "vllm" } });
		assert.deepEqual([odd(stubborn.report)[9], stubborn.report.facts.thinkingOff], ["info", false]);
	});

	it("says which model the server has where the asked one is gone", async () => {
		const gone = (request: WireRequest) =>
			refusal(404, `Not found the model ${request.body.model} or Permission denied`);
		const { report } = await tryOn(gone, { model: "kimi-k2-0711" });
		assert.deepEqual([report.verdict, odd(report)[2], odd(report)[4]], ["unsuitable", "fail", "fail"]);
		assert.deepEqual(report.rows[1]?.advice, ["Choose `kimi-k2.7-code`, which the server lists."]);
	});

	it("reports whole answers in place of a stream, and no list of models", async () => {
		const whole = (request: WireRequest): ScriptedReply => {
			const { reasoning: reasoning_content, text: content, calls, status, body } = goodKimi(request);
			if (status !== undefined) return { status, body };
			const tool_calls = calls?.map(({ tool, args }, n) => ({
				id: `functions.${tool}:${n}`,
				type: "function",
				function: { name: tool, arguments: JSON.stringify(args) },
			}));
			const message = { role: "assistant", content, reasoning_content, tool_calls };
			const usage = { prompt_tokens: 10, completion_tokens: 10 };
			return { body: { choices: [{ message, finish_reason: calls ? "tool_calls" : "stop" }], usage } };
		};
		const { report } = await tryOn(whole, { models: { detail: "nothing here" } });
		assert.deepEqual(
			[report.verdict, odd(report)],
			["repairs", { ...usual, 1: "info", 2: "skipped", 4: "repair", 20: "info", 21: "skipped" }],
		);
	});
});
