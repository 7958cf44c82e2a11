import assert from "node:assert/strict";
import net from "node:net";
import { discover, type UsualPort, usualPorts } from "../../src/model/discover.ts";
import { presets } from "../../src/model/presets.ts";
import { tryEndpoint } from "../../src/model/trial.ts";
import type { PresetId } from "../../src/shared/settings.ts";
import { Profile } from "../../src/shared/settings.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { endpointAt } from "./harness.ts";

const signal = new AbortController().signal;
const portOf = ({ url }: FakeEndpoint) => Number(new URL(url).port);

async function withServer(models: unknown, use: (server: FakeEndpoint) => Promise<void>): Promise<void> {
	const server = await startEndpoint({ script: [{ text: "Hi" }], models });
	try {
		await use(server);
	} finally {
		await server.close();
	}
}

const listing = (owner: string, ...ids: string[]) => ({ data: ids.map((id) => ({ id, owned_by: owner })) });

describe("the search for servers on this machine", () => {
	it("asks the ports where the presets are at home", () => {
		const homes = presets.flatMap(({ group, baseUrl }) => (group === "local" ? [Number(new URL(baseUrl).port)] : []));
		const looked = new Set(usualPorts.map(({ port }) => port));
		assert.deepEqual(
			homes.filter((port) => !looked.has(port)),
			[],
		);
	});

	it("finds a server by its list of models, with the one that would be asked", () =>
		withServer(listing("vllm", "other", "kimi-k2.7-code"), async (server) => {
			const found = await discover([{ port: portOf(server), preset: "vllm" }], signal);
			const baseUrl = `http://localhost:${portOf(server)}/v1`;
			assert.deepEqual(
				found.map(({ models, ...rest }) => [rest, models.length]),
				[[{ preset: "vllm", baseUrl, model: "kimi-k2.7-code" }, 2]],
			);
			assert.deepEqual(server.hits, ["GET /v1/models"]);
		}));

	const kinds: readonly (readonly [PresetId, string, PresetId])[] = [
		["vllm", "llamacpp", "llamacpp"],
		["llamacpp", "vllm", "vllm"],
		["vllm", "me", "vllm"],
		["ktransformers", "sglang", "ktransformers"],
		["ollama", "library", "ollama"],
	];
	for (const [usual, owner, preset] of kinds)
		it(`takes a server of ${owner} on the port of ${usual} for ${preset}`, () =>
			withServer(listing(owner, "m"), async (server) => {
				const [found] = await discover([{ port: portOf(server), preset: usual }], signal);
				assert.equal(found?.preset, preset);
			}));

	it("passes over what does not answer, is no such server, or says nothing at all", async () => {
		const silent = net.createServer();
		await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
		const closed = net.createServer();
		await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
		const ports = [silent, closed].map((server) => (server.address() as net.AddressInfo).port);
		await new Promise((resolve) => closed.close(resolve));
		try {
			await withServer({ hello: "I am a web server" }, async (server) => {
				const asked: readonly UsualPort[] = [portOf(server), ...ports].map((port) => ({ port, preset: "vllm" }));
				assert.deepEqual(await discover(asked, signal), []);
			});
		} finally {
			silent.close();
		}
	});

	it("finds a server that has no model loaded", () =>
		withServer({ data: [] }, async (server) => {
			const [found] = await discover([{ port: portOf(server), preset: "lmstudio" }], signal);
			assert.deepEqual([found?.preset, found?.model], ["lmstudio", ""]);
		}));
});

describe("a trial of an endpoint", () => {
	const profile = (more: object = {}) => Profile.parse({ name: "Work", baseUrl: "http://unused/v1", ...more });
	const trial = async (options: Parameters<typeof startEndpoint>[0], more: object = {}, key?: string) => {
		const server = await startEndpoint(options);
		try {
			const endpoint = endpointAt(server.url, { ...(key && { key }) });
			const { ms, ...rest } = await tryEndpoint(profile(more), endpoint, signal);
			assert.ok(ms > 0);
			return { ...rest, hits: server.hits, requests: server.requests };
		} finally {
			await server.close();
		}
	};

	it("asks for the list of models and for one token", async () => {
		const { hits, requests, ...result } = await trial({ script: [{ text: "H", finish: "length" }] });
		assert.deepEqual(result, { listed: 1, model: "kimi-k2.7-code" });
		assert.deepEqual(hits, ["GET /v1/models", "POST /v1/chat/completions"]);
		const body = requests[0]?.body;
		assert.deepEqual([body?.["max_tokens"], body?.tools], [1, undefined]);
	});

	it("is content with one token of thinking", async () => {
		const { failure } = await trial({ script: [{ reasoning: "H", finish: "length" }] });
		assert.equal(failure, undefined);
	});

	it("takes the profile's model where the server gives no list", async () => {
		const { listed, model, failure } = await trial({ script: [{ text: "H" }], models: "no" }, { model: "mine" });
		assert.deepEqual([listed, model, failure], [undefined, "mine", undefined]);
	});

	it("says why it does not work", async () => {
		const wrongKey = await trial({ script: [{ text: "H" }], key: "sk-right" }, {}, "sk-wrong");
		const noModel = await trial({ script: [], models: { data: [] } });
		const refused = await trial({
			script: [{ status: 404, body: { error: { message: "The model m does not exist" } } }],
		});
		assert.deepEqual(
			[wrongKey, noModel, refused].map(({ failure }) => failure?.code),
			["auth", "no-model", "no-model"],
		);
	});
});
