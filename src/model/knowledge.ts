import type { ModelRequest, Reply, ToolSpec } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import type { Repair } from "../shared/message.ts";
import { type Capabilities, type Known, resolveCapabilities } from "./capabilities.ts";
import type { FactBook, Facts } from "./facts.ts";
import { Habits } from "./habits.ts";
import { lessonOf } from "./lessons.ts";
import { adviceOn } from "./mended.ts";
import { type Body, bodyJson, buildBody } from "./request.ts";
import { isGateway } from "./servers.ts";
import { type Offer, offerOf } from "./tools.ts";

/** What a refusal made us try; it is knowledge as soon as an answer comes of it. */
interface Guess {
	readonly facts: Facts;
	/** Names of tools that the server seems to refuse. */
	readonly tools: readonly string[];
	/** Tokens that the answer to this request may have, as the server told. */
	readonly room?: number;
	/** This request is to go without its images. */
	readonly withoutImages?: true;
}

const NOTHING: Facts = {};
const NO_GUESS: Guess = { facts: NOTHING, tools: [] };

/** A request as it was sent. */
export interface Sent {
	readonly offer: Offer;
	readonly body: Body;
	readonly capabilities: Capabilities;
	readonly guess: Guess;
}

/** What is known of one model at one endpoint: it makes requests and learns from what comes of them. */
export class Knowledge {
	readonly #known: Omit<Known, "facts">;
	readonly #book: FactBook;
	/**
	 * What a refusal stated and no answer proved yet. Limits stay here where a gateway asks another server each time: what
	 * one of them said is not true of all.
	 */
	#stated: Facts = NOTHING;
	readonly #habits = new Habits();
	/**
	 * The field of its thinking was known before this model was asked. Else what its answers teach of it counts from the
	 * next time on: a chat must not change its beginning.
	 */
	readonly #knewKey: boolean;
	/** What the capabilities were made of. */
	#kept: Facts | undefined;
	#capabilities: Capabilities;
	/** Names of tools that the server refused; for as long as this model is used. */
	readonly #refused = new Set<string>();
	readonly #offered = new WeakMap<readonly ToolSpec[], readonly ToolSpec[]>();

	constructor(known: Omit<Known, "facts">, book: FactBook) {
		this.#known = known;
		this.#book = book;
		this.#kept = book.read();
		this.#knewKey = this.#kept.reasoningKey !== undefined;
		this.#capabilities = this.#resolve(NOTHING);
	}

	/** The same object as long as nothing in it changes: what was encoded with it stays valid. */
	get capabilities(): Capabilities {
		const kept = this.#book.read();
		if (kept === this.#kept) return this.#capabilities;
		this.#kept = kept;
		const now = this.#resolve(NOTHING);
		if (JSON.stringify(now) !== JSON.stringify(this.#capabilities)) this.#capabilities = now;
		return this.#capabilities;
	}

	#resolve(guessed: Facts): Capabilities {
		const believed = together(together(this.#book.read(), this.#stated), guessed);
		const { reasoningKey: _, ...others } = believed;
		return resolveCapabilities({ ...this.#known, facts: this.#knewKey ? believed : others });
	}

	prepare(asked: ModelRequest, guess: Guess = NO_GUESS): Sent {
		const isGuessed = Object.keys(guess.facts).length > 0;
		const believed = isGuessed ? this.#resolve(guess.facts) : this.capabilities;
		const capabilities = guess.withoutImages ? { ...believed, images: false } : believed;
		const request = { ...asked, tools: this.#offerable(asked.tools, guess.tools) };
		const body = buildBody(request, this.#known.model, capabilities, guess.room);
		return { offer: offerOf(request.tools), capabilities, body, guess };
	}

	/** The request as it is to be made again after a refusal; undefined when that would not help. */
	mend(failure: Failure, asked: ModelRequest, sent: Sent): Sent | undefined {
		const lesson = lessonOf(failure, sent, asked.knownTokens);
		if (!lesson) return undefined;
		const facts = together(sent.guess.facts, lesson.facts);
		if (lesson.inVain) {
			this.#stated = together(this.#stated, facts);
			this.#kept = undefined;
			return undefined;
		}
		const tools = [...sent.guess.tools];
		if (lesson.tool !== undefined) {
			const name = sent.offer.names.get(lesson.tool) ?? lesson.tool;
			// Ours are as all servers take them, and without them there is no work: it must be something else.
			if (!asked.tools.some((spec) => spec.name === name && spec.foreign)) return undefined;
			tools.push(name);
		}
		const room = lesson.room ?? sent.guess.room;
		const withoutImages = (lesson.withoutImages ?? sent.guess.withoutImages) && { withoutImages: true as const };
		const again = this.prepare(asked, { facts, tools, ...(room !== undefined && { room }), ...withoutImages });
		return bodyJson(again.body) === bodyJson(sent.body) ? undefined : again;
	}

	/** Keeps what an answer shows of the server's habits, and says in the reply which tools it was not offered. */
	observe(reply: Reply, { capabilities, guess, offer }: Sent): Reply {
		const facts = this.#book.read();
		const proven = reply.complete ? this.#prove(guess) : NOTHING;
		const more = { ...proven, ...this.#habits.observe(reply, facts) };
		if (Object.keys(more).length > 0) this.#book.learn(more);
		const dropped = [...this.#refused, ...offer.left];
		const repairs: readonly Repair[] = [
			...(reply.repairs ?? []),
			...(dropped.length > 0 ? (["dropped-tool"] as const) : []),
		];
		const advice = adviceOn(repairs, dropped, { target: this.#known, capabilities });
		return advice === undefined ? reply : { ...reply, repairs, advice };
	}

	/** An answer came of what was guessed and stated: what of it is to be kept. */
	#prove(guess: Guess): Facts {
		for (const tool of guess.tools) this.#refused.add(tool);
		const proven = together(this.#stated, guess.facts);
		if (Object.keys(proven).length === 0) return NOTHING;
		const { contextTokens, maxOutputTokens, ...rest } = proven;
		const isPassing = isGateway(this.#known.endpoint);
		this.#stated = isPassing
			? { ...(contextTokens && { contextTokens }), ...(maxOutputTokens && { maxOutputTokens }) }
			: NOTHING;
		this.#kept = undefined;
		const kept = isPassing ? rest : proven;
		return kept.omit ? { ...kept, omit: together(this.#book.read(), kept).omit } : kept;
	}

	/** One list for each list, as long as no further tool is refused: what was encoded of it is found again. */
	#offerable(tools: readonly ToolSpec[], guess: readonly string[]): readonly ToolSpec[] {
		if (guess.length > 0) return tools.filter(({ name }) => !this.#refused.has(name) && !guess.includes(name));
		const isLeft = ({ name }: ToolSpec) => !this.#refused.has(name);
		const known = this.#offered.get(tools) ?? tools;
		if (known.every(isLeft)) return known;
		const offered = tools.filter(isLeft);
		this.#offered.set(tools, offered);
		return offered;
	}
}

function together(a: Facts, b: Facts): Facts {
	const omit = [...new Set([...(a.omit ?? []), ...(b.omit ?? [])])];
	return { ...a, ...b, ...(omit.length > 0 && { omit }) };
}
