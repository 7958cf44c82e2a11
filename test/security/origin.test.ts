import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { checkBaseUrl, keyFromEnvironment, originOf } from "../../src/model/endpoint.ts";
import { listModels } from "../../src/model/list.ts";
import { presetOf, presets } from "../../src/model/presets.ts";
import { endpointAt, hear, modelAt, patient } from "../model/harness.ts";

const key = "sk-canary-origin-1";
const home = "https://api.moonshot.ai/v1";

/** Other ways to write the same address. */
const same = [
	"HTTPS://API.MOONSHOT.AI/v1",
	"https://api.moonshot.ai:443/v1/",
	"https://api.moonshot.ai/other/path",
	"https://api.moonshot.a%69/v1",
	"https://api。moonshot.ai/v1",
	"https://ａｐｉ.moonshot.ai/v1",
	"https://api.moon\u00adshot.ai/v1",
	"https://api.moonshot.ai/v1/../../evil.example/",
];

/** Addresses that look like it, and are not. */
const others = [
	"http://api.moonshot.ai/v1",
	"https://api.moonshot.ai:8443/v1",
	"https://api.moonshot.ai:80/v1",
	"https://api.moonshot.ai./v1",
	"https://api.moonshot.ai.evil.example/v1",
	"https://xapi.moonshot.ai/v1",
	"https://moonshot.ai/v1",
	"https://api.moonshot.cn/v1",
	"https://api.mооnshot.ai/v1",
	"https://evil.example/https://api.moonshot.ai/v1",
	"https://evil.example\\@api.moonshot.ai/v1",
	"https://evil.example#@api.moonshot.ai/v1",
	"https://evil.example?api.moonshot.ai/v1",
	"//api.moonshot.ai/v1",
	"api.moonshot.ai/v1",
	"ftp://api.moonshot.ai/v1",
	"blob:https://api.moonshot.ai/v1",
	"javascript:https://api.moonshot.ai/v1",
	"",
];

const keyAt = (address: string) => keyFromEnvironment(presetOf("moonshot"), address, { MOONSHOT_API_KEY: key });

describe("the origin of a key", () => {
	for (const address of same)
		it(`is the same for ${address}, and requests go there`, () => {
			const checked = checkBaseUrl(address);
			const reached = checked.ok ? checked.value : "";
			assert.deepEqual([keyAt(address), originOf(address), originOf(reached)], [key, originOf(home), originOf(home)]);
		}).timeout(5_000);

	for (const address of others)
		it(`is another one for ${address || "no address"}`, () => {
			assert.equal(keyAt(address), undefined);
			assert.notEqual(originOf(address), originOf(home));
		});

	it("is not told by an address with a user, which is refused", () => {
		const addresses = [
			"https://me@api.moonshot.ai/v1",
			"https://:pw@api.moonshot.ai/v1",
			"https://api.moonshot.ai@evil.example",
		];
		assert.deepEqual(
			addresses.map((address) => checkBaseUrl(address).ok),
			[false, false, false],
		);
	});

	it("is one for each preset with a key of its own in the environment: none is given to another's address", () => {
		const keyed = presets.filter(({ keyEnv, baseUrl }) => keyEnv !== null && baseUrl !== "");
		const env = Object.fromEntries(keyed.map(({ keyEnv }) => [keyEnv, key]));
		const given = keyed.flatMap((preset) =>
			keyed
				.filter(({ baseUrl }) => originOf(baseUrl) !== originOf(preset.baseUrl))
				.filter(({ baseUrl }) => keyFromEnvironment(preset, baseUrl, env) !== undefined),
		);
		assert.deepEqual([keyed.length > 5, given], [true, []]);
	});
});

interface Counting {
	readonly url: string;
	/** Method, path and headers and body of each request. */
	readonly hits: readonly { readonly line: string; readonly key: boolean; readonly body: string }[];
	close(): void;
}

async function startCounting(answer: (response: http.ServerResponse, url: string) => void): Promise<Counting> {
	const hits: Counting["hits"][number][] = [];
	const server = http.createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		hits.push({ line: `${request.method} ${request.url}`, key: JSON.stringify(request.headers).includes(key), body });
		answer(response, request.url ?? "");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits, close };
}

const transports = [
	["fetch", patient],
	["node:http", { ...patient, firstByteMs: null }],
] as const;

describe("a server that sends requests on", () => {
	for (const status of [300, 301, 302, 303, 305, 307, 308])
		for (const [transport, clocks] of transports)
			it(`with ${status} is not followed over ${transport}, neither to another origin nor to its own`, async () => {
				const elsewhere = await startCounting((response) => response.end("{}"));
				for (const location of [
					`${elsewhere.url}/v1/chat/completions`,
					"/v1/elsewhere",
					`//${elsewhere.url.slice(7)}/`,
				]) {
					const server = await startCounting((response) => response.writeHead(status, { location }).end());
					const { failure } = await hear(modelAt(`${server.url}/v1`, clocks, { key }));
					const listed = await listModels(endpointAt(`${server.url}/v1`, { key }), new AbortController().signal);
					server.close();
					assert.deepEqual([failure?.code, failure?.retryable, listed.ok], ["redirected", false, false]);
					assert.deepEqual(
						server.hits.map((hit) => [hit.line, hit.key, hit.body.includes("Hello")]),
						[
							["POST /v1/chat/completions", true, true],
							["GET /v1/models", true, false],
						],
					);
				}
				elsewhere.close();
				assert.deepEqual(elsewhere.hits, []);
			});

	it("by other headers of an answer is not followed either", async () => {
		const elsewhere = await startCounting((response) => response.end("{}"));
		const headers = {
			refresh: `0; url=${elsewhere.url}/`,
			"content-location": `${elsewhere.url}/`,
			location: `${elsewhere.url}/`,
			link: `<${elsewhere.url}/a.js>; rel=preload, <${elsewhere.url}>; rel=preconnect`,
			"alt-svc": `h2="${elsewhere.url.slice(7)}"`,
			"set-cookie": "a=b",
		};
		for (const status of [200, 201, 401, 503]) {
			const server = await startCounting((response) => response.writeHead(status, headers).end());
			for (const [, clocks] of transports) await hear(modelAt(`${server.url}/v1`, clocks, { key }));
			server.close();
			assert.equal(server.hits.length, 2, String(status));
		}
		elsewhere.close();
		assert.deepEqual(elsewhere.hits, []);
	});

	it("is told apart from one that is followed: a client that does would carry the code along", async () => {
		const elsewhere = await startCounting((response) => response.end("{}"));
		const server = await startCounting((response) => response.writeHead(307, { location: elsewhere.url }).end());
		await fetch(server.url, { method: "POST", body: "the code", headers: { "x-key": key } });
		server.close();
		elsewhere.close();
		assert.deepEqual(elsewhere.hits, [{ line: "POST /", key: true, body: "the code" }]);
	});
});
