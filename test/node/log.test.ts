import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "../../src/agent/session.ts";
import { ChatStore } from "../../src/node/chat-store.ts";
import { FileLog, readLog } from "../../src/node/log.ts";
import type { Recorded } from "../../src/shared/event.ts";
import type { LogAsk } from "../fake/log-process.ts";

describe("a chat's log on disk", () => {
	let folder: string;
	let path: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-log-"));
		path = join(folder, "chats", "one.jsonl");
	});
	afterEach(() => rm(folder, { recursive: true }));

	async function written(): Promise<Session> {
		const log = new FileLog(path);
		const session = new Session(log, [], () => 7);
		await session.record({ type: "opened", version: 1, chat: "one", system: "S" });
		await Promise.all([
			session.record({ type: "prompted", text: "Grüße, 你好 👋" }),
			session.record({ type: "ended", reason: "stopped" }),
		]);
		await log.close();
		return session;
	}

	it("reads back what was written, in order", async () => {
		const { chat } = await written();
		const read = await readLog(path);
		assert.ok(read.ok);
		assert.deepEqual(new Session(new FileLog(path), read.value.events).chat, chat);
		assert.equal(read.value.skipped, 0);
	});

	it("drops a torn last line, at any byte, and goes on after the last whole one", async () => {
		await written();
		const whole = await readFile(path);
		const firstTwo = whole.subarray(0, whole.lastIndexOf(0x0a, whole.length - 2) + 1);
		for (let bytes = firstTwo.length; bytes < whole.length; bytes++) {
			await writeFile(path, whole.subarray(0, bytes));
			const read = await readLog(path);
			assert.ok(read.ok);
			assert.deepEqual([read.value.events.length, read.value.bytes], [2, firstTwo.length]);
		}
		const read = await readLog(path);
		assert.ok(read.ok);
		const log = new FileLog(path, read.value.bytes);
		await new Session(log, read.value.events, () => 7).record({ type: "ended", reason: "stopped" });
		await log.close();
		assert.deepEqual(await readFile(path), whole);
	});

	it("leaves a broken line in the middle out and counts it", async () => {
		await written();
		await appendFile(path, '{"type":"unheard-of"}\nnot json\n{"type":"titled","seq":9,"at":1,"title":"T"}\n');
		const read = await readLog(path);
		assert.ok(read.ok);
		assert.deepEqual([read.value.skipped, read.value.events.map((event) => event.seq)], [2, [0, 1, 2, 9]]);
	});

	it("keeps the numbers that later lines refer to when a line in the middle is broken", async () => {
		const log = new FileLog(path);
		const session = new Session(log, [], () => 7);
		await session.record({ type: "opened", version: 1, chat: "one", system: "S" });
		for (const text of ["a", "b", "c"]) await session.record({ type: "prompted", text });
		await session.record({ type: "restored", turn: 3, changes: [] });
		await log.close();
		const lines = (await readFile(path, "utf8")).split("\n");
		await writeFile(path, lines.with(1, `${lines[1]?.slice(0, 20)}\u0000\u0000`).join("\n"));
		const read = await readLog(path);
		assert.ok(read.ok);
		const { chat } = new Session(new FileLog(path), read.value.events);
		assert.deepEqual([chat.turns.map(({ prompt }) => prompt), chat.next], [["b"], 5]);
	});

	it("of a newer version is refused with a sentence, and nothing of it changes", async () => {
		await written();
		const newer = [
			{ type: "dreamt", seq: 3, at: 1, of: "sheep" },
			{ type: "ended", seq: 3, at: 1, reason: "bored" },
			{ type: "opened", seq: 0, at: 1, version: 2, chat: "one", system: "S" },
		];
		const whole = await readFile(path);
		for (const event of newer) {
			await writeFile(path, whole);
			await appendFile(path, `${JSON.stringify(event)}\n{"torn`);
			const before = await readFile(path);
			const read = await readLog(path);
			assert.ok(!read.ok);
			assert.match(read.failure.message, /newer version.*Update/);
			assert.deepEqual(await readFile(path), before);
		}
	});

	it("refuses a file that is no log, and one that is missing", async () => {
		await writeFile(join(folder, "x.jsonl"), "hello\n");
		const bad = await readLog(join(folder, "x.jsonl"));
		const missing = await readLog(path);
		assert.deepEqual([bad.ok, missing.ok], [false, false]);
	});

	it("reports a log that can't be written as a failure", async () => {
		await writeFile(join(folder, "chats"), "a file where the folder should be");
		const result = await new FileLog(path).append({ type: "ended", seq: 0, at: 0, reason: "done" });
		assert.equal(!result.ok && result.failure.code, "storage");
	});

	const prompted = (text: string): Recorded => ({ type: "prompted", seq: 1, at: 7, text });
	const texts = async () => {
		const read = await readLog(path);
		assert.ok(read.ok);
		assert.equal(read.value.skipped, 0);
		return read.value.events.flatMap((event) => (event.type === "prompted" ? [event.text] : []));
	};
	/** A log that goes on with the file as it is now. */
	async function resumed(): Promise<FileLog> {
		const read = await readLog(path);
		assert.ok(read.ok);
		return new FileLog(path, read.value.bytes);
	}
	const renamed = (title: string) => new ChatStore(join(folder, "chats")).rename("one", title);
	const continued = async (log: FileLog) => {
		const result = await log.append(prompted("not to be written"));
		assert.ok(!result.ok);
		assert.equal(result.failure.code, "storage");
		assert.match(result.failure.message, /another window.*Reopen/i);
	};

	it("begins a new chat after a failure with its first line, as if nothing had happened", async () => {
		await writeFile(join(folder, "chats"), "in the way");
		const log = new FileLog(path);
		await log.append({ type: "opened", seq: 0, at: 7, version: 1, chat: "one", system: "S" });
		assert.equal((await log.append(prompted("a"))).ok, false);
		await rm(join(folder, "chats"));
		assert.equal((await log.append(prompted("b"))).ok, true);
		await log.close();
		assert.deepEqual(await texts(), ["b"]);
	});

	it("goes on after it was closed, with all that it wrote", async () => {
		await written();
		const log = await resumed();
		await log.append(prompted("a"));
		await log.close();
		assert.equal((await log.append(prompted("b"))).ok, true);
		await log.close();
		assert.deepEqual(await texts(), ["Grüße, 你好 👋", "a", "b"]);
	});

	it("refuses to go on with a chat that another window continued before the first event here", async () => {
		await written();
		const [mine, theirs] = [await resumed(), await resumed()];
		assert.equal((await theirs.append(prompted("theirs"))).ok, true);
		await continued(mine);
		await continued(mine);
		assert.equal((await theirs.append(prompted("theirs too"))).ok, true);
		await Promise.all([mine.close(), theirs.close()]);
		assert.deepEqual(await texts(), ["Grüße, 你好 👋", "theirs", "theirs too"]);
	});

	it("refuses to go on with a chat that another window continued between two events here", async () => {
		await written();
		const mine = await resumed();
		await mine.append(prompted("mine"));
		const theirs = await resumed();
		await theirs.append(prompted("theirs"));
		await continued(mine);
		await continued(mine);
		await Promise.all([mine.close(), theirs.close()]);
		assert.deepEqual(await texts(), ["Grüße, 你好 👋", "mine", "theirs"]);
	});

	it("refuses to fill a file that became shorter, or came to be, with the rest of a chat", async () => {
		await written();
		const log = await resumed();
		await truncate(path, 10);
		await continued(log);
		await log.close();
		assert.equal((await readFile(path)).length, 10);
		await rm(path);
		await written();
		const whole = await readFile(path);
		await continued(new FileLog(path));
		assert.deepEqual(await readFile(path), whole);
	});

	it("takes another window's new title in, and goes on", async () => {
		await written();
		const read = await readLog(path);
		assert.ok(read.ok);
		const log = await resumed();
		const mine = new Session(log, read.value.events, () => 7);
		const heard: string[] = [];
		mine.subscribe(({ type }) => heard.push(type));
		await mine.record({ type: "prompted", text: "mine" });
		for (const title of ["Theirs", "Theirs again"]) await renamed(title);
		await mine.record({ type: "ended", reason: "done" });
		await log.close();
		assert.deepEqual(heard, ["prompted", "titled", "titled", "ended"]);
		const again = await readLog(path);
		assert.ok(again.ok);
		assert.deepEqual(new Session(new FileLog(path), again.value.events).chat, mine.chat);
		assert.deepEqual([mine.chat.title, again.value.skipped, mine.chat.next], ["Theirs again", 0, 7]);
	});

	it("refuses to go on behind a title with something else beside it", async () => {
		await written();
		const mine = await resumed();
		await renamed("Theirs");
		const theirs = await resumed();
		await theirs.append(prompted("theirs"));
		await theirs.close();
		await continued(mine);
		assert.deepEqual(mine.news(), []);
	});

	it("says that it was deleted meanwhile, and does not come back", async () => {
		await written();
		const log = await resumed();
		await log.append(prompted("a"));
		await rm(path);
		for (let time = 0; time < 2; time++) {
			const result = await log.append(prompted("b"));
			assert.match(result.ok ? "" : result.failure.message, /deleted in another window/);
		}
		await log.close();
		assert.equal(existsSync(path), false);
	});

	it("does not make a file that was deleted anew without its beginning", async () => {
		await written();
		const log = await resumed();
		await rm(path);
		assert.equal((await log.append(prompted("a"))).ok, false);
		await assert.rejects(readFile(path));
	});

	// Where the system has no such limit, there is no way to have it write half a line.
	if (existsSync("/usr/bin/prlimit")) {
		const opened: Recorded = { type: "opened", seq: 0, at: 7, version: 1, chat: "one", system: "S" };

		/** The log in a process of its own, gone when `use` is done. */
		async function apart(keep: number | undefined, use: (ask: Ask) => Promise<void>): Promise<void> {
			const args = [path, ...(keep === undefined ? [] : [String(keep)])];
			const child = fork(new URL("../fake/log-process.ts", import.meta.url), args);
			const ask: Ask = async (question) => {
				child.send(question);
				const [answer] = await once(child, "message");
				return answer === true;
			};
			try {
				await use(ask);
			} finally {
				child.kill();
				await once(child, "exit");
			}
		}

		it("cuts the half line of a failed write, keeps what was written before it, and goes on", async () => {
			await written();
			await apart((await readFile(path)).length, async (ask) => {
				await ask({ append: prompted("before") });
				const before = await readFile(path);
				await ask({ limit: before.length + 20 });
				assert.equal(await ask({ append: prompted("lost") }), false);
				assert.equal(await ask({ append: prompted("lost again") }), false);
				await ask({ limit: null });
				assert.equal(await ask({ append: prompted("after") }), true);
				assert.equal(await ask({ append: prompted("last") }), true);
				assert.deepEqual((await readFile(path)).subarray(0, before.length), before);
			});
			assert.deepEqual(await texts(), ["Grüße, 你好 👋", "before", "after", "last"]);
		});

		it("cuts the half of a new chat's two first lines, and begins again", async () => {
			await mkdir(join(folder, "chats"));
			await apart(undefined, async (ask) => {
				await ask({ append: opened });
				await ask({ limit: 100 });
				assert.equal(await ask({ append: prompted("lost") }), false);
				const half = await readFile(path);
				assert.deepEqual([half.length, half.includes(0x0a)], [100, true]);
				await ask({ limit: null });
				assert.equal(await ask({ append: prompted("after") }), true);
			});
			assert.deepEqual(await texts(), ["after"]);
		});

		it("still sees another window's lines after a failed write", async () => {
			await written();
			const { length } = await readFile(path);
			await apart(length, async (ask) => {
				await ask({ limit: length + 20 });
				assert.equal(await ask({ append: prompted("lost") }), false);
				await ask({ limit: null });
				const theirs = await resumed();
				await theirs.append(prompted("theirs"));
				await theirs.close();
				assert.equal(await ask({ append: prompted("mine") }), false);
			});
			assert.deepEqual(await texts(), ["Grüße, 你好 👋", "theirs"]);
		});
	}
});

type Ask = (question: LogAsk) => Promise<boolean>;
