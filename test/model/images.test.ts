import assert from "node:assert/strict";
import { resolveCapabilities } from "../../src/model/capabilities.ts";
import { createModel } from "../../src/model/chat-model.ts";
import { createFactBook } from "../../src/model/facts.ts";
import { messageBytes, messageJson, serialise } from "../../src/model/serialise.ts";
import type { Message } from "../../src/shared/message.ts";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { endpointAt, hear, hello, patient } from "./harness.ts";

const images = [
	{ mime: "image/png", data: "iVBORw0K" },
	{ mime: "image/webp", data: "UklGRg==" },
] as const;
const chat: readonly Message[] = [{ role: "user", text: "What is it?", images }];
const of = (more: object) =>
	resolveCapabilities({ endpoint: endpointAt("http://localhost:1/v1"), model: "m", ...more });
const seeing = of({ wishes: { capabilities: { images: true } } });
const parts = [
	{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0K" } },
	{ type: "image_url", image_url: { url: "data:image/webp;base64,UklGRg==" } },
	{ type: "text", text: "What is it?" },
];

describe("images in a chat", () => {
	it("stand before the words as data URLs where the model reads images", () => {
		assert.deepEqual(serialise("", chat, seeing), [{ role: "user", content: parts }]);
		const wordless: Message[] = [{ role: "user", text: "", images }];
		assert.deepEqual(serialise("", wordless, seeing), [{ role: "user", content: parts.slice(0, 2) }]);
	});

	it("are a sentence where it reads none", () => {
		const sentence =
			"[Note from the editor: 2 images were not sent, since this model reads no images here. Say so where it matters.]";
		assert.deepEqual(serialise("", chat, of({})), [{ role: "user", content: `What is it?\n\n${sentence}` }]);
	});

	it("are encoded once, and again when the words with them are others", () => {
		const [first] = serialise("", chat, seeing);
		assert.equal(serialise("", chat, seeing)[0], first);
		const other = serialise("", [{ role: "user", text: "And now?", images }], seeing)[0];
		assert.match(other ? messageJson(other) : "", /And now\?/);
	});

	it("count as what a model makes of them, not as their bytes", () => {
		const large = [{ mime: "image/png", data: "A".repeat(1_000_000) }] as const;
		const [message] = serialise("", [{ role: "user", text: "Hi", images: large }], seeing);
		const bytes = message ? messageBytes(message) : 0;
		assert.ok(bytes > 4000 && bytes < 8000, `${bytes}`);
	});

	describe("that are refused", () => {
		const open: FakeEndpoint[] = [];
		afterEach(async () => {
			for (const endpoint of open.splice(0)) await endpoint.close();
		});
		const ask = async (refusal: ScriptedReply) => {
			const hasImage = (body: unknown) => JSON.stringify(body).includes("image_url");
			const script: EndpointOptions["script"] = (request) =>
				hasImage(request.body) ? refusal : { text: "None seen." };
			const fake = await startEndpoint({ script });
			open.push(fake);
			const book = createFactBook();
			book.learn({ images: true });
			const model = createModel({ endpoint: endpointAt(fake.url), model: "m", clocks: patient, book });
			const heard = [await hear(model, { ...hello, messages: chat }), await hear(model, { ...hello, messages: chat })];
			return { heard, sent: fake.requests.map(({ body }) => hasImage(body)), images: book.read().images };
		};
		const refusal = (message: string, status = 400): ScriptedReply => ({ status, body: { error: { message } } });

		for (const [message, status] of [
			["This model does not support image input", 400],
			["image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", 500],
			["No endpoints found that support image input", 404],
		] as const)
			it(`leave the chat going without them, and are not sent to that model again: ${message}`, async () => {
				const { sent, images: learned, heard } = await ask(refusal(message, status));
				assert.deepEqual({ sent, learned }, { sent: [true, false, false], learned: false });
				assert.ok(heard.every(({ failure }) => failure === undefined));
			});

		for (const [message, status] of [
			["Invalid image: unable to process the input image", 400],
			["Request Entity Too Large", 413],
		] as const)
			it(`leave the chat going without them, and others may be sent: ${message}`, async () => {
				const { sent, images: learned, heard } = await ask(refusal(message, status));
				assert.deepEqual({ sent, learned }, { sent: [true, false, true, false], learned: true });
				assert.ok(heard.every(({ failure }) => failure === undefined));
			});
	});
});
