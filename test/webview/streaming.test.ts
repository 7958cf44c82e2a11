import assert from "node:assert/strict";
import fc from "fast-check";
import { renderMarkdown } from "../../src/webview/markdown.ts";
import { createStream, type Shown } from "../../src/webview/streaming.ts";

const corpus: Readonly<Record<string, string>> = {
	answer:
		"The total ignored the coupon.\n\n## What I changed\n\n- `src/cart.ts:14` takes it off **once**\n- never below zero\n\n```ts\nconst a = `x`;\n\nreturn a;\n```\n\nDone.\n",
	tables: "Before\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n| 3 | 4 |\n\nafter\n| not | a table\nstill text\n\n|x|\n|-|\n",
	lists:
		"1. one\n2. two\n\n   more of two\n3. three\n   - a\n     - b\n\n       c\n\n4. four\n\ntext\n\n- [ ] todo\n- [x] done\n* other list\n+ third\n",
	quotes: "> a\nlazy\n> b\n>\n> > nested\n> - list\n- not lazy\n> again\n===\n\n> ```\n> code\n\nout\n",
	headings: "Title\n===\n\nSub\n---\ntext\n---\n# A\n## B #\ntext\n***\n- - -\n___\n",
	code: "````md\n```ts\nx\n```\n````\n\n    indented\n\n    more\n\n~~~\nopen <b>\n",
	links:
		"See [guide] and [the guide][g].\n\nMore text with [guide].\n\n[guide]: https://a.example/guide\n[g]: https://a.example/g\n  'A title'\n\nAnd [guide] again, ![pic][g].\n",
	"title on the next line": 'A [x].\n\n[x]: https://a.example\n"a title\nin two lines"\n\nafter [x]\n',
	"definition in a quote": "See [q].\n\n> [q]: https://a.example/q\n> text\n\nSee [q].\n",
	"windows line ends": "# A\r\n\r\ntext\r\nmore\r\n\r\n- a\r\n- b\r\n\r\n```js\r\nlet x;\r\n```\r\n",
	"old line ends": "# A\r\rtext\r\r- a\r- b\r",
	unicode: "Grüße 👩‍👩‍👧 in *漢字*。\n\n**強調**文\n\n\u202eabc\n",
	broken: "**open\n\n`open\n\n[open](\n\n| open\n\n```\nnever closed\n\nstill",
	html: "<div>\n\ntext\n\n</div>\n\n<!-- c -->\n\n<script>\nx\n</script>\n",
	blank: "\n\n\n",
	"one line": "Hello",
};

const html = (shown: Shown) => shown.pieces.map((piece) => piece.html).join("") + shown.tail;

/** Feeds a source in pieces and returns everything that was shown on the way. */
function stream(source: string, cuts: readonly number[]): Shown[] {
	const stream = createStream();
	const ends = [...new Set(cuts.map((cut) => cut % (source.length + 1)))].sort((a, b) => a - b);
	return [...ends.map((end) => stream.update(source.slice(0, end), false)), stream.update(source, true)];
}

const cuts = fc.array(fc.nat({ max: 10_000 }), { maxLength: 40 });

describe("a message that streams", () => {
	for (const [name, source] of Object.entries(corpus))
		it(`equals the whole message at its end, whatever the splits: ${name}`, () => {
			fc.assert(
				fc.property(cuts, (at) => {
					const last = stream(source, at).at(-1);
					assert.deepEqual(last && html(last), renderMarkdown(source));
				}),
				{ seed: 7, numRuns: 150 },
			);
		});

	it("equals the whole message for documents put together at random, character by character", () => {
		const lines = Object.values(corpus).flatMap((source) => source.split(/\r\n|\r|\n/));
		const document = fc.array(fc.constantFrom(...lines, "", "", "- ", "> ", "```", "---", "===", "|-|", "  "), {
			maxLength: 14,
		});
		fc.assert(
			fc.property(document, (parts) => {
				const source = parts.join("\n");
				const shown = stream(
					source,
					[...source].map((_, index) => index),
				).at(-1);
				assert.equal(shown && html(shown), renderMarkdown(source), JSON.stringify(source));
			}),
			{ seed: 11, numRuns: 1000 },
		);
	});

	it("never changes a finished piece, but for a link that gets its target later", () => {
		for (const [name, source] of Object.entries(corpus)) {
			const all = stream(
				source,
				[...source].map((_, index) => index),
			);
			for (const [index, shown] of all.entries()) {
				const before = all[index - 1]?.pieces ?? [];
				for (const [place, piece] of before.entries())
					if (!piece.source.includes("[")) assert.equal(shown.pieces[place], piece, name);
			}
		}
	});

	it("shows everything that has come so far while it streams", () => {
		const stream = createStream();
		for (const end of [3, 40, 60, 90]) {
			const text = corpus["answer"]?.slice(0, end) ?? "";
			const shown = html(stream.update(text, false)).replace(/<[^>]+>|\s/g, "");
			assert.equal(shown, renderMarkdown(text).replace(/<[^>]+>|\s/g, ""));
		}
	});

	it("starts again when the text is another one", () => {
		const stream = createStream();
		stream.update("# One\n\ntext\n\nmore", false);
		assert.equal(html(stream.update("# Two\n\ntext", true)), renderMarkdown("# Two\n\ntext"));
		assert.equal(html(stream.update("# Two\n\ntext, edited", true)), renderMarkdown("# Two\n\ntext, edited"));
	});

	it("parses each block once: the tail stays as short as the last block, in a message of 100 KB", () => {
		const block = `${corpus["answer"]}\n`;
		const source = block.repeat(Math.ceil(100_000 / block.length));
		const stream = createStream();
		let longest = 0;
		for (let end = 500; end < source.length; end += 500) {
			const { pieces } = stream.update(source.slice(0, end), false);
			const frozen = pieces.reduce((sum, piece) => sum + piece.source.length, 0);
			longest = Math.max(longest, end - frozen);
		}
		assert.ok(longest < 700, `tail of ${longest} characters`);
	});
});
