import assert from "node:assert/strict";
import fc from "fast-check";
import { createSuggestionCache } from "../../src/model/completion-cache.ts";
import { promptFor } from "../../src/model/completion-prompt.ts";
import { trimSuggestion, withoutRepeats } from "../../src/model/completion-trim.ts";
import "../fake/seed.ts";

const tokens = { prefix: "<|fim_prefix|>", suffix: "<|fim_suffix|>", middle: "<|fim_middle|>" };
const own = Object.values(tokens);

describe("the prompt of a completion", () => {
	it("is what stands before the cursor where no tokens are known", () => {
		assert.deepEqual(promptFor({ before: "a = ", after: "\nb" }, undefined, 100), { text: "a = ", stop: [] });
	});

	it("is both sides between the profile's tokens, which end the answer", () => {
		const text = "<|fim_prefix|>a = <|fim_suffix|>\nb<|fim_middle|>";
		assert.deepEqual(promptFor({ before: "a = ", after: "\nb" }, tokens, 100), { text, stop: own });
	});

	it("is plain at the end of a text", () => {
		assert.deepEqual(promptFor({ before: "a = ", after: " \n" }, tokens, 100), { text: "a = ", stop: own });
	});

	it("is plain where the text itself holds one of the tokens, which would say something else", () => {
		const before = 'const end = "<|fim_middle|>";\n';
		assert.deepEqual(promptFor({ before, after: "b" }, tokens, 100), { text: before, stop: own });
	});

	it("begins at the same place while a stretch is typed, so that servers find their cache", () => {
		const long = "one line of text\n".repeat(400);
		const starts = Array.from({ length: 500 }, (_, typed) => {
			const { text } = promptFor({ before: long + "x".repeat(typed), after: "" }, undefined, 4000);
			return long.length + typed - text.length;
		});
		assert.equal(new Set(starts).size, 2);
		assert.ok(starts.every((start) => start % "one line of text\n".length === 0));
	});

	it("never has more characters than it may, beside the tokens, and no half of one", () => {
		const text = fc.string({ unit: fc.constantFrom("a", "\n", "ä", "𝄞"), maxLength: 60 });
		fc.assert(
			fc.property(text, text, fc.integer({ min: 1, max: 50 }), (before, after, max) => {
				const sent = promptFor({ before, after }, tokens, max).text;
				const bare = own.reduce((all, token) => all.replace(token, ""), sent);
				assert.ok(bare.length <= max);
				assert.ok(sent.isWellFormed());
			}),
		);
	});
});

describe("a suggestion", () => {
	const cases: readonly (readonly [what: string, text: string, before: string, after: string, expected: string])[] = [
		["stays where nothing repeats", "bar()", "foo(", "\n", "bar()"],
		["loses the bracket that stands there already", "bar())", "foo(", ")\n", "bar()"],
		["keeps a bracket that it opened itself", "bar()", "foo(", ")\n", "bar()"],
		["fills a gap with one line", "a, b);\nnext();", "foo(", ");\nnext();\n", "a, b"],
		[
			"ends where the next line of the text begins",
			"\treturn 1;\n}\nmore();",
			"f() {\n",
			"\n}\nend();\n",
			"\treturn 1;",
		],
		["keeps a line like the next one that closes its own block", "if (a) {\nx();\n}", "", "\n}\n", "if (a) {\nx();\n}"],
		["does not take half a word for a repeat", "return true", "", "else {", "return true"],
		["has no blanks at its end", "one\n\n  ", "", "", "one"],
		["is none where there is nothing but blanks", " \n ", "x", "", ""],
		["has three lines at most here", "1\n2\n3\n4\n5", "", "", "1\n2\n3"],
		["ends where it should have stopped", "one<|end|>two", "", "", "one"],
	];
	for (const [what, text, before, after, expected] of cases)
		it(what, () => {
			const trimmed = trimSuggestion(text, { before, after }, { maxLines: 3, stop: ["<|end|>"] });
			assert.equal(trimmed, expected);
		});

	it("is always a beginning of the answer, within its lines, without what stops it", () => {
		const code = fc.string({ unit: fc.constantFrom(..."a1 \n(){}[];"), maxLength: 60 });
		fc.assert(
			fc.property(code, code, code, (text, before, after) => {
				const trimmed = trimSuggestion(text, { before, after }, { maxLines: 2, stop: [";"] });
				assert.ok(text.startsWith(trimmed));
				assert.ok(trimmed.split("\n").length <= 2);
				assert.equal(trimmed.includes(";"), false);
			}),
		);
	});

	it("without brackets never ends in whole words that come next", () => {
		const word = fc.stringMatching(/^[a-z]{1,6}$/);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 5 }), fc.array(word, { minLength: 1, maxLength: 5 }), (own, next) => {
				const after = ` ${next.join(" ")}`;
				const text = own.map((each) => ` ${each}`).join("");
				const kept = withoutRepeats(text + after, { before: "x", after });
				assert.ok(text.startsWith(kept));
			}),
		);
	});
});

describe("suggestions that were made", () => {
	const around = { before: "const a = ", after: "\nend" };

	it("are there again at the same place, also where there is nothing to suggest", () => {
		const cache = createSuggestionCache();
		assert.equal(cache.find("a.ts", around), undefined);
		cache.keep("a.ts", around, "");
		assert.equal(cache.find("a.ts", around), "");
		cache.clear();
		assert.equal(cache.find("a.ts", around), undefined);
	});

	it("stay while what they say is typed, and go with another letter, another text or another document", () => {
		const text = fc.string({ minLength: 2, maxLength: 40 });
		fc.assert(
			fc.property(text, text, text, fc.nat(), (before, suggestion, after, many) => {
				const cache = createSuggestionCache();
				cache.keep("a.ts", { before, after }, suggestion);
				const typed = many % suggestion.length;
				const now = before + suggestion.slice(0, typed);
				assert.equal(cache.find("a.ts", { before: now, after }), suggestion.slice(typed));
				assert.equal(cache.find("b.ts", { before: now, after }), undefined);
				assert.equal(cache.find("a.ts", { before: `${now}\u0000`, after }), undefined);
				assert.equal(cache.find("a.ts", { before: now, after: `\u0000${after}` }), undefined);
			}),
		);
	});

	it("go on where the editor closed a bracket that was typed, without that bracket", () => {
		const cache = createSuggestionCache();
		cache.keep("a.ts", around, "f(1)");
		assert.equal(cache.find("a.ts", { before: "const a = f(", after: ")\nend" }), "1");
	});

	it("are forgotten after the fifty that followed", () => {
		const cache = createSuggestionCache();
		cache.keep("a.ts", around, "x");
		for (let n = 0; n < 50; n++) cache.keep(`${n}.ts`, around, "y");
		assert.equal(cache.find("a.ts", around), undefined);
		assert.equal(cache.find("0.ts", around), "y");
	});
});
