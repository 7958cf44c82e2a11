import assert from "node:assert/strict";
import { resolveCapabilities } from "../../../src/model/capabilities.ts";
import { serialise } from "../../../src/model/serialise.ts";
import type { Part } from "../../../src/shared/message.ts";
import { conversationOf, type Piece, type Said } from "../../../src/vscode/lm/conversation.ts";
import { KeptCalls } from "../../../src/vscode/lm/kept.ts";

const text = (value: string): Piece => ({ kind: "text", text: value });
const user = (...pieces: readonly Piece[]): Said => ({ by: "user", pieces });
const assistant = (...pieces: readonly Piece[]): Said => ({ by: "assistant", pieces });
const result = (id: string, value: string): Piece => ({ kind: "result", id, text: value });

const reasoning: Part = { kind: "reasoning", text: "I look.\n", key: "reasoning_content" };
const call = (id: string, args: string): Part => ({ kind: "call", id, tool: "read_file", args });

/** Keeps an answer and gives its calls as VS Code hands them back. */
function handed(kept: KeptCalls, parts: readonly Part[]): Extract<Piece, { kind: "call" }>[] {
	const calls = kept.keep(parts);
	assert.ok(!("broken" in calls));
	return calls.map(({ id, tool, input }) => ({ kind: "call", id, tool, input }));
}

describe("a conversation of VS Code's own chat", () => {
	it("has what the system says at its beginning apart, and as the person's words later on", () => {
		const chat: readonly Said[] = [
			{ by: "system", pieces: [text("Be brief.")] },
			{ by: "system", pieces: [text("Be kind.")] },
			user(text("Hi"), text("!")),
			{ by: "system", pieces: [text("Be quick.")] },
		];
		assert.deepEqual(conversationOf(chat, new KeptCalls()), {
			system: "Be brief.\n\nBe kind.",
			messages: [
				{ role: "user", text: "Hi!" },
				{ role: "user", text: "Be quick." },
			],
		});
	});

	it("has the images of the person's messages before their words, also where there are none", () => {
		const picture = { mime: "image/png", data: "iVBORw0K" } as const;
		const image: Piece = { kind: "image", picture };
		const chat = [user(image, text("What is it?")), assistant(text("A dot."), image), user(image)];
		assert.deepEqual(conversationOf(chat, new KeptCalls()).messages, [
			{ role: "user", text: "What is it?", images: [picture] },
			{ role: "assistant", parts: [{ kind: "text", text: "A dot." }] },
			{ role: "user", text: "", images: [picture] },
		]);
	});

	it("gives calls back with the bytes and the thinking of their answer, under the server's ids", () => {
		const kept = new KeptCalls();
		const args = '{"path" :  "a.txt"}';
		const [first = assert.fail(), second = assert.fail()] = handed(kept, [
			reasoning,
			{ kind: "text", text: "Two files." },
			call("functions.read_file:0", args),
			call("functions.read_file:1", "{}"),
		]);
		const chat = [
			user(text("Read")),
			assistant(text("Two files."), first, second),
			user(result(second.id, "B"), text("Go on")),
			user(result(first.id, "A")),
		];
		assert.deepEqual(conversationOf(chat, kept).messages, [
			{ role: "user", text: "Read" },
			{
				role: "assistant",
				parts: [
					reasoning,
					{ kind: "text", text: "Two files." },
					call("functions.read_file:0", args),
					call("functions.read_file:1", "{}"),
				],
			},
			{ role: "tool", callId: "functions.read_file:1", tool: "read_file", text: "B", failed: false },
			{ role: "tool", callId: "functions.read_file:0", tool: "read_file", text: "A", failed: false },
			{ role: "user", text: "Go on" },
		]);
	});

	it("keeps the thinking of two chats apart whose servers gave their calls the same id", () => {
		const kept = new KeptCalls();
		const think = (words: string): Part => ({ kind: "reasoning", text: words });
		const [mine = assert.fail()] = handed(kept, [think("mine"), call("functions.read_file:0", "{}")]);
		const [yours = assert.fail()] = handed(kept, [think("yours"), call("functions.read_file:0", "{}")]);
		const thoughts = [mine, yours].map((each) => {
			const [, answer] = conversationOf([user(text("Hi")), assistant(each)], kept).messages;
			return answer?.role === "assistant" ? answer.parts[0] : undefined;
		});
		assert.deepEqual(thoughts, [think("mine"), think("yours")]);
	});

	it("tells calls apart that a server gave the same id in one chat", () => {
		const kept = new KeptCalls();
		const [first = assert.fail()] = handed(kept, [call("c", '{"n":1}')]);
		const [second = assert.fail()] = handed(kept, [call("c", '{"n":2}')]);
		const chat = [
			user(text("Hi")),
			assistant(first),
			user(result(first.id, "one")),
			assistant(second),
			user(result(second.id, "two")),
		];
		const told = conversationOf(chat, kept).messages.map((message) =>
			message.role === "tool" ? [message.callId, message.text] : [],
		);
		assert.deepEqual(told.flat(), ["c", "one", "c__2", "two"]);
	});

	it("has what VS Code made of a call where that is not what the model wrote", () => {
		const kept = new KeptCalls();
		const [handedOver = assert.fail()] = handed(kept, [reasoning, call("c", '{"path": "a"}')]);
		const [answer] = conversationOf([assistant({ ...handedOver, input: { path: "b" } })], kept).messages;
		assert.deepEqual(answer, { role: "assistant", parts: [reasoning, call("c", '{"path":"b"}')] });
	});

	it("takes calls that are not ours as they are, and leaves out results of no call", () => {
		const foreign: Piece = { kind: "call", id: "toolu_1", tool: "run", input: { a: [1] } };
		const chat = [assistant(foreign), user(result("toolu_1", ""), result("toolu_9", "lost"))];
		assert.deepEqual(conversationOf(chat, new KeptCalls()).messages, [
			{ role: "assistant", parts: [{ kind: "call", id: "toolu_1", tool: "run", args: '{"a":[1]}' }] },
			{ role: "tool", callId: "toolu_1", tool: "run", text: "", failed: false },
		]);
	});

	it("begins with the same bytes one answer later", () => {
		const kept = new KeptCalls();
		const [first = assert.fail()] = handed(kept, [reasoning, call("functions.read_file:0", '{ "path": "a" }')]);
		const before = [user(text("Hi")), assistant(first), user(result(first.id, "A"))];
		const after = [...before, assistant(text("Done.")), user(text("Thanks"))];
		const rules = resolveCapabilities({
			endpoint: { preset: "moonshot", baseUrl: "https://api.moonshot.ai/v1" },
			model: "kimi-k2.7-code",
		});
		const [one = "", two = ""] = [before, after].map((chat) => {
			const { system, messages } = conversationOf(chat, kept);
			return JSON.stringify(serialise(system, messages, rules));
		});
		assert.ok(two.startsWith(one.slice(0, -1)), two);
		assert.match(one, /"reasoning_content":"I look.\\n"/);
	});
});

describe("calls kept for VS Code's own chat", () => {
	it("hand nothing over of an answer in which one call is no JSON object", () => {
		const kept = new KeptCalls();
		const lists = ["[1]", "{", "null", "3"].map((args) => kept.keep([call("a", "{}"), call("b", args)]));
		assert.deepEqual(lists, Array(4).fill({ broken: "read_file" }));
	});

	it("take no arguments as an object without fields", () => {
		const [empty = assert.fail()] = handed(new KeptCalls(), [call("a", " ")]);
		assert.deepEqual(empty.input, {});
	});

	it("forget those first that were not used for longest, once they have too many characters", () => {
		const kept = new KeptCalls(400);
		const keep = (id: string) =>
			handed(kept, [call(id, JSON.stringify({ text: "x".repeat(100) }))])[0] ?? assert.fail();
		const [a, b] = [keep("a"), keep("b")];
		kept.find(a.id, a.input);
		const found = [a, b, keep("c")].map(({ id, input }) => kept.find(id, input)?.call.id);
		assert.deepEqual(found, ["a", undefined, "c"]);
	});
});
