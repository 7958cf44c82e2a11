import { createInterface } from "node:readline";
import { styleText } from "node:util";
import type { Answer } from "../agent/calls.ts";
import { inTime } from "../agent/patient.ts";
import type { Plan } from "../agent/tool.ts";
import type { ChatEvent, Live, Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import type { DiffPreview, Preview, SandboxKind } from "../shared/preview.ts";
import type { Question, QuestionAnswer } from "../shared/questions.ts";
import { visible } from "../shared/visible.ts";
import { HOW_TO_ANSWER, questionLines, readAnswer } from "./headless-questions.ts";

type Style = Parameters<typeof styleText>[0];

const VERDICTS = { allow: "Would run", ask: "Would ask", deny: "Not allowed" } as const;
const TODO_MARK = { pending: "○", in_progress: "◐", done: "●" } as const;

/** Where the terminal's words go, and where its answers come from. */
export interface Streams {
	readonly out: NodeJS.WriteStream;
	readonly err: NodeJS.WriteStream;
	readonly input: NodeJS.ReadStream;
}

/** A run as a terminal shows it: text as it streams, a line for each call, diffs and commands before the question. */
export class Screen {
	readonly #streams: Streams;
	readonly #json: boolean;
	readonly #dryRun: boolean;
	readonly #answers: AsyncIterator<string>;
	readonly #advised = new Set<string>();
	#midLine = false;
	#thinkingFrom: number | undefined;

	constructor(streams: Streams, { json, dryRun }: { readonly json: boolean; readonly dryRun: boolean }) {
		this.#streams = streams;
		this.#json = json;
		this.#dryRun = dryRun;
		this.#answers = createInterface({ input: streams.input })[Symbol.asyncIterator]();
	}

	/** A remark that belongs to no event. */
	say(text: string, style: Style = "dim"): void {
		this.#line(this.#styled(style, safe(text)));
	}

	fail(failure: Failure): void {
		this.#line(this.#styled("red", `✗ ${safe(failure.message)}`));
		if (failure.detail) this.#line(this.#styled("dim", `  ${oneLine(failure.detail)}`));
	}

	show(event: ChatEvent): void {
		if (this.#json) {
			if ("seq" in event) this.#streams.out.write(`${JSON.stringify(event)}\n`);
			else this.#waits(event);
		} else if ("seq" in event) this.#recorded(event);
		else if (event.type === "requested") this.#thinkingFrom = undefined;
		else if (event.type === "delta") this.#delta(event.channel, event.text);
		else if (event.type === "calling") this.#thought();
		else this.#waits(event);
	}

	/** Why nothing seems to happen. With `--json` it goes to standard error, since it is no recorded event. */
	#waits(event: Live): void {
		if (event.type === "compacting") this.say("The chat became too long for the model. Shortening it…");
		if (event.type === "advice") this.#advise(event.text);
		if (event.type !== "waiting") return;
		const { failure, until, at, attempt, of } = event;
		// Recorded failures are on the screen already.
		if (this.#json) this.fail(failure);
		this.say(`  Trying again in ${seconds(until - at)} (try ${attempt} of ${of}).`);
	}

	#advise(text: string): void {
		if (!this.#advised.has(text)) this.say(text, "yellow");
		this.#advised.add(text);
	}

	/** Asks y/n on the terminal, or reads the answer from what is piped in. No answer left is a no. */
	async ask(plan: Plan, signal: AbortSignal): Promise<Answer | undefined> {
		if (plan.questions) return this.#questions(plan.questions, signal);
		if (this.#json) this.#preview(plan.preview);
		this.#target.write(this.#styled("bold", `${questionOn(plan)} [y]es, [n]o, or the reason why not: `));
		const line = await this.#readLine(signal);
		if (signal.aborted) return undefined;
		if (line === undefined) {
			this.#line("");
			return {
				verdict: "deny",
				reason: plan.document ? PLAN_STANDS : "Nobody is there to ask. (Run with --yes to allow.)",
			};
		}
		// A terminal shows what is typed; what is piped in is shown here.
		if (!this.#streams.input.isTTY) this.#target.write(`${safe(line)}\n`);
		if (/^(y|yes)$/i.test(line.trim())) return { verdict: "allow" };
		const reason = /^(n|no)?$/i.test(line.trim()) ? undefined : line.trim();
		return { verdict: "deny", reason };
	}

	/** Without anybody to answer them they are allowed all the same: then the model is told so. */
	async #questions(questions: readonly Question[], signal: AbortSignal): Promise<Answer | undefined> {
		const answers: QuestionAnswer[] = [];
		for (const question of questions) {
			for (const line of questionLines(question)) this.#line(`  ${safe(line)}`);
			this.#target.write(this.#styled("bold", `${HOW_TO_ANSWER[question.multiple ? "several" : "one"]}: `));
			const line = await this.#readLine(signal);
			if (signal.aborted) return undefined;
			if (line === undefined) {
				this.#line("");
				return { verdict: "allow" };
			}
			if (!this.#streams.input.isTTY) this.#target.write(`${safe(line)}\n`);
			answers.push(readAnswer(question, line));
		}
		return { verdict: "allow", edits: { texts: {}, refused: [], answers } };
	}

	/** Lets the process end: an open standard input would hold it. */
	close(): void {
		this.#streams.input.destroy();
	}

	#readLine(signal: AbortSignal): Promise<string | undefined> {
		const next = this.#answers.next().then(({ done, value }) => (done ? undefined : value));
		return inTime(next, { signal }, undefined);
	}

	get #target(): NodeJS.WriteStream {
		return this.#json ? this.#streams.err : this.#streams.out;
	}

	#recorded(event: Recorded): void {
		if (event.type === "prompted") this.#line(this.#styled("bold", `› ${safe(event.text)}`));
		else if (event.type === "replied") this.#replied();
		else if (event.type === "planned") {
			this.#line(`${this.#styled("cyan", "•")} ${this.#styled("bold", visible(event.title))}`);
			this.#preview(event.preview);
		} else if (event.type === "decided") this.#decided(event);
		else if (event.type === "finished" && (event.failed || !this.#dryRun)) this.#finished(event);
		else if (event.type === "failed") this.fail(event.failure);
		else if (event.type === "ended" && event.reason !== "done") this.say(`■ ${endWords(event)}`);
	}

	/** A dry run is about nothing else; otherwise the question, or what comes of the call, says it. */
	#decided({ verdict, by, reason }: Extract<Recorded, { type: "decided" }>): void {
		const said = by === "person" && verdict === "deny" ? "Rejected" : VERDICTS[verdict];
		if (this.#dryRun || verdict === "deny") this.say(`  ${said}: ${reason}`);
	}

	#replied(): void {
		this.#thought();
		this.#endLine();
	}

	#delta(channel: "text" | "reasoning", text: string): void {
		if (channel === "reasoning") this.#thinkingFrom ??= performance.now();
		else {
			this.#thought();
			this.#text(text);
		}
	}

	/** Thinking is over as soon as something else comes. */
	#thought(): void {
		if (this.#thinkingFrom === undefined) return;
		this.say(`✻ Thought for ${seconds(performance.now() - this.#thinkingFrom)}`);
		this.#thinkingFrom = undefined;
	}

	#finished({ failed, text, ms, details }: Extract<Recorded, { type: "finished" }>): void {
		if (details?.todo) {
			for (const { title, status } of details.todo) this.say(`  ${TODO_MARK[status]} ${safe(title)}`);
			return;
		}
		const lines = safe(text).trimEnd().split("\n");
		const shown =
			lines.length > 12 ? [...lines.slice(0, 5), `… ${lines.length - 10} lines …`, ...lines.slice(-5)] : lines;
		for (const line of shown) this.#line(this.#styled(failed ? "red" : "dim", `  ${line.slice(0, 200)}`));
		if (ms >= 1000) this.say(`  ${seconds(ms)}`);
	}

	#preview(preview: Preview | undefined): void {
		if (preview?.kind === "command") {
			this.#line(`  ${this.#styled("yellow", `$ ${safe(preview.command)}`)}`);
			if (preview.background) this.say("  It goes on in the background.");
			if (preview.sandbox) this.say(`  In the sandbox: writes only in the workspace, ${SANDBOXED[preview.sandbox]}`);
		} else if (preview?.kind === "plan")
			for (const line of safe(preview.text).trimEnd().split("\n")) this.#line(`  ${line}`);
		else if (preview?.kind === "files") {
			for (const file of preview.files) {
				this.#line(this.#styled("bold", `  ${visible(nameOf(file))}`));
				this.#diff(file);
			}
		} else if (preview?.kind === "diff") this.#diff(preview);
	}

	#diff({ diff, warning }: DiffPreview): void {
		if (warning) this.say(`  ${warning}`, "yellow");
		if (diff === "") return;
		for (const line of safe(diff).trimEnd().split("\n")) {
			const style = line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim";
			this.#line(this.#styled(style, `  ${line}`));
		}
	}

	#text(text: string): void {
		this.#midLine = true;
		this.#target.write(prose(text));
	}

	#endLine(): void {
		if (this.#midLine) this.#target.write("\n");
		this.#midLine = false;
	}

	#line(text: string): void {
		this.#endLine();
		this.#target.write(`${text}\n`);
	}

	#styled(style: Style, text: string): string {
		return styleText(style, text, { stream: this.#target });
	}
}

const SANDBOXED: Readonly<Record<SandboxKind, string>> = { "no network": "no network", network: "with network" };

/** Without a person the plan is the result. */
const PLAN_STANDS = "Nobody is there to accept the plan now. It was shown and stands as your result: end here.";

function questionOn({ preview, document }: Plan): string {
	if (document) return "Carry out this plan?";
	return preview?.kind === "command" ? "Run this command?" : "Make this change?";
}

/** Why a turn ended before it was done. */
function endWords({ reason, limit, loop }: Extract<Recorded, { type: "ended" }>): string {
	if (limit) return `Paused at the limit: ${limit.of === "cost" ? "$" : ""}${limit.max} ${limit.of}.`;
	if (!loop) return reason;
	const what = loop.calls.map((title) => visible(title)).join(", ");
	const how = loop.kind === "failing" ? "failed in a row" : "brought nothing new";
	return `Paused, since it repeats itself: ${what}. ${loop.times} times this ${how}.`;
}

function nameOf({ path, from, created, deleted }: DiffPreview): string {
	if (from !== undefined) return `${from} → ${path}`;
	return `${path}${created ? " (new)" : deleted ? " (deleted)" : ""}`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function oneLine(text: string): string {
	return safe(text).replace(/\s+/g, " ").slice(0, 300);
}

/** Nothing that a model or a tool wrote may steer the terminal, or stay unseen where a person decides on it. */
function safe(text: string): string {
	return visible(text.replace(/\r\n/g, "\n"), false);
}

/** The same for running text: scripts and emoji need their joiners there, and no decision hangs on a space. */
function prose(text: string): string {
	return text.replace(/[^\p{Zs}\p{Join_Control}\p{Variation_Selector}]+/gu, (piece) => safe(piece));
}
