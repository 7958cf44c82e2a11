import assert from "node:assert/strict";
import MarkdownIt from "markdown-it";
import { resolveCapabilities } from "../../src/model/capabilities.ts";
import { factsReport } from "../../src/model/facts-report.ts";

describe("the page about what was learned, where names and settings are hostile", () => {
	it("holds no picture, link, heading or HTML of theirs", () => {
		const evil =
			"x` | ![p](https://evil.example/p.png)\n\n# PWNED\n\n<img src=https://evil.example/i> [ok](command:run)";
		const baseUrl = "http://127.0.0.1:1/v1";
		const endpoint = { baseUrl, preset: "custom" as const };
		const wishes = { capabilities: { [evil]: 1, extra: { [evil]: evil } } };
		const facts = { omit: [evil] };
		const capabilities = resolveCapabilities({ endpoint, model: evil, facts, wishes });
		const page = factsReport([{ baseUrl, model: evil, facts, capabilities }]);
		const html = new MarkdownIt({ html: true }).render(page);
		assert.doesNotMatch(html, /<img|<a |<h1>PWNED/);
		assert.match(html, /PWNED/);
	});
});
