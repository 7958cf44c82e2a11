import type { Delta, Model, Reply } from "../agent/ports.ts";
import { inStretches } from "../agent/stretch.ts";
import type { Failure } from "../shared/failure.ts";
import { failureOf } from "../shared/remedies.ts";
import { type Assembler, createAssembler } from "./assemble.ts";
import type { Known } from "./capabilities.ts";
import { type Asked, classifyFlood, traced } from "./classify.ts";
import { conclude } from "./conclude.ts";
import { createDecoder, type Decoder } from "./decode.ts";
import type { Endpoint } from "./endpoint.ts";
import { createFactBook, type FactBook } from "./facts.ts";
import { Knowledge, type Sent } from "./knowledge.ts";
import { Line, type Stopped } from "./line.ts";
import type { Clocks } from "./patience.ts";
import { isNarrow } from "./request.ts";
import { send } from "./send.ts";
import { type Transport, transportFor } from "./transport.ts";

/** Times that one request is made again with what a refusal taught, one thing at a time. */
const MAX_LESSONS = 3;
/** An answer beyond any limit that a model has: a server gone wrong. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

interface Options extends Omit<Known, "endpoint" | "facts"> {
	readonly endpoint: Endpoint;
	readonly clocks: Clocks;
	/** What was learned of it before, and where more goes. Absent: it is forgotten with the model. */
	readonly book?: FactBook;
}

/** A model behind an OpenAI-compatible endpoint. Learns from refusals what the endpoint takes, and asks once more. */
export function createModel(options: Options): Model {
	const { book = createFactBook(), clocks, endpoint, model } = options;
	const transport = transportFor(clocks);
	const knowledge = new Knowledge(options, book);
	return {
		name: model,
		get contextTokens() {
			return knowledge.capabilities.contextTokens;
		},
		async *stream(request, signal) {
			let sent: Sent | undefined = knowledge.prepare(request);
			for (let lessons = 0; sent; lessons++) {
				const now: Sent = sent;
				const attempt = new Attempt({ asked: { endpoint, model }, sent: now, clocks, transport, signal });
				sent = yield* teachable(attempt.run(), {
					mend: (failure) => (lessons < MAX_LESSONS ? knowledge.mend(failure, request, now) : undefined),
					pass: (delta) => passed(delta, now, knowledge),
				});
			}
		},
	};
}

interface Teaching {
	readonly mend: (failure: Failure) => Sent | undefined;
	readonly pass: (delta: Delta) => Delta;
}

/** Passes an answer on, unless it is a refusal after which another request is worth it: then nothing is passed on. */
async function* teachable(deltas: AsyncIterable<Delta>, teaching: Teaching): AsyncGenerator<Delta, Sent | undefined> {
	let said = false;
	for await (const delta of deltas) {
		const again = !said && delta.kind === "end" && delta.failure ? teaching.mend(delta.failure) : undefined;
		if (again) return again;
		said = true;
		yield teaching.pass(delta);
	}
	return undefined;
}

/** With our names for the tools; the last one is learned from. */
function passed(delta: Delta, sent: Sent, knowledge: Knowledge): Delta {
	const { names } = sent.offer;
	if (delta.kind === "calling")
		return names.size === 0 ? delta : { ...delta, tool: names.get(delta.tool) ?? delta.tool };
	if (delta.kind !== "end") return delta;
	const parts = delta.reply.parts.map((part) =>
		part.kind === "call" ? { ...part, tool: names.get(part.tool) ?? part.tool } : part,
	);
	return { ...delta, reply: knowledge.observe({ ...delta.reply, parts }, sent) };
}

interface Job {
	readonly asked: Asked;
	readonly sent: Sent;
	readonly clocks: Clocks;
	readonly transport: Transport;
	readonly signal: AbortSignal;
}

/** One HTTP request and its answer. */
class Attempt {
	readonly #job: Job;
	readonly #line: Line;
	readonly #assembler: Assembler;
	readonly #decoder: Decoder;
	#headers = new Headers();

	constructor(job: Job) {
		this.#job = job;
		this.#line = new Line(job.clocks, job.signal);
		const { capabilities, offer } = job.sent;
		this.#assembler = createAssembler({ tools: offer.specs, thinkTags: capabilities.thinkTags });
		this.#decoder = createDecoder(this.#assembler);
	}

	async *run(): AsyncGenerator<Delta> {
		let finished = false;
		try {
			const failure = yield* this.#receive();
			finished = true;
			const end = this.#end(failure);
			// What was held back until the end.
			yield* this.#assembler.take();
			yield end;
		} finally {
			if (!finished) this.#line.hangUp();
		}
	}

	/** Yields what comes; returns the failure that is not in the answer itself. */
	async *#receive(): AsyncGenerator<Delta, Failure | undefined> {
		const { asked, sent, transport } = this.#job;
		const response = await this.#line.wait(() => send(asked, sent.body, transport, this.#line.signal));
		if ("stopped" in response) return this.#failure(response.stopped);
		this.#headers = response.value.headers;
		if (!response.value.ok) return await this.#line.refusal(response.value, asked);
		const reader = response.value.body?.getReader();
		if (!reader) return undefined;
		let bytes = 0;
		const pause = inStretches();
		while (!this.#decoder.done && !this.#assembler.repeating) {
			const from = performance.now();
			const read = await this.#line.wait(() => reader.read());
			if ("stopped" in read) return this.#failure(read.stopped);
			if (read.value.done) {
				this.#decoder.end();
				break;
			}
			bytes += read.value.value.byteLength;
			if (bytes > MAX_ANSWER_BYTES) {
				this.#line.hangUp();
				return this.#assembler.finished ? undefined : classifyFlood(asked);
			}
			this.#decoder.add(read.value.value);
			yield* this.#grown(performance.now() - from);
			// What a proxy held back, or a quick server sends at once, is there at once.
			await pause();
		}
		void this.#leave(reader);
		return undefined;
	}

	*#grown(waited: number): Generator<Delta> {
		const grown = this.#assembler.take();
		this.#line.heard(waited, grown.length > 0, this.#assembler.finished);
		yield* grown;
	}

	/** After a finish reason only the usage was missing, so the answer stands. */
	#failure(stopped: Stopped): Failure | undefined {
		if (!("aborted" in stopped) && this.#assembler.finished) return undefined;
		return this.#line.failure(stopped, this.#job.asked, this.#decoder.kind !== "unknown");
	}

	#end(failure: Failure | undefined): Delta {
		const answer = this.#assembler.answer();
		const concluded = conclude(answer, this.#decoder, this.#job.sent.offer.specs, this.#job.asked);
		const trouble = this.#roomless(failure ?? concluded.failure);
		const reply: Reply = { ...concluded.reply, complete: trouble === undefined };
		return { kind: "end", reply, ...(trouble && { failure: traced(trouble, this.#headers, this.#job.asked) }) };
	}

	/** An answer that was cut because the chat left no room for more of it is not helped by a higher limit. */
	#roomless(failure: Failure | undefined): Failure | undefined {
		const { asked, sent } = this.#job;
		if (failure?.code !== "length" || !isNarrow(sent.body, sent.capabilities)) return failure;
		return failureOf("context", `The chat leaves ${asked.model} no room for a whole answer. Begin a new chat.`);
	}

	/** Reads on to the end of the body for a moment, so that the connection can be used again; else closes it. */
	async #leave(reader: Reader): Promise<void> {
		const timer = setTimeout(() => this.#line.hangUp(), LEAVE_MS);
		try {
			while (!(await reader.read()).done);
		} catch {
			// It was closed: nobody waits for anything any more.
		} finally {
			clearTimeout(timer);
		}
	}
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

const LEAVE_MS = 500;
