import assert from "node:assert/strict";
import { presets } from "../../src/model/presets.ts";
import { scrub } from "../../src/model/scrub.ts";

describe("scrubbing", () => {
	it("takes out the key, bearer tokens and what looks like a key, and leaves the rest", () => {
		const text = "key sk-secret-123456, Bearer abc.def-1, hf_abcdefghijklmnopqrst, sk-or-v1-0123 and sketch-book";
		assert.equal(scrub(text, { key: "sk-secret-123456" }), "key [key], Bearer [key], [key], [key] and sketch-book");
	});

	it("leaves names that only begin like a key", () => {
		const text = "extra fields key_value and api-key-header, sk-learn, a key-value store, hf_transfer";
		assert.equal(scrub(text, {}), text);
	});

	it("knows the key of every preset by itself only", () => {
		for (const { name } of presets) assert.equal(scrub(name, {}), name);
	});

	const key = '+ab/Cd"12=';
	const echoes: readonly (readonly [how: string, text: string])[] = [
		["as it is", key],
		["in a URL", encodeURIComponent(key)],
		["in a URL with small digits", encodeURIComponent(key).toLowerCase()],
		["in JSON", JSON.stringify(key)],
		["in JSON inside of JSON", JSON.stringify(JSON.stringify({ key }))],
		["in JSON with numbers for signs", "\\u002bab\\u002FCd\\u002212\\u003D"],
		["in JSON with escaped slashes", '+ab\\/Cd\\"12='],
		["in other letters", key.toUpperCase()],
	];
	for (const [how, text] of echoes)
		it(`finds a key ${how}`, () => {
			const clear = scrub(`Wrong key ${text}.`, { key: ` ${key} ` });
			assert.match(clear, /^Wrong key .*\[key\].*\.$/);
			assert.doesNotMatch(clear, /cd/i);
		});

	it("finds a short key as a word only", () => {
		assert.equal(
			scrub("Bad key abc12, not xabc12 or abc123.", { key: "abc12" }),
			"Bad key [key], not xabc12 or abc123.",
		);
		assert.equal(scrub("A bad key.", { key: "a" }), "A bad key.");
	});

	it("takes out headers that look secret, without their scheme and blanks as well", () => {
		const headers = { "X-Auth": "Basic dXNlcjpwYXNz", "X-Api-Key": "AbCd-1234 " };
		assert.equal(scrub("Basic dXNlcjpwYXNz, dXNlcjpwYXNz and AbCd-1234", { headers }), "[key], [key] and [key]");
	});

	it("leaves the words of harmless headers alone", () => {
		const headers = { "X-Mode": "tokens", "X-Org": "org-42-value" };
		assert.equal(scrub("4096 tokens of org-42-value", { headers }), "4096 tokens of org-42-value");
	});

	it("takes no time over a long text of nothing but what a key begins with", () => {
		const text = "\\".repeat(64 * 1024);
		assert.equal(scrub(text, { key: "////////" }), text);
	});
});
