import assert from "node:assert/strict";
import { createTamer } from "../../src/node/tame.ts";
import { typed } from "../../src/node/typed.ts";

const whole = (...chunks: readonly string[]) => {
	const tame = createTamer();
	return chunks.map((chunk) => tame(chunk)).join("");
};

describe("output for a terminal", () => {
	it("keeps colours, cursor movements and text", () => {
		const text = "\x1b[31mred\x1b[0m 10%\r20%\x1b[2K\x1b[1A\tend\r\n日本語\x1b(B\x1b7\x1b8";
		assert.equal(whole(text), text);
	});
	for (const [name, text] of [
		["the clipboard", "\x1b]52;c;ZXZpbA==\x07"],
		["a link", "\x1b]8;;command:x\x1b\\text\x1b]8;;\x1b\\"],
		["shell integration", "\x1b]633;E;rm -rf /\x07"],
		["a device string", "\x1bP$q q\x1b\\"],
		["application strings", "\x1b_x\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\"],
		["their short forms", "\x9d52;c;x\x07\x90x\x98x\x9ex\x9fx"],
		["controls in between, which a terminal skips", "\x1b\n\r]52;c;x\x07"],
		["an escape before the escape", "\x1b\x1b]52;c;x\x07"],
	] as const)
		it(`carries out no sequence with a text in it, however it is cut: ${name}`, () => {
			for (let at = 0; at <= text.length; at++) {
				const out = whole(text.slice(0, at), text.slice(at), ".");
				// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
				assert.doesNotMatch(out, /\x1b[\x00-\x17\x19\x1c-\x1f\x7f]*[\]PX^_]|[\x90\x98\x9d-\x9f]/, JSON.stringify(out));
				assert.match(out, /␛/);
			}
		});
	it("holds nothing back for ever", () => {
		assert.equal(whole(`a\x1b${"\n".repeat(100)}`, "]b"), `a␛${"\n".repeat(100)}]b`);
	});
});

describe("a command that is typed and not run", () => {
	it("is typed as it is when it is one line of plain characters", () => {
		assert.equal(
			typed('npm run build && echo "$HOME" | tr a-z A-Z # ~`\''),
			'npm run build && echo "$HOME" | tr a-z A-Z # ~`\'',
		);
		assert.equal(typed("  ls \n"), "ls");
	});
	const characters = [
		"\n",
		"\r",
		"\x0f",
		"\x03",
		"\x04",
		"\x1b",
		"\t",
		"\x00",
		"\x7f",
		"\x85",
		"\u2028",
		"\u202e",
		"é",
		"\u00a0",
	];
	for (const character of characters)
		it(`is not typed with ${JSON.stringify(character)} in it`, () => {
			assert.equal(typed(`echo a${character}b`), undefined);
		});
	it("is not typed where it is empty, or longer than a terminal takes", () => {
		assert.deepEqual(
			[typed(" \n"), typed("x".repeat(1001)), typed("x".repeat(1000))?.length],
			[undefined, undefined, 1000],
		);
	});
});
