import assert from "node:assert/strict";
import { listModels } from "../../src/model/list.ts";
import type { FakeEndpoint } from "../fake/endpoint.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { endpointAt, hear, modelAt, patient } from "../model/harness.ts";
import { canary, forms, pieceIn } from "./canary.ts";

const key = canary;
const message = (text: string) => `Incorrect API key provided: ${text}. You can find yours in your account.`;
const page = (title: string) => `<!doctype html><html><head><title>${title}</title></head><body>${title}</body></html>`;
const html = { "content-type": "text/html" };

/** Where an endpoint, or a gateway before it, may repeat what it was sent. */
const places: readonly (readonly [where: string, reply: (text: string) => ScriptedReply])[] = [
	["in the message of a 401", (text) => ({ status: 401, body: { error: { message: message(text) } } })],
	[
		"in the type and code of a 403",
		(text) => ({ status: 403, body: { error: { type: text, code: text, message: "No." } } }),
	],
	["as a 400 in plain words", (text) => ({ status: 400, body: message(text) })],
	[
		"in a 422's details",
		(text) => ({ status: 422, body: { detail: [{ loc: ["header"], msg: message(text), input: text }] } }),
	],
	["in a 500 that repeats the request", (text) => ({ status: 500, body: `GET /\nauthorization: Bearer ${text}\n` })],
	[
		"in an error of a provider behind it",
		(text) => ({
			status: 400,
			body: {
				error: {
					message: "Provider returned error",
					metadata: { raw: JSON.stringify({ error: { message: message(text) } }), provider_name: text },
				},
			},
		}),
	],
	["in the title of a page", (text) => ({ status: 404, headers: html, body: page(text) })],
	[
		"over the end of a long title",
		(text) => ({ status: 404, headers: html, body: page(`${"x".repeat(180)} ${text}`) }),
	],
	["in a page with a 200", (text) => ({ headers: html, body: page(text) })],
	["in an error with a 200", (text) => ({ body: { error: { message: message(text) } } })],
	[
		"in an error in the stream",
		(text) => ({ raw: `data: ${JSON.stringify({ error: { message: message(text), code: 401 } })}\n\n` }),
	],
	["in a line of the stream that is none", (text) => ({ raw: `${text}\n\n` })],
	[
		"in the path that it sends on to",
		(text) => ({ status: 307, headers: { location: `https://a.example/${encodeURIComponent(text)}` }, body: "" }),
	],
	[
		"in the host that it sends on to",
		(text) => ({ status: 302, headers: { location: `https://${encodeURIComponent(text)}.a.example/` }, body: "" }),
	],
	[
		"in the names of the request",
		(text) => ({
			status: 400,
			headers: { "x-request-id": text, "x-msh-trace-id": text },
			body: "No.",
		}),
	],
];

async function withReply(reply: ScriptedReply, use: (endpoint: FakeEndpoint) => Promise<void>): Promise<void> {
	const endpoint = await startEndpoint({ script: () => reply, models: [] });
	try {
		await use(endpoint);
	} finally {
		await endpoint.close();
	}
}

describe("the key in a failure", () => {
	it("is found in each of its forms by the test that looks for it", () => {
		assert.deepEqual(
			forms.filter(([, text]) => pieceIn(`… ${text} …`) === undefined),
			[],
		);
		assert.equal(pieceIn("The key was [key]. You can find yours in your account."), undefined);
	});

	for (const [where, reply] of places)
		it(`is not there when the endpoint repeats it ${where}, in whatever form`, async () => {
			for (const [how, text] of forms)
				await withReply(reply(text), async ({ url, requests }) => {
					const { failure } = await hear(modelAt(url, patient, { key }));
					assert.ok(failure, how);
					assert.equal(pieceIn(JSON.stringify(failure)), undefined, `${how}: ${JSON.stringify(failure)}`);
					assert.equal(requests[0]?.headers["authorization"], `Bearer ${key}`);
				});
		});

	it("is not there when the list of models is refused with it", async () => {
		for (const [how, text] of forms) {
			const endpoint = await startEndpoint({ script: [], models: message(text) });
			const listed = await listModels(endpointAt(endpoint.url, { key }), new AbortController().signal);
			await endpoint.close();
			assert.equal(listed.ok, false);
			assert.equal(pieceIn(JSON.stringify(listed)), undefined, how);
		}
	});

	for (const [what, bad] of [
		["a line break", `${canary}\nx-other: 1`],
		["a letter that no header can carry", `${canary}…`],
	])
		it(`is not there when it holds ${what}, and nothing is sent`, async () => {
			await withReply({ text: "Hello." }, async ({ url, hits }) => {
				for (const clocks of [patient, { ...patient, firstByteMs: null }]) {
					const { failure } = await hear(modelAt(url, clocks, { key: bad }));
					assert.equal(pieceIn(JSON.stringify(failure)), undefined, JSON.stringify(failure));
				}
				const listed = await listModels(endpointAt(url, { key: bad }), new AbortController().signal);
				assert.equal(pieceIn(JSON.stringify(listed)), undefined);
				assert.deepEqual([listed.ok, hits], [false, []]);
			});
		});
});
