import assert from "node:assert/strict";
import fc from "fast-check";
import { normalise } from "../../src/agent/eol.ts";
import { fold } from "../../src/tools/match/looks.ts";
import { applyEdits } from "../../src/tools/match.ts";
import { findSimilar } from "../../src/tools/similar.ts";

/** Words of a file; each line gets its number, so that every stretch of lines is somewhere once. */
const words = fc.constantFrom(
	"total",
	"items",
	"it’s",
	"“quoted”",
	"größe",
	"数量，",
	"😀",
	"a – b",
	"value_1",
	"wait…",
	"x",
);
const depths = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 14 }).map((steps) => {
	let depth = 0;
	return steps.map((step) => {
		depth = Math.max(0, depth + step);
		return depth;
	});
});
const trails = fc.constantFrom("", "", "", " ", "  ", "\t");
const ends = fc.constantFrom("\n", "\n", "\r\n");

interface Sheet {
	readonly lines: readonly {
		readonly depth: number;
		readonly body: string;
		readonly trail: string;
		readonly end: string;
	}[];
	/** The stretch that is quoted, in lines. */
	readonly from: number;
	readonly to: number;
	/** Its line that changes. */
	readonly changed: number;
	readonly unit: string;
}

const sheets: fc.Arbitrary<Sheet> = depths.chain((all) =>
	fc
		.record({
			bodies: fc.array(fc.array(words, { minLength: 1, maxLength: 4 }), {
				minLength: all.length,
				maxLength: all.length,
			}),
			trail: fc.array(trails, { minLength: all.length, maxLength: all.length }),
			end: fc.array(ends, { minLength: all.length, maxLength: all.length }),
			a: fc.nat(all.length - 1),
			b: fc.nat(all.length - 1),
			c: fc.nat(),
			unit: fc.constantFrom("\t", "  ", "    "),
		})
		.map(({ bodies, trail, end, a, b, c, unit }) => {
			const [from, last] = [Math.min(a, b), Math.max(a, b)];
			const lines = all.map((depth, at) => ({
				depth,
				body: `line_${at}_begins ${(bodies[at] ?? []).join(" ")};`,
				trail: trail[at] ?? "",
				end: end[at] ?? "\n",
			}));
			return { lines, from, to: last + 1, changed: from + (c % (last + 1 - from)), unit };
		}),
);

const textOf = ({ lines, unit }: Sheet) =>
	lines.map(({ depth, body, trail, end }) => unit.repeat(depth) + body + trail + end).join("");

/** How a model may write a stretch down. */
interface Drift {
	readonly unit: string;
	readonly shift: number;
	readonly trail: string;
	readonly plain: boolean;
	readonly decomposed: boolean;
	readonly numbers: boolean;
}

const drifts = fc.record({
	unit: fc.constantFrom("\t", "  ", "    "),
	shift: fc.constantFrom(0, 0, 1, 2),
	trail: fc.constantFrom("", "", " ", "   "),
	plain: fc.boolean(),
	decomposed: fc.boolean(),
	numbers: fc.boolean(),
});

function quote({ lines, from, to }: Sheet, drift: Drift, body: (text: string, at: number) => string): string {
	const stretch = lines.slice(from, to).map((line, at) => {
		const text = body(line.body, from + at);
		const looks = drift.plain ? fold(text) : text;
		const letters = drift.decomposed ? looks.normalize("NFD") : looks;
		const number = drift.numbers ? `${from + at + 1}\t` : "";
		return number + drift.unit.repeat(line.depth + drift.shift) + letters + drift.trail;
	});
	return stretch.join("\n");
}

const same = (text: string) => text;

describe("looser matching, for any drift", () => {
	it("gives the intended file: one word of one line changes, every other byte stays", () => {
		fc.assert(
			fc.property(sheets, drifts, (sheet, drift) => {
				const text = textOf(sheet);
				const renamed = (body: string, at: number) =>
					at === sheet.changed ? body.replace(`line_${at}_begins`, "other_name") : body;
				const result = applyEdits(text, [
					{ old: quote(sheet, drift, same), new: quote(sheet, drift, renamed), all: false },
				]);
				assert.ok(result.ok, JSON.stringify(result));
				assert.equal(result.text, text.replace(`line_${sheet.changed}_begins`, "other_name"));
			}),
		);
	});
	it("is undone by the reverse edit with the same drift", () => {
		fc.assert(
			fc.property(sheets, drifts, (sheet, drift) => {
				const text = textOf(sheet);
				const renamed = (body: string, at: number) =>
					at === sheet.changed ? body.replace(`line_${at}_begins`, "other_name") : body;
				const [old, insert] = [quote(sheet, drift, same), quote(sheet, drift, renamed)];
				const there = applyEdits(text, [{ old, new: insert, all: false }]);
				assert.ok(there.ok, JSON.stringify(there));
				const back = applyEdits(there.text, [{ old: insert, new: old, all: false }]);
				assert.deepEqual(back.ok && back.text, text);
			}),
		);
	});
	it("puts new lines between the old ones in the file's own depth, and leaves the others as they are", () => {
		fc.assert(
			fc.property(sheets, drifts, (sheet, drift) => {
				const line = sheet.lines[sheet.changed];
				assert.ok(line);
				const wanted = quote(sheet, drift, same).split("\n");
				const at = sheet.changed - sheet.from;
				const indent = drift.unit.repeat(line.depth + drift.shift);
				const insert = [...wanted.slice(0, at + 1), `${indent}brand_new();`, ...wanted.slice(at + 1)].join("\n");
				const result = applyEdits(textOf(sheet), [{ old: wanted.join("\n"), new: insert, all: false }]);
				assert.ok(result.ok, JSON.stringify(result));
				const lines = normalise(result.text).split("\n");
				const before = normalise(textOf(sheet)).split("\n");
				const added = lines.findIndex((one) => one.includes("brand_new"));
				assert.equal(lines[added]?.trimEnd(), `${sheet.unit.repeat(line.depth)}brand_new();`);
				assert.deepEqual(
					lines.toSpliced(added, 1).map((one) => one.trimEnd()),
					before.map((one) => one.trimEnd()),
				);
			}),
		);
	});
	it("never writes a line that is neither the file's nor the model's, indentation and looks aside", () => {
		const bare = (text: string) =>
			fold(text)
				.split("\n")
				.map((line) => line.trim());
		fc.assert(
			fc.property(sheets, drifts, fc.array(words, { maxLength: 6 }), (sheet, drift, extra) => {
				const text = normalise(textOf(sheet));
				const insert = extra.join("\n    ");
				const result = applyEdits(text, [{ old: quote(sheet, drift, same), new: insert, all: false }]);
				if (!result.ok) return;
				const known = new Set([...bare(text), ...bare(insert)]);
				assert.deepEqual(
					bare(normalise(result.text)).filter((line) => !known.has(line)),
					[],
				);
			}),
		);
	});
	it("refuses a stretch that is in the file twice, whatever the drift", () => {
		fc.assert(
			fc.property(sheets, drifts, (sheet, drift) => {
				const text = normalise(textOf(sheet));
				const insert = quote(sheet, drift, (body) => `not ${body}`);
				const edit = { old: quote(sheet, drift, same), new: insert, all: false };
				const result = applyEdits(`${text}${text}`, [edit]);
				assert.equal(result.ok ? "made" : result.trouble.kind, "several");
			}),
		);
	});
	it("never throws, and makes none of a list when one is refused", () => {
		const bits = fc.array(
			fc.constantFrom(
				"a",
				"bcdefgh",
				"\t",
				"  ",
				"\n",
				"\r\n",
				"\r",
				"’",
				"'",
				"…",
				"é",
				"e\u0301",
				"\u200b",
				"1\t",
				"\ud83d",
			),
			{
				maxLength: 20,
			},
		);
		const texts = bits.map((all) => all.join(""));
		fc.assert(
			fc.property(texts, fc.array(fc.tuple(texts, texts, fc.boolean()), { maxLength: 3 }), (text, list) => {
				const edits = list.map(([old, insert, all]) => ({ old, new: insert, all }));
				const result = applyEdits(text, edits);
				if (result.ok && edits.length === 0) assert.equal(result.text, text);
				if (!result.ok) assert.ok(result.trouble.index < edits.length);
			}),
		);
	});
});

describe("looser matching, for what is replaced everywhere", () => {
	it("counts what it left, but no place twice, and none that it replaced", () => {
		const old = "a_long_line\na_long_line\n";
		const text = `${old}a_long_line \n--\n${"a_long_line \n".repeat(3)}`;
		const result = applyEdits(text, [{ old, new: "x\n", all: true }]);
		assert.deepEqual(result.ok && [result.text, result.near], [text.replace(old, "x\n"), 1]);
	});
});

describe("looser matching, at scale", () => {
	it("gives up on a line that is too long, where a regular expression would not end well", () => {
		const long = "word and other, ".repeat(650_000);
		const edit = { old: 'the one "place"', new: "x", all: false };
		const result = applyEdits(`${long}the one “place”${long}\n`, [edit]);
		assert.deepEqual(result, { ok: false, trouble: { kind: "missing", index: 0 } });
		const beside = { old: '"quoted" end\na_short_line', new: "x", all: false };
		assert.deepEqual(applyEdits(`${long}“quoted” end\na_short_line\n`, [beside]), {
			ok: false,
			trouble: { kind: "missing", index: 0 },
		});
		const near = applyEdits(`the one “place” in short\n${long}\n`, [edit]);
		assert.equal(near.ok && near.text.slice(0, 10), "x in short");
	});
	it("gives a search up that finds too many places, rather than taking one of them for the only one", () => {
		const text = `${"\tcommon_line()\n".repeat(200_000)}\tcommon_line()\n\tlast_one()\n`;
		const old = "    common_line()\n    common_line()";
		const result = applyEdits(text, [{ old, new: "x", all: false }]);
		assert.deepEqual(result, { ok: false, trouble: { kind: "missing", index: 0 } });
	});
	it("counts 200,000 places in one line, exact ones and others, and replaces them all", () => {
		const text = "it’s ".repeat(200_000);
		const several = applyEdits(text, [{ old: "it's it's it's", new: "x", all: false }]);
		assert.deepEqual(several, {
			ok: false,
			trouble: { kind: "several", index: 0, total: 199_998, lines: [1], ignored: ["looks"] },
		});
		const all = applyEdits(text, [{ old: "it’s", new: "x", all: true }]);
		assert.equal(all.ok && all.text, "x ".repeat(200_000));
	});
	it("finds its place in a line of a million characters", () => {
		const long = "word ".repeat(200_000);
		const result = applyEdits(`${long}it’s here now ${long}`, [
			{ old: "it's here now", new: "it's gone now", all: false },
		]);
		assert.equal(result.ok && result.text, `${long}it’s gone now ${long}`);
	});
});

describe("findSimilar", () => {
	const file = [
		"function a() {",
		"\treturn null;",
		"}",
		"",
		"function totals(items) {",
		"\treturn null;",
		"}",
		"",
	].join("\n");
	it("goes by rare words rather than by lines that are everywhere", () => {
		const found = findSimilar(file, "function totals(things) {\n\treturn null;\n}");
		assert.deepEqual(found, { from: 4, to: 7, onlySpaces: false });
	});
	it("finds a line with a slip in its only word", () => {
		assert.deepEqual(findSimilar("alpha\ncalculateEverything\n", "calculatEverythin"), {
			from: 1,
			to: 2,
			onlySpaces: false,
		});
	});
	it("says when only white space differs", () => {
		assert.deepEqual(findSimilar("a\nfoo( bar )\nb\n", "foo(bar)"), { from: 1, to: 2, onlySpaces: true });
	});
	it("finds a Chinese sentence by a part of it", () => {
		assert.deepEqual(findSimilar("第一行\n计算总价含税\n第三行\n", "计算总价不含税"), {
			from: 1,
			to: 2,
			onlySpaces: false,
		});
	});
	it("finds nothing where nothing is alike", () => {
		assert.equal(findSimilar("alpha\nbeta\n", "something else entirely"), undefined);
		assert.equal(findSimilar("", "anything"), undefined);
		assert.equal(findSimilar("alpha\n", "  \n"), undefined);
	});
	it("shows twelve lines at most", () => {
		const lines = Array.from({ length: 100 }, (_, at) => `line number_${at}`);
		const found = findSimilar(lines.join("\n"), lines.slice(20, 80).join("\n").replace("number_25", "x"));
		assert.deepEqual(found, { from: 20, to: 32, onlySpaces: false });
	});
});
