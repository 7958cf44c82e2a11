import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Shell } from "../../src/agent/ports.ts";
import { createShell } from "../../src/node/shell.ts";
import { ended, runs } from "../fake/processes.ts";

const cwd = realpathSync(mkdtempSync(join(tmpdir(), "kimi-jobs-")));
const logs = join(cwd, "logs");
after(() => rmSync(cwd, { recursive: true, force: true }));

describe("jobs of a shell", () => {
	let shell: Shell;
	beforeEach(() => {
		shell = createShell({ logs });
	});
	afterEach(async () => {
		await shell.close();
		for (const name of ["gate", "second"]) rmSync(join(cwd, name), { force: true });
	});
	const { signal } = new AbortController();
	type Options = Partial<Parameters<Shell["run"]>[1]>;
	const run = (line: string, options: Options = {}) => shell.run(line, { cwd, timeoutMs: 15_000, signal, ...options });
	const start = (line: string, options: Options = {}) => run(line, { background: true, ...options });
	/** Waits, in a command, until `open`. */
	const gate = (name = "gate") => `until [ -e ${name} ]; do sleep 0.02; done`;
	const open = (name = "gate") => writeFileSync(join(cwd, name), "");
	const read = (id: string, waitMs = 20_000) => shell.jobs.read(id, { waitMs, signal });

	it("begin in the background with their first output, and are listed", async () => {
		const from = Date.now();
		const { ms: _, ...result } = await start("echo up; sleep 1000");
		assert.deepEqual(result, {
			exitCode: null,
			signal: null,
			output: "up\n",
			omitted: 0,
			ended: "background",
			job: "b1",
		});
		const [{ startedAt = 0, ...job } = {}, ...others] = shell.jobs.list();
		assert.deepEqual([job, others], [{ id: "b1", command: "echo up; sleep 1000", cwd }, []]);
		assert.ok(startedAt >= from && startedAt <= Date.now());
	});
	it("give each time only what is new, in order, with its characters whole", async () => {
		const [first, then, last] = ["a\\033[", "31mb\\xf0\\x9f", "\\x98\\x80c"].map((text) => `printf '${text}'`);
		await start(`${first}; ${gate()}; ${then}; ${gate("second")}; ${last}; sleep 1000`);
		open();
		assert.equal((await read("b1"))?.output, "b");
		open("second");
		assert.equal((await read("b1"))?.output, "😀c");
		assert.equal((await read("b1", 0))?.output, "");
	});
	it("end with their exit code, once, for whoever waits", async () => {
		await start(`${gate()}; exit 5`);
		const reading = [read("b1"), read("b1")];
		open();
		const [one, other] = await Promise.all(reading);
		assert.deepEqual(one?.job.exit, { exitCode: 5, signal: null });
		assert.deepEqual(other?.job.exit, { exitCode: 5, signal: null });
	});
	it("are not waited for after Stop", async () => {
		await start("sleep 1000");
		const stop = new AbortController();
		const reading = shell.jobs.read("b1", { waitMs: 60_000, signal: stop.signal });
		stop.abort();
		assert.equal((await reading)?.job.exit, undefined);
		assert.equal(shell.jobs.list().length, 1);
	});
	it("run side by side", async () => {
		const started = await Promise.all([start("echo one; sleep 1000"), start("echo two; sleep 1000")]);
		assert.deepEqual(
			started.map(({ job, output }) => [job, output]),
			[
				["b1", "one\n"],
				["b2", "two\n"],
			],
		);
	});
	it("leave nobody behind when they are killed", async () => {
		const { output } = await start(
			"(trap '' TERM HUP; sleep 1000 & echo $!; echo $BASHPID; wait) & (sleep 1000 & echo $!); echo $$; wait",
		);
		const pids = output.trim().split("\n");
		assert.equal(pids.length, 4);
		assert.deepEqual(pids.map(runs), [true, true, true, true]);
		const killed = await shell.jobs.kill("b1");
		assert.notEqual(killed?.job.exit, undefined);
		for (const pid of pids) await ended(pid);
		assert.deepEqual(await shell.jobs.kill("b1"), { ...killed, output: "" });
	});
	it("leave nobody behind when their shell ends first", async () => {
		const { output } = await start(`(sleep 1000 & echo $!); ${gate()}`);
		open();
		await read("b1");
		await ended(output.trim());
	});
	it("go on when the call that began them is stopped later, and end with it before", async () => {
		const stop = new AbortController();
		const { output } = await start("echo $$; sleep 1000", { signal: stop.signal });
		stop.abort();
		const early = new AbortController();
		const { ended: how } = await start("echo $$; sleep 1000", {
			signal: early.signal,
			onOutput: () => early.abort(),
		});
		assert.deepEqual([how, runs(output.trim())], ["aborted", true]);
		assert.deepEqual(
			shell.jobs.list().map(({ id, exit }) => [id, exit !== undefined]),
			[
				["b1", false],
				["b2", true],
			],
		);
	});
	it("are what a command becomes at its time limit, and only their number ends one there", async () => {
		const moved = await run("echo so far; sleep 1000", { timeoutMs: 100 });
		assert.deepEqual([moved.ended, moved.job, moved.output], ["background", "b1", "so far\n"]);
		await Promise.all(Array.from({ length: 7 }, () => start("sleep 1000")));
		const over = await run("echo $$; trap '' TERM; while :; do sleep 1000; done", { timeoutMs: 100 });
		assert.deepEqual([over.ended, over.job], ["timeout", undefined]);
		await ended(over.output.trim());
		const refused = await start("touch ran");
		assert.deepEqual([refused.ended, refused.job], ["failed-to-start", undefined]);
		assert.match(refused.error ?? "", /^8 commands run in the background already/);
		assert.equal(readdirSync(cwd).includes("ran"), false);
		await shell.jobs.kill("b1");
		assert.equal((await start("sleep 1000")).ended, "background");
	});
	it("tell when one begins and ends", async () => {
		const seen: string[] = [];
		const stop = shell.jobs.onChanged(() => {
			seen.push(
				shell.jobs
					.list()
					.map(({ id, exit }) => id + (exit ? " ended" : ""))
					.join(),
			);
		});
		await start("sleep 1000");
		await shell.jobs.kill("b1");
		stop();
		await start("sleep 1000");
		assert.deepEqual(seen, ["b1", "b1 ended"]);
	});
	it("show what they print as long as they run", async () => {
		let shown = "";
		await start(`echo a; ${gate()}; echo b`, { onOutput: (text) => (shown += text) });
		open();
		await read("b1");
		assert.equal(shown, "a\nb\n");
	});
	it("all end when the chat is closed, and so does what runs in the foreground", async () => {
		const { output } = await start("echo $$; sleep 1000");
		const running = run("sleep 1000");
		await shell.close();
		await ended(output.trim());
		// It is killed where it takes its time to end by itself.
		assert.match((await running).signal ?? "", /^SIG(TERM|KILL)$/);
	});
	it("keep the last 20 that ended", async () => {
		for (let count = 1; count <= 22; count++) {
			await run("sleep 0.05", { timeoutMs: 1 });
			await read(`b${count}`);
		}
		assert.deepEqual([shell.jobs.list().length, shell.jobs.list()[0]?.id, await read("b1", 0)], [20, "b3", undefined]);
	});
	it("have all of a long output in a file that only the person may read", async () => {
		await start(`${gate()}; printf '\\033[1m'; seq 1 100000`);
		open();
		const { omitted = 0, log = "" } = (await read("b1")) ?? {};
		assert.ok(omitted > 0 && log.startsWith(logs));
		const whole = Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join("");
		assert.equal(readFileSync(log, "utf8"), whole);
		assert.deepEqual([statSync(log).mode & 0o777, statSync(logs).mode & 0o777], [0o600, 0o700]);
	});
	it("have no file for what fits into a result", async () => {
		rmSync(logs, { recursive: true, force: true });
		const { log } = await run("head -c 32000 /dev/zero | tr '\\0' x");
		assert.deepEqual([log, readdirSync(cwd).includes("logs")], [undefined, false]);
	});
	it("go on without a file where none can be made", async () => {
		writeFileSync(join(cwd, "taken"), "");
		shell = createShell({ logs: join(cwd, "taken") });
		const { log, exitCode, output } = await run("seq 1 100000");
		assert.deepEqual([log, exitCode, output.endsWith("100000\n")], [undefined, 0, true]);
	});
});

describe("commands of a process that ends", () => {
	for (const how of ["exit", "throw", "kill"])
		it(`end with it: ${how}`, async () => {
			const host = spawn(process.execPath, [join(import.meta.dirname, "../fake/shell-process.ts"), how, cwd], {
				stdio: ["pipe", "pipe", "ignore"],
			});
			let text = "";
			for await (const chunk of host.stdout.setEncoding("utf8")) {
				text += chunk;
				if (text.split("\n").length <= 4) continue;
				if (how === "kill") host.kill("SIGKILL");
				else host.stdin.write("now\n");
			}
			const pids = text.trim().split("\n");
			assert.equal(pids.length, 4);
			for (const pid of pids) await ended(pid);
		}).timeout(20_000);

	it("end with it when it is killed, also after one of them killed what looks after that", async () => {
		const host = spawn(process.execPath, [join(import.meta.dirname, "../fake/shell-process.ts"), "answer", cwd], {
			stdio: ["pipe", "pipe", "ignore"],
		});
		let text = "";
		let first: string | undefined;
		for await (const chunk of host.stdout.setEncoding("utf8")) {
			text += chunk;
			if (text.includes("here")) host.kill("SIGKILL");
			if (text.split("\n").length <= 4 || first !== undefined) continue;
			first = await guardOf(host.pid, "");
			process.kill(Number(first), "SIGKILL");
			await guardOf(host.pid, first);
			host.stdin.write("now\n");
		}
		const pids = text.replace("here\n", "").trim().split("\n");
		assert.equal(pids.length, 4);
		for (const pid of pids) await ended(pid);
	}).timeout(20_000);
});

/** Waits for the process that ends the commands of one that is killed: not the one before. */
async function guardOf(host: number | undefined, before: string): Promise<string> {
	for (;;) {
		const found = readdirSync("/proc").find((pid) => pid !== before && isGuard(pid, host));
		if (found !== undefined) return found;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

function isGuard(pid: string, host: number | undefined): boolean {
	try {
		const isChild = readFileSync(`/proc/${pid}/status`, "utf8").includes(`\nPPid:\t${host}\n`);
		return isChild && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("begun)");
	} catch {
		return false;
	}
}
