import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle } from "../../src/agent/bundle.ts";
import { runTurn } from "../../src/agent/loop.ts";
import type { Result } from "../../src/agent/ports.ts";
import { Session } from "../../src/agent/session.ts";
import { FileLog, readLog } from "../../src/node/log.ts";
import type { Recorded } from "../../src/shared/event.ts";
import type { Chat } from "../../src/shared/reduce.ts";
import { MemoryLog, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

/** A chat with every event that there is. */
const bundle = await readBundle(readFileSync(new URL("../recordings/chats/2026-11.jsonl", import.meta.url), "utf8"));
const events: readonly Recorded[] = bundle.ok ? bundle.value.events : assert.fail(bundle.failure.message);
const lines = events.map((event) => Buffer.from(`${JSON.stringify(event)}\n`));
const now = () => 7;
const callsOf = ({ turns }: Chat) => turns.flatMap(({ steps }) => steps.flatMap(({ calls }) => calls));
const ended: Recorded = { type: "ended", seq: events.length, at: 7, reason: "stopped" };

describe("a log that a process died in", () => {
	let folder: string;
	let path: string;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-log-"));
		path = join(folder, "one.jsonl");
	});
	after(() => rm(folder, { recursive: true }));

	it("opens with all whole lines, whichever event was torn and at whatever byte", async () => {
		const first = lines[0] ?? assert.fail();
		for (const line of lines.slice(1))
			for (let bytes = 0; bytes < line.length; bytes++) {
				await writeFile(path, Buffer.concat([first, line.subarray(0, bytes)]));
				const read = await readLog(path);
				assert.deepEqual(read, { ok: true, value: { events: [events[0]], bytes: first.length, skipped: 0 } });
			}
	}).timeout(60_000);

	it("goes on behind any of its lines, with what was torn behind it gone", async () => {
		for (let whole = 1; whole < lines.length; whole++) {
			const kept = Buffer.concat(lines.slice(0, whole));
			await writeFile(path, Buffer.concat([kept, (lines[whole] ?? kept).subarray(0, 25)]));
			const read = await readLog(path);
			assert.ok(read.ok);
			assert.deepEqual(read.value.events, events.slice(0, whole));
			const log = new FileLog(path, read.value.bytes);
			assert.equal((await log.append(ended)).ok, true);
			await log.close();
			assert.deepEqual(await readFile(path), Buffer.concat([kept, Buffer.from(`${JSON.stringify(ended)}\n`)]));
		}
	});

	it("opens without a line in the middle that is damaged, whichever, and says so; the others keep their numbers", async () => {
		for (let at = 1; at < lines.length - 1; at++) {
			const damaged = lines.map((line, n) => (n === at ? Buffer.from(`${"\0".repeat(line.length - 1)}\n`) : line));
			await writeFile(path, Buffer.concat(damaged));
			const read = await readLog(path);
			assert.ok(read.ok);
			assert.equal(read.value.skipped, 1);
			assert.deepEqual(read.value.events, events.toSpliced(at, 1));
			// It adds up to something, whatever is missing.
			assert.equal(new Session(new FileLog(path), read.value.events).chat.next, events.length);
		}
	});

	for (const prompt of [undefined, "Something else."])
		it(`runs nothing twice after any of its events, and gives each call one result: ${prompt ?? "it goes on"}`, async () => {
			for (let whole = 2; whole <= events.length; whole++) {
				const left = events.slice(0, whole);
				const log = new MemoryLog();
				const session = new Session(log, left, now);
				const tools = new TestTools(
					Object.fromEntries(["Read", "Edit", "Bash", "Todo"].map((name) => [name, () => ({})])),
				);
				const had = callsOf(session.chat).filter(
					({ state }) => state !== "said" && state !== "planned" && state !== "asking",
				);
				await runTurn(session, prompt, turnEnv(new ScriptedModel(), tools), new AbortController().signal);
				const again = had.filter(({ tool, args }) => tools.ran.includes(`${tool} ${args}`));
				assert.deepEqual(again, [], `after ${whole} events`);
				const results = [...left, ...log.events].flatMap((event) => (event.type === "finished" ? [event.callId] : []));
				assert.equal(new Set(results).size, results.length, `after ${whole} events`);
				assert.ok(
					callsOf(session.chat).every(({ text }) => text !== undefined),
					`after ${whole} events`,
				);
			}
		});
});

/** Its disk is full at one moment. */
class FullLog extends MemoryLog {
	left: number;
	constructor(left: number) {
		super();
		this.left = left;
	}
	override append(event: Recorded): Promise<Result<void>> {
		this.broken = this.left-- === 0;
		return super.append(event);
	}
}

describe("a disk that is full", () => {
	it("ends the turn with a failure at whichever event, and the chat goes on afterwards", async () => {
		const run = async (log: FullLog, session: Session, prompt: string | undefined) => {
			const answers = [
				{ calls: [{ tool: "Read", args: { path: "a" } }] },
				{ calls: [{ tool: "Edit", args: { path: "a" } }] },
				{ text: "Done." },
			];
			const tools = new TestTools({
				Read: () => ({ effects: [{ read: "a" }] }),
				Edit: () => ({ effects: [{ write: "a" }] }),
			});
			const end = await runTurn(
				session,
				prompt,
				turnEnv(new ScriptedModel(...answers), tools),
				new AbortController().signal,
			);
			return { end, ran: tools.ran, events: log.events.length };
		};
		const fresh = async (left: number) => {
			const log = new FullLog(left);
			const session = new Session(log, [], now);
			await session.record({ type: "opened", version: 1, chat: "one", system: "S" });
			return { log, session };
		};
		const whole = await fresh(1_000);
		const { events: all } = await run(whole.log, whole.session, "go");
		for (let left = 1; left < all; left++) {
			const { log, session } = await fresh(left);
			const { end } = await run(log, session, "go");
			assert.deepEqual([end.reason, end.failure?.code], ["failed", "storage"], `at event ${left}`);
			assert.equal((await run(log, session, "and now")).end.reason, "done", `at event ${left}`);
			assert.ok(
				callsOf(session.chat).every(({ text }) => text !== undefined),
				`at event ${left}`,
			);
			const again = new Session(new MemoryLog(), log.events, now);
			assert.deepEqual(again.chat, session.chat, `at event ${left}`);
		}
	});
});
