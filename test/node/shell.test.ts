import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandEnvironment } from "../../src/node/environment.ts";
import { createShell, type ShellOptions } from "../../src/node/shell.ts";
import { ended } from "../fake/processes.ts";

const cwd = mkdtempSync(join(tmpdir(), "kimi-shell-"));
after(() => rmSync(cwd, { recursive: true, force: true }));

interface Options {
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
	readonly onOutput?: (text: string) => void;
	readonly cwd?: string;
}
const run = (command: string, options: Options = {}, shell: ShellOptions = {}) =>
	createShell(shell).run(command, { cwd, timeoutMs: 15_000, signal: new AbortController().signal, ...options });
const output = async (command: string, options?: Options) => (await run(command, options)).output;

describe("Shell", () => {
	it("gives output, exit code and time", async () => {
		const { ms, ...result } = await run("echo hi");
		assert.deepEqual(result, { exitCode: 0, signal: null, ended: "exit", output: "hi\n", omitted: 0, cwd });
		assert.ok(ms >= 0 && ms < 5000);
	});
	for (const code of [0, 1, 2, 42, 126, 127, 255])
		it(`gives exit code ${code} exactly`, async () => assert.equal((await run(`exit ${code}`)).exitCode, code));
	it("gives 127 for an unknown command", async () => {
		const result = await run("no-such-command-at-all");
		assert.equal(result.exitCode, 127);
		assert.match(result.output, /no-such-command-at-all: .*not found/);
	});
	it("gives the code of a pipe's last command", async () => assert.equal((await run("false | true")).exitCode, 0));
	for (const name of ["SIGKILL", "SIGTERM", "SIGSEGV"])
		it(`gives no code but the name when ${name} ended it`, async () => {
			const { exitCode, signal, ended } = await run(`kill -${name.slice(3)} $$`);
			assert.deepEqual({ exitCode, signal, ended }, { exitCode: null, signal: name, ended: "exit" });
		});
	it("keeps stdout and stderr in the order they came", async () => {
		const text = await output("for i in 1 2 3; do echo out$i; echo err$i >&2; done");
		assert.equal(text, "out1\nerr1\nout2\nerr2\nout3\nerr3\n");
	});
	it("runs lines, here-documents, quotes and comments as written", async () => {
		assert.equal(await output("cat <<'E'\n$x \"q\" 'p'\nE\n# no\necho \"a  b\""), "$x \"q\" 'p'\na  b\n");
	});
	it("reports a syntax error as the shell does", async () => {
		const result = await run("if then");
		assert.equal(result.exitCode, 2);
		assert.match(result.output, /syntax error/);
	});
	it("runs in the given folder", async () => assert.equal(await output("pwd -P"), `${cwd}\n`));
	it("closes stdin: a command that waits for input ends at once", async () => {
		const result = await run("cat; read x; echo done:$x");
		assert.equal(result.output, "done:\n");
	});
	it("joins a character that was cut by the pipe", async () => {
		assert.equal(await output("printf '\\xf0\\x9f'; sleep 0.05; printf '\\x98\\x80'"), "😀");
	});
	it("gives raw output as it comes and plain output at the end", async () => {
		let raw = "";
		const result = await run("printf '\\033[31mred\\033[0m\\r\\n'", { onOutput: (text) => (raw += text) });
		assert.deepEqual([raw, result.output], ["\u001b[31mred\u001b[0m\r\n", "red\n"]);
	});
	it("says why it could not start", async () => {
		const result = await run("true", { cwd: join(cwd, "nope") });
		assert.deepEqual([result.ended, result.exitCode], ["failed-to-start", null]);
		assert.equal(result.error, `The folder ${join(cwd, "nope")} does not exist.`);
	});
	it("reports a command that the system finds too long", async () => {
		const result = await run(`: ${"x".repeat(3_000_000)}`);
		assert.equal(result.ended, "failed-to-start");
		assert.match(result.error ?? "", /E2BIG/);
	});
	it("keeps memory flat over 200 MB of output and gives head and tail", async () => {
		const before = process.memoryUsage().rss;
		const result = await run(
			"echo first; yes 0123456789012345678901234567890123456789 | head -c 200000000; echo last",
			{
				timeoutMs: 60_000,
			},
		);
		const grown = process.memoryUsage().rss - before;
		assert.ok(grown < 120e6, `grew by ${grown} bytes`);
		assert.ok(result.output.startsWith("first\n0123") && result.output.endsWith("last\n"));
		assert.ok(result.output.length < 34_000);
		assert.equal(result.omitted + Buffer.byteLength(result.output.replace(/\n\[….*…\]\n/, "")), 200_000_011);
	}).timeout(60_000);
});

describe("Shell, when it must end", () => {
	it("lets a command clean up after SIGTERM", async () => {
		const stop = new AbortController();
		const result = await run("trap 'echo bye; exit 9' TERM; echo up; sleep 60 & wait", {
			signal: stop.signal,
			onOutput: () => stop.abort(),
		});
		assert.deepEqual([result.ended, result.output, result.exitCode], ["aborted", "up\nbye\n", 9]);
	});
	it("is stopped soon, also when SIGTERM is ignored by all of its processes", async () => {
		const stop = new AbortController();
		let stopped = 0;
		const result = await run("trap '' TERM; echo $$; bash -c 'echo $$; while :; do :; done'", {
			signal: stop.signal,
			onOutput: () => {
				if (stopped === 0) {
					stopped = performance.now();
					setTimeout(() => {
						stopped = performance.now();
						stop.abort();
					}, 100);
				}
			},
		});
		// It would go on for ever. How soon on a machine with nothing else to do: see `npm run bench`.
		assert.ok(performance.now() - stopped < 5_000, `${performance.now() - stopped} ms`);
		assert.equal(result.ended, "aborted");
		const pids = result.output.trim().split("\n");
		assert.equal(pids.length, 2);
		for (const pid of pids) await ended(pid);
	});
	it("does not start when it is stopped already", async () => {
		const result = await run("echo x", { signal: AbortSignal.abort() });
		assert.deepEqual([result.ended, result.output], ["aborted", ""]);
	});
	it("ends whole pipelines", async () => {
		const stop = new AbortController();
		const result = await run("echo $BASHPID; sh -c 'echo $$; exec sleep 60' | cat", {
			signal: stop.signal,
			onOutput: () => setTimeout(() => stop.abort(), 100),
		});
		for (const pid of result.output.trim().split("\n")) await ended(pid);
	});
	it("does not wait for a background child that holds the output, and ends it", async () => {
		const result = await run("sleep 1000 & echo $!");
		assert.deepEqual([result.ended, result.exitCode], ["exit", 0]);
		assert.ok(result.ms < 5000);
		await ended(result.output.trim());
	});
	it("ends a background child that let go of the output and ignores signals", async () => {
		const result = await run("(trap '' TERM HUP; exec sleep 1000) >/dev/null 2>&1 & echo $!; sleep 0.05");
		assert.equal(result.exitCode, 0);
		await ended(result.output.trim());
	});
	it("does not wait for a child that left the process group", async () => {
		const result = await run("setsid sleep 30 & echo ok");
		assert.equal(result.output, "ok\n");
		assert.ok(result.ms < 5000);
	});
});

describe("the environment of a command", () => {
	const env = {
		PATH: process.env["PATH"],
		HOME: "/home/me",
		PWD: "/x",
		KEYBOARD: "us",
		TOKENIZERS_PARALLELISM: "1",
		SSH_AUTH_SOCK: "/tmp/agent",
		HTTP_PROXY: "http://proxy:8080",
		JAVA_HOME: "/opt/java",
		GOFLAGS: "-mod=mod",
		MAVEN_OPTS: "-Xmx1g",
		PYTHONPATH: "/opt/lib",
		NODE_PATH: "/opt/node",
		VIRTUAL_ENV: "/opt/venv",
		LESSCHARSET: "utf-8",
		GIT_AUTHOR_NAME: "Me",
		LANG: "C.UTF-8",
	};
	const secrets = {
		OPENAI_API_KEY: "canary-1",
		GITHUB_TOKEN: "canary-2",
		AWS_SECRET_ACCESS_KEY: "canary-3",
		aws_access_key_id: "canary-4",
		DB_PASSWORD: "canary-5",
		GOOGLE_APPLICATION_CREDENTIALS: "canary-6",
		MYAPIKEY: "canary-7",
		HARMLESS_NAME: "sk-canary-8",
		DATABASE_URL: "postgres://me:canary-9@host/db",
		NPM_AUTH: "canary-10",
		MY_KIMI: "canary-11",
	};
	const loaders = {
		NODE_OPTIONS: "--require canary",
		LD_PRELOAD: "canary.so",
		DYLD_INSERT_LIBRARIES: "canary",
		BASH_ENV: "canary",
		ENV: "canary",
		PROMPT_COMMAND: "canary",
		"BASH_FUNC_ls%%": "() { echo canary; }",
		ELECTRON_RUN_AS_NODE: "canary",
		VSCODE_IPC_HOOK: "canary",
		GIT_ASKPASS: "canary",
		GIT_SSH_COMMAND: "canary",
		GIT_EXTERNAL_DIFF: "canary",
		GIT_CONFIG_COUNT: "1",
		GIT_CONFIG_KEY_0: "core.pager",
		GIT_CONFIG_VALUE_0: "canary",
		GIT_CONFIG_PARAMETERS: "'core.fsmonitor=canary'",
		GIT_CONFIG_GLOBAL: "canary",
		GIT_EXEC_PATH: "canary",
		GIT_DIR: "canary",
		GIT_INDEX_FILE: "canary",
		GIT_TRACE2_EVENT: "canary",
		RIPGREP_CONFIG_PATH: "canary",
		GREP_OPTIONS: "canary",
		LESSOPEN: "|canary",
		LESSCLOSE: "canary",
		CDPATH: "canary",
		PYTHONSTARTUP: "canary",
		PERL5OPT: "-Mcanary",
		RUBYOPT: "-rcanary",
		JAVA_TOOL_OPTIONS: "-javaagent:canary",
		_JAVA_OPTIONS: "canary",
		DOTNET_STARTUP_HOOKS: "canary",
		TAR_OPTIONS: "--to-command=canary",
	};
	const scrubbed = commandEnvironment({ ...env, ...secrets, ...loaders }, ["MY_KIMI"]);

	it("keeps what is harmless", () => {
		for (const [name, value] of Object.entries(env)) assert.equal(scrubbed[name], value, name);
	});
	it("has no secret, no code loader and no withheld name", () => {
		for (const name of Object.keys({ ...secrets, ...loaders })) assert.equal(name in scrubbed, false, name);
		assert.ok(!JSON.stringify(scrubbed).includes("canary"));
	});
	it("finds no program in the folder that a command runs in", () => {
		const path = (value: string) => commandEnvironment({ PATH: value })["PATH"];
		assert.equal(path(".:/usr/bin:bin::node_modules/.bin:/bin:"), "/usr/bin:/bin");
	});
	it("reaches the child, with pagers, editors and prompts off", async () => {
		const { output: text } = await run("env", {}, { env: { ...env, ...secrets, ...loaders }, withhold: ["MY_KIMI"] });
		assert.ok(!text.includes("canary"), text);
		for (const line of [
			"PAGER=cat",
			"GIT_PAGER=cat",
			"MANPAGER=cat",
			"GIT_TERMINAL_PROMPT=0",
			"GIT_EDITOR=true",
			"CI=1",
			"TERM=dumb",
		])
			assert.ok(text.split("\n").includes(line), line);
	});
});
