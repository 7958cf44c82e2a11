import assert from "node:assert/strict";
import fc from "fast-check";
import { type Hunk, hunksOf, hunksOfItems, linesOf, replaceLines } from "../../src/agent/hunks.ts";
import "../fake/seed.ts";

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join("");
const hunk = (a: number, b: number, c: number, d: number): Hunk => ({
	before: { from: a, to: b },
	after: { from: c, to: d },
});

/** Few different lines, so that they repeat; some texts end without a line break, some lines with CRLF. */
const line = fc.constantFrom("", "a", "b", "c", "  d", "}", "e f");
const ends = fc.constantFrom("\n", "\n", "\n", "\r\n");
const texts = fc
	.tuple(fc.array(fc.tuple(line, ends), { maxLength: 25 }), fc.constantFrom("", "", "tail"))
	.map(([lines, tail]) => lines.map((pair) => pair.join("")).join("") + tail);

describe("hunksOf", () => {
	it("finds nothing between equal texts, or where only line ends differ", () => {
		assert.deepEqual(hunksOf("a\nb\n", "a\nb\n"), []);
		assert.deepEqual(hunksOf("a\nb\n", "a\r\nb\r\n"), []);
		assert.deepEqual(hunksOf("", ""), []);
	});

	it("finds lines that were changed, added and removed, each with its place on both sides", () => {
		const before = text("1", "2", "3", "4", "5", "6", "7");
		const after = text("1", "two", "3", "4", "4.5", "5", "7");
		assert.deepEqual(hunksOf(before, after), [hunk(1, 2, 1, 2), hunk(4, 4, 4, 5), hunk(5, 6, 6, 6)]);
	});

	it("finds a text that came to be or went as one hunk", () => {
		assert.deepEqual(hunksOf("", "a\nb\n"), [hunk(0, 0, 0, 2)]);
		assert.deepEqual(hunksOf("a\nb\n", ""), [hunk(0, 2, 0, 0)]);
	});

	it("takes a missing line break at the end for a change of that line", () => {
		assert.deepEqual(hunksOf("a\nb\n", "a\nb"), [hunk(1, 2, 1, 2)]);
	});

	it("keeps a moved block's own lines together rather than its braces", () => {
		const f = ["f() {", "  one", "}"];
		const g = ["g() {", "  two", "}"];
		assert.deepEqual(hunksOf(text(...f), text(...g, ...f)), [hunk(0, 0, 0, 3)]);
	});

	it("is bounded in time on texts that have nothing in common but repeated lines", () => {
		const noise = (word: string) => Array.from({ length: 20_000 }, (_, n) => (n % 2 ? "}" : `${word}${n % 7}`));
		const from = performance.now();
		const hunks = hunksOf(text(...noise("a")), text(...noise("b")));
		assert.ok(hunks.length > 0);
		// Some 100 ms; without the bounds it would be minutes.
		assert.ok(performance.now() - from < 10_000);
	});

	it("gives hunks in order, none empty, none touching, and all else equal but for line ends (property)", () => {
		fc.assert(
			fc.property(texts, texts, (before, after) => {
				const bare = (side: string) => linesOf(side).map((each) => each.replace("\r\n", "\n"));
				const [old, now] = [bare(before), bare(after)];
				let [a, b] = [0, 0];
				for (const [index, each] of hunksOf(before, after).entries()) {
					const same = each.before.from - a;
					assert.ok(same === each.after.from - b && same >= (index === 0 ? 0 : 1));
					assert.deepEqual(old.slice(a, each.before.from), now.slice(b, each.after.from));
					[a, b] = [each.before.to, each.after.to];
					assert.ok(a - each.before.from + (b - each.after.from) > 0);
				}
				assert.deepEqual(old.slice(a), now.slice(b));
			}),
		);
	});

	it("compares anything that has an order, such as words", () => {
		assert.deepEqual(hunksOfItems(["a", "b", "c"], ["a", "x", "c"]), [hunk(1, 2, 1, 2)]);
	});
});

describe("replaceLines", () => {
	it("undoes a hunk, and keeping it again is the inverse (property)", () => {
		fc.assert(
			fc.property(texts, texts, (before, after) => {
				for (const { before: old, after: now } of hunksOf(before, after)) {
					const undone = replaceLines(after, now, before, old);
					const there = { from: now.from, to: now.from + old.to - old.from };
					assert.equal(replaceLines(undone, there, after, now), after);
				}
			}),
		);
	});

	it("makes one text of the other when all hunks are undone, last first (property)", () => {
		fc.assert(
			fc.property(texts, texts, (before, after) => {
				const [old, now] = [before, after].map((side) => side.replaceAll("\r\n", "\n"));
				assert.ok(old !== undefined && now !== undefined);
				const undone = hunksOf(old, now)
					.toReversed()
					.reduce((at, each) => replaceLines(at, each.after, old, each.before), now);
				assert.equal(undone, old);
			}),
		);
	});

	it("leaves every line outside of the hunk byte by byte (property)", () => {
		fc.assert(
			fc.property(texts, texts, (before, after) => {
				for (const { before: old, after: now } of hunksOf(before, after)) {
					const undone = linesOf(replaceLines(after, now, before, old));
					const lines = linesOf(after);
					assert.deepEqual(undone.slice(0, now.from), lines.slice(0, now.from));
					assert.deepEqual(undone.slice(now.from + old.to - old.from), lines.slice(now.to));
				}
			}),
		);
	});
});

describe("linesOf", () => {
	it("gives lines with their ends, which make the text again (property)", () => {
		fc.assert(fc.property(texts, (whole) => assert.equal(linesOf(whole).join(""), whole)));
		assert.deepEqual(linesOf("a\r\n\nb"), ["a\r\n", "\n", "b"]);
	});
});
