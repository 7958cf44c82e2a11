import { tools } from "../model/harness.ts";

/** One question to a real server, and the recording that keeps its answer. */
export interface Ask {
	readonly name: string;
	readonly about: string;
	readonly server: string;
	/** Below the base URL; absent: chat completions. */
	readonly path?: string;
	readonly body?: Readonly<Record<string, unknown>>;
}

type Message = Readonly<Record<string, unknown>>;

const offered = tools.map(({ name, description, parameters }) => {
	const properties = Object.fromEntries(Object.keys(parameters.properties).map((key) => [key, { type: "string" }]));
	return { type: "function", function: { name, description, parameters: { ...parameters, properties } } };
});

const user = (content: string): Message => ({ role: "user", content });

/** Greedy, so that a second recording differs only where the server does. */
function streamed(model: string, messages: readonly Message[], more: Readonly<Record<string, unknown>> = {}) {
	return { model, messages, stream: true, temperature: 0, max_tokens: 80, ...more };
}

const withUsage = { stream_options: { include_usage: true } };
const tooLong = [user("word ".repeat(6000))];
const pixel =
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const picture = { role: "user", content: [{ type: "image_url", image_url: { url: pixel } }] };
const badSchema = {
	type: "function",
	function: { name: "odd_tool", parameters: { type: "object", properties: { path: { type: "nonsense" } } } },
};

/** A chat in which the model has called a tool three times: the smallest model goes on like that. */
const habit = ["src/one.ts", "src/two.ts", "src/three.ts"].flatMap((file, n): Message[] => {
	const id = `functions.read_file:${n}`;
	const call = { id, type: "function", function: { name: "read_file", arguments: JSON.stringify({ path: file }) } };
	return [
		user(`Read ${file}`),
		{ role: "assistant", content: "I read it.", tool_calls: [call] },
		{ role: "tool", tool_call_id: id, content: "ok" },
	];
});
const oneMore = [...habit, user("Read src/four.ts")];
const readFile = offered.filter((tool) => tool.function.name === "read_file");

const small = "smollm2-135m-instruct";
const hello = [user("Say hello.")];

const llamacpp: readonly Omit<Ask, "server">[] = [
	{ name: "R00-llamacpp", about: "its list of models, twice in one body", path: "/models" },
	{
		name: "R01-llamacpp-usage",
		about: "content null first, usage with timings in a chunk without choices",
		body: streamed(small, hello, withUsage),
	},
	{ name: "R02-llamacpp-length", about: "the budget ends the answer", body: streamed(small, hello, { max_tokens: 3 }) },
	{
		name: "R03-llamacpp-unknown-model",
		about: "a model that it does not have: it answers with the one that it has",
		body: streamed("moonshotai/Kimi-K2.7-Code", hello, { max_tokens: 3 }),
	},
	{
		name: "R04-llamacpp-required-without-tools-in-the-template",
		about: "tool_choice required, and a template without tools: the wish is dropped in silence",
		body: streamed(small, hello, { tools: offered, tool_choice: "required", max_tokens: 12 }),
	},
	{ name: "R05-llamacpp-overflow", about: "a prompt that is too long", body: streamed(small, tooLong) },
	{
		name: "R06-llamacpp-bad-parameter",
		about: "a parameter of the wrong type",
		body: streamed(small, hello, { temperature: "hot" }),
	},
	{ name: "R07-llamacpp-image", about: "a picture for a model that sees none", body: streamed(small, [picture]) },
	{
		name: "R08-llamacpp-tool-choice",
		about: "a tool_choice that it does not know",
		body: streamed(small, hello, { tools: offered, tool_choice: "maybe" }),
	},
	{
		name: "R09-llamacpp-no-route",
		about: "a base URL that is wrong by a folder",
		path: "/v1/chat/completions",
		body: {},
	},
];

const llamacppKimi: readonly Omit<Ask, "server">[] = [
	{
		name: "R10-llamacpp-kimi-call",
		about: "its parser for Kimi: the call comes with Kimi's own id",
		body: streamed(small, oneMore, { tools: readFile, tool_choice: "auto", ...withUsage }),
	},
	{
		name: "R11-llamacpp-kimi-none",
		about: "tool_choice none: its parser is off, and the model's calls are text",
		body: streamed(small, oneMore, { tools: readFile, tool_choice: "none" }),
	},
	{
		name: "R12-llamacpp-kimi-call-cut",
		about: "the budget ends inside of a call",
		body: streamed(small, oneMore, { tools: readFile, max_tokens: 40 }),
	},
	{
		name: "R13-llamacpp-kimi-bad-schema",
		about: "a tool schema that it can't make a grammar of: 500",
		body: streamed(small, hello, { tools: [badSchema], tool_choice: "required" }),
	},
];

const llamacppNoJinja: readonly Omit<Ask, "server">[] = [
	{
		name: "R14-llamacpp-no-jinja",
		about: "tools for a server that was started without --jinja",
		body: streamed(small, hello, { tools: offered }),
	},
];

const vllm: readonly Omit<Ask, "server">[] = [
	{ name: "R20-vllm", about: "its list of models, with max_model_len", path: "/models" },
	{
		name: "R21-vllm-usage",
		about: "the finish reason beside the last text, usage in a chunk without choices",
		body: streamed(small, hello, withUsage),
	},
	{ name: "R22-vllm-length", about: "the budget ends the answer", body: streamed(small, hello, { max_tokens: 3 }) },
	{
		name: "R23-vllm-unknown-model",
		about: "a model that it does not have",
		body: streamed("moonshotai/Kimi-K2.7-Code", hello),
	},
	{
		name: "R24-vllm-tools",
		about: "tools without tool_choice, started without flags",
		body: streamed(small, hello, { tools: offered }),
	},
	{
		name: "R25-vllm-required",
		about: "tool_choice required, started without flags",
		body: streamed(small, hello, { tools: offered, tool_choice: "required" }),
	},
	{ name: "R26-vllm-overflow", about: "a prompt that is too long", body: streamed(small, tooLong) },
	{
		name: "R27-vllm-budget",
		about: "a token budget above the context",
		body: streamed(small, hello, { max_tokens: 32_768 }),
	},
	{
		name: "R28-vllm-prompt-and-budget",
		about: "prompt and budget are too long only together: the answer ends where the window does",
		body: streamed(small, [user("word ".repeat(4010))], { max_tokens: 3000 }),
	},
	{
		name: "R29-vllm-temperature",
		about: "a temperature out of range",
		body: streamed(small, hello, { temperature: 5 }),
	},
	{
		name: "R30-vllm-bad-parameter",
		about: "a parameter of the wrong type",
		body: streamed(small, hello, { temperature: "hot" }),
	},
	{ name: "R31-vllm-image", about: "a picture for a model that sees none", body: streamed(small, [picture]) },
	{ name: "R32-vllm-no-route", about: "a base URL that is wrong by a folder", path: "/v1/chat/completions", body: {} },
];

const scripted = "kimi-k2-scripted";
const says = (wish: string, more: Readonly<Record<string, unknown>> = {}) =>
	streamed(scripted, [user(wish)], { tools: offered, max_tokens: 120, ...more });

const vllmKimi: readonly Omit<Ask, "server">[] = [
	{
		name: "R40-vllm-kimi-thinking",
		about: "thinking in a field of its own",
		body: says("Think and answer.", withUsage),
	},
	{
		name: "R41-vllm-kimi-call",
		about: "thinking, text and a call with Kimi's own id",
		body: says("Read one file.", withUsage),
	},
	{ name: "R42-vllm-kimi-two-calls", about: "two calls at once", body: says("Look at both.") },
	{
		name: "R43-vllm-kimi-call-out-of-thinking",
		about: "a call that ends the thinking by itself",
		body: says("Call out of your thinking."),
	},
	{
		name: "R44-vllm-kimi-endless-thinking",
		about: "thinking that never ends: no text at all",
		body: says("Never end your thinking."),
	},
	{
		name: "R45-vllm-kimi-text-after",
		about: "the text after the calls is dropped by the server",
		body: says("Say something after the call."),
	},
	{ name: "R46-vllm-kimi-no-number", about: "a call without its number", body: says("Forget the number.") },
	{
		name: "R47-vllm-kimi-broken-arguments",
		about: "arguments that are no JSON are passed on",
		body: says("Break the arguments."),
	},
	{
		name: "R48-vllm-kimi-call-cut",
		about: "the budget ends inside of the arguments",
		body: says("Read one file.", { max_tokens: 16 }),
	},
	{
		name: "R49-vllm-kimi-none",
		about: "tool_choice none: what becomes of the model's calls",
		body: says("Read one file.", { tool_choice: "none" }),
	},
	{
		name: "R50-vllm-kimi-no-tools",
		about: "no tools offered, and the model calls",
		body: says("Read one file.", { tools: undefined }),
	},
	{
		name: "R51-vllm-kimi-thinking-off",
		about: "thinking turned off, and the model thinks",
		body: says("Think and answer.", { chat_template_kwargs: { thinking: false } }),
	},
	{
		name: "R52-vllm-kimi-bad-schema",
		about: "a tool schema with a type that is none",
		body: says("Read one file.", { tools: [badSchema] }),
	},
	{
		name: "R53-vllm-kimi-inner-error",
		about: "a wish that its grammar can't meet: an error in the middle of the stream, and [DONE] after it",
		body: says("Think and answer.", {
			tools: undefined,
			structured_outputs: { choice: ["Yes"] },
			// The first of Kimi's markers, which the grammar does not allow.
			logit_bias: { "261": 100 },
		}),
	},
];

const vllmBare: readonly Omit<Ask, "server">[] = [
	{
		name: "R60-vllm-bare-thinking",
		about: "no reasoning parser: thinking and its end tag are text",
		body: says("Think and answer.", { tools: undefined }),
	},
	{
		name: "R61-vllm-bare-call",
		about: "no tool parser, tool_choice none: the whole markup is text",
		body: says("Read one file.", { tool_choice: "none" }),
	},
	{
		name: "R62-vllm-bare-two-calls",
		about: "no tool parser: two calls as text",
		body: says("Look at both.", { tool_choice: "none" }),
	},
	{
		name: "R63-vllm-bare-call-out-of-thinking",
		about: "no parser at all: a call that ends the thinking by itself",
		body: says("Call out of your thinking.", { tool_choice: "none" }),
	},
	{
		name: "R64-vllm-bare-call-cut",
		about: "no tool parser: the budget ends inside of the markup",
		body: says("Read one file.", { tool_choice: "none", max_tokens: 16 }),
	},
	{
		name: "R65-vllm-bare-broken-arguments",
		about: "no tool parser: arguments that are no JSON",
		body: says("Break the arguments.", { tool_choice: "none" }),
	},
];

const of = (server: string, list: readonly Omit<Ask, "server">[]) => list.map((each): Ask => ({ server, ...each }));

export const asks: readonly Ask[] = [
	...of("llamacpp", llamacpp),
	...of("llamacpp-kimi", llamacppKimi),
	...of("llamacpp-nojinja", llamacppNoJinja),
	...of("vllm", vllm),
	...of("vllm-kimi", vllmKimi),
	...of("vllm-bare", vllmBare),
];
