import assert from "node:assert/strict";
import type { Call } from "../../src/shared/reduce.ts";
import { type Rule, scopesOf } from "../../src/shared/rule.ts";
import { callTitle, decision, peek, tail, toolIcon } from "../../src/webview/call-look.ts";
import { bytes, duration, elapsed, money, percent, tokens, usageLines } from "../../src/webview/format.ts";
import { languageId } from "../../src/webview/language-id.ts";
import { offerWords, scopeWords } from "../../src/webview/offer-words.ts";
import { setWords, t } from "../../src/webview/words.ts";

describe("t", () => {
	afterEach(() => setWords({}));

	it("fills in the English sentence when there is no translation", () => {
		assert.equal(t("{0} of {1}", 1, "two"), "1 of two");
		assert.equal(t("{0} {1}", "a"), "a {1}");
	});

	it("uses the translation with its own order, and not an empty one", () => {
		setWords({ "{0} of {1}": "{1}分の{0}", Stop: "" });
		assert.equal(t("{0} of {1}", 1, 2), "2分の1");
		assert.equal(t("Stop"), "Stop");
	});

	it("fills in an argument that looks like a slot only once, and knows no inherited word", () => {
		assert.equal(t("{0} and {1}", "{1}", "b"), "{1} and b");
		assert.equal(t("constructor"), "constructor");
	});
});

describe("format", () => {
	it("says durations", () => {
		const said = [0, 40, 420, 9_949, 9_960, 59_400, 60_000, 65_000, 3_600_000, 3_720_000, -5].map(duration);
		assert.deepEqual(said, [
			"0 s",
			"0 s",
			"0.4 s",
			"9.9 s",
			"10 s",
			"59 s",
			"1 min",
			"1 min 5 s",
			"1 h",
			"1 h 2 min",
			"0 s",
		]);
	});

	it("lets a running clock show whole seconds only", () => {
		assert.deepEqual([400, 1_900, 65_900].map(elapsed), ["0 s", "1 s", "1 min 5 s"]);
	});

	it("shortens counts, sizes and money", () => {
		assert.deepEqual([0, 999, 1_000, 9_949, 12_400, 262_144, 999_600, 1_300_000].map(tokens), [
			"0",
			"999",
			"1k",
			"9.9k",
			"12k",
			"262k",
			"1M",
			"1.3M",
		]);
		assert.deepEqual([12, 1_240, 2_500_000].map(bytes), ["12 B", "1.2 KB", "2.5 MB"]);
		assert.deepEqual([0, 0.00001, 0.0042, 0.0123, 0.5, 12.3].map(money), [
			"$0",
			"<$0.0001",
			"$0.0042",
			"$0.012",
			"$0.500",
			"$12.30",
		]);
	});

	it("writes numbers as the page's language does", () => {
		const before = Object.getOwnPropertyDescriptor(globalThis, "document");
		Object.defineProperty(globalThis, "document", { configurable: true, value: { documentElement: { lang: "de" } } });
		try {
			assert.deepEqual(
				[duration(420), tokens(1_300_000), bytes(1_240), money(0.0042), money(12.3), money(0.00001)],
				["0,4 s", "1,3M", "1,2 KB", "$0,0042", "$12,30", "<$0,0001"],
			);
		} finally {
			if (before) Object.defineProperty(globalThis, "document", before);
			else Reflect.deleteProperty(globalThis, "document");
		}
	});

	it("says 0 and 100 per cent only when they are true", () => {
		assert.deepEqual(
			[percent(0, 10), percent(1, 10_000), percent(9_999, 10_000), percent(10, 10), percent(5, 0)],
			[0, 1, 99, 100, 0],
		);
	});

	it("explains the usage, with what the server tells and nothing else", () => {
		const usage = { inputTokens: 20_000, outputTokens: 1_000 };
		assert.deepEqual(usageLines({ held: 21_000, counted: true, window: 0, point: 0 }, usage), [
			"Context: 21k tokens",
			"Shortened by itself where the model refuses it, or now with /compact",
			"This chat: 20k tokens in, 1k out",
		]);
		const held = { held: 21_000, counted: false, window: 200_000, point: 160_000 };
		assert.deepEqual(usageLines(held, { ...usage, cachedTokens: 15_000, cost: 0.02 }), [
			"Context: 21k of 200k tokens (11 %)",
			"Shortened by itself at 160k (80 %), or now with /compact",
			"Estimated: the server has not counted it yet",
			"This chat: 20k tokens in, 1k out",
			"Read from the server's cache: 75 %",
			"Cost, as the server tells it: $0.020",
		]);
	});
});

describe("the look of a call", () => {
	const call: Call = { id: "1", tool: "Edit", args: "{}", state: "planned" };

	it("splits a title so that its file can be opened", () => {
		assert.deepEqual(callTitle({ ...call, title: "Edit src/a b.ts", effects: [{ write: "src/a b.ts" }] }), {
			verb: "Edit",
			target: "src/a b.ts",
			path: "src/a b.ts",
		});
		assert.deepEqual(callTitle({ ...call, title: "Search for x", effects: [{ read: "." }] }), {
			verb: "Search",
			target: "for x",
		});
		assert.deepEqual(callTitle(call), { verb: "Edit", target: "" });
	});

	it("says what each offer would no longer ask about, and where", () => {
		const said = (rule: Rule) => Object.values(offerWords(rule)).join(" · ");
		assert.equal(said({ edits: true }), "All edits in the workspace · Protected files still ask.");
		assert.equal(said({ command: "ls" }), "This exact command");
		assert.equal(said({ command: "ls", cwd: "web" }), "This exact command, in · web");
		assert.equal(
			said({ words: ["npm", "test"] }),
			"Every command that begins with · npm test · With any options after it. Paths elsewhere, quotes and $ still ask.",
		);
		assert.equal(said({ origin: "https://nodejs.org" }), "Fetching from · https://nodejs.org");
		assert.equal(said({ folder: "/opt/docs" }), "Reading outside the workspace, in · /opt/docs");
		assert.deepEqual(scopesOf({ edits: true }).map(scopeWords), ["In this chat", "In this workspace"]);
		assert.deepEqual(scopesOf({ words: ["tsc"] }).map(scopeWords), [
			"In this chat",
			"In this workspace",
			"Always, in every workspace",
		]);
	});

	it("says who rejected it and why, and what the person accepted", () => {
		assert.equal(decision({ ...call, state: "denied", by: "person", reason: "no" }), "Rejected: no");
		assert.equal(decision({ ...call, state: "denied", by: "person", reason: "" }), "Rejected");
		assert.equal(decision({ ...call, state: "denied", by: "policy", reason: "outside" }), "Not allowed: outside");
		assert.equal(decision({ ...call, state: "done", by: "person", verdict: "allow" }), "Accepted");
		assert.equal(decision({ ...call, state: "done", by: "policy", verdict: "allow" }), "");
	});

	it("picks an icon by name, else by what the call would do", () => {
		assert.equal(toolIcon("Bash"), "terminal");
		assert.equal(toolIcon("mcp_x", { ...call, effects: [{ exec: "x" }] }), "terminal");
		assert.equal(toolIcon("mcp_x"), "tools");
	});

	it("holds the beginning of a long result and the end of a long output", () => {
		assert.deepEqual(peek("ab"), { text: "ab", left: 0 });
		assert.deepEqual(peek("x".repeat(10_005)), { text: "x".repeat(10_000), left: 5 });
		assert.equal(tail("1\n2\n3\n4\n\n", 2), "3\n4");
	});

	it("names a new file's language as VS Code does", () => {
		assert.deepEqual(
			[languageId("TS"), languageId("go"), languageId(undefined), languageId("")],
			[{ language: "typescript" }, { language: "go" }, {}, {}],
		);
	});
});
