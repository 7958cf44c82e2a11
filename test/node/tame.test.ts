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
	it("keeps what makes text look like something, and the cursor on the screen", () => {
		const kept = ["m", "0;1;31m", "38;2;255;128;0m", "4:3m", "58:2::255:0:0m", "9999A", "2B", "C", "10D", "E", "3F"];
		const more = ["1G", "5d", "H", "12;40H", ";5f", "K", "0K", "2K", "J", "1J", "2J", "?25l", "?25h", "s", "u"];
		for (const each of [...kept, ...more].map((rest) => `\x1b[${rest}`)) assert.equal(whole(`a${each}b`), `a${each}b`);
	});
	const many = "99999999";
	for (const each of [
		..."STLM@PXbABCDEFGHIZadef`hlmnpqrstux".split("").map((final) => `\x1b[${many}${final}`),
		..."STLM@PXb".split("").map((final) => `\x1b[${final}`),
		`\x1b[${many};1H`,
		`\x1b[1;${many}H`,
		`\x1b[1;${many}m`,
		`\x1b[${"1;".repeat(32)}1m`,
		"\x1b[3J",
		"\x1b[?1049h",
		"\x1b[?2004h",
		"\x1b[?25;1049h",
		"\x1b[6n",
		"\x1b[c",
		"\x1b[>c",
		"\x1b[8;1;1t",
		"\x1b[!p",
		"\x1b[1 q",
		"\x1bc",
		"\x1b#8",
		"\x1b(0",
		"\x1b)0",
		"\x1b%G",
		"\x1bM",
	])
		it(`leaves out ${JSON.stringify(each)}, however it is cut`, () => {
			for (let at = 0; at <= each.length; at++)
				assert.equal(whole(`a${each.slice(0, at)}`, `${each.slice(at)}b`), "ab");
		});
	for (const [name, text] of [
		["of 8 bits", `\x9b${many}S`],
		["with a line break in it", `\x1b[9999\n9999S`],
		["with a control in it", `\x1b[\x079999S`],
		["with another one in it", `\x1b[9999\x1b[9999S`],
		["with a letter of another script in it", "\x1b[1é9S"],
		["longer than any is", `\x1b[${"0".repeat(300)}1S`],
	] as const)
		it(`carries out no sequence that counts, ${name}, however it is cut`, () => {
			for (let at = 0; at <= text.length; at++) {
				const out = whole(text.slice(0, at), text.slice(at), ".");
				// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
				assert.doesNotMatch(out, /[\x1b\x80-\x9f]/, JSON.stringify(out));
			}
		});
	it("holds nothing back for ever", () => {
		assert.equal(whole(`a\x1b${"\n".repeat(100)}`, "]b"), `a␛${"\n".repeat(100)}]b`);
		assert.equal(whole(`a\x1b[${"1".repeat(300)}`), `a␛[${"1".repeat(300)}`);
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
