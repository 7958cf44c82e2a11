import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { cell, code, plainText } from "../../src/model/markdown.ts";
import "../fake/seed.ts";

/** As VS Code's preview renders, with HTML. */
const markdown = new MarkdownIt({ html: true });

/** Kinds of everything that a piece of Markdown becomes. */
function kinds(source: string): readonly string[] {
	const tokens = markdown.parse(source, {}).flatMap((token) => [token, ...(token.children ?? [])]);
	return [...new Set(tokens.map(({ type }) => type))];
}

/** The text that a reader sees. */
function seen(source: string): string {
	const inner = markdown.parseInline(source, {})[0]?.children ?? [];
	return inner.map(({ content }) => content).join("");
}

const hostile = fc
	.array(
		fc.oneof(
			fc.constantFrom("`", "``", "[a](https://evil.example)", "![x](https://evil.example/p.png)", "<img src=x>", "<b>"),
			fc.constantFrom(
				"<!--",
				"\n\n# PWNED\n\n",
				"\r",
				"|",
				"\\",
				"*",
				"_",
				"~~",
				"$$",
				"&lt;",
				"# ",
				"- ",
				"1. ",
				"> ",
			),
			fc.string(),
		),
	)
	.map((parts) => parts.join(""));

describe("Words of others in Markdown", () => {
	it("stay text, at the beginning of a list item and in a cell", () => {
		const inItem = ["bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "text_special"];
		fc.assert(
			fc.property(hostile, (text) => {
				const odd = kinds(`- ${plainText(text)}`).filter((kind) => !inItem.includes(kind.replace("_close", "_open")));
				assert.deepEqual(odd, []);
				const rows = markdown.render(`| a | b |\n|--|--|\n| ${cell(plainText(text))} | end |\n`);
				assert.match(rows, /<td>[^<]*<\/td>\n<td>end<\/td>\n<\/tr>\n<\/tbody>/);
			}),
		);
	});

	it("stay code where they are told as code, also in a cell", () => {
		fc.assert(
			fc.property(hostile, (text) => {
				assert.deepEqual(kinds(`It says ${code(text)}.`), [
					"paragraph_open",
					"inline",
					"text",
					"code_inline",
					"paragraph_close",
				]);
				const rows = markdown.render(`| a | b |\n|--|--|\n| ${cell(code(text))} | end |\n`);
				assert.match(rows, /<td><code>[^<]*<\/code><\/td>\n<td>end<\/td>\n<\/tr>\n<\/tbody>/);
			}),
		);
	});

	it("can be read as they were", () => {
		for (const text of ["kimi-k2.7 (vLLM) #1 - 5% off!", "a_b*c`d`", "# not a heading", "1. not a list", "R&D <x>"])
			assert.equal(seen(plainText(text)), text);
		assert.equal(seen(code("<|tool_call_begin|>")), "<|tool_call_begin|>");
	});
});
