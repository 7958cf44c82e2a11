import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "../../src/agent/session.ts";
import { FileLog, readLog } from "../../src/node/log.ts";

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
		assert.deepEqual([read.value.skipped, read.value.events.map((event) => event.seq)], [2, [0, 1, 2, 3]]);
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
});
