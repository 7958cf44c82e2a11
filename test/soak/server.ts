import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply, WireBody, WireRequest } from "../fake/endpoint-reply.ts";
import { type Dice, dice } from "./dice.ts";
import { readEvents } from "./events.ts";
import { pickFault } from "./faults.ts";
import { logSize, note, type SoakPlace } from "./place.ts";
import { type SaidCall, sayCalls } from "./said.ts";

interface ServerOptions {
	readonly place: SoakPlace;
	readonly seed: number;
	/** A request of the task has come, and no call of it runs: number of it. */
	readonly onRequest: (n: number) => void;
}

const THOUGHT = "I look at what is there, change what has to change, and see whether it holds. ";

/**
 * The scripted model behind a server that misbehaves. It sees the files as they are when it is asked, and checks what it
 * is sent: each request of the task begins with the bytes of the one before, unless the chat was shortened between them.
 */
export class SoakServer {
	/** The next answer of the task is its last word, and nothing goes wrong any more. */
	isCalm = false;
	/** The next answer that goes well is the last word of the turn. */
	endsTurn = false;
	/** Answers that told no tokens, or zeros. */
	uncounted = 0;
	/** How often each fault, and each kind of request, came. */
	readonly counts: Record<string, number> = {};
	readonly #options: ServerOptions;
	#endpoint: FakeEndpoint | undefined;
	#last = { messages: "", tools: "", at: 0 };
	#n = 0;
	/** A call that the model says again and again, and how often still. */
	#again: { readonly call: SaidCall; left: number } | undefined;

	constructor(options: ServerOptions) {
		this.#options = options;
	}

	async start(): Promise<string> {
		this.#endpoint = await startEndpoint({ script: (request) => this.#reply(request) });
		return this.#endpoint.url;
	}

	get requests(): number {
		return this.#n;
	}

	async close(): Promise<void> {
		await this.#endpoint?.close();
	}

	#reply({ body, n }: WireRequest): ScriptedReply {
		const chance = dice(this.#options.seed, `request ${n}`);
		const [first] = body.messages;
		if (first?.content?.startsWith("You are an explorer")) return this.#explore(body, chance, n);
		if (body.messages.at(-1)?.content?.includes("Write notes for yourself")) {
			this.#measureNotes(body);
			return this.#notes(chance);
		}
		this.#checkPrefix(body);
		this.#count("requests");
		const good = this.#say(chance);
		this.#options.onRequest(this.#n++);
		if (this.isCalm || !chance.percent(18)) return good;
		const [name, fault] = pickFault(chance);
		this.#count(`fault: ${name}`);
		const bad = fault(good, chance);
		if (bad.usage !== undefined) this.uncounted++;
		return bad;
	}

	#say(chance: Dice): ScriptedReply {
		const name = `c${this.#n}`;
		const reasoning = `${THOUGHT}${name}`;
		if (this.isCalm || this.endsTurn) {
			this.endsTurn = false;
			return { reasoning, text: `All of ${name} is done.`, chunkSize: 40 };
		}
		const text = chance.percent(30) ? { text: `Now ${name}.` } : {};
		return { reasoning, ...text, calls: this.#calls(chance, name), chunkSize: 40, group: 4 };
	}

	#calls(chance: Dice, name: string): readonly SaidCall[] {
		const { place } = this.#options;
		if (this.#again) {
			const { call } = this.#again;
			if (--this.#again.left === 0) this.#again = undefined;
			return [call];
		}
		const calls = sayCalls(place, chance, name);
		const [call] = calls;
		// Reads and searches: what they bring does not change by themselves.
		if (call && chance.percent(2) && ["Read", "Grep", "Glob"].includes(call.tool)) {
			this.#count("goes in circles");
			this.#again = { call, left: 7 };
			return [call];
		}
		return calls;
	}

	#explore({ messages }: WireBody, chance: Dice, n: number): ScriptedReply {
		this.#count("requests of explorers");
		if (chance.percent(10)) return pickFault(chance)[1]({ text: "I found nothing." }, chance);
		if (messages.some(({ role }) => role === "tool")) return { text: "It is used in src/part1.ts:1.", chunkSize: 40 };
		const calls = [
			{ tool: "Grep", args: { pattern: `part${n}` } },
			{ tool: "Read", args: { path: "src/part1.ts" } },
		];
		return { reasoning: THOUGHT, calls };
	}

	#notes(chance: Dice): ScriptedReply {
		this.#count("requests for notes");
		const good = { reasoning: THOUGHT, text: `The task is to keep at it. ${THOUGHT.repeat(6)}`, chunkSize: 40 };
		return this.isCalm || !chance.percent(25) ? good : pickFault(chance)[1](good, chance);
	}

	#count(what: string): void {
		this.counts[what] = (this.counts[what] ?? 0) + 1;
	}

	#checkPrefix(body: WireBody): void {
		const { place } = this.#options;
		const messages = JSON.stringify(body.messages).slice(0, -1);
		const tools = JSON.stringify(body.tools);
		const { messages: last, tools: offered, at: from } = this.#last;
		this.#last = { messages, tools, at: logSize(place) };
		if (offered !== "" && tools !== offered) this.#wrong("the tools changed between two requests");
		if (messages.startsWith(last)) return;
		const since = readEvents(place).filter(({ end }) => end > from);
		if (since.some(({ event }) => event.type === "compacted" || event.type === "shed")) return;
		const at = common(last, messages);
		const around = (text: string) => text.slice(Math.max(0, at - 80), at + 80);
		this.#wrong(`the prefix breaks at byte ${at} of ${last.length}: …${around(last)}… became …${around(messages)}…`);
	}

	/** Of the bytes that a request for notes has in common with the one before, the least share. */
	#measureNotes(body: WireBody): void {
		const messages = JSON.stringify(body.messages.slice(0, -1)).slice(0, -1);
		const share = Math.floor((100 * common(this.#last.messages, messages)) / messages.length);
		this.counts["notes: least prefix %"] = Math.min(share, this.counts["notes: least prefix %"] ?? 100);
	}

	#wrong(what: string): void {
		note(this.#options.place, { kind: "wrong", what: `request ${this.#n}: ${what}` });
	}
}

function common(a: string, b: string): number {
	const most = Math.min(a.length, b.length);
	let at = 0;
	while (at < most && a[at] === b[at]) at++;
	return at;
}
