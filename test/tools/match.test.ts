import assert from "node:assert/strict";
import fc from "fast-check";
import { createMapper, dominantEol, normalise } from "../../src/agent/eol.ts";
import { applyEdits, type Edit } from "../../src/tools/match.ts";

const edit = (old: string, text: string, all = false): Edit => ({ old, new: text, all });

function applied(text: string, ...edits: Edit[]): string {
	const result = applyEdits(text, edits);
	assert.ok(result.ok, JSON.stringify(result));
	return result.text;
}

function trouble(text: string, ...edits: Edit[]) {
	const result = applyEdits(text, edits);
	assert.ok(!result.ok, JSON.stringify(result));
	return result.trouble;
}

describe("applyEdits", () => {
	const cases: readonly [name: string, text: string, edits: Edit[], after: string][] = [
		["replaces the one occurrence", "a b c", [edit("b", "x")], "a x c"],
		["deletes with an empty replacement", "a\nb\nc\n", [edit("b\n", "")], "a\nc\n"],
		["replaces at the start", "abc", [edit("a", "xy")], "xybc"],
		["replaces at the end", "abc", [edit("c", "xy")], "abxy"],
		["replaces all of a file", "abc", [edit("abc", "")], ""],
		["fills an empty file", "", [edit("", "new\n")], "new\n"],
		["takes $& literally", "a b", [edit("b", "$&$1$`$'$$")], "a $&$1$`$'$$"],
		["takes regex signs literally", "a.b a+b", [edit("a+b", "(x)")], "a.b (x)"],
		["takes backslashes literally", "x\\n", [edit("\\n", "\\t")], "x\\t"],
		["replaces all on demand", "aXbXc", [edit("X", "--", true)], "a--b--c"],
		["replaces all without looking at what it put in", "aa", [edit("a", "aa", true)], "aaaa"],
		["replaces all from the left, not overlapping", "aaaa", [edit("aa", "b", true)], "bb"],
		["makes several edits on one snapshot", "a b", [edit("a", "b"), edit("b", "a")], "b a"],
		["makes edits given in any order", "1 2 3", [edit("3", "c"), edit("1", "a")], "a 2 c"],
		["makes adjacent edits", "ab", [edit("a", "1"), edit("b", "2")], "12"],
		["matches line feeds with CRLF", "a\r\nb\r\nc\r\n", [edit("a\nb", "x\ny")], "x\r\ny\r\nc\r\n"],
		["matches CRLF with line feeds", "a\nb\n", [edit("a\r\nb", "x\r\ny")], "x\ny\n"],
		["inserts CRLF into a CRLF file", "a\r\nb\r\n", [edit("b", "b1\nb2")], "a\r\nb1\r\nb2\r\n"],
		["inserts line feeds into a line-feed file", "a\nb\n", [edit("b", "b1\r\nb2")], "a\nb1\nb2\n"],
		["follows the region in a mixed file", "a\r\nb\nc\nd\n", [edit("a\n", "a\nx\n")], "a\r\nx\r\nb\nc\nd\n"],
		["keeps untouched ends inside of a mixed region", "a\r\nb\nc\r\n", [edit("a\nb\nc", "a\nX\nc")], "a\r\nX\nc\r\n"],
		["joins CRLF lines", "a\r\nb\r\n", [edit("a\nb", "a b")], "a b\r\n"],
		["leaves the missing final line end missing", "a\nb", [edit("b", "c")], "a\nc"],
		["adds a final line end when asked", "a\nb", [edit("b", "b\n")], "a\nb\n"],
		["keeps a lone carriage return", "a\rb\nc", [edit("c", "d")], "a\rb\nd"],
		["keeps letters beyond the first plane", "😀 b 😀", [edit("b", "🎉")], "😀 🎉 😀"],
		["changes half-alike emoji", "x😀y", [edit("😀", "😁")], "x😁y"],
		["keeps a zero-width mark in the text", "\ufeffa\n", [edit("a", "b")], "\ufeffb\n"],
	];
	for (const [name, text, edits, after] of cases) it(name, () => assert.equal(applied(text, ...edits), after));

	it("refuses a text that is not there", () => {
		assert.deepEqual(trouble("abc", edit("x", "y")), { kind: "missing", index: 0 });
	});
	it("refuses the text with other white space", () => {
		assert.deepEqual(trouble("  a", edit("\ta", "b")), { kind: "missing", index: 0 });
	});
	it("refuses an ambiguous text and names its lines", () => {
		const found = trouble("x\na\nx\na\n", edit("a", "b"));
		assert.deepEqual(found, { kind: "several", index: 0, total: 2, lines: [2, 4] });
	});
	it("counts occurrences that overlap each other as ambiguous", () => {
		assert.deepEqual(trouble("aaa", edit("aa", "b")), { kind: "several", index: 0, total: 2, lines: [1] });
	});
	it("names at most ten lines of an ambiguous text", () => {
		const found = trouble("a\n".repeat(50), edit("a", "b"));
		assert.deepEqual(found, { kind: "several", index: 0, total: 50, lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
	});
	it("refuses edits that overlap", () => {
		assert.deepEqual(trouble("abc", edit("ab", "x"), edit("bc", "y")), { kind: "overlap", index: 1, other: 0 });
	});
	it("refuses two edits of the same text", () => {
		assert.deepEqual(trouble("abc", edit("b", "x"), edit("b", "y")), { kind: "overlap", index: 1, other: 0 });
	});
	it("refuses an edit inside of another one, named in the order they were given", () => {
		assert.deepEqual(trouble("abc", edit("b", "x"), edit("abc", "y")), { kind: "overlap", index: 1, other: 0 });
	});
	it("refuses an edit that matches only what another one puts in", () => {
		assert.deepEqual(trouble("abc", edit("b", "new"), edit("new", "y")), { kind: "missing", index: 1 });
	});
	it("refuses an edit that changes nothing", () => {
		assert.deepEqual(trouble("abc", edit("b", "b")), { kind: "same", index: 0 });
	});
	it("refuses an edit that changes line ends only", () => {
		assert.deepEqual(trouble("a\nb", edit("a\nb", "a\r\nb")), { kind: "same", index: 0 });
	});
	it("refuses an empty text to replace in a file that has some", () => {
		assert.deepEqual(trouble("abc", edit("", "x")), { kind: "empty", index: 0 });
	});
	it("reports the changed lines of the text afterwards", () => {
		const result = applyEdits("1\n2\n3\n4\n5\n", [edit("2\n", "a\nb\nc\n"), edit("5", "z")]);
		assert.deepEqual(result, {
			ok: true,
			text: "1\na\nb\nc\n3\n4\nz\n",
			replaced: 2,
			regions: [
				{ from: 1, to: 4 },
				{ from: 6, to: 7 },
			],
			drifts: [],
			near: 0,
		});
	});
	it("handles 200,000 lines and as many replacements at once", () => {
		const result = applyEdits("line a\r\n".repeat(200_000), [edit("a", "b", true)]);
		assert.ok(result.ok);
		assert.equal(result.replaced, 200_000);
		assert.equal(result.text, "line b\r\n".repeat(200_000));
	});
});

const pieces = fc.constantFrom("a", "b", "ab", " ", "\n", "\r\n", "\r\n", "é", "😀", "$&");
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
/** A stretch of a text's view, as a model would quote it. */
const quotes = fc.tuple(texts, fc.nat(), fc.nat()).map(([text, a, b]) => {
	const view = normalise(text);
	const [from, to] = [a % (view.length + 1), b % (view.length + 1)].sort((x, y) => x - y) as [number, number];
	return { text, view, from, to, old: view.slice(from, to) };
});

describe("applyEdits, for any text", () => {
	it("leaves every byte outside of the stretch as it was", () => {
		fc.assert(
			fc.property(quotes, texts, ({ text, from, to, old }, insert) => {
				const result = applyEdits(text, [edit(old, insert)]);
				// From within an indentation it is no plain replacement: further lines get their depth.
				if (!result.ok || result.drifts.length > 0) return;
				const map = createMapper(text);
				const [start, end] = [map(from), map(to)];
				assert.ok(result.text.startsWith(text.slice(0, start)));
				assert.ok(result.text.endsWith(text.slice(end)));
				assert.equal(normalise(result.text.slice(start, result.text.length - (text.length - end))), normalise(insert));
			}),
		);
	});
	it("reads as the plain replacement does, line ends aside", () => {
		fc.assert(
			fc.property(quotes, texts, ({ text, view, from, to, old }, insert) => {
				const result = applyEdits(text, [edit(old, insert)]);
				// From within an indentation it is no plain replacement: further lines get their depth.
				if (!result.ok || result.drifts.length > 0) return;
				assert.equal(normalise(result.text), view.slice(0, from) + normalise(insert) + view.slice(to));
			}),
		);
	});
	it("is undone by the reverse edit when the file has one kind of line end", () => {
		fc.assert(
			fc.property(quotes, texts, fc.boolean(), ({ view, from, to }, insert, windows) => {
				const text = windows ? view.replaceAll("\n", "\r\n") : view;
				const [left, right] = [view.slice(0, from), view.slice(to)];
				const there = applyEdits(text, [edit(view, left + insert + right)]);
				if (!there.ok || (windows && (!view.includes("\n") || !normalise(there.text).includes("\n")))) return;
				const back = applyEdits(there.text, [edit(normalise(there.text), view)]);
				if (back.ok) assert.equal(back.text, text);
			}),
		);
	});
	it("never changes a text when it refuses, and never throws", () => {
		fc.assert(
			fc.property(texts, fc.array(fc.tuple(texts, texts, fc.boolean()), { maxLength: 4 }), (text, list) => {
				const result = applyEdits(
					text,
					list.map(([old, insert, all]) => edit(old, insert, all)),
				);
				if (result.ok && list.length === 0) assert.equal(result.text, text);
				if (!result.ok) assert.ok(result.trouble.index < list.length);
			}),
		);
	});
	it("knows a file's line end by majority", () => {
		assert.equal(dominantEol("a\r\nb\r\nc\n"), "\r\n");
		assert.equal(dominantEol("a\r\nb\nc\n"), "\n");
		assert.equal(dominantEol("\r\n"), "\r\n");
		assert.equal(dominantEol("a\rb"), undefined);
	});
});
