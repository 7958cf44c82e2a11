import assert from "node:assert/strict";
import type { Live, Recorded, Unstamped } from "../../src/shared/event.ts";
import { emptyChat } from "../../src/shared/reduce.ts";
import { announcement, delay, failedCalls } from "../../src/webview/announce.ts";
import { initial, type State, update } from "../../src/webview/store.ts";
import { setWords } from "../../src/webview/words.ts";

type Item = Unstamped | Live;

/** What a screen reader says of each region while these events come one by one: a text that is new there. */
class Listener {
	readonly said: string[] = [];
	#state: State;
	#before = ["", "", ""];

	/** `words`: translations. */
	constructor(words: Readonly<Record<string, string>> = {}) {
		const view = { ...initial.view, running: true };
		this.#state = update(initial, { type: "snapshot", chat: emptyChat, live: initial.live, view, words });
		this.hear({ type: "opened", version: 1, chat: "c", system: "" });
	}

	hear(...items: readonly Item[]): this {
		for (const item of items) {
			const { id, next } = this.#state.chat;
			const event = LIVE.has(item.type) ? (item as Live) : ({ ...item, seq: next, at: next } as Recorded);
			this.#state = update(this.#state, { type: "events", chat: id === "" ? "c" : id, events: [event] });
			this.#listen();
		}
		return this;
	}

	/** The host says that the turn runs no more. */
	over(): this {
		this.#state = update(this.#state, { type: "view", view: { ...this.#state.view, running: false } });
		this.#listen();
		return this;
	}

	#listen(): void {
		const now = [announcement, delay, failedCalls].map((words) => words(this.#state));
		this.said.push(...now.filter((text, region) => text !== "" && text !== this.#before[region]));
		this.#before = now;
	}
}

const LIVE: ReadonlySet<string> = new Set(["requested", "delta", "waiting", "compacting", "running", "output"]);

const prompted: Item = { type: "prompted", text: "Go" };
const requested: Item = { type: "requested", at: 0 };
const answer: Item = replied([{ kind: "text", text: "Fine." }]);
const failure = { code: "overloaded" as const, message: "The server is busy.", retryable: true };

function replied(parts: Extract<Unstamped, { type: "replied" }>["parts"]): Item {
	return { type: "replied", parts, finish: "stop", complete: true, model: "kimi-k2", ms: 1 };
}

function asksFor(id: string, title: string, verdict: "allow" | "ask"): readonly Item[] {
	return [
		requested,
		{ type: "delta", channel: "text", text: "I look." },
		replied([{ kind: "call", id, tool: "Bash", args: "{}" }]),
		{ type: "planned", callId: id, tool: "Bash", title, effects: [] },
		{ type: "decided", callId: id, verdict, by: "policy", reason: "" },
	];
}

function comesTo(callId: string, failed: boolean): readonly Item[] {
	return [
		{ type: "running", callId, at: 0 },
		{ type: "output", callId, text: "…" },
		{ type: "finished", callId, failed, text: "", ms: 1 },
	];
}

describe("what a screen reader is told of a turn", () => {
	afterEach(() => setWords({}));

	it("is a handful of sentences for 100 calls, one of which asks and two of which fail", () => {
		const listener = new Listener().hear(prompted);
		for (let n = 0; n < 100; n++) {
			const id = `c${n}`;
			listener.hear(...asksFor(id, `Run ${n}`, n === 50 ? "ask" : "allow"));
			if (n === 50) listener.hear({ type: "decided", callId: id, verdict: "allow", by: "person", reason: "" });
			listener.hear(...comesTo(id, n === 20 || n === 70));
		}
		listener.hear(requested, answer, { type: "ended", reason: "done" }).over();
		assert.deepEqual(listener.said, [
			"Kimi is working.",
			"Run 20 (failed)",
			"Approval needed: Run 50",
			"Kimi is working.",
			"Failed calls: 2",
			"Kimi is done.",
		]);
	});

	it("tells of failing calls ever more rarely where they are many, and of none that was refused", () => {
		const listener = new Listener().hear(prompted, ...asksFor("no", "Run rm", "ask"));
		listener.hear({ type: "decided", callId: "no", verdict: "deny", by: "person", reason: "" });
		listener.hear({ type: "finished", callId: "no", failed: true, text: "", ms: 0 });
		for (let n = 0; n < 100; n++) listener.hear(...asksFor(`c${n}`, `Run ${n}`, "allow"), ...comesTo(`c${n}`, true));
		assert.deepEqual(listener.said.slice(3), [
			"Run 0 (failed)",
			...[2, 4, 8, 16, 32, 64].map((count) => `Failed calls: ${count}`),
		]);
	});

	it("says that a request is made again, each time that it waits, and why the turn ends when it gives up", () => {
		const waits: Item = { type: "waiting", at: 0, until: 9, attempt: 2, of: 3, failure };
		const listener = new Listener().hear(prompted, requested);
		listener.hear({ type: "failed", failure }, waits, requested, { type: "failed", failure }, waits, requested);
		listener.hear({ type: "failed", failure }, { type: "ended", reason: "failed" }).over();
		assert.deepEqual(listener.said, [
			"Kimi is working.",
			"The server is busy. Kimi tries again by itself.",
			"The server is busy. Kimi tries again by itself.",
			"The server is busy.",
		]);
	});

	it("says that the chat is shortened, once, and nothing more when the work goes on", () => {
		const listener = new Listener().hear(prompted, { type: "compacting", at: 0 });
		listener.hear({ type: "compacted", summary: "Notes.", keptFrom: 1 }, requested, answer);
		assert.deepEqual(listener.said, ["Kimi is working.", "Shortening the chat, so that the model has room…"]);
	});

	it("is why it paused or stopped", () => {
		const end = (ended: Item) => new Listener().hear(prompted, answer, ended).over().said.at(-1);
		assert.deepEqual(
			[
				end({ type: "ended", reason: "limit", limit: { of: "calls", max: 300, used: 300 } }),
				end({ type: "ended", reason: "stopped" }),
				end({ type: "ended", reason: "interrupted" }),
			],
			["Paused after 300 tool calls", "Stopped", "This task was interrupted."],
		);
	});

	it("is in the person's language, with what calls do", () => {
		const words = { "Run {0}": "Lance {0}", "{0} (failed)": "{0} (échec)", "Approval needed: {0}": "À valider : {0}" };
		const { said } = new Listener(words).hear(
			prompted,
			...asksFor("a", "Run a", "allow"),
			...comesTo("a", true),
			...asksFor("b", "Run b", "ask"),
		);
		assert.deepEqual(said.slice(1), ["Lance a (échec)", "À valider : Lance b"]);
	});

	it("hides nothing in the title of a call that failed", () => {
		const { said } = new Listener().hear(prompted, ...asksFor("a", "Run \u202ea", "allow"), ...comesTo("a", true));
		assert.equal(said.at(-1), "Run ⟨U+202E⟩a (failed)");
	});
});
