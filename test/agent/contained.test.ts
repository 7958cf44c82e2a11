import assert from "node:assert/strict";
import fc from "fast-check";
import Markdown from "markdown-it";
import { chatMarkdown } from "../../src/agent/chat-markdown.ts";
import { contained } from "../../src/agent/contained.ts";
import type { Recorded, Unstamped } from "../../src/shared/event.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import "../fake/seed.ts";

const html = new Markdown({ html: true });

/** A whole document, in which somebody said this and Kimi answered with it. */
function documentWith(text: string): string {
	const parts = [
		{ kind: "text", text } as const,
		{ kind: "reasoning", text } as const,
		{ kind: "call", id: "a", tool: text, args: text } as const,
	];
	const events: Unstamped[] = [
		{ type: "opened", version: 1, chat: "c", system: "S" },
		{ type: "titled", title: "T" },
		{ type: "prompted", text },
		{ type: "replied", parts, finish: "stop", complete: true, model: text, ms: 1 },
		{ type: "finished", callId: "a", failed: false, text, ms: 1 },
		{ type: "ended", reason: "done" },
		{ type: "prompted", text: "THE END" },
	];
	const stamped = events.map((event, seq): Recorded => ({ ...event, seq, at: 1 }));
	return chatMarkdown(stamped.reduce(reduce, emptyChat));
}

describe("text of others in a chat that was exported as Markdown", () => {
	const cases: readonly (readonly [text: string, made: string])[] = [
		["a\n```js\nx <b>", "a\n```js\nx <b>\n```"],
		["```\na\n````\nb", "```\na\n````\nb"],
		["~~~\n```\n~~~~\n<!-- x", "~~~\n```\n~~~~\n&lt;!-- x"],
		["- a\n  ```\n  <b>\n    c\n  ```\n<b>", "- a\n```\n<b>\n  c\n```\n&lt;b>"],
		["`\u0001``\n<b>", "```\n<b>\n```"],
		["a `x<y>` b <i> ![p](https://x.com/?q)", "a <code>x&#60;y></code> b &lt;i> !\\[p](https://x.com/?q)"],
		["use `![a]` and `b`", "use <code>&#33;&#91;a&#93;</code> and `b`"],
		["``` ````<b>````", "\\``` <code>&#60;b></code>"],
		["## You", "#### You"],
		["###### You", "###### You"],
		["You\n---\nYou\n===\n-", "You\n***\nYou\n\\===\n***"],
		["#hashtag, 1 < 2", "#hashtag, 1 &lt; 2"],
	];
	for (const [text, made] of cases)
		it(`stays what it is and ends where it ends: ${JSON.stringify(text)}`, () => {
			assert.equal(contained(text), made);
		});

	const pieces = [
		"```",
		"````",
		"~~~",
		"`",
		"``",
		"<!--",
		"<details>",
		"</details>",
		"<script>",
		"<b",
		"![a](b)",
		"\n",
	];
	const more = [
		"- ",
		"  ",
		"    ",
		"> ",
		"# ",
		"---",
		"\\",
		"x",
		"|",
		"[a]: b",
		"\r\n",
		"\u001b[2J",
		"\u202e",
		"<![CDATA[",
	];
	const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 30 }).map((all) => all.join(""));

	it("hides nothing of what comes after it, brings no tag of its own, and moves no cursor", () => {
		fc.assert(
			fc.property(text, (words) => {
				const made = documentWith(words);
				const shown = html.render(made);
				assert.match(shown, /<h2>You<\/h2>\n<blockquote>\n<p>THE END<\/p>\n<\/blockquote>\n<h2>Kimi<\/h2>\n$/, made);
				const headings = html
					.parse(made, {})
					.filter(({ tag, nesting, level }) => /^h[12]$/.test(tag) && nesting === 1 && level === 0);
				assert.equal(headings.length, 5, made);
				assert.deepEqual(
					[...shown.matchAll(/<\/?(?:details|script|img|b)\b|<!/g)].map(([tag]) => tag),
					["<details", "</details", "<details", "</details"].slice(0, words.trim() === "" ? 2 : 4),
					made,
				);
				// biome-ignore lint/suspicious/noControlCharactersInRegex: those that must not be there.
				assert.doesNotMatch(made, /[\u0000-\u0008\u000b-\u001f\u202e]/);
			}),
		);
	});
});
