import type { ModelRequest, Reply, ToolSpec } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import { type Capabilities, type Known, resolveCapabilities } from "./capabilities.ts";
import type { FactBook, Facts } from "./facts.ts";
import { type Lesson, lessonOf } from "./lessons.ts";
import { type Body, bodyJson, buildBody } from "./request.ts";
import { type Offer, offerOf } from "./tools.ts";

/** A request as it was sent. */
export interface Sent {
	readonly offer: Offer;
	readonly body: Body;
	readonly capabilities: Capabilities;
}

/** What is known of one model at one endpoint: it makes requests and learns from what comes of them. */
export class Knowledge {
	readonly #known: Omit<Known, "facts">;
	readonly #book: FactBook;
	#facts: Facts;
	#capabilities: Capabilities;
	/** Names of tools that the server refused; for as long as this model is used. */
	readonly #refused = new Set<string>();
	readonly #offered = new WeakMap<readonly ToolSpec[], readonly ToolSpec[]>();

	constructor(known: Omit<Known, "facts">, book: FactBook) {
		this.#known = known;
		this.#book = book;
		this.#facts = book.read();
		this.#capabilities = resolveCapabilities({ ...known, facts: this.#facts });
	}

	/** The same object as long as nothing in it changes: what was encoded with it stays valid. */
	get capabilities(): Capabilities {
		const facts = this.#book.read();
		if (facts === this.#facts) return this.#capabilities;
		this.#facts = facts;
		const now = resolveCapabilities({ ...this.#known, facts });
		if (JSON.stringify(now) !== JSON.stringify(this.#capabilities)) this.#capabilities = now;
		return this.#capabilities;
	}

	prepare(asked: ModelRequest): Sent {
		const { capabilities } = this;
		const request = this.#refused.size === 0 ? asked : { ...asked, tools: this.#offerable(asked.tools) };
		return { offer: offerOf(request.tools), capabilities, body: buildBody(request, this.#known.model, capabilities) };
	}

	/** The request as it is to be made again after a refusal; undefined when that would not help. */
	mend(failure: Failure, asked: ModelRequest, sent: Sent): Sent | undefined {
		const lesson = lessonOf(failure, sent);
		if (!lesson) return undefined;
		this.#take(lesson, sent);
		if (lesson.inVain) return undefined;
		const again = this.prepare(asked);
		return bodyJson(again.body) === bodyJson(sent.body) ? undefined : again;
	}

	/** Keeps what an answer shows of the server's habits, and says in the reply which tools it was not offered. */
	observe(reply: Reply, { offer }: Sent): Reply {
		const facts = this.#book.read();
		const more = habits(reply, facts);
		if (Object.keys(more).length > 0) this.#book.learn(more);
		const isShort = this.#refused.size > 0 || offer.left.length > 0;
		return isShort ? { ...reply, repairs: [...(reply.repairs ?? []), "dropped-tool"] } : reply;
	}

	#take({ facts, tool }: Lesson, { offer }: Sent): void {
		if (tool !== undefined) this.#refused.add(offer.names.get(tool) ?? tool);
		const { omit } = facts;
		const before = this.#book.read().omit ?? [];
		if (Object.keys(facts).length > 0)
			this.#book.learn(omit ? { ...facts, omit: [...new Set([...before, ...omit])] } : facts);
	}

	/** One list for each list and each refusal: what was encoded of it is found again. */
	#offerable(tools: readonly ToolSpec[]): readonly ToolSpec[] {
		const known = this.#offered.get(tools);
		const isLeft = ({ name }: ToolSpec) => !this.#refused.has(name);
		if (known?.every(isLeft)) return known;
		const offered = tools.filter(isLeft);
		this.#offered.set(tools, offered);
		return offered;
	}
}

/** What is new in an answer. */
function habits({ parts, repairs = [] }: Reply, facts: Facts): Facts {
	const key = parts.find((part) => part.kind === "reasoning")?.key;
	const hasTags = repairs.includes("think-tags");
	const counts = { ...facts.repairs };
	for (const repair of repairs) counts[repair] = (counts[repair] ?? 0) + 1;
	return {
		...((key === "reasoning" || key === "reasoning_content") && key !== facts.reasoningKey && { reasoningKey: key }),
		...(hasTags && !facts.thinkTags && { thinkTags: true }),
		// The server was started anew, with a parser.
		...(key !== undefined && !hasTags && facts.thinkTags && { thinkTags: false }),
		...(repairs.length > 0 && { repairs: counts }),
	};
}
