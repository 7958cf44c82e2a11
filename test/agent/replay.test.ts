import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readBundle } from "../../src/agent/bundle.ts";
import { forkChat, importChat } from "../../src/agent/copy-chat.ts";
import { Recorded } from "../../src/shared/event.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { conversation, replay } from "../fake/replay.ts";

const folder = new URL("../recordings/chats/", import.meta.url);
const texts = (ending: string) =>
	readdirSync(folder)
		.filter((name) => name.endsWith(ending))
		.map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const);

async function eventsOf(text: string): Promise<readonly Recorded[]> {
	const bundle = await readBundle(text);
	assert.ok(bundle.ok, bundle.ok ? "" : bundle.failure.message);
	return bundle.value.events;
}

/** JSON has no undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("a chat that an earlier version recorded", () => {
	const expected = new Map(texts(".json"));
	for (const [name, text] of texts(".jsonl")) {
		it(`adds up to what it was: ${name}`, async () => {
			const state = expected.get(name.replace(".jsonl", ".json")) ?? assert.fail("nothing is expected of it");
			assert.deepEqual(plain(conversation((await eventsOf(text)).reduce(reduce, emptyChat))), JSON.parse(state));
		});

		it(`comes out the same when it is run anew: ${name}`, async () => {
			const events = await eventsOf(text);
			const session = await replay(events);
			assert.deepEqual(plain(conversation(session.chat)), plain(conversation(events.reduce(reduce, emptyChat))));
		});

		it(`says the same to the model in an import, and before each of its turns in a fork: ${name}`, async () => {
			const events = await eventsOf(text);
			const whole = events.reduce(reduce, emptyChat);
			const into = { chat: "fresh", title: "T", now: Date.now(), system: "S" };
			const imported = await importChat(events, into);
			assert.ok(imported.ok);
			assert.deepEqual(conversation(imported.value.reduce(reduce, emptyChat)).messages, conversation(whole).messages);
			for (const { seq } of whole.turns) {
				const before = events
					.slice(
						0,
						events.findIndex((event) => event.seq === seq),
					)
					.reduce(reduce, emptyChat);
				const forked = (await forkChat(events, into, seq)).reduce(reduce, emptyChat);
				assert.deepEqual(conversation(forked).messages, conversation(before).messages);
			}
		});
	}

	it("holds every event that there is, so that none is left out of these tests", async () => {
		const all = await Promise.all(texts(".jsonl").map(([, text]) => eventsOf(text)));
		const seen = new Set(all.flat().map(({ type }) => type));
		const known = Recorded.def.options.map((option) => option.shape.type.def.values[0]);
		assert.deepEqual([...seen].sort(), [...known].sort());
	});
});
