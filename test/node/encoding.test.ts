import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, encode, hashOf } from "../../src/node/encoding.ts";

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

describe("decode", () => {
	const texts: readonly [name: string, bytes: Buffer, expected: object][] = [
		["nothing as UTF-8", Buffer.from(""), { text: "", encoding: "utf8", bom: false }],
		["ASCII as UTF-8", Buffer.from("a\r\n"), { text: "a\r\n", encoding: "utf8", bom: false }],
		["UTF-8", Buffer.from("é😀"), { text: "é😀", encoding: "utf8", bom: false }],
		["UTF-8 with a mark", Buffer.from("\ufeffé"), { text: "é", encoding: "utf8", bom: true }],
		["a second mark as text", Buffer.from("\ufeff\ufeffé"), { text: "\ufeffé", encoding: "utf8", bom: true }],
		["UTF-16 LE by its mark", utf16("é\n"), { text: "é\n", encoding: "utf16le", bom: true }],
		["UTF-16 BE by its mark", utf16("é\n").swap16(), { text: "é\n", encoding: "utf16be", bom: true }],
		["Latin-1 where it is no UTF-8", Buffer.from([0x63, 0xe9]), { text: "cé", encoding: "latin1", bom: false }],
		[
			"bytes that Windows-1252 has otherwise",
			Buffer.from([0x80, 0x9f]),
			{ text: "\x80\x9f", encoding: "latin1", bom: false },
		],
		["escapes and form feeds", Buffer.from("\x1b[1m\f"), { text: "\x1b[1m\f", encoding: "utf8", bom: false }],
	];
	for (const [name, bytes, value] of texts)
		it(`reads ${name}`, () => assert.deepEqual(decode(bytes), { ok: true, value }));

	const binaries: readonly [name: string, bytes: Buffer][] = [
		["a NUL byte", Buffer.from("a\0b")],
		["control bytes outside of UTF-8", Buffer.from([0xff, 0x01])],
		["half a UTF-16 unit", Buffer.concat([utf16("a"), Buffer.from([0x20])])],
		["a lone surrogate in UTF-16", utf16("\ud800")],
		["UTF-16 with NUL characters", utf16("a\0")],
		["UTF-32 LE", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
		["UTF-16 without a mark", Buffer.from("ab", "utf16le")],
	];
	for (const [name, bytes] of binaries)
		it(`refuses ${name} as binary`, () => {
			const result = decode(bytes);
			assert.ok(!result.ok && result.failure.code === "binary");
		});

	it("gives text that encodes to the same bytes, whatever it accepts", () => {
		const some = fc.oneof(
			fc.uint8Array(),
			fc.string({ unit: "binary" }).map((text) => new Uint8Array(Buffer.from(text))),
			fc.string({ unit: "binary" }).map((text) => new Uint8Array(utf16(text))),
			fc.uint8Array({ min: 32 }).map((bytes) => new Uint8Array([...bytes, 0xe9])),
		);
		fc.assert(
			fc.property(some, (bytes) => {
				const content = decode(bytes);
				if (!content.ok) return;
				const back = encode(content.value);
				assert.ok(back.ok);
				assert.deepEqual(new Uint8Array(back.value), bytes);
				assert.equal(hashOf(back.value), hashOf(bytes));
			}),
			{ numRuns: 500 },
		);
	});
});

describe("encode", () => {
	it("refuses what Latin-1 cannot hold, naming it", () => {
		assert.deepEqual(encode({ text: "a€", encoding: "latin1", bom: false }), {
			ok: false,
			failure: { code: "encoding", message: "The file is Latin-1, which cannot hold € (U+20AC). Nothing was written." },
		});
	});
	it("refuses text of an encoding that only an editor knows: as another one it would be other bytes", () => {
		const result = encode({ text: "Straße", encoding: "foreign", bom: false });
		assert.ok(!result.ok && result.failure.code === "encoding");
	});
	it("refuses half a character in every other encoding", () => {
		for (const encoding of ["utf8", "utf16le", "utf16be"] as const) {
			const result = encode({ text: "a\udc00", encoding, bom: true });
			assert.ok(!result.ok && result.failure.code === "encoding", encoding);
		}
	});
});
