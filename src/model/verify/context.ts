import { setTimeout as sleep } from "node:timers/promises";
import type { ModelRequest, Result } from "../../agent/ports.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Usage } from "../../shared/message.ts";
import type { Capabilities } from "../capabilities.ts";
import { createFactBook, type Facts } from "../facts.ts";
import { Knowledge, type Sent } from "../knowledge.ts";
import { listModels, type ServerModel } from "../list.ts";
import type { Clocks } from "../patience.ts";
import { transportFor } from "../transport.ts";
import { isUnheard, pauseBefore, TOO_MANY } from "./again.ts";
import { ask, type Heard } from "./ask.ts";
import { hasThinkTags } from "./markup.ts";
import { budgetOf, contextTold, type QuestionName, questions, requestOf, type Target } from "./questions.ts";

/** Refusals of one request that may be mended, one after the other. */
const MAX_LESSONS = 3;

/** Failures of the line and not of the request: two in a row, and the endpoint is gone. */
const ofTheLine: ReadonlySet<string> = new Set(["unreachable", "network", "cut", "timeout"]);
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
	/** Requests that may be made again in the whole run, mended or as they were. */
	readonly repeats: number;
	/** The server asked to wait so many milliseconds. */
	readonly waiting: (ms: number) => void;
}

/** A question that is being asked, and how often it was asked again so far. */
interface Asking {
	readonly name: QuestionName;
	readonly request: ModelRequest;
	readonly sent: Sent;
	readonly attempts: { lessons: number; pauses: number };
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
	#repeats: number;

	constructor(options: ContextOptions) {
		this.#options = options;
		this.#repeats = options.repeats;
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

	/** Tokens of context of which the server told; 0: of none. */
	get contextTold(): number {
		return contextTold(this.target, this.facts);
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

	/** Nothing more is to be asked. */
	stop(failure: Failure): void {
		this.#stopped ??= failure;
	}

	models(): Promise<Result<readonly ServerModel[]>> {
		this.#requests += this.#models === undefined ? 1 : 0;
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

	/** Why one of these questions got no answer, as far as they were asked. */
	async unheard(names: readonly QuestionName[]): Promise<Failure | undefined> {
		const heard = await Promise.all(names.flatMap((name) => this.#heard.get(name) ?? []));
		return heard.map(({ failure }) => failure).find(isUnheard);
	}

	/** All answers so far, by question. */
	async answers(): Promise<readonly (readonly [QuestionName, Exchange])[]> {
		return Promise.all([...this.#heard].map(async ([name, heard]) => [name, await heard] as const));
	}

	async #ask(name: QuestionName): Promise<Exchange> {
		const request = { ...requestOf(name, this.#thinks), chat: this.#chat };
		const attempts = { lessons: 0, pauses: 0 };
		let sent = this.#fill(name, this.#knowledge.prepare(request));
		for (;;) {
			const heard = await this.#send(name, sent);
			const next = heard.failure && (await this.#again(heard.failure, { name, request, sent, attempts }));
			if (!next) {
				// Who has no attempt left does not know what the answer would have been.
				const judged = heard.failure && this.#stopped === TOO_MANY ? { ...heard, failure: TOO_MANY } : heard;
				this.#judge(judged);
				return { ...judged, reply: this.#knowledge.observe(heard.reply, sent), sent };
			}
			sent = next;
		}
	}

	/** The request as it is to be made once more, mended or as it was; undefined: what came of it counts. */
	async #again(failure: Failure, asked: Asking): Promise<Sent | undefined> {
		const { name, request, sent, attempts } = asked;
		const canLearn = !questions[name].asItIs && attempts.lessons < MAX_LESSONS;
		const mended = canLearn ? this.#knowledge.mend(failure, request, sent) : undefined;
		const pause = mended ? 0 : pauseBefore(failure, attempts.pauses);
		if (pause === undefined || !this.#mayRepeat()) return undefined;
		if (mended) attempts.lessons++;
		else attempts.pauses++;
		if (pause > 0 && !(await this.#wait(pause))) return undefined;
		return mended ? this.#fill(name, mended) : sent;
	}

	#mayRepeat(): boolean {
		if (this.#repeats === 0) this.stop(TOO_MANY);
		return this.#repeats-- > 0;
	}

	/** With the question's own fields, and no larger a budget than it needs. */
	#fill(name: QuestionName, sent: Sent): Sent {
		const { body, capabilities } = sent;
		const { maxTokensField } = capabilities;
		const budget = Math.min(Number(body[maxTokensField]), budgetOf(name, capabilities));
		const fields = questions[name].fields?.({ target: this.target, capabilities, contextTold: this.contextTold });
		return { ...sent, body: { ...body, ...(maxTokensField in body && { [maxTokensField]: budget }), ...fields } };
	}

	#send(name: QuestionName, sent: Sent): Promise<Heard> {
		const { clocks, signal } = this.#options;
		const { endpoint, model } = this.target;
		const { leave = false } = questions[name];
		this.#requests++;
		return ask({ asked: { endpoint, model }, sent, clocks, transport: transportFor(clocks), leave }, signal);
	}

	/** False: the run was stopped meanwhile. */
	#wait(ms: number): Promise<boolean> {
		this.#options.waiting(ms);
		return sleep(ms, true, { signal: this.#options.signal }).catch(() => false);
	}

	#judge({ failure, seen }: Heard): void {
		this.#thinks ||= seen.reasoning !== "" || hasThinkTags(seen.text);
		this.#failures = failure && ofTheLine.has(failure.code) ? this.#failures + 1 : 0;
		if (failure && (this.#failures > 1 || final.has(failure.code))) this.stop(failure);
		if (this.#options.signal.aborted) this.stop({ code: "aborted", message: "Stopped." });
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
