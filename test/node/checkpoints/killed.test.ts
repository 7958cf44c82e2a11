import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lookBack } from "../../../src/agent/look-back.ts";
import { runTurn } from "../../../src/agent/loop.ts";
import { Session } from "../../../src/agent/session.ts";
import type { WorkspaceCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { pruneCheckpoints } from "../../../src/node/checkpoints/prune.ts";
import { FileLog, readLog } from "../../../src/node/log.ts";
import { TestTools, turnEnv } from "../../fake/agent.ts";
import { ScriptedModel } from "../../fake/model.ts";
import { freshEachTime, type Place, restore } from "./place.ts";

let place: Place;
const begin = (fresh: Place) => {
	place = fresh;
};

const PROCESS = fileURLToPath(new URL("../../fake/turn-process.ts", import.meta.url));
const bash = (command: string) => ({ tool: "Bash", args: { command } });

/** The process of a turn dies at this moment. */
function killAt(moment: "ran" | "finished" | "changed" | "kept", call: { tool: string; args: object }): void {
	const args = [PROCESS, place.root, place.folder, place.beside("log"), moment, JSON.stringify(call)];
	const { signal, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
	assert.equal(signal, "SIGKILL", stderr);
}

/** Goes on with the chat in this process, or says something else. */
async function goOn(checkpoints: WorkspaceCheckpoints, prompt?: string): Promise<Session> {
	const log = await readLog(place.beside("log"));
	assert.ok(log.ok);
	const file = new FileLog(place.beside("log"), log.value.bytes);
	const session = new Session(file, log.value.events);
	const env = turnEnv(new ScriptedModel({ text: "ok" }), new TestTools({}), { checkpoints });
	assert.deepEqual(await runTurn(session, prompt, env, new AbortController().signal), { reason: "done" });
	await file.close();
	return session;
}

const changesIn = ({ chat }: Session) => chat.turns[0]?.changes ?? [];
const held = () => fs.readdirSync(place.folder).filter((name) => name.startsWith("held-"));

describe("a process that is killed", () => {
	freshEachTime(begin);
	for (const [moment, prompt] of [
		["ran", undefined],
		["ran", "Something else."],
		["finished", undefined],
		["finished", "Something else."],
		["changed", undefined],
	] as const)
		it(`loses nothing of what a command changed: ${moment}, then ${prompt ?? "it goes on"}`, async () => {
			place.put({ a: "1", "d/b": "1", ".gitignore": "ignored\n", ignored: "1" });
			const before = place.tree();
			killAt(moment, bash("echo 2 > a; rm -r d; echo 3 > new"));
			const after = place.tree();
			const checkpoints = place.open();
			const session = await goOn(checkpoints, prompt);
			const changes = changesIn(session);
			assert.deepEqual(
				changes.map(({ path }) => path),
				["a", "d/b", "new"],
			);
			assert.deepEqual(Object.keys(session.chat.changes), ["a", "d/b", "new"]);
			// Nobody asks for it again, and it keeps nothing from being pruned.
			if (moment !== "changed") assert.deepEqual(held(), []);
			const back = await restore(checkpoints, changes, true);
			assert.deepEqual([back.failed, place.tree()], [[], before]);
			await restore(checkpoints, back.changes);
			assert.deepEqual(place.tree(), after);
		});

	it("is not taken for one that runs: what that holds is left to it, until it ends", async () => {
		place.put({ a: "1" });
		killAt("ran", bash("echo 2 > a"));
		const other = spawn("sleep", ["60"]);
		const ended = new Promise((resolve) => other.once("exit", resolve));
		const [name = ""] = held();
		const path = join(place.folder, name);
		fs.writeFileSync(path, JSON.stringify({ ...JSON.parse(fs.readFileSync(path, "utf8")), pid: other.pid }));
		const checkpoints = place.open();
		const log = await readLog(place.beside("log"));
		assert.ok(log.ok);
		const file = new FileLog(place.beside("log"), log.value.bytes);
		const session = new Session(file, log.value.events);
		await lookBack(session, checkpoints);
		assert.deepEqual([changesIn(session), session.chat.turns[0]?.kept?.length, held()], [[], 1, [name]]);
		other.kill();
		await ended;
		await lookBack(session, checkpoints);
		await file.close();
		assert.deepEqual([changesIn(session).map((each) => each.path), held()], [["a"], []]);
	});

	it("loses nothing of an edit, also of a file that an ignore file names", async () => {
		place.put({ ".gitignore": "ignored\n", ignored: "1" });
		const before = place.tree();
		killAt("ran", { tool: "Edit", args: { path: "ignored", text: "2" } });
		assert.notDeepEqual(place.tree(), before);
		const checkpoints = place.open();
		const session = await goOn(checkpoints);
		assert.match(session.chat.turns[0]?.uncovered?.join(" ") ?? "", /^Kimi was cut off here/);
		assert.deepEqual((await restore(checkpoints, changesIn(session), true)).failed, []);
		assert.deepEqual(place.tree(), before);
	});

	it("before the call did anything leaves nothing to put back", async () => {
		place.put({ a: "1" });
		killAt("kept", bash("echo 2 > a"));
		const session = await goOn(place.open());
		const { changes, uncovered, kept } = session.chat.turns[0] ?? {};
		assert.deepEqual([changes, uncovered, kept, place.tree()], [[], undefined, undefined, { a: "644 1" }]);
	});

	it("has told the next one what was too large: to undo does not delete that", async () => {
		const large = Buffer.alloc(3 * 1024 * 1024, "x");
		place.put({ large, a: "1" });
		killAt("ran", bash("echo small > large; echo 2 > a"));
		const checkpoints = place.open();
		const session = await goOn(checkpoints);
		assert.deepEqual(
			changesIn(session).map(({ path }) => path),
			["a"],
		);
		assert.match(
			session.chat.turns[0]?.uncovered?.join(" ") ?? "",
			/^Changed by this command, too large .*: large\. Kimi was cut/,
		);
		await restore(checkpoints, changesIn(session), true);
		assert.deepEqual(place.tree(), { a: "644 1", large: "644 small\n" });
	});

	/** As if everything were of so many days ago. */
	const age = (days: number) => {
		const at = Date.now() / 1000 - days * 24 * 3600;
		for (const entry of fs.readdirSync(place.folder, { recursive: true, withFileTypes: true }))
			if (entry.isFile()) fs.utimesSync(join(entry.parentPath, entry.name), at, at);
	};
	const old = (days: number) => {
		const [name = ""] = held();
		fs.utimesSync(join(place.folder, name), Date.now() / 1000, Date.now() / 1000 - days * 24 * 3600);
	};

	it("keeps what it held from being pruned, however old that is, for as long as it can be asked for", async () => {
		place.put({ a: "1", "d/b": "1" });
		killAt("ran", bash("echo 2 > a; rm d/b"));
		age(100);
		old(29);
		await pruneCheckpoints(place.folder, { olderThanDays: 30 });
		const checkpoints = place.open();
		await restore(checkpoints, changesIn(await goOn(checkpoints)), true);
		assert.deepEqual(place.tree(), { a: "644 1", "d/": "", "d/b": "644 1" });
	});

	const losses: readonly [string, () => Promise<void> | void][] = [
		[
			"pruned",
			async () => {
				age(31);
				await pruneCheckpoints(place.folder, { olderThanDays: 30 });
				assert.deepEqual(held(), []);
			},
		],
		["deleted", () => fs.rmSync(place.folder, { recursive: true })],
		["broken", () => fs.truncateSync(join(place.folder, held()[0] ?? ""), 20)],
		["without its objects", () => fs.rmSync(join(place.folder, "objects"), { recursive: true })],
	];
	for (const [what, lose] of losses)
		it(`leaves a chat that goes on and says what is not known, where what it held is ${what}`, async () => {
			place.put({ a: "1" });
			killAt("ran", bash("echo 2 > a"));
			await lose();
			const session = await goOn(place.open());
			assert.deepEqual(changesIn(session), []);
			assert.match(
				session.chat.turns[0]?.uncovered?.join(" ") ?? "",
				/^What this command changed is not known and can't be undone\. What was kept of the workspace .* any more\.$/,
			);
		});
});
