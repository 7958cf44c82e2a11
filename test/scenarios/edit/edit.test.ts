import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, type Edit } from "../../../src/tools/match.ts";

/*
 * Edits as models send them. A `.txt` file holds cases:
 *
 *     === OUTCOME: name
 *     --- file            the file as it is; `crlf` after it: with Windows line ends
 *     --- old             what is to be replaced; `all` after it: everywhere. A line feed at the end is written `\n`
 *     --- new             by what; several pairs are a list of edits
 *     --- after           the file as it must be then; only where the edit is made
 *
 * OUTCOME says what was ignored to find the place (`exact` for nothing), or why the edit was refused. File and after end
 * with a line end unless `\c` is the last thing in them. `\t \r \n \s \uXXXX \u{XXXXX} \\` stand for characters that
 * nobody sees.
 */
interface Case {
	readonly outcome: string;
	readonly name: string;
	readonly sections: readonly { readonly kind: string; readonly option: string; readonly text: string }[];
}

function casesOf(source: string): Case[] {
	return source
		.split(/^=== /m)
		.slice(1)
		.map((block) => {
			const [head = "", ...rest] = block.split("\n");
			const [outcome = "", ...name] = head.split(": ");
			const sections = rest
				.join("\n")
				.split(/^--- /m)
				.slice(1)
				.map((part) => {
					const [title = "", ...lines] = part.replace(/\n+$/, "").split("\n");
					const [kind = "", option = ""] = title.split(" ");
					return { kind, option, text: plainOf(lines.join("\n")) };
				});
			return { outcome, name: name.join(": "), sections };
		});
}

const SIGNS: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", s: " ", c: "", "\\": "\\" };

function plainOf(text: string): string {
	const ends = text.endsWith("\\c");
	const plain = text.replace(/\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|(.))/g, (_, long, code, sign) => {
		if (sign === undefined) return String.fromCodePoint(Number.parseInt(long ?? code, 16));
		return SIGNS[sign] ?? assert.fail(`\\${sign} is no escape`);
	});
	return ends ? `${plain}\0` : plain;
}

/** A whole file: its last line ends, unless it says otherwise. */
function fileOf({ option, text }: Case["sections"][number]): string {
	const whole = text.endsWith("\0") ? text.slice(0, -1) : text === "" ? "" : `${text}\n`;
	return option === "crlf" ? whole.replaceAll("\n", "\r\n") : whole;
}

function editsOf({ sections }: Case): Edit[] {
	const news = sections.filter(({ kind }) => kind === "new");
	return sections
		.filter(({ kind }) => kind === "old")
		.map(({ text, option }, at) => ({
			old: text,
			new: news[at]?.text ?? assert.fail("no new text"),
			all: option === "all",
		}));
}

function outcomeOf(result: ReturnType<typeof applyEdits>): string {
	if (!result.ok) return result.trouble.kind;
	const ignored = new Set(result.drifts.flatMap((drift) => drift.ignored));
	return ignored.size === 0 ? "exact" : [...ignored].join("+");
}

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));
const all = files.map((name) => ({ name, cases: casesOf(readFileSync(join(import.meta.dirname, name), "utf8")) }));

describe("edit", () => {
	for (const { name, cases } of all)
		describe(name.replace(/\.txt$/, ""), () => {
			for (const one of cases)
				it(`${one.name} (${one.outcome})`, () => {
					const file = one.sections.find(({ kind }) => kind === "file") ?? assert.fail("no file");
					const after = one.sections.find(({ kind }) => kind === "after");
					const result = applyEdits(fileOf(file), editsOf(one));
					const text = result.ok ? result.text : undefined;
					assert.deepEqual(
						{ outcome: outcomeOf(result), text },
						{ outcome: one.outcome, text: after && fileOf(after) },
					);
				});
		});
	it("has at least 150 cases, 40 of them refusals, none twice", () => {
		const cases = all.flatMap((file) => file.cases);
		assert.ok(cases.length >= 150, `${cases.length} cases`);
		const refusals = cases.filter(({ sections }) => !sections.some(({ kind }) => kind === "after"));
		assert.ok(refusals.length >= 40, `${refusals.length} refusals`);
		assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
	});
});
