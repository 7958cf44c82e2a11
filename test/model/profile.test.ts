import assert from "node:assert/strict";
import type { Delta } from "../../src/agent/ports.ts";
import { headersFor } from "../../src/model/endpoint.ts";
import { priced } from "../../src/model/prices.ts";
import {
	addressOf,
	chosenEndpoint,
	freeName,
	presetAt,
	readProfile,
	readProfiles,
	titleOf,
	withoutDefaults,
} from "../../src/model/profile.ts";
import { readProfileFile, underFreeNames, writeProfileFile } from "../../src/model/profile-file.ts";
import type { Usage } from "../../src/shared/message.ts";
import { Profile, Settings } from "../../src/shared/settings.ts";

const work = {
	name: "Work",
	baseUrl: "https://llm.work.example/v1",
	model: "kimi-k2.7-code",
	headers: { "x-team": "blue" },
	maxTokens: 16_000,
	temperature: 0.3,
	thinking: "on",
	prices: { input: 0.5, output: 2 },
};
const settings = (more: object) => Settings.parse({ profiles: [work, { name: "Wrong", maxTokens: -1 }], ...more });

describe("the endpoint that the settings choose", () => {
	it("is none before the first choice", () => {
		assert.deepEqual(chosenEndpoint(settings({})), { ok: true, value: undefined });
	});

	it("is that of the flat settings where no profile is in use", () => {
		const flat = { endpoint: "vllm", model: "m", contextTokens: 1, maxTokens: 2, firstByteTimeout: 3 };
		const expected = { ...Profile.parse({ name: "-", preset: "vllm" }), ...flat, name: "" };
		const { endpoint: _, ...value } = expected as typeof expected & { endpoint: string };
		assert.deepEqual(chosenEndpoint(settings(flat)), { ok: true, value });
	});

	it("is the profile in use, whatever the flat settings say, and nothing of theirs is mixed in", () => {
		const chosen = chosenEndpoint(settings({ profile: "Work", endpoint: "openrouter", model: "x", contextTokens: 9 }));
		assert.deepEqual(chosen, { ok: true, value: Profile.parse(work) });
	});

	it("is a failure that names the profile where there is none of that name, never the flat endpoint", () => {
		const chosen = chosenEndpoint(settings({ profile: "Home", endpoint: "openrouter" }));
		assert.ok(!chosen.ok);
		assert.equal(chosen.failure.code, "no-endpoint");
		assert.match(chosen.failure.message, /no profile named “Home”.*switch the endpoint/);
	});

	it("is a failure that names profile and entry where the profile is wrong", () => {
		const chosen = chosenEndpoint(settings({ profile: "Wrong", endpoint: "openrouter" }));
		assert.ok(!chosen.ok);
		assert.equal(chosen.failure.code, "bad-endpoint");
		assert.match(chosen.failure.message, /“Wrong”.*“maxTokens”.*Correct it in the settings/);
	});

	it("is called by its profile's name, its preset's, or its host", () => {
		const title = (name: string, preset: "custom" | "vllm", baseUrl = "http://gpu:8000/v1") =>
			titleOf({ name, preset, baseUrl });
		assert.deepEqual([title("Work", "custom"), title("", "vllm"), title("", "custom")], ["Work", "vLLM", "gpu:8000"]);
		assert.equal(titleOf({ name: "", preset: "openrouter", baseUrl: "https://proxy.example/v1" }), "proxy.example");
	});

	it("has a vendor's name, key page and demand for a key at the vendor's own origin only", () => {
		const at = (preset: "openrouter" | "vllm" | "custom" | "demo", baseUrl: string) => {
			const { name, key, keyUrl } = presetAt({ preset, baseUrl });
			return [name, key, keyUrl];
		};
		const vendor = ["OpenRouter", "required", "https://openrouter.ai/keys"];
		assert.deepEqual(at("openrouter", ""), vendor);
		assert.deepEqual(at("openrouter", "https://openrouter.ai/api/v2"), vendor);
		assert.deepEqual(at("openrouter", "https://evil.example/v1"), ["evil.example", "optional", undefined]);
		assert.deepEqual(at("openrouter", "http://openrouter.ai/api/v1"), ["openrouter.ai", "optional", undefined]);
		assert.deepEqual(at("vllm", "http://gpu:8000/v1"), ["gpu:8000", "optional", undefined]);
		assert.deepEqual(at("custom", "http://gpu:8000/v1"), ["gpu:8000", "optional", undefined]);
		assert.deepEqual(at("demo", "https://evil.example/v1"), ["Demo", "none", undefined]);
	});

	it("is a failure where two profiles have its name", () => {
		const chosen = chosenEndpoint(settings({ profile: "Work", profiles: [work, { ...work, model: "b" }] }));
		assert.match(chosen.ok ? "" : chosen.failure.message, /“Work”.*same name/);
		const [first, second, third] = readProfiles([work, { ...work, name: "B" }, work]);
		assert.deepEqual([first?.read.ok, second?.read.ok, third?.read.ok], [false, true, false]);
	});

	it("has the address of its preset unless it has its own", () => {
		const address = (preset: "vllm" | "demo", baseUrl: string) => addressOf({ preset, baseUrl });
		assert.deepEqual(
			[address("vllm", ""), address("vllm", "http://gpu:1/v1"), address("demo", "http://gpu:1/v1")],
			["http://localhost:8000/v1", "http://gpu:1/v1", ""],
		);
	});
});

describe("a profile", () => {
	const problem = (more: object): string => {
		const read = readProfile({ ...work, ...more });
		return read.ok ? "" : read.failure.message;
	};

	it("takes its key in a header of its own choice", () => {
		const endpoint = { preset: "custom", name: "Work", baseUrl: work.baseUrl, key: "sk-1 " } as const;
		const { authorization, ...others } = headersFor({ ...endpoint, keyHeader: "Api-Key" });
		assert.deepEqual([authorization, others["api-key"]], [undefined, "sk-1"]);
		assert.equal(headersFor(endpoint)["authorization"], "Bearer sk-1");
	});

	it("with a key among its headers is refused, with a word where keys live", () => {
		for (const name of ["Authorization", "proxy-authorization"])
			assert.match(problem({ headers: { [name]: "Bearer sk-canary" } }), /Set API Key/);
		assert.doesNotMatch(problem({ headers: { authorization: "Bearer sk-canary" } }), /canary/);
	});

	it("with headers that look like a key is refused, with a word of “keyHeader”: they would follow an edited address", () => {
		const secret: [string, string][] = [
			["x-api-key", "abc"],
			["CF-Access-Client-Secret", "abc"],
			["Cookie", "a=b"],
			["Helicone-Auth", "abc"],
			["x-gateway", "sk-0123456789abcdef"],
			["x-gateway", "Bearer canary"],
		];
		for (const [name, value] of secret) {
			const words = problem({ headers: { [name]: value } });
			assert.match(words, new RegExp(`“${name}” looks like a key.*“keyHeader”.*Set API Key`), name);
			assert.equal(words.includes(value), false);
		}
		const plain = { "x-author": "me", "x-tokenizer": "tiktoken-long-2024", "x-tenant": "3f2a9c81d0e44b7f9a6c" };
		assert.equal(problem({ headers: { ...plain, "x-region": "us-east-1-production" } }), "");
	});

	it("has its address as it is asked: the host in ASCII, nothing invisible, no slash at the end", () => {
		const address = (baseUrl: string) => {
			const read = readProfile({ ...work, baseUrl });
			return read.ok ? read.value.baseUrl : read.failure.message;
		};
		assert.match(address("https://\u043epenrouter.ai/v1/"), /^https:\/\/xn--penrouter-\w+\.ai\/v1$/);
		assert.equal(address(" https://open\u00adrouter.ai/api/v1/chat/completions"), "https://openrouter.ai/api/v1");
	});

	it("with headers that cannot be sent is refused", () => {
		const bad = [{ "a b": "x" }, { host: "evil.example" }, { "x-team": "a\r\nx-evil: 1" }, { "x-team": "蓝" }];
		for (const headers of bad) assert.notEqual(problem({ headers }), "", JSON.stringify(headers));
		assert.match(problem({ keyHeader: "api key" }), /“api key”/);
	});

	it("needs an address that is one, unless its preset has it", () => {
		assert.match(problem({ baseUrl: "" }), /There is no base URL/);
		assert.match(problem({ baseUrl: "https://u:p@h/v1" }), /must not hold a user name/);
		assert.equal(problem({ baseUrl: "", preset: "vllm" }), "");
	});

	it("is written without what is usual, and read back the same", () => {
		const profile = Profile.parse(work);
		assert.deepEqual(withoutDefaults(profile), work);
		assert.deepEqual(readProfile(withoutDefaults(profile)), { ok: true, value: profile });
	});

	it("gives an answer its cost where the server does not tell it", async () => {
		const prices = { input: 1, output: 4, cached: 0.1 };
		const cost = async (usage: Usage | undefined, set: typeof prices | undefined) => {
			const reply = { parts: [], finish: "stop", complete: true, model: "m", ...(usage && { usage }) };
			const deltas = (async function* (): AsyncGenerator<Delta> {
				yield { kind: "end", reply };
			})();
			for await (const delta of priced(deltas, set)) if (delta.kind === "end") return delta.reply.usage?.cost;
			return assert.fail("no end");
		};
		const usage = { inputTokens: 1_000_000, outputTokens: 100_000, cachedTokens: 500_000 };
		assert.deepEqual(
			[
				await cost(usage, prices),
				await cost({ ...usage, cost: 9 }, prices),
				await cost(usage, undefined),
				await cost(undefined, prices),
			],
			[0.95, 9, undefined, undefined],
		);
	});

	it("gets a number where its name is taken", () => {
		assert.deepEqual([freeName("A", []), freeName("A", ["A"]), freeName("A", ["A", "A 2"])], ["A", "A 2", "A 3"]);
	});
});

describe("a file of profiles", () => {
	const secrets = {
		"x-api-key": "abc",
		"CF-Access-Client-Secret": "abc",
		Cookie: "a=b",
		"x-gateway": "sk-0123456789abcdef",
		"x-tenant": "3f2a9c81d0e44b7f9a6c",
		"x-also": "Bearer abc",
	};

	it("holds no header whose name or value looks secret, and names those left out", () => {
		const { text, left } = writeProfileFile([Profile.parse({ ...work, headers: { ...work.headers, ...secrets } })]);
		assert.deepEqual(
			left,
			Object.keys(secrets).map((name) => `Work: ${name}`),
		);
		assert.deepEqual(JSON.parse(text), { kimiK2Profiles: 1, profiles: [work] });
	});

	it("holds no key of the capabilities, at any depth, nor of an address, and names the fields", () => {
		const capabilities = {
			reasoningKey: "reasoning_content",
			cacheKeys: ["prompt_cache_key"],
			maxTokensField: "max_completion_tokens",
			contextTokens: 1000,
			extra: { top_k: 3, max_tokens: 5, api_key: "abc", deep: { list: [{ token: "canary" }], mode: "fast" } },
			provider: { order: ["moonshotai"], auth: { user: "canary" } },
		};
		const { extra, provider, ...harmless } = capabilities;
		const own = { ...work, model: "accounts/fireworks/models/kimi-k2p7-code", keyHeader: "api-key", headers: {} };
		const baseUrl = "https://gw.example/v1/3f2a9c81d0e44b7f9a6c/kimi-k2-7-code-for-team-a/sk-canary-12345";
		const { text, left } = writeProfileFile([Profile.parse({ ...own, baseUrl, capabilities })]);
		assert.deepEqual(left, ["Work: baseUrl", "Work: extra.api_key", "Work: extra.deep.list", "Work: provider.auth"]);
		const { headers: _, ...plain } = own;
		assert.deepEqual(JSON.parse(text).profiles, [
			{
				...plain,
				baseUrl: "https://gw.example/v1/YOUR-KEY/kimi-k2-7-code-for-team-a/YOUR-KEY",
				capabilities: {
					...harmless,
					extra: { top_k: 3, max_tokens: 5, deep: { mode: "fast" } },
					provider: { order: ["moonshotai"] },
				},
			},
		]);
		assert.ok(extra.api_key && provider.auth);
		assert.equal(readProfileFile(text).ok, true);
	});

	it("is read back as it was", () => {
		const profiles = [Profile.parse(work), Profile.parse({ name: "Home", preset: "ollama" })];
		assert.deepEqual(readProfileFile(writeProfileFile(profiles).text), { ok: true, value: profiles });
	});

	it("that is wrong anywhere is refused as a whole", () => {
		const file = (...profiles: unknown[]) => JSON.stringify({ kimiK2Profiles: 1, profiles });
		const why = (text: string) => {
			const read = readProfileFile(text);
			return read.ok ? "" : read.failure.message;
		};
		assert.match(why("{"), /holds no profiles/);
		assert.match(why('{"profiles":[]}'), /holds no profiles/);
		assert.match(why('{"kimiK2Profiles":2,"profiles":[]}'), /newer version/);
		assert.match(why(file()), /no profile/);
		assert.match(why(file(work, work)), /two profiles named “Work”/);
		assert.match(why(file(work, { name: "B", baseUrl: "ftp://b" })), /“B”/);
		assert.match(why(file(work, { ...work, name: "C", headers: { authorization: "x" } })), /“C”.*Set API Key/);
	});

	it("is taken under free names", () => {
		const profiles = ["A", "B", "A 2"].map((name) => Profile.parse({ ...work, name }));
		const names = underFreeNames(profiles, ["A", "C"]).map(({ name }) => name);
		assert.deepEqual(names, ["A 2", "B", "A 2 2"]);
	});
});
