import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Session } from "../../src/agent/session.ts";
import { INDEX_NAME } from "../../src/node/chat-index.ts";
import { ChatStore } from "../../src/node/chat-store.ts";
import { FileLog } from "../../src/node/log.ts";

describe("the chats in a folder", () => {
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-chats-"));
	});
	afterEach(() => rm(folder, { recursive: true }));

	/** A chat whose last word was at this time. */
	async function chat(id: string, at: number, ...prompts: readonly string[]): Promise<void> {
		const log = new FileLog(join(folder, `${id}.jsonl`));
		const session = new Session(log, [], () => at);
		await session.record({ type: "opened", version: 1, chat: id, system: "S" });
		for (const text of prompts) {
			await session.record({ type: "prompted", text });
			const reply = { parts: [], finish: "stop", complete: true, model: "m", ms: 1 };
			await session.record({ type: "replied", ...reply });
			await session.record({ type: "ended", reason: "done" });
		}
		await log.close();
	}

	const row = (id: string, at: number, more: object = {}) => ({
		id,
		title: `Title ${id}`,
		prompts: `Title ${id}`,
		steps: 1,
		at,
		open: false,
		pinned: false,
		...more,
	});
	const store = () => new ChatStore(folder);
	/** So that no index of a window that was there before is of use. */
	const listed = () => store().list();

	it("are listed newest first, with what is searched, without those in which nothing was said", async () => {
		await chat("a", 1, "Title a", "then\n\n  more");
		await chat("b", 2, "Title b");
		await chat("empty", 3);
		await writeFile(join(folder, "torn.jsonl"), '{"type":"opened","seq":0');
		assert.deepEqual(await listed(), [row("b", 2), row("a", 1, { prompts: "Title a · then more", steps: 2 })]);
	});

	it("are listed with a time that can be shown, and with what waits for the person, also where nobody has it open", async () => {
		await chat("a", 1e300, "Title a");
		await chat("b", 2, "Title b");
		const log = new FileLog(join(folder, "b.jsonl"), (await readFile(join(folder, "b.jsonl"))).length);
		await log.append({ type: "ended", seq: 4, at: 3, reason: "limit" });
		await log.close();
		assert.deepEqual(await listed(), [row("b", 3, { paused: true }), row("a", 0)]);
	});

	it("are listed from the index, and logs that did not change are not read again", async () => {
		await chat("a", 1, "Title a");
		await listed();
		const index = await readFile(join(folder, INDEX_NAME), "utf8");
		await writeFile(join(folder, INDEX_NAME), index.replaceAll("Title a", "From the index"));
		assert.deepEqual(
			(await listed()).map(({ title }) => title),
			["From the index"],
		);
	});

	it("are read again where the index is missing, broken, foreign or of another version, or the log changed", async () => {
		await chat("a", 1, "Title a");
		await listed();
		const path = join(folder, INDEX_NAME);
		const good = await readFile(path, "utf8");
		const wrong = [
			"",
			"null",
			"{",
			good.slice(0, -20),
			good.replace('"version":2', '"version":1'),
			good.replace('"steps":1', '"steps":"many"'),
			good.replace('"at":1', '"at":1e300'),
			good.replace(/"size":\d+/, '"size":1'),
			'{"version":2,"chats":{"__proto__":{"size":1,"mtimeMs":1,"summary":null}}}',
		];
		for (const text of wrong) {
			await writeFile(path, text);
			assert.deepEqual(await listed(), [row("a", 1)], text);
			assert.deepEqual(JSON.parse(await readFile(path, "utf8")), JSON.parse(good), text);
		}
		await writeFile(path, good.replaceAll("Title a", "Old"));
		await utimes(join(folder, "a.jsonl"), 1, 1);
		assert.deepEqual(await listed(), [row("a", 1)]);
		await rm(path);
		assert.deepEqual(await listed(), [row("a", 1)]);
	});

	it("are the same in two windows that list, rename, pin, add and delete at once", async () => {
		for (const id of ["a", "b", "c"]) await chat(id, 1, `Title ${id}`);
		const [one, other] = [store(), store()];
		await Promise.all([one.list(), other.list()]);
		await Promise.all([
			one.rename("a", "Renamed"),
			other.pin("b", true),
			one.remove("c"),
			chat("d", 9, "Title d"),
			one.list(),
			other.list(),
		]);
		const now = [row("d", 9), row("a", 1, { title: "Renamed", prompts: "Title a" }), row("b", 1, { pinned: true })];
		const byId = (chats: readonly { id: string }[]) => chats.toSorted((x, y) => x.id.localeCompare(y.id));
		for (const each of [one, other, store()]) assert.deepEqual(byId(await each.list()), byId(now));
		await other.pin("b", false);
		assert.deepEqual(byId(await one.list())[1], row("b", 1));
		assert.deepEqual((await readdir(folder)).sort(), ["a.jsonl", "b.jsonl", "d.jsonl", INDEX_NAME]);
	});

	it("keep a readable index when four processes list and rename them at once", async () => {
		for (const id of ["a", "b", "c"]) await chat(id, 1, `Title ${id}`);
		const source = JSON.stringify(new URL("../../src/node/chat-store.ts", import.meta.url).href);
		const script = (n: number) => `
			const { ChatStore } = await import(${source});
			const store = new ChatStore(${JSON.stringify(folder)});
			for (let time = 0; time < 5; time++) {
				await store.list();
				const failure = await store.rename("abc"[time % 3], "Title ${n}-" + time);
				if (failure && !/Another window/.test(failure.message)) throw new Error(failure.message);
			}`;
		const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e"];
		const run = (n: number) => promisify(execFile)(process.execPath, [...flags, script(n)]);
		await Promise.all(Array.from({ length: 4 }, (_, n) => run(n)));
		JSON.parse(await readFile(join(folder, INDEX_NAME), "utf8"));
		const chats = await listed();
		assert.deepEqual(
			chats.map(({ id, steps, unreadable }) => [id, steps, unreadable]).sort(),
			["a", "b", "c"].map((id) => [id, 1, undefined]),
		);
		for (const { id, title } of chats) {
			assert.match(title, /^Title \d-\d$/);
			const log = await store().read(id);
			assert.equal(log.ok && log.value.skipped, 0);
		}
		assert.deepEqual(
			(await readdir(folder)).filter((name) => name.endsWith(".tmp")),
			[],
		);
	}).timeout(60_000);

	it("know one that goes on elsewhere as its log has it, and one in memory without reading it", async () => {
		await chat("a", 1, "Title a");
		const window = store();
		await window.list();
		const log = await window.read("a");
		assert.ok(log.ok);
		const file = new FileLog(window.path("a"), log.value.bytes);
		const session = new Session(file, log.value.events, () => 5);
		await session.record({ type: "prompted", text: "more" });
		assert.deepEqual(await window.list([session.chat]), [
			row("a", 1, { at: 5, open: true, prompts: "Title a · more" }),
		]);
		await session.record({ type: "ended", reason: "stopped" });
		await file.close();
		await window.left(session.chat);
		assert.deepEqual(await window.list(), [row("a", 1, { at: 5, prompts: "Title a · more" })]);
	});

	it("show one that can't be opened, with the reason", async () => {
		await chat("a", 1, "Title a");
		await appendFile(join(folder, "a.jsonl"), '{"type":"unheard-of","seq":9,"at":1}\n');
		const [only] = await listed();
		assert.match(only?.unreadable ?? "", /newer version/);
		assert.match((await store().rename("a", "No"))?.message ?? "", /newer version/);
	});

	it("make no file where a chat that is gone is renamed or listed", async () => {
		assert.equal((await store().rename("gone", "x"))?.code, "storage");
		assert.deepEqual(await new ChatStore(join(folder, "none")).list(), []);
		assert.deepEqual(await readdir(folder), []);
	});
});
