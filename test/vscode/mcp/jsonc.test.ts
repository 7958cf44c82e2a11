import assert from "node:assert/strict";
import { readJsonc } from "../../../src/vscode/mcp/jsonc.ts";

const FILE = `// mine
{
	/* a "comment" with { brackets
	over lines */
	"servers": {
		"one": { "url": "http://a.example/*not a comment*/" },
		"two": { "args": ["//no", "a,]",], },
	},
	"inputs": [
		{ "id": "a" },
		{ "id": "b" },
	],
}
`;

describe("JSON with comments", () => {
	it("is read with its comments and last commas, and texts that look like them are left alone", () => {
		const read = readJsonc(FILE);
		assert.ok("value" in read);
		assert.deepEqual(read.value, {
			servers: { one: { url: "http://a.example/*not a comment*/" }, two: { args: ["//no", "a,]"] } },
			inputs: [{ id: "a" }, { id: "b" }],
		});
	});

	it("says the line of a name and of an entry; of what is not there, that of what is around it", () => {
		const read = readJsonc(FILE);
		assert.ok("value" in read);
		const lines = [
			read.lineOf("servers", "two", "args"),
			read.lineOf("servers", "one", "command"),
			read.lineOf("inputs", 1),
			read.lineOf("nothing"),
		];
		assert.deepEqual(lines, [7, 6, 11, 1]);
	});

	it("that is broken says where; an empty file is an empty object", () => {
		assert.deepEqual(readJsonc('{\n"a": 1\n"b": 2\n}'), { brokenAt: 3 });
		assert.deepEqual(readJsonc('{\n"a": {\n\n'), { brokenAt: 4 });
		const empty = readJsonc("\ufeff// nothing\n");
		assert.deepEqual("value" in empty && empty.value, {});
	});

	it("of a hostile file takes no longer than its length: unclosed texts, comments in comments, commas", () => {
		for (const text of ['"'.repeat(200_000), "/*".repeat(100_000), ",//".repeat(70_000), "[".repeat(200_000)])
			assert.ok("brokenAt" in readJsonc(text));
		const deep = readJsonc(`${'[{"a":'.repeat(2_000)}1${"}]".repeat(2_000)}`);
		assert.equal("value" in deep && deep.lineOf(0, "a", 0, "a", 0, "a"), 1);
	});
});
