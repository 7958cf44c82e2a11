import assert from "node:assert/strict";
import fc from "fast-check";
import { hunksOf, replaceLines } from "../../src/agent/hunks.ts";
import { rebase } from "../../src/agent/rebase.ts";
import { retyped } from "../../src/vscode/review/retyped.ts";
import "../fake/seed.ts";

describe("hunks of a file in which the person types", () => {
	const words = fc.constantFrom("a", "b", "c", "", "\n", "a\n", "b\n", "c\n");
	const text = fc.array(words, { maxLength: 25 }).map((all) => all.join(""));

	it("are those of the whole diff, or it is made, wherever and whatever is typed", () => {
		fc.assert(
			fc.property(text, text, fc.nat(), fc.nat(3), text, (base, now, place, gone, typed) => {
				const at = place % (now.length + 1);
				const next = now.slice(0, at) + typed.slice(0, 4) + now.slice(at + gone);
				const made = retyped({ before: base, text: now, hunks: hunksOf(base, now) }, next);
				if (!made) return;
				assert.equal(made.text, next);
				const byHunks = made.hunks.toReversed().reduce((all, { before, after }) => {
					return replaceLines(all, after, made.before, before);
				}, next);
				assert.equal(byHunks, made.before);
				const whole = rebase(base, now, next);
				if (whole !== undefined) assert.equal(made.before, whole);
			}),
			{ numRuns: 3000 },
		);
	});

	it("are moved by what is typed away from them", () => {
		const made = retyped(
			{ before: "1\n2\n3\n4\n", text: "1\n2\n3\nX\n", hunks: hunksOf("1\n2\n3\n4\n", "1\n2\n3\nX\n") },
			"0\n1\n2\n3\nX\n",
		);
		assert.deepEqual(made, {
			before: "0\n1\n2\n3\n4\n",
			text: "0\n1\n2\n3\nX\n",
			hunks: [{ before: { from: 4, to: 5 }, after: { from: 4, to: 5 } }],
		});
		assert.equal(
			retyped({ before: "1\n2\n", text: "1\nX\n", hunks: hunksOf("1\n2\n", "1\nX\n") }, "1\nY\n"),
			undefined,
		);
	});
});
