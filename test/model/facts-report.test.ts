import assert from "node:assert/strict";
import { resolveCapabilities } from "../../src/model/capabilities.ts";
import type { Facts } from "../../src/model/facts.ts";
import { factsReport } from "../../src/model/facts-report.ts";
import type { Wishes } from "../../src/model/overrides.ts";

describe("the page about what was learned", () => {
	it("tells each fact, where it comes from, and what is in force", () => {
		const facts: Facts = {
			omit: ["top_p"],
			maxOutputTokens: 8000,
			contextTokens: 65_536,
			reasoningKey: "reasoning",
			reasoningRequired: true,
			thinkTags: false,
			plainIds: true,
			contentRequired: true,
			maxTokensField: "max_completion_tokens",
			images: false,
			thinkingOff: false,
			repairs: { "recovered-calls": 3 },
			verified: { at: Date.UTC(2026, 10, 20), verdict: "repairs", report: "…" },
		};
		const [baseUrl, model] = ["http://localhost:8000/v1", "a|b`c`"];
		const wishes: Wishes = { capabilities: { nonsense: 1 } };
		const capabilities = resolveCapabilities({ endpoint: { baseUrl, preset: "custom" }, model, facts, wishes });
		const page = factsReport([{ baseUrl, model, facts, capabilities }]);
		for (const line of [
			"## `a b c ` at `http://localhost:8000/v1`",
			"Verified on 2026-11-20: **repairs**.",
			"| It refuses `top_p`: left out. | a refusal, or Verify |",
			"| It reads at most 65536 tokens. | a refusal |",
			"| Answers that were mended: recovered-calls 3. | its answers |",
			"| maxOutputTokens | `8000` |",
			'| ids | `"plain"` |',
		])
			assert.ok(page.includes(`\n${line}\n`), line);
		assert.match(page, /> There is no capability “nonsense”/);
		assert.equal(page.match(/^\| .* \| (a refusal|its answers)/gm)?.length, Object.keys(facts).length - 1);
	});

	it("says when there is nothing", () => {
		assert.match(factsReport([]), /Nothing was learned yet\.\n$/);
	});
});
