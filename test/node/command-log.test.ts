import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandLog, removeLogs } from "../../src/node/command-log.ts";

describe("CommandLog", () => {
	let folder: string;
	beforeEach(() => {
		folder = join(mkdtempSync(join(tmpdir(), "kimi-log-")), "logs");
	});
	afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));
	const long = "x".repeat(40_000);

	it("makes no file for a short output", async () => {
		const log = new CommandLog(folder);
		void log.push("x".repeat(32 * 1024));
		await log.end();
		assert.equal(log.path, undefined);
	});
	it("has the first bytes of an endless output, whole characters, and a note", async () => {
		const log = new CommandLog(folder, 50_000);
		for (const text of [long, "é".repeat(5001), "more", "and more"]) await log.push(text);
		await log.end();
		const note = "\n[… only the first 50000 bytes are kept …]\n";
		assert.equal(readFileSync(log.path ?? "", "utf8"), `${long}${"é".repeat(5000)}${note}`);
	});
	it("asks the command to wait while much is to be written, and only then", async () => {
		const log = new CommandLog(folder);
		assert.equal(log.push(long), undefined);
		const wait = log.push("y".repeat(2_000_000));
		assert.ok(wait);
		await wait;
		assert.equal(log.push("z"), undefined);
		await log.end();
		assert.equal(readFileSync(log.path ?? "", "utf8").length, 2_040_001);
	});
	it("asks nobody to wait for what is not kept any more", async () => {
		const log = new CommandLog(folder, 50_000);
		void log.push(long);
		void log.push(long);
		assert.equal(log.push("y".repeat(2_000_000)), undefined);
		await log.end();
	});
	it("leaves the last 50 of them, and other files alone", async () => {
		mkdirSync(folder);
		for (let at = 10; at < 90; at++) writeFileSync(join(folder, `2020-01-01T00-00-${at}.log`), "");
		writeFileSync(join(folder, "mine.txt"), "");
		const log = new CommandLog(folder);
		void log.push(long);
		await log.end();
		const names = readdirSync(folder).sort();
		assert.deepEqual([names.length, names[0], names.at(-1)], [51, "2020-01-01T00-00-41.log", "mine.txt"]);
	});
	it("leaves those that are still written to, also when 50 newer ones were made, and none once they are not", async () => {
		const old = new CommandLog(folder);
		void old.push(`first\n${long}`);
		// In the queue of the disk; the next ones come when it is there.
		await old.push("x".repeat(2_000_000));
		const make = async (count: number) => {
			for (let made = 0; made < count; made++) {
				const log = new CommandLog(folder);
				void log.push(long);
				await log.end();
			}
		};
		await make(60);
		await old.push("last");
		await old.end();
		const text = readFileSync(old.path ?? "", "utf8");
		assert.deepEqual([text.slice(0, 6), text.slice(-4), readdirSync(folder).length], ["first\n", "last", 51]);
		await make(1);
		assert.equal(existsSync(old.path ?? ""), false);
	});
	it("leaves those of another process that runs, and not of one that is gone", async () => {
		mkdirSync(folder);
		const gone = spawnSync("true").pid;
		const names = [process.ppid, gone].map((pid) => `2020-01-01T00-00-00.000Z-${pid}-0.log`);
		for (const name of names) writeFileSync(join(folder, name), "");
		for (let at = 10; at < 60; at++) writeFileSync(join(folder, `2020-01-01T00-00-${at}.000Z-${gone}-0.log`), "");
		const log = new CommandLog(folder);
		void log.push(long);
		await log.end();
		assert.deepEqual(
			names.map((name) => existsSync(join(folder, name))),
			[true, false],
		);
	});
	it("are deleted by their paths, where those are in their folder, and nothing else is", async () => {
		mkdirSync(join(folder, "deep"), { recursive: true });
		const kept = ["../a.log", "deep/a.log", "mine.txt", "c.log"].map((name) => join(folder, name));
		const files = [...kept, join(folder, "a.log")];
		for (const file of files) writeFileSync(file, "");
		symlinkSync("c.log", join(folder, "b.log"));
		const told = [...files.slice(0, 3), `${folder}/deep/../../a.log`, join(folder, "a.log"), join(folder, "b.log")];
		await removeLogs([...told, join(folder, "gone.log"), "", "a.log"], folder);
		assert.deepEqual(readdirSync(folder).sort(), ["c.log", "deep", "mine.txt"]);
		assert.deepEqual(
			kept.map((file) => existsSync(file)),
			[true, true, true, true],
		);
	});
	it("makes files that do not collide", async () => {
		const all = Array.from({ length: 5 }, () => new CommandLog(folder));
		for (const log of all) void log.push(long);
		await Promise.all(all.map((log) => log.end()));
		assert.equal(new Set(all.map(({ path }) => path)).size, 5);
	});
});
