import assert from "node:assert/strict";
import fc from "fast-check";
import { rebase } from "../../src/agent/rebase.ts";
import "../fake/seed.ts";

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join("");
const BASE = text("1", "2", "3", "4", "5", "6", "7", "8");

const line = fc.constantFrom("", "a", "b", "c", "  d", "}", "e f");
const ends = fc.constantFrom("\n", "\n", "\r\n");
const texts = fc
	.tuple(fc.array(fc.tuple(line, ends), { maxLength: 15 }), fc.constantFrom("", "", "tail"))
	.map(([lines, tail]) => lines.map((pair) => pair.join("")).join("") + tail);

describe("rebase", () => {
	it("puts on the base what the person typed, without what the agent changed", () => {
		const now = BASE.replace("2", "two").replace("7\n", "7\n7.5\n");
		const current = now.replace("4\n", "vier\n4.5\n").replace("5\n", "");
		assert.equal(rebase(BASE, now, current), BASE.replace("4\n", "vier\n4.5\n").replace("5\n", ""));
	});

	it("takes the agent's change out of a file that the person edited", () => {
		const now = BASE.replace("2\n", "").replace("7", "seven");
		const current = now.replace("4", "vier");
		assert.equal(rebase(current, now, BASE), BASE.replace("4", "vier"));
	});

	const now = BASE.replace("2", "two");
	for (const [how, current] of [
		["the same line", BASE.replace("2", "zwei")],
		["lines side by side", now.replace("3", "drei")],
		["the same place between lines", now.replace("two\n", "two\n2.5\n")],
	] as const)
		it(`gives up when both changed ${how}`, () => assert.equal(rebase(BASE, now, current), undefined));

	it("keeps line ends of lines that only the person changed, and gives up where both changed them", () => {
		const windows = BASE.replaceAll("\n", "\r\n");
		const now = windows.replace("2", "two");
		assert.equal(rebase(windows, now, now.replace("5\r\n", "fünf\n")), windows.replace("5\r\n", "fünf\n"));
		assert.equal(rebase(windows, now, now.replaceAll("\r\n", "\n")), undefined);
	});

	it("does not take a change of line ends for none", () => {
		const windows = BASE.replaceAll("\n", "\r\n");
		assert.equal(rebase(BASE, BASE, windows), windows);
		assert.equal(rebase(BASE.replace("5", "five"), BASE, windows), undefined);
	});

	it("is the base when the person changed nothing, and their text when the agent did not (property)", () => {
		fc.assert(
			fc.property(texts, texts, (one, other) => {
				assert.equal(rebase(one, other, other), one);
				assert.equal(rebase(one, one, other), other);
			}),
		);
	});

	it("loses nothing: with the agent's change made again it is the text that was there (property)", () => {
		let merged = 0;
		fc.assert(
			fc.property(texts, texts, texts, fc.nat(), (base, top, bottom, cut) => {
				// The agent changes what is above, the person what is below, with lines between them that neither does.
				const middle = text("≡ 1", "≡ 2");
				const [now, current] = [top + middle + base, top + middle + bottom];
				const start = base.slice(0, cut % (base.length + 1)).replace(/[^\n]*$/, "") + middle + base;
				const mine = rebase(start, now, current);
				if (mine === undefined) return;
				merged++;
				const again = rebase(mine, start, now);
				assert.ok(again === undefined || again === current, JSON.stringify({ start, now, current, mine, again }));
			}),
		);
		assert.ok(merged > 10, `only ${merged} cases were merged`);
	});
});
