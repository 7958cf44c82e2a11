import assert from "node:assert/strict";
import fc from "fast-check";
import { createHeadTail, createStripper } from "../../src/node/output.ts";

function strip(...chunks: string[]): string {
	const stripper = createStripper();
	return chunks.map((chunk) => stripper.push(chunk)).join("") + stripper.end();
}

describe("createStripper", () => {
	const cases: readonly [name: string, raw: string, plain: string][] = [
		["plain text", "a\tb\nc", "a\tb\nc"],
		["colours", "\x1b[1;31mred\x1b[0m", "red"],
		["colours with colons", "\x1b[38:2:1:2:3mx", "x"],
		["cursor moves and modes", "a\x1b[2K\x1b[?25lb\x1b[1;1H", "ab"],
		["titles", "\x1b]0;title\x07text", "text"],
		["links", "\x1b]8;;https://x.y\x1b\\link\x1b]8;;\x1b\\", "link"],
		["clipboard writes", "a\x1b]52;c;ZXZpbA==\x07b", "ab"],
		["device strings", "a\x1bPq#0\x1b\\b", "ab"],
		["character sets and keypad modes", "\x1b(B\x1b=a\x1b>", "a"],
		["C1 controls", "a\x9b31mb\x85", "a31mb"],
		["backspaces and bells", "a\x08b\x07", "ab"],
		["NUL and delete", "a\0b\x7f", "ab"],
		["CRLF", "a\r\nb\r\n", "a\nb\n"],
		["progress lines", "1%\r2%\r3%\n", "1%\n2%\n3%\n"],
		["an escape that never ends", "a\x1b]0;x", "a]0;x"],
		["a lone escape at the end", "a\x1b", "a"],
		["an escape inside of a line end", "a\r\x1b[31m\nb", "a\n\nb"],
	];
	for (const [name, raw, plain] of cases) {
		it(`handles ${name}`, () => assert.equal(strip(raw), plain));
		it(`handles ${name}, one character at a time`, () => assert.equal(strip(...raw), plain));
	}
	it("gives the same text however the output is cut", () => {
		const parts = fc.constantFrom("a", "\r", "\n", "\r\n", "\x1b[31m", "\x1b]0;t\x07", "\x1b(B", "é", "\x1b[", "\b");
		fc.assert(
			fc.property(fc.array(parts), fc.nat(), (list, cut) => {
				const raw = list.join("");
				const at = cut % (raw.length + 1);
				assert.equal(strip(raw.slice(0, at), raw.slice(at)), strip(raw));
			}),
		);
	});
	it("does not hold back more than a few kilobytes", () => {
		const stripper = createStripper();
		const out = stripper.push(`\x1b]0;${"x".repeat(100_000)}`);
		assert.ok(out.length > 90_000);
	});
});

describe("createHeadTail", () => {
	const keep = (texts: readonly string[], head = 10, tail = 10) => {
		const kept = createHeadTail(head, tail);
		for (const text of texts) kept.push(text);
		return kept.end();
	};
	it("keeps all of a short text", () => {
		assert.deepEqual(keep(["abc", "def"]), { text: "abcdef", omitted: 0 });
		assert.deepEqual(keep([]), { text: "", omitted: 0 });
		assert.deepEqual(keep(["0123456789", "0123456789"]), { text: "01234567890123456789", omitted: 0 });
	});
	it("leaves out the middle of a long one and says how much", () => {
		const { text, omitted } = keep(["0123456789", "x".repeat(500), "9876543210"]);
		assert.deepEqual([text, omitted], ["0123456789\n[… 500 bytes left out …]\n9876543210", 500]);
	});
	it("cuts at line ends", () => {
		const { text } = keep(["ab\ncd\nefghijkl", "x".repeat(99), "uvw\nyz\n"]);
		assert.match(text, /^ab\ncd\n\[… \d+ bytes left out …\]\nyz\n$/);
	});
	it("counts bytes, and cuts no character in two", () => {
		const { text, omitted } = keep(["😀".repeat(100)], 3, 3);
		assert.deepEqual([text, omitted], ["😀\n[… 392 bytes left out …]\n😀", 392]);
	});
	it("adds up: what is kept and what is left out is what there was", () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 30 })), (texts) => {
				const { text, omitted } = keep(texts);
				const shown = Buffer.byteLength(omitted > 0 ? text.replace(/\n\[… \d+ bytes left out …\]\n/, "") : text);
				const total = Buffer.byteLength(texts.join(""));
				if (omitted === 0) assert.equal(text, texts.join(""));
				else assert.equal(shown + omitted, total);
			}),
		);
	});
});
