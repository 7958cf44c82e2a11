import assert from "node:assert/strict";
import { highlight } from "../../src/webview/highlight.ts";
import { renderMarkdown } from "../../src/webview/markdown.ts";
import { createStream } from "../../src/webview/streaming.ts";
import { payloads } from "../security/payloads.ts";
import { assertSafe } from "./safe-html.ts";

const corpus = payloads({ http: "http://127.0.0.1:9", https: "https://127.0.0.1:8" });
const kinds = [...new Set(corpus.map(({ kind }) => kind))];

describe("renderMarkdown, on the corpus of hostile texts", () => {
	for (const kind of kinds)
		it(`lets nothing through: ${kind}`, () => {
			for (const { text } of corpus.filter((each) => each.kind === kind)) assertSafe(renderMarkdown(text), text);
		});

	it("lets nothing through while a text arrives, wherever it is cut", () => {
		for (const { text } of corpus.filter(({ kind }) => kind !== "deep")) {
			const stream = createStream();
			for (let end = 1; end <= text.length; end++) {
				const { pieces, tail } = stream.update(text.slice(0, end), end === text.length);
				assertSafe(tail, text);
				for (const { html } of pieces) assertSafe(html, text);
			}
		}
	});

	it("lets nothing through where all of them are one message", () => {
		const message = corpus.map(({ text }) => text).join("\n\n");
		assertSafe(renderMarkdown(message), "all of them");
	});

	it("has no id, name or style that a text could choose", () => {
		const html = renderMarkdown("# root {#root}\n\n<a id=root name=api style=color:red>x</a>\n\n[root](#root)");
		assert.doesNotMatch(html, /<[^>]* (id|name|style)=/);
	});
});

describe("hidden characters in a message", () => {
	it("are named, and stay for whoever copies the code", () => {
		assert.equal(
			renderMarkdown("`a\u202eb`"),
			'<p><code>a<mark class="unseen" data-char="U+202E">\u202e</mark>b</code></p>\n',
		);
		assert.ok(renderMarkdown("```ts\n// \u2066x\n```").includes('data-char="U+2066"'));
		assert.ok(renderMarkdown("```\n\u{e0041}\n```").includes('data-char="U+E0041"'));
		assert.ok(renderMarkdown("say \u200b\u001b[31m").includes('data-char="U+001B"'));
	});

	it("that scripts and emoji need stay as they are", () => {
		const text = "\u2764\ufe0f \u{1f468}\u200d\u{1f469} \u0645\u06cc\u200c\u062e";
		assert.equal(renderMarkdown(text), `<p>${text}</p>\n`);
	});
});

describe("text that is made to take forever", () => {
	const languages = "bash c cpp csharp css diff go ini java javascript json md php python ruby rust sql ts xml yaml";
	const bombs = [
		"[a](",
		"a",
		"_a",
		"$",
		"0b",
		"--a",
		"a\n",
		"async ",
		"<a ",
		"(",
		"\\",
		"![",
		"<![CDATA[",
		"'''",
		"\n",
	];
	for (const language of languages.split(" "))
		it(`is coloured in pieces or not at all: ${language}`, () => {
			// A fifth of the limit: enough to hang without the pieces, where time grows with the square and more.
			for (const bomb of bombs) {
				const code = bomb.repeat(Math.ceil(12_000 / bomb.length));
				const html = highlight(code, language);
				if (html !== undefined) assertSafe(html, language);
			}
		});

	it("keeps all of the code where it is coloured in pieces", () => {
		const code = Array.from({ length: 900 }, (_, i) => `const a${i} = "<${i}>"; // ${i}\n${i % 7 ? "" : "\n"}`).join(
			"",
		);
		const html = highlight(code, "ts") ?? "";
		const text = html
			.replaceAll(/<[^>]+>/g, "")
			.replaceAll("&quot;", '"')
			.replaceAll("&lt;", "<")
			.replaceAll("&gt;", ">");
		assert.equal(text, code);
		assert.ok(html.includes("hljs-keyword"));
	});

	const shapes: Readonly<Record<string, string>> = {
		brackets: "[",
		images: "![a](",
		emphasis: "**a *b ",
		backticks: "` ``",
		quotes: "> a\n",
		definitions: "[a]: x '",
		tables: "|a\n|-|\n",
		links: "http://a.b/(",
		entities: "&a",
		comments: "<!--",
		strike: "~~a ",
	};
	for (const [name, shape] of Object.entries(shapes))
		it(`is rendered or shown as it is: ${name}`, () => {
			const text = shape.repeat(Math.ceil(100_000 / shape.length));
			assertSafe(renderMarkdown(text), name);
			assertSafe(renderMarkdown(shape.repeat(Math.ceil(2_000_000 / shape.length))), name);
		});

	it("does not make each update of one endless block cost more than the last", () => {
		const stream = createStream();
		const line = "- an item of a list that never ends\n";
		let shown = stream.update("", false);
		for (let lines = 1; lines < 6_000; lines += 50) shown = stream.update(line.repeat(lines), false);
		assert.ok(shown.tail.startsWith('<pre class="plain">'));
		shown = stream.update(line.repeat(6_000), true);
		assert.equal(shown.tail, "");
		assert.equal(shown.pieces.map(({ source }) => source).join(""), line.repeat(6_000));
	});
});
