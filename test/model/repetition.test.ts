import assert from "node:assert/strict";
import { createRepetitionWatch } from "../../src/model/repetition.ts";

/** After how many characters it is certain; undefined when it never is. */
function certainAfter(kind: "text" | "reasoning", told: string, size: number): number | undefined {
	const watch = createRepetitionWatch();
	for (let at = 0; at < told.length; at += size) {
		watch.add(kind, told.slice(at, at + size));
		if (watch.certain) return at + size;
	}
	return undefined;
}

const counted = (times: number, each: (n: number) => string) =>
	Array.from({ length: times }, (_, n) => each(n)).join("");
const paragraphs =
	"Wait, let me look at the file again.\n\nThe function returns early, so the test fails. But is it so?\n\n";
const pages = (passage: string) => passage.repeat(Math.ceil(60_000 / passage.length));

const stuck: Readonly<Record<string, readonly ["text" | "reasoning", string]>> = {
	"exclamation marks": ["reasoning", "!".repeat(2000)],
	"line feeds in a text": ["text", `Done.${"\n".repeat(2000)}`],
	"a line of thinking": ["reasoning", "Let me check again.\n".repeat(150)],
	"paragraphs of thinking": ["reasoning", `First I read it. ${pages(paragraphs)}`],
	"a sentence without line feeds": ["reasoning", pages("Actually, let me think about it once more. ")],
	"paragraphs of a text": ["text", `It is done. ${pages(paragraphs)}`],
	"a long passage": ["text", pages(counted(40, (n) => `Point ${n} needs care. `))],
};

const fine: Readonly<Record<string, string>> = {
	"a table of equal rows": `| a | b |\n|---|---|\n${"| 0 | 0 |\n".repeat(600)}`,
	"long rulers": `${"=".repeat(200)}\n`.repeat(20),
	"zeros in base64": "AAAA".repeat(200),
	"an array of zeros": "0x00, ".repeat(2000),
	"a list that counts": counted(5000, (n) => `Line ${n} of many, each like the others.\n`),
	"a board": `${"+---".repeat(40)}+\n${"|   ".repeat(40)}|\n`.repeat(40),
	"code of one shape": counted(900, (n) => `\tcase "${n}":\n\t\treturn value${n};\n`),
	"a song with a refrain": counted(30, (n) => `${n} verses of it, and more to come.\n${paragraphs}`),
};

describe("an answer that says the same without end", () => {
	for (const [name, [kind, told]] of Object.entries(stuck)) {
		it(`is noticed: ${name}`, () => {
			for (const size of [1, 7, 100]) {
				const at = certainAfter(kind, told, size);
				assert.ok(at !== undefined && at <= 30_000, `${at} in pieces of ${size}`);
			}
		});
	}
	for (const [name, told] of Object.entries(fine)) {
		it(`is not what it looks like: ${name}`, () => {
			for (const size of [1, 7, 100]) assert.equal(certainAfter("text", told, size), undefined);
		});
	}
});
