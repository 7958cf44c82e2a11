import assert from "node:assert/strict";
import { createModel } from "../../src/model/chat-model.ts";
import { createFactBook, type Facts } from "../../src/model/facts.ts";
import { Knowledge } from "../../src/model/knowledge.ts";
import type { Wishes } from "../../src/model/overrides.ts";
import type { CallPart, Message } from "../../src/shared/message.ts";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply, WireBody } from "../fake/endpoint-reply.ts";
import { endpointAt, hear, hello, tools as own, patient } from "./harness.ts";

/** As of an MCP server: one of them may be left out. */
const tools = own.map((tool) => ({ ...tool, foreign: true as const }));

const ok: ScriptedReply = { text: "Hello." };
const refusal = (message: string, status = 400): ScriptedReply => ({
	status,
	body: { error: { message, type: "invalid_request_error" } },
});

const call = (tool: string, id = "functions.read_file:0"): CallPart => ({ kind: "call", id, tool, args: "{}" });
const chat: readonly Message[] = [
	{ role: "user", text: "Go" },
	{ role: "assistant", parts: [call("read_file")] },
	{ role: "tool", callId: "functions.read_file:0", tool: "read_file", text: "A", failed: false },
];

interface Setting {
	readonly id?: string;
	readonly wishes?: Wishes;
}

describe("what refusals teach", () => {
	const open: FakeEndpoint[] = [];
	afterEach(async () => {
		for (const endpoint of open.splice(0)) await endpoint.close();
	});
	/** A model in front of a script, its book, and what arrived. */
	const start = async (script: EndpointOptions["script"], { id = "kimi-k2.7-code", wishes }: Setting = {}) => {
		const fake = await startEndpoint({ script });
		open.push(fake);
		const book = createFactBook();
		const endpoint = endpointAt(fake.url);
		const model = createModel({ endpoint, model: id, clocks: patient, book, wishes });
		const bodies = () => fake.requests.map(({ body }) => body);
		return { model, book, bodies, ask: () => hear(model, { ...hello, tools, messages: chat }) };
	};

	it("lets any provider answer where none takes all parameters, and keeps what the person wished of providers", () => {
		const privacy = { data_collection: "deny", only: ["moonshotai"] };
		const endpoint = endpointAt("https://openrouter.ai/api/v1", { preset: "openrouter" });
		const model = "moonshotai/kimi-k2.7-code";
		const knowledge = new Knowledge(
			{ endpoint, model, wishes: { capabilities: { provider: privacy } } },
			createFactBook(),
		);
		const sent = knowledge.prepare(hello);
		assert.deepEqual(sent.body["provider"], { require_parameters: true, ...privacy });
		const words = "No endpoints found that can handle the requested parameters.";
		const again = knowledge.mend({ code: "no-model", message: "", status: 404, detail: words }, hello, sent);
		assert.deepEqual(again?.body["provider"], privacy);
	});

	const field = (name: string) => (body: WireBody | undefined) => body?.[name];
	const firstCall = (body: WireBody | undefined) => body?.messages.find((message) => message.tool_calls);
	type Case = readonly [says: string, learned: Facts, reads: (body: WireBody | undefined) => unknown, then: unknown];
	const mended: readonly Case[] = [
		[
			"invalid temperature: only 1 is allowed for this model",
			{ omit: ["temperature"] },
			field("temperature"),
			undefined,
		],
		["invalid top_p: only 0.95 is allowed", { omit: ["top_p"] }, field("top_p"), undefined],
		[
			"Unrecognized request argument supplied: stream_options",
			{ omit: ["stream_options"] },
			field("stream_options"),
			undefined,
		],
		["max_tokens: expected a value <= 8000, but got 32768", { maxOutputTokens: 8000 }, field("max_tokens"), 8000],
		[
			"max_tokens is too large: 32768. This model supports at most 16384 completion tokens",
			{ maxOutputTokens: 16_384 },
			field("max_tokens"),
			16_384,
		],
		[
			"`max_tokens` must be less than or equal to `8192`, the maximum value",
			{ maxOutputTokens: 8192 },
			field("max_tokens"),
			8192,
		],
		[
			"Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
			{ maxOutputTokens: 8192 },
			field("max_tokens"),
			8192,
		],
		[
			"max_tokens: 32768 > 8192, which is the maximum allowed number of output tokens",
			{ maxOutputTokens: 8192 },
			field("max_tokens"),
			8192,
		],
		[
			"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
			{ maxTokensField: "max_completion_tokens" },
			field("max_completion_tokens"),
			32_768,
		],
		[
			"thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
			{ reasoningRequired: true },
			(body) => firstCall(body)?.reasoning_content,
			"",
		],
		[
			"The `reasoning_content` in the thinking mode must be passed back to the API.",
			{ reasoningRequired: true },
			(body) => firstCall(body)?.reasoning_content,
			"",
		],
		["tool_call_id  is not found", { plainIds: true }, (body) => firstCall(body)?.tool_calls?.[0]?.id, "call-0"],
		[
			"messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
			{ plainIds: true },
			(body) => firstCall(body)?.tool_calls?.[0]?.id,
			"call-0",
		],
		["body.messages.2.content: Field required", { contentRequired: true }, (body) => firstCall(body)?.content, ""],
		[
			"This model's maximum context length is 8192 tokens. However, you requested 33000 tokens (232 in the messages, 32768 in the completion).",
			{ contextTokens: 8192 },
			(body) => Number(body?.["max_tokens"]) < 8192 - 232,
			true,
		],
		[
			"'max_tokens' or 'max_completion_tokens' is too large: 32768. This model's maximum context length is 16384 tokens and your request has 55 input tokens (32768 > 16384 - 55).",
			{ contextTokens: 16_384 },
			(body) => Number(body?.["max_tokens"]) < 16_384 - 55,
			true,
		],
	];
	for (const [says, learned, reads, then] of mended)
		it(`“${says.slice(0, 90)}” is learned, kept, and mends the request`, async () => {
			const { ask, book, bodies } = await start([refusal(says), ok, ok]);
			assert.equal((await ask()).text, "Hello.");
			assert.equal((await ask()).text, "Hello.");
			assert.deepEqual(book.read(), learned);
			assert.notDeepEqual(reads(bodies()[0]), then);
			assert.deepEqual(bodies().slice(1).map(reads), [then, then]);
		});

	const inVain: readonly (readonly [says: string, limit: number])[] = [
		["This model's maximum context length is 4096 tokens. However, you requested 90000 tokens in the messages.", 4096],
		["request (40000 tokens) exceeds the available context size (16384 tokens), try increasing it", 16_384],
		["Your request exceeded model token limit : 131072 (requested: 140000 input tokens)", 131_072],
		["The input (90,000 tokens) is longer than the model's context length (65,536 tokens).", 65_536],
		["prompt is too long: 210000 tokens > 200000 maximum; 210000 input tokens", 200_000],
		["the request (9000 tokens) exceeds the available context size. n_ctx: 8192", 8192],
		["`inputs` tokens + `max_new_tokens` must be <= 32769. Given: 90000 `inputs` tokens", 32_769],
		["input length and `max_tokens` exceed context limit: 199000 + 32768 > 200000, decrease input length", 200_000],
		["The input token count (230000) exceeds the maximum number of tokens allowed (200000).", 200_000],
		["This model's maximum prompt length is 131072 but the request contains 140000 tokens.", 131_072],
		["length of prompt_tokens (270000) must be less than max_seq_len (201000).", 201_000],
		["The decoder prompt (length 40000) is longer than the maximum model length of 32768.", 32_768],
	];
	for (const [says, contextTokens] of inVain)
		it(`“${says.slice(0, 90)}” is left to the chat to become shorter, and kept with the next answer`, async () => {
			const { ask, book, bodies, model } = await start([refusal(says), ok]);
			assert.ok((await ask()).failure);
			assert.deepEqual([book.read(), model.contextTokens, bodies().length], [{}, contextTokens, 1]);
			await ask();
			assert.deepEqual(book.read(), { contextTokens });
		});

	it("asks once more for less where only the budget was too large, and keeps nothing of that", async () => {
		const says =
			"This model's maximum context length is 32768 tokens. However, you requested 36266 tokens (13245 in the messages, 23021 in the completion).";
		const server = await start([refusal(says), ok, ok], { wishes: { contextTokens: 32_768 } });
		assert.equal((await server.ask()).text, "Hello.");
		await server.ask();
		assert.deepEqual(server.bodies().map(field("max_tokens")), [31_315, 32_768 - 13_245 - 1024, 31_315]);
		assert.deepEqual(server.book.read(), {});
	});

	it("mends a budget above the true window, though the person's own says more", async () => {
		const says = "max_tokens=32768 cannot be greater than max_model_len=16384. Please request fewer output tokens.";
		const { ask, bodies } = await start([refusal(says), ok], { wishes: { contextTokens: 262_144 } });
		assert.equal((await ask()).text, "Hello.");
		const [, again] = bodies().map(field("max_tokens"));
		assert.ok(Number(again) > 14_000 && Number(again) < 16_384, String(again));
	});

	it("leaves a window of which too little is left to the chat to become shorter", async () => {
		const says = "context length is 32768 tokens, your request has 30000 input tokens (16000 > 32768 - 30000)";
		const { ask, bodies } = await start([refusal(says)]);
		assert.equal((await ask()).failure?.code, "context");
		assert.equal(bodies().length, 1);
	});

	it("keeps what a gateway's provider said of its limits for this session only", async () => {
		const endpoint = endpointAt("https://openrouter.ai/api/v1", { preset: "openrouter" });
		const book = createFactBook();
		const knowledge = new Knowledge({ endpoint, model: "moonshotai/kimi-k2.7-code" }, book);
		const words =
			"This endpoint's maximum context length is 32768 tokens. However, you requested about 60000 tokens (28000 of text input, 32000 in the output).";
		knowledge.mend({ code: "context", message: "", status: 400, detail: words }, hello, knowledge.prepare(hello));
		knowledge.observe({ parts: [], finish: "stop", complete: true, model: "m" }, knowledge.prepare(hello));
		assert.deepEqual([knowledge.capabilities.contextTokens, book.read()], [32_768, {}]);
	});

	for (const [says, status, code] of [
		[
			"messages.2.content Input should be a string [input_value='The card: context length 4096, ', input_type=str]",
			400,
		],
		["{'type': 'missing', 'msg': 'Field', 'input': {'text': 'context length of 4096, unsupported temperature'}}", 422],
		["max_completion_tokens > 16384 is reserved", 400],
		["Only tasks of a context size of 4096 are billed", 402, "no-credit"],
		["GPU 3 over temperature, unsupported: worker restarted", 500],
		["Sensor reports: temperature 40", 400],
		["Upstream function failed: Read timed out. (read timeout=60)", 500],
		["Schema registry: failed to read_file audit record", 400],
		["Invalid JSON in tool call arguments of function list_dir in messages[3]", 400],
	] as const)
		it(`“${says.slice(0, 90)}” (${status}) teaches nothing`, async () => {
			const { book, ask, bodies, model } = await start([refusal(says, status), ok]);
			const before = model.contextTokens;
			const { failure } = await ask();
			if (code) assert.equal(failure?.code, code);
			assert.deepEqual([book.read(), model.contextTokens, bodies().length], [{}, before, 1]);
		});

	it("never takes a tool of our own away", async () => {
		const fake = await startEndpoint({ script: [refusal("Invalid schema for function 'read_file'")] });
		open.push(fake);
		const model = createModel({ endpoint: endpointAt(fake.url), model: "m", clocks: patient });
		assert.ok((await hear(model, { ...hello, tools: own })).failure);
		assert.equal(fake.requests.length, 1);
	});

	for (const says of [
		"the message at position 3 with role 'assistant' must not be empty",
		"Your request exceeded model token limit : 262144",
		"max_tokens must be at most 64000",
		"Something about thinking and the provider.",
		"Unknown model",
		"Invalid schema: 'name' is a required property",
	])
		it(`“${says}” teaches nothing, and is not asked again`, async () => {
			const { ask, book, bodies } = await start([refusal(says)]);
			assert.ok((await ask()).failure);
			assert.deepEqual([book.read(), bodies().length], [{}, 1]);
		});

	it("is not a matter of another status, and ends when nothing helps", async () => {
		for (const status of [401, 403, 429, 503]) {
			const { ask, bodies } = await start([refusal("invalid temperature", status)]);
			assert.ok((await ask()).failure);
			assert.equal(bodies().length, 1);
		}
		const all = "unsupported temperature, top_p, stream_options, tool_call_id not found, content is required: no";
		const { ask, book, bodies } = await start(() => refusal(all));
		assert.ok((await ask()).failure);
		assert.deepEqual([bodies().length, book.read()], [4, {}]);
	});

	it("takes fields out of messages that a strict server does not know", async () => {
		const reasoning = { kind: "reasoning" as const, text: "Hm", key: "reasoning_content", details: [{ type: "x" }] };
		const fake = await startEndpoint({
			script: [refusal("messages.1.assistant.reasoning_details: Extra inputs are not permitted", 422), ok],
		});
		open.push(fake);
		const model = createModel({ endpoint: endpointAt(fake.url), model: "m", clocks: patient });
		const messages: Message[] = [{ role: "assistant", parts: [reasoning, { kind: "text", text: "Yes" }] }];
		assert.equal((await hear(model, { ...hello, messages })).text, "Hello.");
		assert.deepEqual(
			fake.requests.map(({ body }) => Object.keys(body.messages[1] ?? {})),
			[
				["role", "reasoning_content", "reasoning_details", "content"],
				["role", "reasoning_content", "content"],
			],
		);
	});

	it("takes the names out of results for a server that knows no names there", async () => {
		const { ask, book, bodies } = await start([refusal("messages.2.tool.name: Extra inputs are not permitted"), ok]);
		assert.equal((await ask()).text, "Hello.");
		assert.deepEqual(book.read(), { omit: ["name"] });
		const results = bodies().map((body) => body.messages.find(({ role }) => role === "tool"));
		assert.deepEqual(
			results.map((result) => Object.keys(result ?? {})),
			[
				["role", "tool_call_id", "name", "content"],
				["role", "tool_call_id", "content"],
			],
		);
	});

	it("reads llama.cpp's window, which stands beside its sentence", async () => {
		const message = "the request exceeds the available context size";
		const error = { code: 400, message, type: "exceed_context_size_error", n_prompt_tokens: 9000, n_ctx: 8192 };
		const { ask, model } = await start([{ status: 400, body: { error } }, ok]);
		await ask();
		assert.equal(model.contextTokens, 8192);
	});

	it("leaves out a tool whose schema is refused, for as long as the model is used, and says so", async () => {
		const says = "Invalid schema for function 'read_file': In context=('properties'), type is missing";
		const { ask, book, bodies } = await start([refusal(says), ok, ok]);
		for (let time = 0; time < 2; time++) {
			const { repairs, advice } = (await ask()).reply;
			const words = "The endpoint does not take these tools: read_file. The model goes without them.";
			assert.deepEqual([repairs, advice], [["dropped-tool"], words]);
		}
		const names = bodies().map((body) => body.tools?.map((tool) => tool.function.name));
		const rest = ["edit_file", "list_dir", "run_command"];
		assert.deepEqual(names, [["edit_file", "list_dir", "read_file", "run_command"], rest, rest]);
		assert.deepEqual(book.read().repairs, undefined);
	});

	it("offers a tool again that was not what the server minded", async () => {
		const says = refusal("Invalid schema for function 'read_file'");
		const { ask, bodies } = await start([says, says, ok]);
		assert.ok((await ask()).failure);
		assert.equal((await ask()).reply.repairs, undefined);
		assert.deepEqual(
			bodies().map((body) => body.tools?.length),
			[4, 3, 4],
		);
	});

	it("finds a refused tool by its place", async () => {
		const { ask, bodies } = await start([refusal("tools.3.function.parameters: type is not defined"), ok]);
		assert.equal((await ask()).text, "Hello.");
		assert.deepEqual(
			bodies()[1]?.tools?.map((tool) => tool.function.name),
			["edit_file", "list_dir", "read_file"],
		);
	});

	it("takes back a wish about thinking that the model refuses", async () => {
		const says = "invalid thinking: only type=enabled is allowed for this model";
		const wishes: Wishes = { thinking: "off", capabilities: { thinkingWire: "moonshot" } };
		const { ask, book, bodies } = await start([refusal(says), ok], { id: "kimi-k2.6", wishes });
		assert.equal((await ask()).text, "Hello.");
		assert.deepEqual(bodies().map(field("thinking")), [{ type: "disabled" }, undefined]);
		assert.deepEqual(book.read(), { thinkingOff: false });
	});
});
