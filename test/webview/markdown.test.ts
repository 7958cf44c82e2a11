import assert from "node:assert/strict";
import fc from "fast-check";
import { linkTarget, renderMarkdown } from "../../src/webview/markdown.ts";
import { assertSafe } from "./safe-html.ts";

const payloads: readonly string[] = [
	"<script>alert(1)</script>",
	"<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
	"<scr<script>ipt>alert(1)</scr</script>ipt>",
	"<img src=x onerror=alert(1)>",
	"<img/src=x/onerror=alert(1)//",
	"<svg onload=alert(1)>",
	"<svg><script>alert(1)</script></svg>",
	"<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
	"<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
	"<iframe src=https://evil.example></iframe>",
	"<iframe srcdoc='<script>alert(1)</script>'>",
	'<object data="data:text/html,<script>alert(1)</script>"></object>',
	"<embed src=//evil.example>",
	"<base href=//evil.example/>",
	'<meta http-equiv="refresh" content="0;url=https://evil.example">',
	"<link rel=stylesheet href=//evil.example/x.css>",
	"<style>@import url(//evil.example/x.css);</style>",
	"<form action=//evil.example><input name=key><button>Send</button></form>",
	"<body onload=alert(1)>",
	"<details open ontoggle=alert(1)>",
	"<video><source onerror=alert(1)>",
	"<audio src=x onerror=alert(1)>",
	"<a href=javascript:alert(1)>x</a>",
	"<div style=position:fixed;inset:0>cover</div>",
	"<template><script>alert(1)</script></template>",
	"<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
	"<!--<img src='--><img src=x onerror=alert(1)>'>",
	"<![CDATA[<script>alert(1)</script>]]>",
	"<?xml version='1.0'?><script>alert(1)</script>",
	"<x onclick=alert(1)>x</x>",
	"<portal src=https://evil.example>",
	"</div></main><div data-testid=accept>",
	"[x](javascript:alert(1))",
	"[x](JaVaScRiPt:alert(1))",
	"[x](  javascript:alert(1))",
	"[x](java\tscript:alert(1))",
	"[x](java&#10;script:alert(1))",
	"[x](javascript&colon;alert(1))",
	"[x](&#106;&#97;vascript:alert(1))",
	"[x](&#x6A;avascript:alert(1))",
	"[x](\u0001javascript:alert(1))",
	"[x](%6Aavascript:alert(1))",
	"[x](javascript%3Aalert(1))",
	"[x](vbscript:msgbox(1))",
	"[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
	"[x](file:///etc/passwd)",
	"[x](command:workbench.action.terminal.new)",
	"[x](vscode://evil.extension/run)",
	"[x](vscode-webview://x/y)",
	"[x](vscode-resource://x/y)",
	"[x](blob:https://evil.example/1)",
	"[x](about:blank)",
	"[x](//evil.example/x)",
	"[x](\\\\evil.example\\share)",
	"[x](https:\\\\evil.example)",
	"[x](https:evil.example)",
	"[x](http:///evil.example)",
	'[x](https://a.example" onclick="alert(1))',
	"[x](<javascript:alert(1)>)",
	'[x](https://a.example "x\\" onmouseover=\\"alert(1)")',
	'[x](src/a.ts" onclick="alert(1)")',
	"[x][r]\n\n[r]: javascript:alert(1)",
	"[x][r]\n\n[r]: <data:text/html,x>",
	"[r]\n\n[r]: command:x 'title'",
	"<javascript:alert(1)>",
	"<command:workbench.action.quit>",
	"![x](https://evil.example/pixel.png)",
	"![x](javascript:alert(1))",
	"![x](data:image/svg+xml;base64,PHN2Zy8+)",
	"![x](data:image/png;base64,iVBORw0KGgo=)",
	'![" onerror="alert(1)](https://evil.example/x.png)',
	"![x][r]\n\n[r]: https://evil.example/x.png",
	"[![x](https://evil.example/x.png)](javascript:alert(1))",
	"```\n<script>alert(1)</script>\n```",
	'```"><script>alert(1)</script>\nx\n```',
	'```ts" onclick="alert(1)\nx\n```',
	"```html\n<img src=x onerror=alert(1)>\n\"'&\n```",
	"`<img src=x onerror=alert(1)>`",
	'`src/"onclick="alert(1)/a.ts`',
	"    <script>alert(1)</script>",
	"# <script>alert(1)</script>",
	"| <script>x</script> |\n|:-:|\n| <img src=x onerror=alert(1)> |",
	"|a|\n|-|\n|`<b>`|",
	"> <iframe>\n\n- <script>\n1. <style>",
	"*<b>* **<i>** ~~<s>~~",
	"https://evil.example/<script>alert(1)</script>",
	'https://evil.example/"onmouseover="alert(1)',
	"www.evil.example javascript:alert(1) ftp://evil.example",
	"\u0000<script\u0000>alert(1)</script>",
	"&lt;script&gt;alert(1)&lt;/script&gt;",
	"<scr\u200bipt>",
	"__proto__ [__proto__]\n\n[__proto__]: javascript:alert(1)",
	"[constructor]\n\n[toString]",
];

describe("renderMarkdown, on text from a stranger", () => {
	for (const payload of payloads)
		it(`lets nothing through: ${JSON.stringify(payload).slice(0, 60)}`, () =>
			assertSafe(renderMarkdown(payload), payload));

	it("lets nothing through when payloads are mixed at random", () => {
		const fragments = fc.constantFrom(
			...payloads,
			"[",
			"](",
			")",
			"![",
			"`",
			"```",
			"<",
			">",
			'"',
			"\n",
			"> ",
			"- ",
			"|",
		);
		fc.assert(
			fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
				const source = parts.join("");
				assertSafe(renderMarkdown(source), source);
			}),
			{ seed: 2, numRuns: 1500 },
		);
	});

	it("shows raw HTML as text", () => {
		assert.equal(renderMarkdown("a <b>bold</b>"), "<p>a &lt;b&gt;bold&lt;/b&gt;</p>\n");
	});

	it("shows an image as a placeholder with its words and its address", () => {
		const html = renderMarkdown("![a chart](https://a.example/x.png)");
		assert.ok(!html.includes("<img"));
		assert.ok(html.includes("a chart <code>https://a.example/x.png</code>"), html);
	});

	const depths = {
		quotes: `${">".repeat(10_000)}deep`,
		lists: `${"- ".repeat(10_000)}deep`,
		brackets: `${"[".repeat(10_000)}deep${"]".repeat(10_000)}`,
		emphasis: `${"*_".repeat(10_000)}deep`,
		images: `${"![".repeat(10_000)}deep`,
		parentheses: `[deep](${"(".repeat(10_000)}`,
	};
	for (const [name, source] of Object.entries(depths))
		it(`keeps the text of ${name} that are nested ten thousand deep`, () => {
			const html = renderMarkdown(source);
			assertSafe(html, name);
			assert.ok(html.includes("deep"));
		});
});

describe("linkTarget", () => {
	it("takes web pages and mail as they are", () => {
		for (const href of ["https://a.example/b?c=d#e", "http://localhost:8000", "mailto:a@b.example"])
			assert.deepEqual(linkTarget(href), { href });
	});

	it("takes what has no scheme as a file, with its line", () => {
		assert.deepEqual(linkTarget("src/a.ts"), { path: "src/a.ts" });
		assert.deepEqual(linkTarget("./src/a%20b.ts"), { path: "./src/a b.ts" });
		assert.deepEqual(linkTarget("src/a.ts#L12"), { path: "src/a.ts", line: 12 });
		assert.deepEqual(linkTarget("src/a.ts:12"), { path: "src/a.ts", line: 12 });
		assert.deepEqual(linkTarget("src/a.ts#L12-L20"), { path: "src/a.ts", line: 12 });
		assert.deepEqual(linkTarget("/abs/a.ts"), { path: "/abs/a.ts" });
	});

	it("takes nothing else", () => {
		for (const raw of [
			"",
			"#top",
			"//a.example",
			"javascript:x",
			"command:x",
			"file:///a",
			"a\\b",
			"https:/a",
			"src/\u202egpj.ts",
		])
			assert.equal(linkTarget(raw), undefined, raw);
	});
});

describe("renderMarkdown, on what models write", () => {
	it("links a file in a code span, with its line", () => {
		const html = renderMarkdown("see `src/a/b.ts:12` and `console.log`");
		assert.ok(
			html.includes('<code class="file" data-path="src/a/b.ts" data-line="12" role="link" tabindex="0">'),
			html,
		);
		assert.ok(html.includes("<code>console.log</code>"), html);
	});

	it("links a bare address, and no bare domain", () => {
		const html = renderMarkdown("https://a.example/x and a.example");
		assert.equal(html.match(/<a /g)?.length, 1);
	});

	it("colours code of a known language and leaves unknown code plain", () => {
		assert.ok(renderMarkdown("```ts\nconst a = 1;\n```").includes('<span class="hljs-keyword">const</span>'));
		assert.equal(
			renderMarkdown("```nope\nconst a = 1;\n```"),
			'<pre data-language="nope" tabindex="0"><code>const a = 1;\n</code></pre>\n',
		);
	});

	it("aligns table cells by class and not by style", () => {
		const html = renderMarkdown("|a|\n|--:|\n|1|");
		assert.ok(html.includes('<td class="align-right">1</td>'), html);
		assert.ok(!html.includes("style="));
	});

	it("shows a message that is too long as plain text", () => {
		const html = renderMarkdown("<b>".repeat(700_000));
		assert.ok(html.startsWith('<pre class="plain">&lt;b&gt;'));
	});
});
