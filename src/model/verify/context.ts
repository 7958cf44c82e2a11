import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../../agent/ports.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Usage } from "../../shared/message.ts";
import type { Capabilities } from "../capabilities.ts";
import type { Clocks } from "../chat-model.ts";
import { createFactBook, type Facts } from "../facts.ts";
import { Knowledge, type Sent } from "../knowledge.ts";
import { listModels, type ServerModel } from "../list.ts";
import { transportFor } from "../transport.ts";
import { ask, type Heard } from "./ask.ts";
import { hasThinkTags } from "./markup.ts";
import { budgetOf, type QuestionName, questions, requestOf, type Target } from "./questions.ts";

/** Refusals of one request that may be mended, one after the other. */
const MAX_LESSONS = 3;
const MAX_WAITS = 3;
/** Longer than this nobody waits for a test. */
const MAX_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 2000;

/** Failures of the line and not of the request: two in a row, and the endpoint is gone. */
const ofTheLine: ReadonlySet<string> = new Set(["unreachable", "network", "cut", "timeout"]);
/** A broken connection may be an accident: what asks once more is not judged by it. */
const broken: ReadonlySet<string> = new Set(["network", "cut"]);
/** Nothing that follows would be answered otherwise. */
const final: ReadonlySet<string> = new Set([
	"aborted",
	"unreachable",
	"auth",
	"forbidden",
	"plan",
	"no-credit",
	"rate-limit",
	"redirected",
]);

export interface ContextOptions extends Target {
	readonly clocks: Clocks;
	readonly signal: AbortSignal;
	/** The server asked to wait so many milliseconds. */
	readonly waiting: (ms: number) => void;
}

/** An answer and the request that got it. */
export interface Exchange extends Heard {
	readonly sent: Sent;
}

/**
 * One run's conversation with an endpoint: each question is asked once, by the first probe that needs it. Refusals are
 * mended and remembered as in any chat, in a book of its own.
 */
export class Context {
	readonly target: Target;
	readonly #options: ContextOptions;
	readonly #book = createFactBook();
	readonly #knowledge: Knowledge;
	/** Another one in each run: routers keep a chat where it is, and caches are told by it. */
	readonly #chat = crypto.randomUUID();
	readonly #heard = new Map<QuestionName, Promise<Exchange>>();
	#models: Promise<Result<readonly ServerModel[]>> | undefined;
	/** The model thought, in a field of its own or inside of the text. */
	#thinks = false;
	#stopped: Failure | undefined;
	#failures = 0;
	#requests = 0;

	constructor(options: ContextOptions) {
		this.#options = options;
		const { endpoint, model, server, wishes } = options;
		this.target = { endpoint, model, server, wishes };
		this.#knowledge = new Knowledge(this.target, this.#book);
	}

	/** With all that was learned so far. */
	get capabilities(): Capabilities {
		return this.#knowledge.capabilities;
	}

	/** What was learned so far. */
	get facts(): Facts {
		return this.#book.read();
	}

	get thinks(): boolean {
		return this.#thinks;
	}

	/** Requests sent so far, with those that were sent again. */
	get requests(): number {
		return this.#requests;
	}

	/** Why nothing more will be answered. */
	get stopped(): Failure | undefined {
		return this.#stopped;
	}

	models(): Promise<Result<readonly ServerModel[]>> {
		this.#requests += this.#models ? 0 : 1;
		this.#models ??= listModels(this.target.endpoint, this.#options.signal);
		return this.#models;
	}

	ask(name: QuestionName): Promise<Exchange> {
		const known = this.#heard.get(name) ?? this.#ask(name);
		this.#heard.set(name, known);
		return known;
	}

	isAsked(name: QuestionName): boolean {
		return this.#heard.has(name);
	}

	/** All answers so far, by question. */
	async answers(): Promise<readonly (readonly [QuestionName, Exchange])[]> {
		return Promise.all([...this.#heard].map(async ([name, heard]) => [name, await heard] as const));
	}

	async #ask(name: QuestionName): Promise<Exchange> {
		const request = { ...requestOf(name, this.#thinks), chat: this.#chat };
		let sent = this.#fill(name, this.#knowledge.prepare(request));
		for (let waits = 0, lessons = 0, breaks = 0; ; ) {
			const heard = await this.#send(name, sent);
			const { failure } = heard;
			const again =
				failure && !questions[name].asItIs && lessons++ < MAX_LESSONS && this.#knowledge.mend(failure, request, sent);
			if (again) sent = this.#fill(name, again);
			else if (failure && broken.has(failure.code) && breaks++ === 0) continue;
			else if (!(failure && waits < MAX_WAITS && (await this.#wait(failure, waits++)))) {
				this.#judge(heard);
				return { ...heard, reply: this.#knowledge.observe(heard.reply, sent), sent };
			}
		}
	}

	/** With the question's own fields, and no larger a budget than it needs. */
	#fill(name: QuestionName, sent: Sent): Sent {
		const { body, capabilities } = sent;
		const { maxTokensField } = capabilities;
		const budget = Math.min(Number(body[maxTokensField]), budgetOf(name, capabilities));
		const fields = questions[name].fields?.({ target: this.target, capabilities });
		return { ...sent, body: { ...body, ...(maxTokensField in body && { [maxTokensField]: budget }), ...fields } };
	}

	#send(name: QuestionName, sent: Sent): Promise<Heard> {
		const { clocks, signal } = this.#options;
		const { endpoint, model } = this.target;
		const { leave = false } = questions[name];
		this.#requests++;
		return ask({ asked: { endpoint, model }, sent, clocks, transport: transportFor(clocks), leave }, signal);
	}

	/** Waits as a busy server asks for. False: it is not busy, or asks for too much. */
	async #wait({ code, status, retryAfterMs }: Failure, before: number): Promise<boolean> {
		const busy = code === "rate-limit" || (code === "overloaded" && (status === 503 || status === 529));
		const ms = retryAfterMs ?? FIRST_WAIT_MS * 2 ** before;
		if (!busy || ms > MAX_WAIT_MS) return false;
		this.#options.waiting(ms);
		return sleep(ms, true, { signal: this.#options.signal }).catch(() => false);
	}

	#judge({ failure, seen }: Heard): void {
		this.#thinks ||= seen.reasoning !== "" || hasThinkTags(seen.text);
		this.#failures = failure && ofTheLine.has(failure.code) ? this.#failures + 1 : 0;
		if (failure && (this.#failures > 1 || final.has(failure.code))) this.#stopped ??= failure;
		if (this.#options.signal.aborted) this.#stopped ??= { code: "aborted", message: "Stopped." };
	}
}

/** What all answers together cost, as far as the server told. */
export function totalUsage(answers: readonly Heard[]): Usage {
	const known = answers.flatMap(({ reply }) => (reply.usage ? [reply.usage] : []));
	const sum = (field: keyof Usage) => known.reduce((total, usage) => total + (usage[field] ?? 0), 0);
	const told = (["cachedTokens", "reasoningTokens", "cost"] as const).filter((field) =>
		known.some((usage) => usage[field] !== undefined),
	);
	return {
		inputTokens: sum("inputTokens"),
		outputTokens: sum("outputTokens"),
		...Object.fromEntries(told.map((field) => [field, sum(field)])),
	};
}
