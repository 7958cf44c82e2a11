import type { Conversation, DemoReply, PastCall } from "./conversation.ts";
import { fileText, type TestRun, testRun, type Verdict, verdictOf } from "./results.ts";

/** One idea of what to do next: an answer, or undefined to leave it to the next rule. */
export type Rule = (scene: Scene) => DemoReply | undefined;

/** The last answer of a turn. */
export function say(reasoning: string, text: string): DemoReply {
	return { reasoning, text, calls: [] };
}

const PLAN = ["Run the tests", "Find the cause", "Fix it", "Run the tests again"];

export const TEST_COMMAND = "npm test";

/** How far the job of fixing a test has come, read off the calls of the turn. */
export class Scene {
	readonly calls: readonly PastCall[];
	readonly #conversation: Conversation;

	constructor(conversation: Conversation) {
		this.#conversation = conversation;
		this.calls = conversation.calls;
	}

	get takesEditList(): boolean {
		return this.#conversation.takesEditList;
	}

	offers(tool: string): boolean {
		return this.#conversation.tools.has(tool);
	}

	all(tool: string): readonly PastCall[] {
		return this.calls.filter((call) => call.tool === tool);
	}

	/** The last result of Read for a path, if `after` is given only later than that call. */
	read(path: string, after?: PastCall): string | undefined {
		const from = after ? this.calls.indexOf(after) + 1 : 0;
		return this.calls.slice(from).findLast((call) => call.tool === "Read" && call.args["path"] === path)?.result;
	}

	/** The text of a file as last read. */
	text(path: string): string | undefined {
		const result = this.read(path);
		return result === undefined ? undefined : fileText(result);
	}

	get firstRun(): PastCall | undefined {
		return this.all("Bash")[0];
	}

	/** What the first run of the tests printed; undefined when it did not run or printed no summary. */
	get before(): TestRun | undefined {
		return testRun(this.firstRun?.result ?? "");
	}

	/** The run after the last edit. */
	get secondRun(): PastCall | undefined {
		const edit = this.lastEdit;
		return edit && this.calls.slice(this.calls.indexOf(edit)).find((call) => call.tool === "Bash");
	}

	/** A person or a rule said no to the first run. */
	get untested(): boolean {
		return this.before === undefined && isNo(verdictOf(this.firstRun?.result ?? ""));
	}

	get lastEdit(): PastCall | undefined {
		return this.all("Edit").at(-1);
	}

	/** How many edits ended this way. */
	count(kind: Verdict["kind"]): number {
		return this.all("Edit").filter((call) => verdictOf(call.result ?? "").kind === kind).length;
	}

	/** A Todo call that marks the first `done` items of the plan as done, or nothing where that is shown already. */
	plan(done: number): DemoReply["calls"] {
		const items = PLAN.map((title, index) => ({
			title,
			status: index < done ? "done" : index === done ? "in_progress" : "pending",
		}));
		const shown = this.all("Todo").at(-1)?.args["items"];
		if (!this.offers("Todo") || JSON.stringify(shown) === JSON.stringify(items)) return [];
		return [{ tool: "Todo", args: { items } }];
	}
}

/** Rejected by a person or denied by a rule. */
export function isNo(verdict: Verdict): boolean {
	return verdict.kind === "rejected" || verdict.kind === "denied";
}

/** Text as a quotation in markdown. */
export function quoted(text: string): string {
	return text
		.split("\n")
		.map((line) => `> ${line}`)
		.join("\n");
}
