import assert from "node:assert/strict";
import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { applyHunks } from "../../../src/tools/patch/change.ts";
import type { Hunk } from "../../../src/tools/patch/hunk.ts";
import { parsePatch } from "../../../src/tools/patch/parse.ts";
import "../../fake/seed.ts";

const line = fc.constantFrom(
	"",
	" ",
	"a",
	"b",
	"c",
	"}",
	"-- a",
	"++ b",
	"--- a",
	"+++ b",
	"@@ -1 +1 @@",
	"\\",
	"日本",
);
const lines = (maxLength: number) => fc.array(line, { maxLength, size: "max" });

/** A text, and what it is after a few changes. */
const pair = fc
	.record({
		lines: lines(60),
		edits: fc.array(fc.record({ at: fc.nat(60), drop: fc.nat(2), add: lines(2) }), { maxLength: 4 }),
		breaks: fc.tuple(fc.boolean(), fc.boolean()),
	})
	.map(({ lines, edits, breaks: [first, second] }) => {
		const after = [...lines];
		for (const { at, drop, add } of edits) after.splice(at, drop, ...add);
		const join = (all: readonly string[], hasBreak: boolean) =>
			all.join("\n") + (hasBreak && all.length > 0 ? "\n" : "");
		return { before: join(lines, first), after: join(after, second) };
	})
	.filter(({ before, after }) => before !== after);

/** Takes a text to another one by way of a diff between them. */
async function patched(before: string, diff: string): Promise<string> {
	const parsed = parsePatch(diff);
	assert.ok(parsed.ok, JSON.stringify(parsed));
	const [file, ...more] = parsed.value;
	assert.deepEqual(more, []);
	assert.equal(file?.kind, "change");
	const made = await applyHunks(before, file?.kind === "change" ? file.hunks : []);
	assert.ok(made.ok, JSON.stringify(made));
	return made.text;
}

/** Lines of a text that are neither in the other one nor taken away by hunks. */
function lost(before: string, after: string, hunks: readonly Hunk[]): readonly string[] {
	const left = new Map<string, number>();
	const dropped = hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind === "drop").map(({ text }) => text));
	for (const row of [...after.split("\n"), ...dropped]) left.set(row, (left.get(row) ?? 0) + 1);
	return before.split("\n").filter((row) => {
		const count = left.get(row) ?? 0;
		left.set(row, count - 1);
		// A last line break is no line.
		return count <= 0 && row !== "";
	});
}

describe("a unified diff of two random texts", () => {
	const diffOf = (a: string, b: string, context: number) =>
		createTwoFilesPatch("a/x.txt", "b/x.txt", a, b, "", "", { context });

	it("makes the second text out of the first", async () => {
		await fc.assert(
			fc.asyncProperty(pair, fc.integer({ min: 1, max: 4 }), async ({ before, after }, context) => {
				const diff = diffOf(before, after, context);
				// Added lines have no place that could be checked without a line of the file about them.
				fc.pre(before === "" || !/^@@ -\d+,0 /m.test(diff));
				assert.equal(await patched(before, diff), after);
			}),
		);
	});

	it("makes the same of a text with Windows line ends, and keeps them", async () => {
		await fc.assert(
			fc.asyncProperty(pair, async ({ before, after }) => {
				fc.pre(before.includes("\n"));
				const windows = (unix: string) => unix.replaceAll("\n", "\r\n");
				assert.equal(await patched(windows(before), diffOf(before, after, 3)), windows(after));
			}),
		);
	});

	it("makes the second text or nothing where it has no numbers", async () => {
		await fc.assert(
			fc.asyncProperty(pair, async ({ before, after }) => {
				const diff = diffOf(before, after, 3).replace(/^@@ -\d+,\d+ \+\d+,\d+ @@$/gm, "@@");
				const parsed = parsePatch(diff);
				const [file] = parsed.ok ? parsed.value : [];
				if (file?.kind !== "change") return;
				const made = await applyHunks(before, file.hunks);
				if (made.ok) assert.equal(made.text, after);
			}),
		);
	});

	it("never loses a line that it does not take away, however its own lines are mixed up", async () => {
		const mixes = fc.array(fc.record({ at: fc.nat(80), drop: fc.nat(2), copy: fc.nat(80) }), { maxLength: 3 });
		const frames = fc.constantFrom("", "*** Begin Patch\n*** Update File: x.txt\n");
		await fc.assert(
			fc.asyncProperty(pair, mixes, frames, async ({ before, after }, mixed, frame) => {
				const rows = diffOf(before, after, 3).split("\n");
				for (const { at, drop, copy } of mixed) rows.splice(at, drop, rows[copy] ?? "");
				const parsed = parsePatch(frame + rows.join("\n"));
				const files = parsed.ok ? parsed.value : [];
				for (const hunks of files.flatMap((file) => (file.kind === "change" ? [file.hunks] : []))) {
					const made = await applyHunks(before, hunks);
					if (made.ok) assert.deepEqual(lost(before, made.text, hunks), []);
				}
			}),
		);
	});
});
