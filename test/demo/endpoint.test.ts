import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createParser } from "eventsource-parser";
import OpenAI from "openai";
import { startDemo } from "../../demo/endpoint.ts";

const TOOLS = ["Bash", "Edit", "Glob", "Grep", "Read", "Todo"].map((name) => ({
	type: "function",
	function: { name, description: name, parameters: { type: "object", properties: {} } },
}));

interface Chunk {
	readonly model: string;
	readonly choices: readonly { delta: Delta; finish_reason: string | null }[];
	readonly usage?: { prompt_tokens: number; completion_tokens: number; cached_tokens: number };
}

interface Delta {
	readonly role?: string;
	readonly content?: string;
	readonly reasoning_content?: string;
	readonly tool_calls?: readonly { index: number; id?: string; function: { name?: string; arguments: string } }[];
}

/** What a chunk carries: a finish reason, else its delta's last key. */
function kindOf({ choices: [choice] }: Chunk): string {
	if (!choice) return "usage";
	return (choice.finish_reason && `finish ${choice.finish_reason}`) ?? Object.keys(choice.delta).at(-1) ?? "nothing";
}

const user = (content: string) => ({ role: "user", content });

describe("the demo endpoint", () => {
	let demo: Awaited<ReturnType<typeof startDemo>>;
	before(async () => {
		demo = await startDemo({ speed: 0 });
	});
	after(() => demo.close());

	const post = (body: string) => fetch(`${demo.url}/chat/completions`, { method: "POST", body });
	const ask = (messages: readonly object[], rest: object = {}) =>
		post(JSON.stringify({ model: "scripted-demo", messages, tools: TOOLS, ...rest }));

	async function events(messages: readonly object[]): Promise<{ chunks: readonly Chunk[]; last: string | undefined }> {
		const response = await ask(messages, { stream: true });
		assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
		const data: string[] = [];
		createParser({ onEvent: (event) => data.push(event.data) }).feed(await response.text());
		const last = data.pop();
		return { chunks: data.map((each) => JSON.parse(each) as Chunk), last };
	}

	it("lists one model that says what it is", async () => {
		const { data } = (await (await fetch(`${demo.url}/models`)).json()) as { data: Record<string, unknown>[] };
		assert.deepEqual(
			data.map(({ id, display_name, context_length }) => ({ id, display_name, context_length })),
			[{ id: "scripted-demo", display_name: "Scripted demo (not a model)", context_length: 262_144 }],
		);
	});

	it("streams role, thinking, words, calls, finish reason and usage in Kimi's order", async () => {
		const { chunks, last } = await events([user("Fix the failing test")]);
		assert.equal(last, "[DONE]");
		assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: "assistant", content: "" });
		const kinds = chunks.map(kindOf);
		assert.deepEqual(
			kinds.filter((kind, index) => kind !== kinds[index - 1]),
			["content", "reasoning_content", "content", "tool_calls", "finish tool_calls", "usage"],
		);
		assert.ok(kinds.filter((kind) => kind === "reasoning_content").length > 20);
	});

	it("sends a call's header first and its arguments in pieces, with ids that count over the conversation", async () => {
		const past = {
			role: "assistant",
			tool_calls: [{ id: "functions.Read:0", type: "function", function: { name: "Read", arguments: "{}" } }],
		};
		const result = { role: "tool", tool_call_id: "functions.Read:0", content: "     1\tx" };
		const { chunks } = await events([user("hi"), past, result, user("Fix the failing test")]);
		const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
		const headers = deltas.filter((delta) => delta.id !== undefined);
		assert.deepEqual(
			headers.map((delta) => [delta.index, delta.id, delta.function]),
			[
				[0, "functions.Todo:1", { name: "Todo", arguments: "" }],
				[1, "functions.Glob:2", { name: "Glob", arguments: "" }],
				[2, "functions.Read:3", { name: "Read", arguments: "" }],
			],
		);
		const args = deltas.filter((delta) => delta.index === 2).map((delta) => delta.function.arguments);
		assert.ok(args.length > 2);
		assert.deepEqual(JSON.parse(args.join("")), { path: "package.json" });
	});

	it("gives the same answer in one piece without `stream`", async () => {
		const messages = [user("hello")];
		const { chunks } = await events(messages);
		const whole = (await (await ask(messages)).json()) as {
			choices: [{ message: { content: string; reasoning_content: string }; finish_reason: string }];
			usage: Chunk["usage"];
		};
		const joined = (key: "content" | "reasoning_content") =>
			chunks.map((chunk) => chunk.choices[0]?.delta[key] ?? "").join("");
		const [{ message, finish_reason }] = whole.choices;
		assert.equal(message.content, joined("content"));
		assert.equal(message.reasoning_content, joined("reasoning_content"));
		assert.equal(finish_reason, "stop");
		assert.equal(whole.usage?.completion_tokens, chunks.at(-1)?.usage?.completion_tokens);
	});

	it("counts as cached what a request shares with the one before it in the same chat", async () => {
		const first = [{ role: "system", content: "s".repeat(4000) }, user("hello, cache")];
		const grown = [...first, { role: "assistant", content: "x".repeat(400) }, user("again")];
		const usage = async (messages: readonly object[]) => (await events(messages)).chunks.at(-1)?.usage;
		const one = await usage(first);
		const two = await usage(grown);
		const other = await usage([{ role: "system", content: "s".repeat(4000) }, user("another chat")]);
		assert.equal(one?.cached_tokens, 0);
		assert.ok(Math.abs((two?.cached_tokens ?? 0) - (one?.prompt_tokens ?? 0)) <= 1);
		assert.ok((two?.prompt_tokens ?? 0) > (one?.prompt_tokens ?? 0) + 100);
		assert.equal(other?.cached_tokens, 0);
	});

	it("is understood by the openai package", async () => {
		const client = new OpenAI({ baseURL: demo.url, apiKey: "none", maxRetries: 0 });
		const stream = client.chat.completions.stream({
			model: "scripted-demo",
			messages: [{ role: "user", content: "What does this project do?" }],
			tools: TOOLS as OpenAI.ChatCompletionFunctionTool[],
		});
		const { choices, usage } = await stream.finalChatCompletion();
		assert.equal(choices[0]?.message.content, "I'll read the README and look at the files.");
		assert.deepEqual(
			choices[0]?.message.tool_calls?.map((call) => call.id),
			["functions.Glob:0", "functions.Read:1"],
		);
		assert.ok((usage?.prompt_tokens ?? 0) > 0);
	});

	it("refuses what it can't answer in the shape of an OpenAI error", async () => {
		const answers = await Promise.all([
			post("{ not json"),
			post('"text"'),
			post('{"model":"scripted-demo"}'),
			post('{"model":"kimi-k2.7-code","messages":[]}'),
			fetch(`${demo.url}/embeddings`, { method: "POST", body: "{}" }),
			fetch(demo.url.replace("/v1", "/")),
		]);
		assert.deepEqual(
			await Promise.all(
				answers.map(async (answer) => {
					const { error } = (await answer.json()) as { error: { type: string; message: string } };
					return [answer.status, error.type, error.message !== ""];
				}),
			),
			[
				[400, "invalid_request_error", true],
				[400, "invalid_request_error", true],
				[400, "invalid_request_error", true],
				[404, "resource_not_found_error", true],
				[404, "not_found_error", true],
				[404, "not_found_error", true],
			],
		);
	});

	it("rejects when its port is taken", async () => {
		const port = Number(new URL(demo.url).port);
		await assert.rejects(startDemo({ port }), { code: "EADDRINUSE" });
	});

	it("runs alone, drops a stream whose client went away, and ends at once when told to", async () => {
		const script = fileURLToPath(new URL("../../demo/endpoint.ts", import.meta.url));
		// A pause of 25 seconds a piece: a stream that is not dropped would keep the process alive.
		const env = { ...process.env, KIMI_DEMO_SPEED: "1000" };
		const child = spawn(process.execPath, [script, "--port", "0"], { env, stdio: ["ignore", "pipe", "inherit"] });
		try {
			const [line] = (await once(child.stdout, "data")) as [Buffer];
			const url = /^Scripted demo \(not a model\): (http:\/\/127\.0\.0\.1:\d+\/v1) /.exec(line.toString())?.[1];
			const stop = new AbortController();
			const response = await fetch(`${url}/chat/completions`, {
				method: "POST",
				body: JSON.stringify({ model: "scripted-demo", messages: [user("hi")], stream: true }),
				signal: stop.signal,
			});
			const reader = response.body?.getReader();
			assert.match(new TextDecoder().decode((await reader?.read())?.value), /"role":"assistant"/);
			stop.abort();
			assert.equal((await fetch(`${url}/models`)).status, 200);
			child.kill("SIGTERM");
			assert.deepEqual(await once(child, "exit", { signal: AbortSignal.timeout(10_000) }), [0, null]);
		} finally {
			child.kill("SIGKILL");
		}
	});
});
