import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkBaseUrl, isLoopback, keyFromEnvironment, originOf, VERSION } from "../../src/model/endpoint.ts";
import { chooseModel, listModels } from "../../src/model/list.ts";
import { presetOf, presets } from "../../src/model/presets.ts";
import { PresetId } from "../../src/shared/settings.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { endpointAt } from "./harness.ts";

const signal = new AbortController().signal;

describe("a base URL", () => {
	const good: readonly (readonly [string, string])[] = [
		["  https://openrouter.ai/api/v1/ ", "https://openrouter.ai/api/v1"],
		["http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"],
		["https://api.example.com/v1/chat/completions/", "https://api.example.com/v1"],
		["https://api.example.com", "https://api.example.com"],
		["HTTP://[::1]:8080", "http://[::1]:8080"],
	];
	for (const [text, value] of good)
		it(`${text.trim()} becomes ${value}`, () => assert.deepEqual(checkBaseUrl(text), { ok: true, value }));

	const bad = [
		"",
		"openrouter.ai/api/v1",
		"localhost:8000",
		"ftp://example.com",
		"javascript:alert(1)",
		"https://user:sk-1@example.com/v1",
		"https://example.com/v1?key=1",
		"https://example.com/v1#x",
		"https://exa mple.com",
		"https://",
	];
	for (const text of bad)
		it(`${text || "(nothing)"} is refused, with an example of a right one`, () => {
			const checked = checkBaseUrl(text);
			assert.ok(!checked.ok);
			assert.equal(checked.failure.code, "bad-endpoint");
			assert.match(checked.failure.message, /https:\/\/openrouter\.ai\/api\/v1/);
			assert.equal(checked.failure.message.includes("sk-1"), false);
		});

	it("has an origin with scheme, host and port", () => {
		assert.deepEqual(["https://a.b/v1", "https://a.b:443/v2", "http://a.b:8000/v1"].map(originOf), [
			"https://a.b",
			"https://a.b",
			"http://a.b:8000",
		]);
		assert.deepEqual(["nonsense", "localhost:8000", "file:///etc", ""].map(originOf), ["", "", "", ""]);
	});

	it("is of this machine only by loopback names and addresses", () => {
		const local = [
			"http://localhost:1/v1",
			"http://127.0.0.1:1",
			"http://127.9.9.9",
			"http://[::1]:1",
			"http://x.localhost",
		];
		const remote = [
			"http://192.168.0.2:1",
			"https://localhost.evil.com",
			"http://127.0.0.1.nip.io",
			"http://10.0.0.1",
			"",
		];
		assert.deepEqual([local.map(isLoopback), remote.map(isLoopback)], [local.map(() => true), remote.map(() => false)]);
	});

	it("is sent with the version of the package", () => {
		assert.equal(VERSION, JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version);
	});
});

describe("a key from the environment", () => {
	const env = {
		KIMI_K2_BASE_URL: "https://mine.example:8443/v1",
		KIMI_K2_API_KEY: "sk-mine",
		MOONSHOT_API_KEY: "sk-moonshot",
		VLLM_API_KEY: "",
	};
	const cases: readonly (readonly [PresetId, string, string | undefined])[] = [
		["custom", "https://mine.example:8443/v1", "sk-mine"],
		["custom", "https://mine.example:8443/other/v1", "sk-mine"],
		["custom", "https://mine.example/v1", undefined],
		["custom", "http://mine.example:8443/v1", undefined],
		["custom", "https://api.moonshot.ai/v1", undefined],
		["moonshot", "https://api.moonshot.ai/v1", "sk-moonshot"],
		["moonshot", "https://mine.example:8443/v1", undefined],
		["moonshot-cn", "https://api.moonshot.cn/v1", "sk-moonshot"],
		["vllm", "http://localhost:8000/v1", undefined],
		["ollama", "http://localhost:11434/v1", undefined],
		["demo", "http://127.0.0.1:1/v1", undefined],
	];
	for (const [id, url, key] of cases)
		it(`of ${id} at ${url} is ${key ?? "none"}`, () => assert.equal(keyFromEnvironment(presetOf(id), url, env), key));

	it("is none where the variable for the address is missing or no URL", () => {
		const at = (address: string | undefined, url: string) =>
			keyFromEnvironment(presetOf("custom"), url, { KIMI_K2_API_KEY: "sk-mine", KIMI_K2_BASE_URL: address });
		assert.deepEqual(
			[at(undefined, "https://a.example"), at("", ""), at("no url", "no url")],
			[undefined, undefined, undefined],
		);
	});
});

describe("the presets", () => {
	it("are all that the settings know, in their order", () => {
		assert.deepEqual(
			presets.map(({ id }) => id),
			PresetId.options,
		);
		for (const id of PresetId.options) assert.equal(presetOf(id).id, id);
	});

	it("have base URLs that need no correction", () => {
		for (const { baseUrl } of presets.filter((preset) => preset.baseUrl !== ""))
			assert.deepEqual(checkBaseUrl(baseUrl), { ok: true, value: baseUrl });
	});

	it("choose the preferred model that is there, else a Kimi, else the first", () => {
		const choose = (id: PresetId, ...ids: string[]) =>
			chooseModel(
				presetOf(id),
				ids.map((each) => ({ id: each })),
			)?.id;
		assert.deepEqual(
			[
				choose("moonshot", "moonshot-v1-8k", "kimi-k3", "kimi-k2.7-code"),
				choose("moonshot", "moonshot-v1-8k", "kimi-k9"),
				choose("ollama", "llama3", "Kimi-K2:cloud"),
				choose("vllm", "served-name", "other"),
				choose("vllm"),
			],
			["kimi-k2.7-code", "kimi-k9", "Kimi-K2:cloud", "served-name", undefined],
		);
	});
});

describe("the list of models", () => {
	const listed = async (models: unknown) => {
		const server = await startEndpoint({ script: [], models });
		try {
			return await listModels(endpointAt(server.url), signal);
		} finally {
			await server.close();
		}
	};

	it("reads what each vendor tells of its models", async () => {
		const data = [
			{
				id: "kimi-k2.7-code",
				display_name: "Kimi",
				context_length: 262_144,
				supports_image_in: true,
				supports_reasoning: true,
			},
			{
				id: "moonshotai/kimi-k2.7-code",
				name: "MoonshotAI: Kimi",
				context_length: 262_144,
				top_provider: { max_completion_tokens: 235_929 },
				architecture: { input_modalities: ["text"] },
				supported_parameters: ["tools", "reasoning"],
			},
			{ id: "served", max_model_len: 131_072, owned_by: "vllm", root: "moonshotai/Kimi-K2.7-Code" },
			{ id: "k3", supports_thinking_type: "only", think_efforts: { valid_efforts: ["max", "low", "ultra"] } },
			{ id: "k2", supports_thinking_type: "both", think_efforts: null },
			{ id: "local.gguf", meta: { n_ctx_train: 32_768 } },
			{ id: "bare", context_length: null },
			{ object: "no id" },
			null,
		];
		assert.deepEqual(await listed({ object: "list", data }), {
			ok: true,
			value: [
				{ id: "kimi-k2.7-code", name: "Kimi", contextTokens: 262_144, images: true, reasoning: true },
				{
					id: "moonshotai/kimi-k2.7-code",
					name: "MoonshotAI: Kimi",
					contextTokens: 262_144,
					maxOutputTokens: 235_929,
					images: false,
					reasoning: true,
				},
				{ id: "served", contextTokens: 131_072, owner: "vllm", root: "moonshotai/Kimi-K2.7-Code" },
				{ id: "k3", thinking: "always", efforts: ["low", "max"] },
				{ id: "k2", thinking: "switch" },
				{ id: "local.gguf", contextTokens: 32_768 },
				{ id: "bare" },
			],
		});
	});

	it("reads prices in dollars for a million tokens, as OpenRouter and Together write them", async () => {
		const price = async (pricing: unknown) => {
			const answer = await listed([{ id: "m", pricing }]);
			return answer.ok && answer.value[0]?.price;
		};
		assert.deepEqual(
			[
				await price({ prompt: "0.00000095", completion: "0.000004" }),
				await price({ input: 1.2, output: 4, hourly: 0 }),
				await price({ prompt: "-1", completion: "-1" }),
				await price({}),
			],
			[{ input: 0.95, output: 4 }, { input: 1.2, output: 4 }, undefined, undefined],
		);
	});

	it("takes `models` and a bare list as well", async () => {
		const value = [{ id: "a" }, { id: "b" }];
		assert.deepEqual(await listed({ models: ["a", { id: "b" }] }), { ok: true, value });
		assert.deepEqual(await listed([{ id: "a" }, "b"]), { ok: true, value });
	});

	it("says not-api for something else", async () => {
		const answer = await listed("<html><title>Hi</title></html>");
		assert.deepEqual([answer.ok, !answer.ok && answer.failure.code], [false, "not-api"]);
	});

	it("needs the key where the server wants one", async () => {
		const server = await startEndpoint({ script: [], key: "right-key" });
		const codes = [];
		for (const key of ["", "wrong-key", "right-key"]) {
			const answer = await listModels(endpointAt(server.url, { key }), signal);
			codes.push(answer.ok || answer.failure.code);
		}
		await server.close();
		assert.deepEqual(codes, ["auth", "auth", true]);
	});

	it("is aborted by its signal, and unreachable without a server", async () => {
		const server = await startEndpoint({ script: [] });
		await server.close();
		const dead = await listModels(endpointAt(server.url), signal);
		const stopped = await listModels(endpointAt(server.url), AbortSignal.abort());
		assert.deepEqual(
			[dead, stopped].map((each) => !each.ok && each.failure.code),
			["unreachable", "aborted"],
		);
	});
});
