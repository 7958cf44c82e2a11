import assert from "node:assert/strict";
import { applyPatch } from "diff";
import fc from "fast-check";
import { diffPreview } from "../../src/agent/preview.ts";
import "../fake/seed.ts";

/** Few different lines, so that they repeat; some texts end without a line break, some lines with CRLF. */
const line = fc.constantFrom("", "a", "b", "c", "  d", "}", "e f");
const ends = fc.constantFrom("\n", "\n", "\n", "\r\n");
const texts = fc
	.tuple(fc.array(fc.tuple(line, ends), { maxLength: 60 }), fc.constantFrom("", "", "tail"))
	.map(([lines, tail]) => lines.map((pair) => pair.join("")).join("") + tail);
const bare = (text: string) => text.replaceAll("\r\n", "\n");
const text = (...lines: string[]) => lines.map((each) => `${each}\n`).join("");
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${from + n}`);

describe("the diff that a person is shown", () => {
	it("is a patch that makes the new text of the old one, but for line ends (property)", () => {
		fc.assert(
			fc.property(texts, texts, (old, now) => {
				const { diff, added, removed, warning } = diffPreview("a", old, now);
				const lines = diff.split("\n");
				assert.equal(applyPatch(bare(old), `--- a\n+++ a\n${diff}\n`), bare(now));
				assert.deepEqual(
					[added, removed],
					["+", "-"].map((mark) => lines.filter((each) => each.startsWith(mark)).length),
				);
				assert.equal(warning, old !== now && bare(old) === bare(now) ? "Only line ends change." : undefined);
			}),
		);
	});

	it("shows three lines around a change, and changes whose lines around them meet as one", () => {
		const old = text(...numbers(1, 30));
		const { diff } = diffPreview(
			"a",
			old,
			old.replace("\n5\n", "\nfive\n").replace("\n12\n", "\n").replace("28\n", ""),
		);
		assert.deepEqual(diff.split("\n"), [
			"@@ -2,14 +2,13 @@",
			...[" 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8", " 9", " 10", " 11", "-12", " 13", " 14", " 15"],
			"@@ -25,5 +24,4 @@",
			...[" 25", " 26", " 27", "-28", " 29"],
		]);
	});

	it("says where a side ends without a line break, and names a side of nothing by the line before it", () => {
		const end = "\\ No newline at end of file";
		assert.equal(diffPreview("a", "one\ntwo", "one\n2").diff, `@@ -1,2 +1,2 @@\n one\n-two\n${end}\n+2\n${end}`);
		assert.equal(diffPreview("a", null, "one").diff, `@@ -0,0 +1,1 @@\n+one\n${end}`);
		assert.equal(diffPreview("a", "one\n", "").diff, "@@ -1,1 +0,0 @@\n-one");
	});

	it("finds thousands of changes one by one, and is cut to what can be shown", () => {
		const old = numbers(0, 20_000).map((n) => `const value${n} = compute(${n});`);
		const now = old.map((each, n) => (n % 4 === 0 ? `${each} // changed` : each));
		const { diff, ...rest } = diffPreview("a", text(...old), text(...now), ["Careful."]);
		assert.deepEqual(rest, {
			kind: "diff",
			path: "a",
			added: 5000,
			removed: 5000,
			warning: "Careful. The diff is too long to show here in full: open it in the editor.",
		});
		assert.ok(diff.length < 61_000);
	});
});
