import assert from "node:assert/strict";
import fc from "fast-check";
import type { AttachmentRow } from "../../src/shared/attachments.ts";
import { visible } from "../../src/shared/visible.ts";
import { chipWords, thumbSrc } from "../../src/webview/attachment-look.ts";
import { readFile } from "../../src/webview/file-intake.ts";
import { mentionAt, segments } from "../../src/webview/mention-query.ts";
import { freeName, lineCount, pasteWay } from "../../src/webview/paste.ts";
import { within } from "../../src/webview/pictures.ts";
import { initial, update } from "../../src/webview/store.ts";
import "../fake/seed.ts";

/** The text with `|` where the caret is. */
function named(text: string) {
	const caret = text.indexOf("|");
	return mentionAt(text.replace("|", ""), caret);
}

describe("what is named after an @", () => {
	it("is what stands between it and the caret", () => {
		assert.deepEqual(named("@|"), { at: 0, query: "" });
		assert.deepEqual(named("Look at @src/ca|rt.ts now"), { at: 8, query: "src/ca" });
		assert.deepEqual(named('("@a|'), { at: 2, query: "a" });
		assert.deepEqual(named("one\n@two|"), { at: 4, query: "two" });
		assert.deepEqual(named("看@cart|"), { at: 1, query: "cart" });
		assert.deepEqual(named("@https://example.com/@ada|"), { at: 0, query: "https://example.com/@ada" });
	});

	it("is nothing in an address or a path, after a blank, before the @, or in a word without end", () => {
		for (const text of ["ada@example.com|", "node_modules/@types|", "a-@b|", "@a b|", "a|@b", "|", "@@|", "a @ |"])
			assert.equal(named(text)?.query ?? "none", text === "@@|" ? "@" : "none", text);
		assert.equal(named(`@${"a".repeat(300)}|`), undefined);
	});
});

describe("a label with what the query matched", () => {
	it("falls into pieces that make it up again, each of them hit as a whole or not at all", () => {
		assert.deepEqual(segments("cart.ts", [0, 1, 5]), [
			{ text: "ca", hit: true },
			{ text: "rt.", hit: false },
			{ text: "t", hit: true },
			{ text: "s", hit: false },
		]);
		assert.deepEqual(segments("😀a", [0]), [
			{ text: "😀", hit: true },
			{ text: "a", hit: false },
		]);
		const label = fc.string({ unit: "grapheme" });
		fc.assert(
			fc.property(label, fc.array(fc.nat(20)), (text, marks) => {
				const all = segments(text, marks);
				assert.equal(all.map((each) => each.text).join(""), text);
				for (const [index, each] of all.entries()) assert.notEqual(each.hit, all[index - 1]?.hit);
			}),
		);
	});
});

describe("the rows of the latest question", () => {
	it("stay when an older one is answered after it", () => {
		const row = { label: "a", detail: "", marks: [], kind: "file" as const };
		const now = update(initial, { type: "mentions", id: 2, rows: [row] });
		assert.equal(update(now, { type: "mentions", id: 1, rows: [] }), now);
		assert.deepEqual(update(now, { type: "mentions", id: 2, rows: [] }).mentions, { id: 2, rows: [] });
	});
});

describe("what is pasted", () => {
	const way = (text: string, files = 0, plain = false) => pasteWay({ text, files, plain });

	it("goes into the text while it is short, and as something attached from 2,000 characters or 40 lines on", () => {
		assert.equal(way("a"), "inline");
		assert.equal(way("a".repeat(1_999)), "inline");
		assert.equal(way("a".repeat(2_000)), "text");
		assert.equal(way("a\n".repeat(39)), "inline");
		assert.equal(way("a\n".repeat(40)), "text");
	});

	it("goes into the text however long it is when text was asked for", () => {
		assert.equal(way("a".repeat(9_000), 0, true), "inline");
		assert.equal(way("", 1, true), "inline");
	});

	it("is the files where there is no text; cells of a table are text with a picture of themselves", () => {
		assert.equal(way("", 2), "files");
		assert.equal(way("1\t2", 1), "inline");
		assert.equal(way(""), "inline");
	});

	it("has as many lines as an editor shows, but for an empty last one", () => {
		assert.deepEqual(["", "a", "a\n", "a\r\n", "a\nb", "a\n\n"].map(lineCount), [1, 1, 1, 1, 2, 2]);
	});

	it("gets a name of its own", () => {
		assert.equal(freeName("a", new Set(["b"])), "a");
		assert.equal(freeName("a", new Set(["a", "a (2)"])), "a (3)");
	});
});

describe("a file that was pasted or dropped", () => {
	const yes = () => Promise.resolve(true);
	const no = () => Promise.resolve(false);
	const file = (content: BlobPart, name = "a.txt", type = "text/plain") => new File([content], name, { type });

	it("is attached with its text", async () => {
		assert.deepEqual(await readFile(file("é\n"), no), { wanted: { kind: "text", name: "a.txt", text: "é\n" } });
		const svg = file("<svg/>", "a.svg", "image/svg+xml");
		assert.deepEqual(await readFile(svg, no), { wanted: { kind: "text", name: "a.svg", text: "<svg/>" } });
	});

	it("is refused in a sentence where it is no text, too large, a folder, or a picture that the model can't read", async () => {
		const folder = Object.assign(file(""), { arrayBuffer: () => Promise.reject(new Error("NotFoundError")) });
		const said = [
			await readFile(file(new Uint8Array([0xff, 0xd8])), yes),
			await readFile(file("a\0b"), yes),
			await readFile(file("a".repeat(1_000_001), "\u202elog"), yes),
			await readFile(folder, yes),
			await readFile(file("", "a.png", "image/png"), no),
		].map((intake) => ("refused" in intake ? intake.refused : "attached"));
		assert.deepEqual(said, [
			"a.txt is no text file, so it was not attached.",
			"a.txt is no text file, so it was not attached.",
			`${visible("\u202elog")} is too large to attach.`,
			"a.txt is no text file, so it was not attached.",
			"This model reads no images, so nothing was attached. Another model may.",
		]);
	});
});

describe("a picture that is made smaller", () => {
	it("keeps its shape, never grows, and has no side without a pixel", () => {
		assert.deepEqual(within({ width: 3_136, height: 1_000 }, 1_568), { width: 1_568, height: 500 });
		assert.deepEqual(within({ width: 100, height: 50 }, 1_568), { width: 100, height: 50 });
		assert.deepEqual(within({ width: 1, height: 40_000 }, 1_568), { width: 1, height: 1_568 });
		const side = fc.integer({ min: 1, max: 60_000 });
		fc.assert(
			fc.property(side, side, side, (width, height, max) => {
				const small = within({ width, height }, max);
				assert.ok(Math.max(small.width, small.height) <= Math.max(1, max));
				assert.ok(Math.min(small.width, small.height) >= 1);
				assert.ok(small.width <= width && small.height <= height);
			}),
		);
	});
});

describe("a thumbnail", () => {
	it("is shown only where it is a picture in itself: a log may say anything", () => {
		const png = "data:image/png;base64,iVBORw0KGgo=";
		assert.equal(thumbSrc(png), png);
		for (const bad of [
			undefined,
			"",
			"https://example.com/a.png",
			"data:image/svg+xml;base64,PHN2Zz4=",
			"data:text/html,<b>",
			`${png}" onerror="x`,
		])
			assert.equal(thumbSrc(bad), undefined, bad);
	});
});

describe("words on what is attached", () => {
	const row = (id: string, kind: AttachmentRow["kind"] = "file", more: Partial<AttachmentRow> = {}) => ({
		id,
		kind,
		label: `${id}.ts`,
		detail: `src/${id}.ts`,
		...more,
	});
	const a = row("a");

	it("name the kind, all of it, and its size; what is hidden in a name is shown", () => {
		assert.equal(chipWords(a), "File: src/a.ts");
		assert.equal(
			chipWords(row("c", "image", { tokens: 1_200 })),
			`Picture: src/c.ts, about ${(1_200).toLocaleString()} tokens`,
		);
		assert.doesNotMatch(chipWords({ ...a, detail: "a\u202eb" }), /\u202e/);
	});
});
