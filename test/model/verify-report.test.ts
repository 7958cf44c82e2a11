import assert from "node:assert/strict";
import MarkdownIt from "markdown-it";
import { estimate } from "../../src/model/verify/estimate.ts";
import type { Report } from "../../src/model/verify/finding.ts";
import { renderReport } from "../../src/model/verify/report.ts";
import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";
import { goodKimi, refusal } from "./verify-kimi.ts";
import { tryOn } from "./verify-trial.ts";

/** As VS Code's preview renders, with HTML. */
const markdown = new MarkdownIt({ html: true });
/** What a report is made of. */
const OURS = new Set("h1 h2 p ul li strong code table thead tbody tr th td".split(" "));

const report: Report = {
	at: Date.UTC(2026, 10, 22, 9, 30),
	endpoint: { name: "vLLM", baseUrl: "http://gpu-box:8000/v1" },
	model: "kimi-k2.7-code",
	served: "moonshotai/Kimi-K2.7-Code",
	verdict: "repairs",
	requests: 17,
	usage: { inputTokens: 5100, outputTokens: 6200, cost: 0.0123 },
	ms: 61_000,
	firstTokenMs: 420,
	tokensPerSecond: 58.3,
	facts: { thinkTags: true },
	rows: [
		{ id: 4, title: "It answers", vital: true, status: "pass", says: "It said `42`." },
		{
			id: 8,
			title: "No thinking inside of the text",
			vital: false,
			status: "repair",
			says: "Thinking comes up to `</think>`.",
			advice: ["vLLM: start it with `--reasoning-parser kimi_k2`."],
		},
		{
			id: 17,
			title: "It passes on 12 KB",
			vital: false,
			status: "fail",
			says: "The server lost the call.",
			advice: ["Take another."],
		},
		{ id: 19, title: "No markup", vital: false, status: "repair", says: "`<|x|>` came.", advice: ["Take another."] },
		{ id: 20, title: "Cache", vital: false, status: "info", says: "It told of none.", advice: ["Tell it to."] },
		{ id: 23, title: "It sees images", vital: false, status: "skipped", says: "Not tried." },
	],
};

describe("The report of Verify", () => {
	it("says what it means first, then what to do, then all of it", () => {
		assert.equal(
			renderReport(report),
			`# Works with repairs: kimi-k2.7-code at vLLM

It can be used. What is not as it should be is mended here, or can be lived with.

- Address: http://gpu-box:8000/v1
- The server calls the model moonshotai/Kimi-K2.7-Code.
- 2026-11-22 09:30 UTC: 17 requests, 5100 tokens in and 6200 out, $0.0123, 61 s
- First token after 420 ms
- 58.3 tokens a second

## What does not work

- **It passes on 12 KB:** The server lost the call.

## What we repair

- **No thinking inside of the text:** Thinking comes up to \`</think>\`.
- **No markup:** \`<|x|>\` came.

## What to change on the server

- Thinking comes up to \`</think>\`.
  - vLLM: start it with \`--reasoning-parser kimi_k2\`.
- The server lost the call. \`<|x|>\` came.
  - Take another.

## What could be better

- It told of none.
  - Tell it to.

## All probes

| # | Probe | Result | What was found |
|--:|:--|:--|:--|
| 4 | It answers | ✓\u00a0passed | It said \`42\`. |
| 8 | No thinking inside of the text | ~\u00a0repaired | Thinking comes up to \`</think>\`. |
| 17 | It passes on 12 KB | ✗\u00a0failed | The server lost the call. |
| 19 | No markup | ~\u00a0repaired | \`<\\|x\\|>\` came. |
| 20 | Cache | i\u00a0note | It told of none. |
| 23 | It sees images | –\u00a0skipped | Not tried. |
`,
		);
	});

	it("gives no verdict on a run that ended early, but says why, and what was found", () => {
		const stopped = { code: "cut", message: "The connection broke." } as const;
		const text = renderReport({ ...report, stopped });
		assert.match(text, /^# Not finished: kimi-k2\.7-code at vLLM\n/);
		assert.match(
			text,
			/\*\*The run ended early:\*\* The connection broke\. What follows was found until then; the rest was not tried\./,
		);
		assert.match(text, /\| 20 \| Cache \| i\u00a0note \| It told of none\. \|\n$/);
	});

	it("lets nothing that a server says become a link, a picture, a heading or HTML", async () => {
		const evil =
			"kimi `![x](https://evil.example/p.png)` <img src=x>\n\n# PWNED\n\n![x](y)\n\n[ok](command:x) | \u202eevil";
		const servers: readonly ((request: WireRequest) => ScriptedReply)[] = [
			() => refusal(400, evil),
			(request) => (request.body.tools ? refusal(400, evil) : goodKimi(request)),
			(request) => (request.body.messages.length > 2 ? refusal(400, evil) : goodKimi(request)),
			(request) => ({ ...goodKimi(request), text: evil, finish: evil, model: evil }),
			() => ({ calls: [{ tool: evil, args: evil }], finish: evil }),
			() => ({ raw: `data: ${JSON.stringify({ error: { message: evil } })}\n\n` }),
		];
		for (const script of servers) {
			const models = { data: [{ id: evil, owned_by: evil }] };
			const { report } = await tryOn(script, { models, at: { name: evil }, model: "<b>*mine*</b>" });
			const html = markdown.render(renderReport(report));
			const tags = new Set([...html.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag));
			assert.deepEqual(
				[...tags].filter((tag) => !OURS.has(tag ?? "")),
				[],
			);
			assert.equal(html.match(/<h1>/g)?.length, 1);
			assert.match(html, /\[x\]\(https:\/\/evil\.example\/p\.png\)/);
			assert.equal(html.includes("\u202e"), false);
		}
	});
});

describe("The estimate of Verify", () => {
	const target = (model: string, baseUrl = "https://openrouter.ai/api/v1") => ({
		endpoint: { preset: "openrouter", name: "OpenRouter", baseUrl } as const,
		model,
	});

	it("counts each question once and knows the price", () => {
		const { seconds, ...known } = estimate({
			...target("moonshotai/kimi-k2.7-code"),
			server: { id: "moonshotai/kimi-k2.7-code", price: { input: 1, output: 4 } },
		});
		assert.ok(known.requests <= 25 && known.inputTokens + known.outputTokens < 60_000, JSON.stringify(known));
		assert.equal(known.cost, (known.inputTokens + 4 * known.outputTokens) / 1_000_000);
		assert.ok(seconds > 30 && seconds < 600, `${seconds} s`);
	});

	it("leaves a model that thinks longer more room", () => {
		const k2 = estimate(target("moonshotai/kimi-k2.7-code"));
		const k3 = estimate(target("moonshotai/kimi-k3"));
		assert.ok(k3.outputTokens > 2 * k2.outputTokens);
		assert.equal("cost" in k3, false);
	});
});
