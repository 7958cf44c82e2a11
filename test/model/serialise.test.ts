import assert from "node:assert/strict";
import fc from "fast-check";
import { type Capabilities, resolveCapabilities } from "../../src/model/capabilities.ts";
import { buildBody } from "../../src/model/request.ts";
import { serialise } from "../../src/model/serialise.ts";
import type { Message, Part } from "../../src/shared/message.ts";
import { endpointAt, tools } from "./harness.ts";

const capabilitiesOf = (url: string, model: string) => resolveCapabilities({ endpoint: endpointAt(url), model });
const native = capabilitiesOf("http://localhost:8000/v1", "moonshotai/Kimi-K2.7-Code");
const unique = capabilitiesOf("http://localhost:8000/v1", "moonshotai/Kimi-K3");
const moonshot = capabilitiesOf("https://api.moonshot.ai/v1", "kimi-k2.7-code");

const call = (id: string, tool: string, args = "{}"): Part => ({ kind: "call", id, tool, args });
const result = (callId: string, text: string): Message => ({ role: "tool", callId, tool: "x", text, failed: false });
const said = (...parts: Part[]): Message => ({ role: "assistant", parts });

describe("serialising a chat", () => {
	it("numbers the calls of a K2 chat from 0 through all messages, results with them", () => {
		const messages: Message[] = [
			{ role: "user", text: "Go" },
			said({ kind: "text", text: "Both." }, call("a", "read_file", '{"path": "x"}'), call("b", "list_dir")),
			result("b", "B"),
			result("a", "A"),
			said(call("c", "read_file")),
			result("c", "C"),
		];
		assert.deepEqual(serialise("S", messages, native), [
			{ role: "system", content: "S" },
			{ role: "user", content: "Go" },
			{
				role: "assistant",
				content: "Both.",
				tool_calls: [
					{
						id: "functions.read_file:0",
						type: "function",
						function: { name: "read_file", arguments: '{"path": "x"}' },
					},
					{ id: "functions.list_dir:1", type: "function", function: { name: "list_dir", arguments: "{}" } },
				],
			},
			{ role: "tool", tool_call_id: "functions.read_file:0", name: "read_file", content: "A" },
			{ role: "tool", tool_call_id: "functions.list_dir:1", name: "list_dir", content: "B" },
			{
				role: "assistant",
				tool_calls: [
					{ id: "functions.read_file:2", type: "function", function: { name: "read_file", arguments: "{}" } },
				],
			},
			{ role: "tool", tool_call_id: "functions.read_file:2", name: "read_file", content: "C" },
		]);
	});

	it("keeps the chat's own ids where the dialect has none", () => {
		const wire = serialise("", [said(call("list_dir:0__2", "list_dir")), result("list_dir:0__2", "ok")], unique);
		assert.deepEqual(
			wire.map((message) =>
				message.role === "tool" ? message.tool_call_id : "tool_calls" in message && message.tool_calls?.[0]?.id,
			),
			["list_dir:0__2", "list_dir:0__2"],
		);
	});

	it("sends thinking back byte for byte under the field it came in, details complete", () => {
		const details = [{ type: "reasoning.text", text: " Hm\r\n", index: 0 }];
		const part = { kind: "reasoning", text: " Hm\r\n", key: "reasoning", details } as const;
		const [message] = serialise("", [said(part, { kind: "text", text: "Yes" })], native);
		assert.deepEqual(message, { role: "assistant", reasoning: " Hm\r\n", reasoning_details: details, content: "Yes" });
	});

	it("sends details alone when the server sent no plain thinking", () => {
		const details = [{ type: "reasoning.encrypted", data: "AA" }];
		const part = { kind: "reasoning", text: "", details } as const;
		const [message] = serialise("", [said(part, { kind: "text", text: "Yes" })], native);
		assert.deepEqual(message, { role: "assistant", reasoning_details: details, content: "Yes" });
	});

	it("gives Moonshot thinking under its own field, and an empty one where a call has none", () => {
		const foreign = {
			kind: "reasoning" as const,
			text: "Hm",
			key: "reasoning",
			details: [{ type: "x" }],
		} satisfies Part;
		const messages = [said(foreign, call("a", "list_dir")), result("a", ""), said(call("b", "list_dir"))];
		const wire = serialise("", messages, moonshot).filter(({ role }) => role === "assistant");
		assert.deepEqual(
			wire.map((message) => Object.entries(message).filter(([name]) => name.startsWith("reasoning"))),
			[[["reasoning_content", "Hm"]], [["reasoning_content", ""]]],
		);
	});

	it("keeps an empty thinking", () => {
		const part = { kind: "reasoning", text: "", key: "reasoning_content" } as const;
		const [message] = serialise("", [said(part, call("a", "list_dir"))], native);
		assert.ok(message && "reasoning_content" in message && message.reasoning_content === "");
	});

	it("wraps arguments that are no JSON, and keeps those that are", () => {
		const args = ['{"path":"src', "", "  ", '{ "a" :1}', "{}{}"];
		const wire = serialise("", [said(...args.map((each, n) => call(String(n), "list_dir", each)))], native);
		const [message] = wire;
		assert.ok(message?.role === "assistant");
		assert.deepEqual(
			message.tool_calls?.map((each) => each.function.arguments),
			['{"_malformed":"{\\"path\\":\\"src"}', "{}", "{}", '{ "a" :1}', '{"_malformed":"{}{}"}'],
		);
	});

	it("leaves out messages without content, results of no call and second results", () => {
		const messages: Message[] = [
			{ role: "user", text: "" },
			said(),
			said({ kind: "reasoning", text: "Hm", key: "reasoning_content" }),
			said({ kind: "text", text: " \n" }),
			result("nobody", "?"),
			said(call("a", "list_dir")),
			result("nobody", "?"),
			result("a", "first"),
			result("a", "second"),
		];
		assert.deepEqual(
			serialise("", messages, native).map((message) => [message.role, "content" in message && message.content]),
			[
				["assistant", false],
				["tool", "first"],
			],
		);
	});

	it("gives a call without a result one, right behind its message", () => {
		const messages: Message[] = [
			said(call("a", "list_dir"), call("b", "list_dir")),
			result("b", "B"),
			{ role: "user", text: "?" },
		];
		assert.deepEqual(
			serialise("", messages, native).map((message) => (message.role === "tool" ? message.content : message.role)),
			["assistant", "This call has no result: it was interrupted.", "B", "user"],
		);
	});

	it("of an earlier request is the beginning of every later one, byte for byte, whatever the traits", () => {
		for (const traits of combinations)
			fc.assert(
				fc.property(
					fc.array(turn, { maxLength: 8 }),
					fc.array(turn, { minLength: 1, maxLength: 4 }),
					(before, after) => {
						const bytes = (turns: Message[][], capabilities: Capabilities) => {
							const request = { system: "S", tools: structuredClone(tools), messages: numbered(turns), chat: "c" };
							const { messages, tools: offered } = buildBody(request, "m", capabilities);
							return JSON.stringify([offered, messages]).slice(0, -2);
						};
						assert.ok(bytes([...before, ...after], traits).startsWith(bytes(before, traits)));
					},
				),
				{ numRuns: 25 },
			);
	});

	it("of 200 steps numbers calls without a gap, also after a compaction took the first half", () => {
		const messages = Array.from({ length: 200 }, (_, n) => [
			said(
				{ kind: "reasoning", text: `${n}`, key: "reasoning" },
				call(`x${n}`, "read_file"),
				call(`y${n}`, "list_dir"),
			),
			result(`x${n}`, `x ${n}`),
			result(`y${n}`, `y ${n}`),
		]).flat();
		for (const kept of [messages, messages.slice(300)]) {
			const wire = serialise("S", [{ role: "user", text: "Go" }, ...kept], native);
			const asked = wire.flatMap((each) =>
				each.role === "assistant" ? (each.tool_calls ?? []).map(({ id }) => id) : [],
			);
			const answered = wire.flatMap((each) => (each.role === "tool" ? [each.tool_call_id] : []));
			const expected = asked.map((_, n) => `functions.${n % 2 === 0 ? "read_file" : "list_dir"}:${n}`);
			assert.deepEqual([asked, answered], [expected, expected]);
		}
	});

	it("gives every past call thinking when a chat moves to a model that wants it", () => {
		const messages = [said(call("a", "list_dir")), result("a", "A"), said({ kind: "text", text: "Done." })];
		const wire = serialise("", messages, { ...native, reasoningRequired: true, reasoningKey: "reasoning" });
		assert.deepEqual(
			wire.map((each) => "reasoning" in each && each.reasoning),
			["", false, false],
		);
	});

	it("puts thinking of another endpoint where this one needs it, details with it", () => {
		const details = [{ type: "reasoning.text", text: "Hm" }];
		const messages = [said({ kind: "reasoning", text: "Hm", key: "reasoning", details }, call("a", "list_dir"))];
		const [message] = serialise("", messages, { ...native, reasoningRequired: true });
		assert.ok(message?.role === "assistant");
		const { tool_calls: _, ...rest } = message;
		assert.deepEqual(rest, { role: "assistant", reasoning_content: "Hm", reasoning_details: details });
	});

	it("gives a chat that moves from K2 to K3 and back the ids of each", () => {
		const messages = [
			said(call("functions.list_dir:0", "list_dir")),
			result("functions.list_dir:0", "A"),
			said(call("call_9", "list_dir")),
			result("call_9", "B"),
		];
		const ids = (traits: Capabilities) =>
			serialise("", messages, traits).flatMap((each) => (each.role === "tool" ? [each.tool_call_id] : []));
		assert.deepEqual(ids(native), ["functions.list_dir:0", "functions.list_dir:1"]);
		assert.deepEqual(ids(unique), ["functions.list_dir:0", "call_9"]);
		assert.deepEqual(ids({ ...unique, ids: "plain" }), ["call-0", "call_9"]);
		assert.deepEqual(ids(native), ["functions.list_dir:0", "functions.list_dir:1"]);
	});

	it("gives no two calls one plain id, also where the server's own look like ours", () => {
		const messages = [
			said(call("call-1", "list_dir")),
			said(call("x:1", "list_dir")),
			said(call("call-0", "list_dir")),
		];
		const wire = serialise("", messages, { ...unique, ids: "plain" });
		assert.deepEqual(
			wire.flatMap((each) => (each.role === "tool" ? [each.tool_call_id] : [])),
			["call-0", "call-1", "call-2"],
		);
	});

	it("puts all thinking under the field that the endpoint is known to have, wherever it came from", () => {
		const details = [{ type: "reasoning.text", text: "Hm" }];
		const foreign = { kind: "reasoning", text: "Hm", key: "reasoning", details } as const;
		const text = { kind: "text", text: "Yes" } as const;
		const facts = { reasoningKey: "reasoning_content" } as const;
		const known = resolveCapabilities({ endpoint: endpointAt("http://localhost:8000/v1"), model: "m", facts });
		const [message] = serialise("", [said(foreign, text)], known);
		assert.deepEqual(message, {
			role: "assistant",
			reasoning_content: "Hm",
			reasoning_details: details,
			content: "Yes",
		});
		const [other] = serialise("", [said({ kind: "reasoning", text: "", details }, text)], known);
		assert.deepEqual(other, { role: "assistant", reasoning_details: details, content: "Yes" });
	});

	it("puts thinking under another field where the one that it came in is refused", () => {
		const foreign = { kind: "reasoning", text: "Hm", key: "reasoning" } as const;
		const refusing = { ...native, omit: ["reasoning"] };
		const [message] = serialise("", [said(foreign, { kind: "text", text: "Yes" })], refusing);
		assert.deepEqual(message, { role: "assistant", reasoning_content: "Hm", content: "Yes" });
	});

	it("calls past tools as they are called on the wire", () => {
		const [message, answer] = serialise("", [said(call("a", "my.tool")), result("a", "A")], native);
		assert.ok(message?.role === "assistant" && answer?.role === "tool");
		const name = message.tool_calls?.[0]?.function.name ?? "";
		assert.match(name, /^my_tool_[0-9a-f]{8}$/);
		assert.deepEqual(
			[message.tool_calls?.[0]?.id, answer.tool_call_id, answer.name],
			[`functions.${name}:0`, `functions.${name}:0`, name],
		);
	});

	it("has no message without content: a result that is empty says so, a blank prompt is left out", () => {
		const messages: Message[] = [{ role: "user", text: " \n" }, said(call("a", "list_dir")), result("a", "\n")];
		assert.deepEqual(
			serialise("", messages, native).map((each) => ("content" in each ? each.content : each.role)),
			["assistant", "(no output)"],
		);
		const [message] = serialise("", messages, { ...native, contentRequired: true });
		assert.ok(message?.role === "assistant" && message.content === "");
	});

	it("gives each call exactly one result, directly behind and in order, whatever the history holds", () => {
		const message: fc.Arbitrary<Message> = fc.oneof(
			fc.record({ role: fc.constant("user" as const), text: fc.string() }),
			fc.array(part, { maxLength: 4 }).map((parts) => said(...parts)),
			fc.constantFrom("a", "b", "c").map((id) => result(id, id)),
		);
		fc.assert(
			fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
				const wire = serialise("", messages, native);
				const expected = wire.flatMap((each) =>
					each.role === "assistant" && each.tool_calls
						? [["assistant"], ...each.tool_calls.map(({ id }) => ["tool", id])]
						: each.role === "tool"
							? []
							: [[each.role]],
				);
				assert.deepEqual(
					wire.map((each) => (each.role === "tool" ? ["tool", each.tool_call_id] : [each.role])),
					expected,
				);
				const ids = wire.flatMap((each) => (each.role === "tool" ? [each.tool_call_id] : []));
				assert.equal(new Set(ids).size, ids.length);
			}),
			{ numRuns: 300 },
		);
	});
});

const part: fc.Arbitrary<Part> = fc.oneof(
	fc.record({ kind: fc.constant("text" as const), text: fc.string() }),
	fc.record({ kind: fc.constant("reasoning" as const), text: fc.string(), key: fc.constant("reasoning") }),
	fc.record({
		kind: fc.constant("call" as const),
		id: fc.constantFrom("a", "b", "c"),
		tool: fc.constantFrom("read_file", "list_dir", ""),
		args: fc.oneof(fc.json(), fc.string()),
	}),
);

/** A prompt, or an answer with the results of its calls: what a chat grows by. */
const turn: fc.Arbitrary<Message[]> = fc.oneof(
	fc.string().map((text): Message[] => [{ role: "user", text }]),
	fc.array(part, { maxLength: 4 }).map((parts): Message[] => [said(...parts)]),
);

/** All that can be set of how a history is written. */
const combinations: readonly Capabilities[] = (["native", "unique", "plain"] as const).flatMap((ids) =>
	(["received", "known", "own"] as const).flatMap((reasoningReplay) =>
		[true, false].flatMap((reasoningRequired) =>
			[true, false].map((contentRequired) => ({
				...native,
				ids,
				reasoningReplay,
				reasoningRequired,
				contentRequired,
				omit: contentRequired ? ["reasoning_details"] : [],
			})),
		),
	),
);

/** Gives calls their ids and results, as the log does. */
function numbered(turns: Message[][]): Message[] {
	let n = 0;
	return turns.flat().flatMap((message): Message[] => {
		if (message.role !== "assistant") return [message];
		const parts = message.parts.map((each) => (each.kind === "call" ? { ...each, id: `id${n++}` } : each));
		const results = parts.flatMap((each) => (each.kind === "call" ? [result(each.id, `of ${each.id}`)] : []));
		return [{ role: "assistant", parts }, ...results];
	});
}
