import assert from "node:assert/strict";
import { contextSize } from "../../src/shared/context-size.ts";
import { fillIn, findStep, outline } from "../../src/shared/outline.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { longChat } from "../fake/long-chat.ts";

const log = longChat({ chat: "c", turns: 3, steps: 100 });
const chat = log.reduce(reduce, emptyChat);
const stepsOf = ({ turns }: Chat) => turns.flatMap(({ steps }) => steps);
const sizeOf = (value: unknown) => JSON.stringify(value).length;

describe("the outline of a chat", () => {
	it("has every turn and step, the last ones whole, and is small however much is behind the cards", () => {
		const short = outline(chat);
		const steps = stepsOf(short);
		const whole = steps.filter((step) => !step.outline);
		assert.equal(steps.length, stepsOf(chat).length);
		assert.ok(whole.length > 5, String(whole.length));
		assert.deepEqual(whole, stepsOf(chat).slice(-whole.length));
		assert.ok(sizeOf(short) < 0.4 * sizeOf(chat), String(sizeOf(short)));
	});

	it("repeats nothing for each turn: what it began with stays with the host", () => {
		for (const { before } of outline(chat).turns) assert.deepEqual(before, { todo: [], rules: [], seen: {} });
	});

	it("counts tokens only of steps that can be in a request again", () => {
		const { keptFrom } = chat.compaction ?? assert.fail();
		const old = stepsOf(outline(chat)).flatMap(({ seq, outline }) => (outline ? [{ seq, ...outline }] : []));
		const counted = old.filter(({ answer }) => answer > 0);
		assert.ok(counted.length > 0 && counted.length < 0.3 * old.length, `${counted.length} of ${old.length}`);
		assert.deepEqual(
			old.filter(({ seq, answer }) => seq >= keptFrom && answer === 0),
			[],
		);
	});

	it("keeps of an old step what its closed cards show", () => {
		const [, edit] = stepsOf(outline(chat));
		const [, before] = stepsOf(chat);
		const [call] = edit?.calls ?? [];
		const { title, effects, ms, endedAt } = before?.calls[0] ?? assert.fail();
		assert.deepEqual(
			{ ...call },
			{
				...{ id: "call-1", tool: "Edit", args: "", state: "done", title, effects, verdict: "allow", by: "policy" },
				...{
					reason: "Allowed in this mode.",
					preview: { ...before?.calls[0]?.preview, diff: "" },
					text: "",
					ms,
					endedAt,
				},
			},
		);
	});

	it("has the context's size of the chat itself, also when results are cut later", () => {
		const cut = (of: Chat): Chat => ({ ...of, shed: [{ seq: of.next, from: 0, before: of.next, max: 1000 }] });
		assert.deepEqual(contextSize(outline(chat)), contextSize(chat));
		const [after, exact] = [contextSize(cut(outline(chat))).tokens, contextSize(cut(chat)).tokens];
		assert.ok(Math.abs(after - exact) < 0.15 * exact, `${after}, not ${exact}`);
	});

	it("leaves a call whole that waits for its result, however long ago that was", () => {
		const cut = log.findLastIndex(({ type }) => type === "decided");
		const open = log.slice(0, cut + 1).reduce(reduce, emptyChat);
		const huge = { ...open, turns: open.turns.map((turn) => ({ ...turn, steps: turn.steps.map(inflate) })) };
		assert.deepEqual(stepsOf(outline(huge)).at(-1), stepsOf(huge).at(-1));
		assert.equal(stepsOf(outline(huge)).at(-2)?.outline === undefined, false);
	});

	it("goes on with later events as the chat itself does", () => {
		const half = log.findIndex(({ type }, at) => at > log.length / 2 && type === "replied");
		const begun = log.slice(0, half).reduce(reduce, emptyChat);
		const went = log.slice(half).reduce(reduce, outline(begun));
		assert.deepEqual(outline(went), outline(chat));
	});

	it("is filled in with a whole step", () => {
		const [first] = stepsOf(chat);
		const short = outline(chat);
		const whole = findStep(chat, first?.seq ?? -1) ?? assert.fail();
		const filled = fillIn(short, whole);
		assert.equal(stepsOf(filled)[0], whole);
		assert.deepEqual(stepsOf(filled).slice(1), stepsOf(short).slice(1));
		assert.equal(fillIn(filled, { ...whole, model: "another" }), filled);
	});
});

function inflate<S extends { readonly model: string }>(step: S): S {
	return { ...step, model: "x".repeat(300_000) };
}
