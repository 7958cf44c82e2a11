import assert from "node:assert/strict";
import { createRepetitionWatch } from "../../src/model/repetition.ts";

type Kind = Parameters<typeof createRepetitionWatch>[0];

/** After how many characters it is certain; undefined when it never is. */
function certainAfter(kind: Kind, told: string, size: number): number | undefined {
	const watch = createRepetitionWatch(kind);
	for (let at = 0; at < told.length; at += size) if (watch(told.slice(at, at + size))) return at + size;
	return undefined;
}

const counted = (times: number, each: (n: number) => string) =>
	Array.from({ length: times }, (_, n) => each(n)).join("");
const paragraphs =
	"Wait, let me look at the file again.\n\nThe function returns early, so the test fails. But is it so?\n\n";
const pages = (passage: string) => passage.repeat(Math.ceil(150_000 / passage.length));

/** After how many characters at the latest. */
const LATEST: Readonly<Record<Kind, number>> = { text: 75_000, reasoning: 30_000, arguments: 105_000 };

const stuck: Readonly<Record<string, readonly [Kind, string]>> = {
	"exclamation marks": ["reasoning", "!".repeat(2000)],
	"line feeds in a text": ["text", `Done.${"\n".repeat(5000)}`],
	"a line of thinking": ["reasoning", "Let me check again.\n".repeat(150)],
	"paragraphs of thinking": ["reasoning", `First I read it. ${pages(paragraphs)}`],
	"a sentence without line feeds": ["reasoning", pages("Actually, let me think about it once more. ")],
	"paragraphs of a text": ["text", `It is done. ${pages(paragraphs)}`],
	"a long passage": ["text", pages(counted(40, (n) => `Point ${n} needs care. `))],
	"brackets in thinking": ["reasoning", "}\n".repeat(2500)],
	"tabs in arguments": ["arguments", `{"text":"a"${"\t".repeat(70_000)}`],
	"blank lines in arguments": ["arguments", `{"text":"a"${pages("\n  \t")}`],
	"a line in arguments": ["arguments", `{"text":"${pages("let it = be;\\n")}`],
};

const row = "0,0,0,0\n";
const fineThinking: Readonly<Record<string, string>> = {
	"a log of a test": "  ok\n".repeat(300),
	"brackets with blank lines between": "}\n\n".repeat(300),
	"a list of nothing": `[\n${"null,\n".repeat(500)}]`,
	"items to do": "- [ ]\n".repeat(150),
	"a line that was said some times": "Let me check again.\n".repeat(60),
	"rows of a table": `It looks like this:\n${"| 0 | 0 |\n".repeat(1500)}`,
};
const fineArguments: Readonly<Record<string, string>> = {
	"a file of equal rows": `{"path":"a.csv","text":"${"0,0,0,0\\n".repeat(5000)}"}`,
	"a file that is padded": `{"text":"${" ".repeat(60_000)}"}`,
};

const fine: Readonly<Record<string, string>> = {
	"pages of equal rows": row.repeat(4500),
	"a long ruler": "-".repeat(1500),
	"zeros in a row in base64": "A".repeat(2000),
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
				assert.ok(at !== undefined && at <= LATEST[kind], `${at} in pieces of ${size}`);
			}
		});
	}
	const allFine = [
		...Object.entries(fine).map((each) => ["text", ...each] as const),
		...Object.entries(fineThinking).map((each) => ["reasoning", ...each] as const),
		...Object.entries(fineArguments).map((each) => ["arguments", ...each] as const),
	];
	for (const [kind, name, told] of allFine) {
		it(`is not what it looks like: ${name} in ${kind}`, () => {
			for (const size of [1, 7, 100]) assert.equal(certainAfter(kind, told, size), undefined);
		});
	}
});
