import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	call,
	create,
	factsOf,
	fake,
	isAlive,
	poll,
	running,
	type Started,
	stopAll,
	toolNames,
	until,
} from "./servers.ts";

describe("an MCP server's process", () => {
	let plain: Started;
	before(async () => {
		plain = await running({ ...fake(), cwd: tmpdir() }, { roots: () => ["/work/a b"] });
	});
	after(stopAll);

	it("is told of as its own words say, but for what is not seen", () => {
		const { name, version, tools } = factsOf(plain.server);
		assert.deepEqual([name, version, tools.length], ["fake[31m", "1", 15]);
		assert.ok(!JSON.stringify(plain.server.state).includes("Call me often"), "its instructions go nowhere");
		assert.deepEqual(plain.states, ["starting", "running"]);
	});

	it("gets arguments as they are and gives its text", async () => {
		assert.deepEqual(await call(plain.server, "echo", { a: [1, { b: "ü" }] }), { text: '{"a":[1,{"b":"ü"}]}' });
	});

	it("is told of the workspace's folders, and that they changed", async () => {
		const { text } = await call(plain.server, "roots");
		assert.deepEqual(JSON.parse(text).result, { roots: [{ uri: "file:///work/a%20b" }] });
		plain.server.rootsChanged();
		await poll(() => plain.log.includes("roots changed"));
	});

	it("gets no words of the model or the person by itself", async () => {
		assert.deepEqual(await call(plain.server, "sample"), { text: "[true,true]" });
	});

	it("has no secret in its environment but those that its configuration names", async () => {
		const secrets = { MY_API_KEY: "canary", PLAIN_NAME: "canary", NODE_OPTIONS: "--no-warnings" };
		const before = { ...process.env };
		Object.assign(process.env, secrets);
		const { server } = await running({ ...fake(), env: { DATABASE_TOKEN: "own" } }, { withhold: ["PLAIN_NAME"] });
		process.env = before;
		const env = JSON.parse((await call(server, "environment")).text);
		const names = [...Object.keys(secrets), "DATABASE_TOKEN", "PATH"];
		assert.deepEqual(
			names.map((name) => env[name]),
			[undefined, undefined, undefined, "own", env.PATH],
		);
		assert.ok(env.PATH);
	});

	it("runs in its folder, else in the person's own and in none of the workspace", async () => {
		const folder = realpathSync(mkdtempSync(join(tmpdir(), "kimi-mcp-")));
		const config = { ...fake(), args: ["-e", "console.error(process.cwd())"] };
		const first = create(config, { roots: () => [folder, "/"] });
		const home = realpathSync(homedir());
		const own = create({ ...config, cwd: "/usr" }, { roots: () => [folder] });
		await Promise.all([first.server.start(), own.server.start()]);
		assert.deepEqual([first.log[0], own.log[0]], [home, "/usr"]);
		rmSync(folder, { recursive: true });
	});

	it("that can't start says why in a sentence", async () => {
		const of = async (config: Parameters<typeof create>[0]) => {
			const { server } = create(config);
			await server.start();
			return server.state;
		};
		assert.deepEqual(await of({ ...fake(), command: "no-such-program" }), {
			kind: "failed",
			message: "There is no program no-such-program. Install it, or give its absolute path.",
		});
		assert.deepEqual(await of({ ...fake(), cwd: "/no/such" }), {
			kind: "failed",
			message: "The folder /no/such does not exist.",
		});
		assert.deepEqual(await of({ ...fake(), args: ["-e", "console.error('no key')"] }), {
			kind: "failed",
			message: "The server ended by itself. no key",
		});
	});

	it("that ends when it is asked something new is asked in the older way", async () => {
		const { server } = await running(fake("old"));
		assert.equal(toolNames(server).length, 15);
	});

	it("is spoken to in the protocol of 2026 where it knows it", async () => {
		const { server } = await running(fake("new"));
		assert.deepEqual([factsOf(server).name, factsOf(server).version], ["new", "2"]);
		assert.deepEqual(await call(server, "echo", { a: 1 }), { text: '{"a":1}' });
		await call(server, "more");
		await until(() => toolNames(server).includes("more15"), server);
	});

	describe("while a call runs", () => {
		it("ends the call at once on abort, and is told", async () => {
			const stop = new AbortController();
			const calling = plain.server.call("hang", {}, stop.signal, () => undefined);
			await poll(() => plain.log.includes("hanging"));
			stop.abort();
			assert.deepEqual(await calling, {
				text: "Stopped by the person; it may have taken effect in part.",
				failed: true,
			});
			await poll(() => plain.log.some((line) => line.startsWith("cancelled")));
			assert.equal(plain.server.state.kind, "running");
		});

		it("ends a call that never started to answer, by its time", async () => {
			const { server, log } = await running(fake(), {}, { silence: 100 });
			const { text, failed } = await call(server, "hang");
			assert.deepEqual(
				[text, failed],
				["The server did not answer in time; it was told to stop. It may have taken effect in part.", true],
			);
			await poll(() => log.some((line) => line.startsWith("cancelled")));
		});

		it("is waited for as long as it tells of progress, and no longer than a call may take", async () => {
			const said: string[] = [];
			const { server } = await running(fake(), {}, { silence: 1000 });
			const result = await server.call("progress", {}, new AbortController().signal, (text) => said.push(text));
			assert.deepEqual(result, { text: "done" });
			assert.equal(said[0], "step[2J (1/16)\n");
			assert.ok(said.length <= 8, "words of progress are not handed on as fast as they come");
			const { server: other } = await running(fake(), {}, { silence: 1000, call: 150 });
			assert.match((await call(other, "progress")).text, /did not answer in time/);
		});

		it("that is killed fails the call, and is started again by the next", async () => {
			const { server, states } = await running(fake());
			const first = Number((await call(server, "pid")).text);
			const calling = call(server, "hang");
			process.kill(first, "SIGKILL");
			const { text, failed } = await calling;
			assert.match(text, /^The call failed: .*It may have taken effect in part: check before you go on\.$/);
			assert.equal(failed, true);
			assert.deepEqual([server.state.kind, toolNames(server).length], ["asleep", 15]);
			const second = Number((await call(server, "pid")).text);
			assert.notEqual(first, second);
			assert.deepEqual(states, ["starting", "running", "asleep", "running"]);
		});

		it("that ends again and again is left alone, until the person starts it", async () => {
			const { server } = await running(fake("fragile"));
			for (let times = 0; times < 3; times++) await call(server, "echo");
			const sentence =
				"It ended 3 times within a minute and is not started again until you start it. The server ended by itself.";
			assert.deepEqual(server.state, { kind: "failed", message: sentence });
			assert.deepEqual(await call(server, "echo"), { text: `The server does not run: ${sentence}`, failed: true });
			await server.start();
			assert.equal(server.state.kind, "running");
		});
	});

	describe("when it is stopped", () => {
		it("ends with all that it started, also where it does not want to", async () => {
			const { server, states } = await running(fake("stubborn"));
			const pids = [await call(server, "pid"), await call(server, "child")].map(({ text }) => Number(text));
			assert.deepEqual(pids.map(isAlive), [true, true]);
			await server.stop();
			await poll(() => !pids.some(isAlive));
			assert.deepEqual(states, ["starting", "running", "stopped"]);
		});

		it("because the window is killed, ends with all that it started", async () => {
			const window = spawn(process.execPath, [fileURLToPath(import.meta.resolve("../../fake/mcp-process.ts"))]);
			let said = "";
			window.stdout.on("data", (text) => {
				said += text;
			});
			await poll(() => said.split("\n").length > 2);
			const pids = said.trim().split("\n").map(Number);
			assert.deepEqual(pids.map(isAlive), [true, true]);
			window.kill("SIGKILL");
			await poll(() => !pids.some(isAlive));
		});

		it("while it starts, stays so, and can be started anew at once", async () => {
			const { server, log } = create(fake("silent"));
			const starting = server.start();
			await poll(() => log.includes("heard"));
			await server.stop();
			await starting;
			assert.deepEqual(server.state, { kind: "stopped" });
			const other = create(fake());
			const first = other.server.start();
			const stopping = other.server.stop();
			await Promise.all([first, stopping, other.server.start()]);
			assert.equal(other.server.state.kind, "running");
		});

		it("is started by no call that still comes", async () => {
			const { server } = await running(fake());
			await server.stop();
			assert.deepEqual(await call(server, "echo"), { text: "The server was stopped by the person.", failed: true });
			assert.deepEqual(server.state, { kind: "stopped" });
		});
	});

	describe("changes its tools", () => {
		it("and they are fetched anew", async () => {
			const { server } = await running(fake());
			assert.deepEqual(await call(server, "more"), { text: "changed" });
			await until(() => toolNames(server).includes("more15"), server);
			assert.equal(toolNames(server).length, 16);
		});

		it("in pages, of which all are read, but not for ever", async () => {
			const { server } = await running(fake("paged"));
			assert.deepEqual(toolNames(server), ["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
			const endless = create(fake("endless"));
			await endless.server.start();
			assert.match(JSON.stringify(endless.server.state), /"failed".*did not terminate/);
		});
	});
});
