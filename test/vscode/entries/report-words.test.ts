import assert from "node:assert/strict";
import type { Recorded } from "../../../src/shared/event.ts";
import { hostsInFailures, issuesPage, type ReportFacts, reportText } from "../../../src/vscode/entries/report-words.ts";

const facts: ReportFacts = {
	head: {
		kimiK2Bundle: 1,
		versions: { extension: "0.1.0", vscode: "1.139.0", system: "linux x64" },
		exportedAt: 0,
		endpoint: { name: "gpu-box", preset: "vllm", model: "kimi-k2.7-code", capabilities: { thinkTags: true } },
	},
	hosts: ["gpu-box", "gpu-box:8000"],
	taken: {},
};

describe("the report of a problem", () => {
	it("says what is in use, and that nothing was found where nothing was", () => {
		const text = reportText(facts);
		assert.match(
			text,
			/- extension: 0\.1\.0\n- vscode: 1\.139\.0\n- system: linux x64\n- model: kimi-k2\.7-code\n- endpoint: vllm\n/,
		);
		assert.match(text, /"thinkTags": true/);
		assert.match(text, /not run for this endpoint/);
		assert.match(text, /Nothing was said in the chat in front/);
		assert.match(text, /## Taken out\n\nNothing that looks secret was found\.\n$/);
	});

	it("names no host, with or without its port, in any case, and leaves longer names alone", () => {
		const verified = "- Address: http://gpu-box:8000/v1";
		const bundle = '{"text":"GPU-BOX fails, gpu-boxes and my-gpu-box do not, http:\\/\\/gpu-box:8000"}';
		const text = reportText({ ...facts, verified, bundle, taken: { "keys of endpoints": 2 } });
		assert.match(text, /Address: http:\/\/\[host\]\/v1/);
		assert.match(text, /"\[host\] fails, gpu-boxes and my-gpu-box do not, http:\\\/\\\/\[host\]"/);
		assert.match(text, /## Taken out\n\n- keys of endpoints: 2\n- names of hosts: 3\n$/);
	});

	it("knows the hosts that failures of the chat name", () => {
		const failed = (message: string): Recorded => ({
			type: "failed",
			seq: 1,
			at: 0,
			failure: { code: "timeout", message },
		});
		const found = hostsInFailures([
			failed("Nothing answers at old-box:8000. Start the server there."),
			failed("llm.old.example refuses connections. Raise kimiK2.firstByteTimeout."),
			failed("[fd00::1]:8080 and 10.0.0.7 went silent."),
		]);
		assert.deepEqual(found, ["old-box:8000", "llm.old.example", "[fd00::1]:8080", "10.0.0.7"]);
	});

	it("lets no fence in a chat end its own, and cuts a chat that nobody would read", () => {
		const text = reportText({ ...facts, bundle: '{"text":"````"}' });
		assert.match(text, /\n`{5}jsonl\n\{"text":"````"\}\n`{5}\n/);
		const long = reportText({ ...facts, bundle: "x".repeat(300_000) });
		assert.match(long, /100000 characters left out/);
	});
});

describe("the page for problems", () => {
	it("is what package.json names, and none where it names none that is https", () => {
		const pages: readonly (readonly [manifest: unknown, page: string | undefined])[] = [
			[{}, undefined],
			[{ bugs: { url: "https://example.com/bugs" } }, "https://example.com/bugs"],
			[{ bugs: "https://example.com/bugs", repository: "https://example.com/r" }, "https://example.com/bugs"],
			[{ repository: { url: "git+https://example.com/a/b.git" } }, "https://example.com/a/b/issues"],
			[{ bugs: "mailto:a@b.c", repository: "command:evil" }, undefined],
		];
		for (const [manifest, page] of pages) assert.equal(issuesPage(manifest), page);
	});
});
