import assert from "node:assert/strict";
import fc from "fast-check";
import { fateOf } from "../../src/model/verify/exact.ts";
import { hostileText, largeText } from "../../src/model/verify/texts.ts";

describe("The fate of a text in the arguments of a call", () => {
	const cases: readonly { what: string; got: string; wanted?: string; fate: ReturnType<typeof fateOf> }[] = [
		{ what: "nothing happened", got: largeText, fate: { kind: "exact" } },
		{
			what: "CRLF became LF",
			wanted: hostileText,
			got: hostileText.replaceAll("\r", ""),
			fate: { kind: "line ends" },
		},
		{
			what: "the end is cut off in the middle of a line",
			got: largeText.slice(0, 8000),
			fate: { kind: "torn", at: 8000, missing: largeText.length - 8000 },
		},
		{
			what: "a piece of the middle is missing",
			got: largeText.slice(0, 4010) + largeText.slice(8205),
			fate: { kind: "torn", at: 4010, missing: 4195 },
		},
		{
			what: "the model stopped after a line",
			got: `${largeText.split("\n").slice(0, 50).join("\n")}\n`,
			fate: { kind: "own" },
		},
		{
			what: "the model left lines out",
			got: largeText
				.split("\n")
				.filter((_, n) => n < 20 || n > 60)
				.join("\n"),
			fate: { kind: "own" },
		},
		{ what: "the model left the last line end out", got: largeText.trimEnd(), fate: { kind: "own" } },
		{ what: "the model wrote what it liked", got: "0001 international\n…\n", fate: { kind: "own" } },
		{
			what: "HTML was escaped",
			wanted: hostileText,
			got: hostileText.replaceAll("<", "&lt;"),
			fate: { kind: "changed", how: "HTML escapes stand in place of < and &" },
		},
		{
			what: "a fox was cut in two",
			wanted: hostileText,
			got: hostileText.replace("🦊", "\ufffd\ufffd"),
			fate: { kind: "changed", how: "some letters came broken (U+FFFD)" },
		},
		{
			what: "it was escaped twice",
			wanted: hostileText,
			got: JSON.stringify(hostileText).slice(1, -1),
			fate: { kind: "changed", how: "the escapes were escaped once more" },
		},
		{
			what: "Kimi's markup was taken out",
			wanted: hostileText,
			got: hostileText.replace(/<\|\w+\|>/g, ""),
			fate: { kind: "changed", how: "Kimi's markup was taken out of the text" },
		},
		{
			what: "the think tag was taken out",
			wanted: hostileText,
			got: hostileText.replace("</think>", "").trimEnd(),
			fate: { kind: "changed", how: "the think tag was taken out of the text" },
		},
	];
	for (const { what, wanted = largeText, got, fate } of cases)
		it(`is ${fate.kind} where ${what}`, () => assert.deepEqual(fateOf(wanted, got), fate));

	it("never blames the server for whole lines that are missing", () => {
		const lines = largeText.trimEnd().split("\n");
		fc.assert(
			fc.property(fc.nat(lines.length - 1), fc.integer({ min: 1, max: 40 }), (from, count) => {
				const got = `${lines.filter((_, n) => n < from || n >= from + count).join("\n")}\n`;
				assert.equal(fateOf(largeText, got).kind, "own");
			}),
		);
	});

	it("always sees a piece of over two lines that was torn out within lines", () => {
		const line = largeText.indexOf("\n") + 1;
		fc.assert(
			fc.property(
				fc.nat(largeText.length - 4 * line),
				fc.integer({ min: 2 * line + 1, max: 3 * line - 1 }),
				(at, size) => {
					const got = largeText.slice(0, at) + largeText.slice(at + size);
					assert.equal(fateOf(largeText, got).kind, "torn");
				},
			),
		);
	});
});
