import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session, StorageError } from "../../src/agent/session.ts";
import { ChatStore } from "../../src/node/chat-store.ts";
import { Claim } from "../../src/node/claim.ts";
import { claimOf, FileLog, readLog } from "../../src/node/log.ts";
import type { Unstamped } from "../../src/shared/event.ts";

describe("a chat that another window works in", () => {
	let folder: string;
	let path: string;
	let other: ChildProcess;
	let session: Session;
	let log: FileLog;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-claim-"));
		path = join(folder, "c.jsonl");
		other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
		log = new FileLog(path);
		session = new Session(log);
		await session.record({ type: "opened", version: 1, chat: "c", system: "S" });
		await session.record({ type: "prompted", text: "Go" });
	});
	afterEach(async () => {
		other.kill("SIGKILL");
		await log.close();
		await rm(folder, { recursive: true });
	});

	const claimed = () => writeFile(claimOf(path), String(other.pid));
	const store = () => new ChatStore(folder);
	const listed = async () => (await store().list()).map(({ id, elsewhere }) => [id, elsewhere]);
	const text = () => readFile(path, "utf8");

	it("takes no event of this one, whose task would stop that one's, but a title", async () => {
		await claimed();
		const before = await text();
		const events: readonly Unstamped[] = [
			{ type: "prompted", text: "Me too" },
			{ type: "queued", messages: [] },
			{ type: "allowed", rules: [] },
			{ type: "changed", callId: "a", files: [] },
		];
		for (const event of events)
			await assert.rejects(
				session.record(event),
				(error) => error instanceof StorageError && /Another window works in this chat/.test(error.message),
			);
		assert.equal(await text(), before);
		await session.record({ type: "titled", title: "Mine" });
		assert.match(await text(), /Mine/);
		assert.deepEqual(await listed(), [["c", true]]);
	});

	it("is not taken from it, and is free once its process is gone, however it went", async () => {
		await claimed();
		await log.work(true);
		assert.equal(await readFile(claimOf(path), "utf8"), String(other.pid));
		await assert.rejects(session.record({ type: "prompted", text: "Me too" }));
		const gone = once(other, "exit");
		other.kill("SIGKILL");
		await gone;
		assert.deepEqual(await listed(), [["c", undefined]]);
		await log.work(true);
		await session.record({ type: "ended", reason: "done" });
		assert.equal(await readFile(claimOf(path), "utf8"), String(process.pid));
	});

	it("is free where nothing was heard of it for long: another process may have its number", async () => {
		await claimed();
		await utimes(claimOf(path), 1, 1);
		assert.deepEqual(await listed(), [["c", undefined]]);
		await session.record({ type: "ended", reason: "done" });
	});

	it("is told by files that are whole alone: others count for nothing", async () => {
		for (const damaged of ["", "-1", "0", "NaN", "{}", "99999999999", `${other.pid} and more`]) {
			await writeFile(claimOf(path), damaged);
			assert.deepEqual(await listed(), [["c", undefined]], damaged);
		}
	});

	it("hears of this one for as long as it works, and no longer; nothing is left of a chat that is deleted", async () => {
		await log.work(true);
		assert.equal(existsSync(claimOf(path)), true);
		await session.record({ type: "ended", reason: "done" });
		assert.equal((await readLog(path)).ok, true);
		await log.work(false);
		assert.equal(existsSync(claimOf(path)), false);
		await log.work(true);
		await log.close();
		assert.equal(existsSync(claimOf(path)), false);
		await claimed();
		await store().remove("c");
		assert.equal(existsSync(claimOf(path)), false);
	});

	it("goes on as if nobody was told where that can't be written", async () => {
		await writeFile(join(folder, "file"), "");
		const claim = new Claim(join(folder, "file", "claim"));
		await claim.set(true);
		assert.equal(await claim.isHeld(), true);
		await claim.set(false);
	});
});
