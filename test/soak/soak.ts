import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { changeQueue, nextQueued } from "../../src/agent/queue.ts";
import type { EndReason } from "../../src/shared/event.ts";
import type { Chat } from "../../src/shared/reduce.ts";
import { type Audit, audit } from "./audit.ts";
import type { ChildAsk } from "./child.ts";
import { type Dice, dice } from "./dice.ts";
import { meddle } from "./person.ts";
import { makePlace, type SoakPlace, settleWrites } from "./place.ts";
import { leftovers, openFiles } from "./processes.ts";
import { Run, type RunOptions } from "./run.ts";
import { SoakServer } from "./server.ts";

export interface SoakOptions {
	readonly seed: number;
	/** Tool calls with a result, at least. */
	readonly calls: number;
	/** The folder stays also where all is well. */
	readonly keep?: boolean;
	/** Told how far it is. */
	readonly say?: (line: string) => void;
}

export interface SoakReport {
	readonly seed: number;
	readonly calls: number;
	/** What does not hold; empty when all is well. */
	readonly wrong: readonly string[];
	/** How often what happened. */
	readonly counts: Readonly<Record<string, number>>;
	/** Where all of it is to be looked at; gone where all is well, unless it was to stay. */
	readonly folder: string;
}

/** Tokens: from a chat that is shortened all the time to one that seldom is. */
const WINDOWS = [24_000, 40_000, 64_000, 128_000];
const REPOSITORY = join(import.meta.dirname, "../..");

/**
 * One task of so many calls through the real adapter, tools, log and shell, with a server that misbehaves, a person who
 * meddles, and a process that goes away or is killed. Checks after each run and at the end that every invariant holds.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
	const { TMPDIR } = process.env;
	const place = makePlace();
	process.env["TMPDIR"] = place.temporary;
	const task = new Task(place, options);
	try {
		const report = await task.run();
		if (report.wrong.length === 0 && !options.keep) rmSync(place.folder, { recursive: true });
		return report;
	} finally {
		await task.close();
		if (TMPDIR === undefined) delete process.env["TMPDIR"];
		else process.env["TMPDIR"] = TMPDIR;
	}
}

/** A turn that runs in this process, and how it may be cut short. */
interface Running {
	readonly run: Run;
	readonly stop: AbortController;
	isLeft: boolean;
}

class Task {
	readonly #place: SoakPlace;
	readonly #options: SoakOptions;
	readonly #server: SoakServer;
	readonly #counts: Record<string, number> = {};
	#url = "";
	#run: Run | undefined;
	#running: Running | undefined;
	#late: Promise<unknown>[] = [];
	#last: Audit;

	constructor(place: SoakPlace, options: SoakOptions) {
		this.#place = place;
		this.#options = options;
		this.#last = audit(place);
		this.#server = new SoakServer({ place, seed: options.seed, onRequest: (n) => this.#interfere(n) });
	}

	async run(): Promise<SoakReport> {
		const { calls, say } = this.#options;
		this.#url = await this.#server.start();
		for (let n = 0; this.#last.calls < calls && this.#isWell; n++) {
			await this.#segment(n);
			say?.(`${this.#last.calls} of ${calls} calls, ${this.#server.requests} requests`);
		}
		const ending = this.#isWell ? await this.#finish() : [];
		const { wrong, calls: made, lines } = this.#last;
		for (const { event } of lines) this.#count(`event: ${event.type}`);
		const counts = { ...this.#counts, ...this.#server.counts };
		return { seed: this.#options.seed, calls: made, wrong: [...wrong, ...ending], counts, folder: this.#place.folder };
	}

	async close(): Promise<void> {
		this.#running?.run.leave();
		await this.#close();
		await this.#server.close();
	}

	get #isWell(): boolean {
		return this.#last.wrong.length === 0;
	}

	/** One turn, or what becomes of it. */
	async #segment(n: number): Promise<void> {
		const chance = dice(this.#options.seed, `segment ${n}`);
		const options = this.#optionsFor(chance);
		if (chance.percent(20)) await this.#inChild(chance, options, n);
		else await this.#here(chance, options, n);
		this.#last = audit(this.#place);
	}

	#optionsFor(chance: Dice): RunOptions {
		const { seed } = this.#options;
		return {
			seed,
			url: this.#url,
			window: WINDOWS[seed % WINDOWS.length] ?? 0,
			mode: chance.pick(["ask", "ask", "edits", "trusted"]),
			maxCalls: 20 + chance.int(60),
			checkpoints: seed % 3 === 0,
		};
	}

	async #here(chance: Dice, options: RunOptions, n: number): Promise<void> {
		if (this.#run && chance.percent(30)) await this.#close();
		this.#run ??= await Run.open(this.#place, options);
		const run = this.#run;
		const running = { run, stop: new AbortController(), isLeft: false };
		this.#running = running;
		const end = await run.turn(this.#promptFor(run.session.chat, chance, n), running.stop.signal);
		this.#running = undefined;
		await Promise.all(this.#late);
		this.#late = [];
		this.#ended(running.isLeft ? "reload" : end.reason);
		await run.settled();
		run.witness.compare();
		if (running.isLeft) await this.#close();
	}

	/** A prompt, one that waits, or none: the last turn goes on. */
	#promptFor(chat: Chat, chance: Dice, n: number) {
		const turn = chat.turns.at(-1);
		if (turn && turn.ended !== "done" && chance.percent(75)) return undefined;
		const queued = nextQueued(chat);
		return queued ? { queued: queued.id } : `Task ${n}: keep at it.`;
	}

	/** The same in a process that is killed on the way, or comes to the end before. */
	async #inChild(chance: Dice, options: RunOptions, n: number): Promise<void> {
		await this.#close();
		const prompt = this.#promptFor(this.#last.chat, chance, n);
		const ask: ChildAsk = {
			place: this.#place,
			options,
			...(typeof prompt === "string" && { prompt }),
			diesAfter: 1 + chance.int(chance.pick([20, 200, 2000])),
		};
		const script = join(import.meta.dirname, "child.ts");
		const args = ["--disable-warning=ExperimentalWarning", "--import", "./scripts/hooks.mjs", script];
		const child = spawn(process.execPath, [...args, JSON.stringify(ask)], { cwd: REPOSITORY, stdio: ["ignore", 2, 2] });
		const signal = await new Promise<string | number | null>((resolve, reject) => {
			child.on("error", reject);
			child.on("exit", (code, by) => resolve(by ?? code));
		});
		if (signal !== "SIGKILL" && signal !== 0) throw new Error(`The child process ended with ${signal}.`);
		this.#ended(signal === 0 ? "child done" : "kill -9");
		await this.#expectNone();
		if (settleWrites(this.#place) > 0) this.#count("kill -9 left a copy beside a file");
	}

	/** A request is on its way to the model, and nothing of the task runs: the person does something, or it is cut off. */
	#interfere(n: number): void {
		const chance = dice(this.#options.seed, `interfere ${n}`);
		if (chance.percent(8)) meddle(this.#place, chance, `hand${n}`);
		if (chance.percent(4)) this.#server.endsTurn = true;
		const running = this.#running;
		if (!running || this.#server.isCalm) return;
		if (chance.percent(5)) this.#queue(running.run, chance, n);
		const [cut, after] = [chance.int(100), chance.int(60)];
		if (cut < 3) setTimeout(() => running.stop.abort(), after);
		else if (cut < 6) setTimeout(() => leave(running), after);
	}

	#queue({ session }: Run, chance: Dice, n: number): void {
		const steer = chance.percent(60) && ({ steer: true } as const);
		// The chat may be left before it is written.
		const adding = changeQueue(session, { do: "add", text: `And mind ${n}.`, ...steer }).catch(() => undefined);
		this.#late.push(adding);
	}

	/** The chat can be continued, and nothing is left behind. */
	async #finish(): Promise<string[]> {
		this.#server.isCalm = true;
		await this.#close();
		const chance = dice(this.#options.seed, "finish");
		await this.#here(chance, { ...this.#optionsFor(chance), maxCalls: Number.MAX_SAFE_INTEGER }, -1);
		const reason = this.#run?.session.chat.turns.at(-1)?.ended;
		await this.#close();
		await this.#expectNone();
		this.#last = audit(this.#place);
		const left = [
			...readdirSync(this.#place.temporary).map((name) => `${name} is left in the temporary folder`),
			...(await openFiles(this.#place)),
			...this.#uncounted(),
		];
		return reason === "done" ? left : [...left, `the chat could not be continued: it ended as ${reason}`];
	}

	/** What a server counted is on record with its answer. */
	#uncounted(): string[] {
		const answers = this.#last.lines.flatMap(({ event }) =>
			event.type === "replied" && event.complete ? [event] : [],
		);
		const without = answers.filter(({ usage }) => !usage?.inputTokens).length;
		const told = this.#server.uncounted;
		return without <= told
			? []
			: [`${without} answers have no tokens on record, and the server left them out ${told} times`];
	}

	async #expectNone(): Promise<void> {
		const left = await leftovers(this.#place);
		if (left.length > 0) throw new Error(left.join("\n"));
	}

	async #close(): Promise<void> {
		const run = this.#run;
		this.#run = undefined;
		await run?.close();
	}

	#ended(how: EndReason | "reload" | "kill -9" | "child done"): void {
		this.#count(`ended: ${how}`);
	}

	#count(what: string): void {
		this.#counts[what] = (this.#counts[what] ?? 0) + 1;
	}
}

/** As a reload of the window: what runs is cut off, and found as interrupted. */
function leave(running: Running): void {
	running.isLeft = true;
	running.run.leave();
	running.stop.abort();
}
