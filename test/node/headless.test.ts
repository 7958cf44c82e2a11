import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Recorded } from "../../src/shared/event.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { noSandbox } from "./sandbox/world.ts";

const root = resolve(import.meta.dirname, "../..");

interface Ran {
	code: number | null;
	out: string;
	err: string;
}

describe("the headless runner", () => {
	let folder: string;
	let endpoint: FakeEndpoint | undefined;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-headless-"));
		await writeFile(join(folder, "a.txt"), "one\n");
	});
	afterEach(async () => {
		await endpoint?.close();
		endpoint = undefined;
		await rm(folder, { recursive: true });
	});

	/** Runs it on the folder against an endpoint with this script. */
	async function run(
		script: readonly ScriptedReply[],
		args: string[],
		more: { input?: string; env?: Record<string, string>; onOut?: (text: string, kill: () => void) => void } = {},
	): Promise<Ran> {
		endpoint ??= await startEndpoint({ script });
		return launch(["--workspace", folder, "--endpoint", endpoint.url, ...args], more);
	}

	function launch(
		args: string[],
		{ input = "", env = {}, onOut }: Parameters<typeof run>[2] & object = {},
	): Promise<Ran> {
		const child = spawn(process.execPath, ["--import", "./scripts/hooks.mjs", "src/node/headless.ts", ...args], {
			cwd: root,
			env: { PATH: process.env["PATH"], HOME: folder, KIMI_K2_STATE: join(folder, ".state"), NO_COLOR: "1", ...env },
		});
		const ran: Ran = { code: null, out: "", err: "" };
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			ran.out += text;
			// Once: the second interrupt ends the process on the spot.
			onOut?.(ran.out, () => !child.killed && child.kill("SIGINT"));
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			ran.err += text;
		});
		child.stdin.end(input);
		return new Promise((done) => child.once("close", (code) => done({ ...ran, code })));
	}

	const edit = { calls: [{ tool: "Edit", args: { path: "a.txt", old_string: "one", new_string: "two" } }] };
	const command = (line: string) => ({ calls: [{ tool: "Bash", args: { command: line } }] });
	const bye = { text: "All done." };
	const content = () => readFile(join(folder, "a.txt"), "utf8");
	const events = (out: string) =>
		out
			.trimEnd()
			.split("\n")
			.map((line) => Recorded.parse(JSON.parse(line)));

	it("shows the diff, takes a y from standard input, edits, and ends with 0", async () => {
		const { code, out } = await run([edit, bye], ["Edit it"], { input: "y\n" });
		assert.deepEqual([code, await content()], [0, "two\n"]);
		assert.match(out, /-one\n {2}\+two\n.*Make this change\?/);
		assert.match(out, /All done\./);
	});

	it("gives a reason that was typed to the model and changes nothing", async () => {
		const { code } = await run([edit, bye], ["Edit it"], { input: "use three instead\n" });
		assert.deepEqual([code, await content()], [0, "one\n"]);
		assert.match(endpoint?.requests[1]?.body.messages.at(-1)?.content ?? "", /Their reason: use three instead/);
	});

	it("takes the end of standard input as a no", async () => {
		const { code } = await run([edit, bye], ["Edit it"]);
		assert.deepEqual([code, await content()], [0, "one\n"]);
	});

	it("prints one recorded event a line with --json, and nothing else on standard output", async () => {
		const { code, out } = await run([edit, bye], ["--json", "--yes", "Edit it"]);
		assert.equal(code, 0);
		const recorded = events(out);
		assert.deepEqual(
			recorded.map((event) => event.type),
			["opened", "prompted", "replied", "planned", "decided", "decided", "finished", "replied", "ended"],
		);
		assert.deepEqual(
			recorded.map((event) => event.seq),
			recorded.map((_, index) => index),
		);
		const decided = recorded.filter((event) => event.type === "decided");
		assert.deepEqual(
			decided.map(({ verdict, by }) => [verdict, by]),
			[
				["ask", "policy"],
				["allow", "person"],
			],
		);
		const replied = recorded.find((event) => event.type === "replied");
		assert.deepEqual([replied?.complete, replied?.finish, replied?.model], [true, "tool_calls", "kimi-k2.7-code"]);
	});

	it("plans and decides but runs nothing with --dry-run", async () => {
		const { code, out } = await run(
			[edit, command("rm a.txt"), bye],
			["--json", "--dry-run", "--mode", "trusted", "Go"],
		);
		assert.deepEqual([code, await content()], [0, "one\n"]);
		assert.deepEqual(
			events(out).flatMap((event) => (event.type === "finished" ? [event.text] : [])),
			["dry run", "dry run"],
		);
	});

	it("says of a command that it goes on in the background", async () => {
		const background = { calls: [{ tool: "Bash", args: { command: "true", background: true } }] };
		const { out } = await run([background, bye], ["--dry-run", "Go"]);
		assert.match(out, /\$ true\n {2}It goes on in the background\.\n/);
	});

	it("runs a command from --allow-command unasked, and asks for any other", async () => {
		const script = [command("echo ok"), command("echo ok; rm a.txt"), bye];
		const { code, out } = await run(script, ["--json", "--allow-command", "echo ok", "Go"]);
		assert.equal(code, 0);
		const verdicts = events(out).flatMap((event) => (event.type === "decided" ? [event.verdict] : []));
		assert.deepEqual([verdicts, await content()], [["allow", "ask", "deny"], "one\n"]);
	});

	it("shows for each call of a --dry-run what it would be met with, and why", async () => {
		const calls = ["rm a.txt", "make"].map((line) => ({ tool: "Bash", args: { command: line } }));
		const script = [{ calls: [...edit.calls, ...calls] }, bye];
		const { code, out } = await run(script, ["--dry-run", "--allow-command", "make", "--mode", "edits", "Go"]);
		assert.equal(code, 0);
		const said = out.split("\n").filter((text) => /^\s+(Would|Not allowed)/.test(text));
		assert.match(said[0] ?? "", /^ {2}Would run: This mode applies edits inside the workspace at once\.$/);
		assert.match(said[1] ?? "", /^ {2}Would ask: .+\.$/);
		assert.match(said[2] ?? "", /^ {2}Would run: You allowed this command everywhere\.$/);
		assert.equal(said.length, 3);
	});

	it("sends an explorer that reads the folder for itself, and goes on from its report", async () => {
		const task = { tool: "Task", args: { title: "the file", prompt: "What is in a.txt?" } };
		const read = { calls: [{ tool: "Read", args: { path: "a.txt" } }] };
		const { code, out } = await run([{ calls: [task] }, read, { text: "It says: one." }, bye], ["--json", "Go"]);
		const told = events(out).flatMap((event) => (event.type === "finished" ? [event.text.split("\n", 1)[0]] : []));
		assert.deepEqual([code, told], [0, ["It says: one."]]);
		const requests = endpoint?.requests ?? [];
		const tools = requests.map(({ body }) => body.tools?.length ?? 0);
		assert.deepEqual([tools[1], tools[0] === tools[3]], [3, true]);
		const seen = requests[2]?.body.messages.at(-1)?.content ?? "";
		assert.match(seen, /^1\tone/);
	});

	it("takes no rule from --allow-command that would allow more than it says", async () => {
		const { code, err } = await launch(["--allow-command", "git *", "Go"]);
		assert.equal(code, 2);
		assert.match(err, /^--allow-command git \*: What comes after “git” says what is done: add that word\.\n\nUsage/);
	});

	it("ends with 3 at the limit of steps, and --resume goes on from there", async () => {
		const read = { calls: [{ tool: "Read", args: { path: "a.txt" } }] };
		const first = await run([read, read, bye], ["--json", "--max-steps", "1", "Go"]);
		assert.equal(first.code, 3);
		const [opened] = events(first.out);
		const second = await run([], ["--json", "--resume", opened?.type === "opened" ? opened.chat : ""]);
		assert.equal(second.code, 0);
		assert.deepEqual(
			events(second.out)
				.map((event) => event.type)
				.at(-1),
			"ended",
		);
		const [one, two] = endpoint?.requests ?? [];
		assert.equal(two?.raw.startsWith(one?.raw.slice(0, one.raw.indexOf("]")) ?? "-"), true);
	});

	it("ends with 3 at the limit of calls, and when the task repeats itself, and says which", async () => {
		const read = { calls: [{ tool: "Read", args: { path: "a.txt" } }] };
		const script = [{ calls: [...read.calls, ...read.calls] }, ...Array.from({ length: 9 }, () => read)];
		const limited = await run(script, ["--max-calls", "1", "Go"]);
		assert.deepEqual([limited.code, /■ Paused at the limit: 1 calls\.\n/.test(limited.out)], [3, true]);
		const { code, out } = await run([], ["Go"]);
		assert.deepEqual([code, endpoint?.requests.length], [3, 6]);
		assert.match(out, /■ Paused, since it repeats itself: Read a\.txt\. 5 times this brought nothing new\.\n/);
	});

	it("ends with 130 on an interrupt, ends the command, and leaves a chat that can be resumed", async () => {
		const { code, out } = await run([command("echo $$; sleep 1000")], ["--json", "--yes", "Go"], {
			onOut: (text, kill) => text.includes('"by":"person"') && kill(),
		});
		assert.equal(code, 130);
		assert.deepEqual(
			events(out)
				.slice(-2)
				.map((event) => event.type),
			["finished", "ended"],
		);
	});

	it("runs commands in the sandbox where it is asked for, says so, and refuses what can't be confined", async function () {
		if (noSandbox !== undefined) return this.skip();
		const at = join(folder, "work");
		await mkdir(at);
		const script = [command("echo in > in.txt; echo $HOME; touch $HOME/out.txt"), bye];
		endpoint = await startEndpoint({ script: [...script, ...script] });
		const own = ["--workspace", at, "--endpoint", endpoint.url, "--yes", "--sandbox", "on", "Go"];
		const { code, out } = await launch(own);
		assert.equal(code, 0);
		assert.match(out, /\n {2}In the sandbox: writes only in the workspace, no network\n/);
		assert.deepEqual([existsSync(join(at, "in.txt")), existsSync(join(folder, "out.txt"))], [true, false]);
		const { out: refused } = await run([], ["--yes", "--sandbox", "onWithNetwork", "Go"]);
		assert.match(refused, /In the sandbox: writes only in the workspace, with network/);
		assert.match(refused, /can't protect a workspace that holds your home folder/);
		assert.equal(existsSync(join(folder, "in.txt")), false);
	});

	it("takes no other value for the sandbox", async () => {
		const { code, err } = await launch(["--sandbox", "maybe", "Go"]);
		assert.equal(code, 2);
		assert.match(err, /--sandbox takes one of: off, on, onWithNetwork\./);
	});

	describe("in plan mode", () => {
		const plan = { calls: [{ tool: "Plan", args: { plan: "1. Put two for one\n2. Be done" } }] };

		it("shows the plan and carries it out once it is accepted, each change on its own word", async () => {
			const { code, out } = await run([plan, edit, bye], ["--mode", "plan", "Go"], { input: "y\ny\n" });
			assert.deepEqual([code, await content()], [0, "two\n"], out);
			assert.match(out, /\n {2}1\. Put two for one\n {2}2\. Be done\nCarry out this plan\? .* y\n/);
			assert.match(out, /\n {2}○ Put two for one\n {2}○ Be done\n[\s\S]*Make this change\? .* y\n/);
		});

		it("goes on by itself with --yes", async () => {
			const { code, out } = await run([edit, plan, edit, bye], ["--mode", "plan", "--yes", "Go"]);
			assert.deepEqual([code, await content()], [0, "two\n"], out);
			assert.match(out, /Not allowed: Plan mode reads only/);
		});

		it("ends with the plan as the result when nobody is there", async () => {
			const { code, out } = await run([plan, bye], ["--mode", "plan", "Go"]);
			assert.deepEqual([code, await content()], [0, "one\n"], out);
			assert.match(out, /Rejected: Nobody is there to accept the plan now\./);
		});
	});

	const wrong: [string, string[], RegExp][] = [
		["an unknown flag", ["--frobnicate", "Go"], /frobnicate/],
		["no prompt", [], /prompt is missing/],
		["a mode that is none", ["--mode", "yolo", "Go"], /--mode takes one of/],
		["a limit that is no number", ["--max-steps", "many", "Go"], /--max-steps takes a whole number/],
		["both endpoint and profile", ["--profile", "vllm", "--endpoint", "http://x/v1", "Go"], /not both/],
		["a workspace that is none", ["--workspace", "/does/not/exist", "Go"], /is no folder/],
	];
	for (const [what, args, says] of wrong) {
		it(`ends with 2 and a sentence for ${what}`, async () => {
			const { code, out, err } = await launch(args);
			assert.equal(code, 2);
			assert.match(out + err, says);
		});
	}

	const failing: [string, ScriptedReply, RegExp][] = [
		["an HTML page", { headers: { "content-type": "text/html" }, body: "<html><title>Hi</title></html>" }, /Hi/],
		["a wrong key", { status: 401, body: { error: { message: "Invalid Authentication" } } }, /key/i],
		["an unknown model", { status: 404, body: { error: { message: "Not found the model x" } } }, /model/],
		["a connection cut in the middle", { text: "Half of an answer", cutAfterBytes: 600 }, /connection|cut|ended/i],
	];
	for (const [what, reply, says] of failing) {
		it(`ends with 1 and a sentence for ${what}`, async () => {
			const { code, out } = await run([reply], ["--model", "m", "Go"]);
			assert.equal(code, 1);
			assert.match(out, says);
		});
	}

	it("ends with 1 for an endpoint that nobody answers at", async () => {
		const { code, out } = await launch([
			"--workspace",
			folder,
			"--endpoint",
			"http://127.0.0.1:9/v1",
			"--model",
			"m",
			"Go",
		]);
		assert.equal(code, 1);
		assert.match(out, /127\.0\.0\.1:9/);
	});

	it("sends the key of --api-key-env and keeps it out of the log and the output", async () => {
		endpoint = await startEndpoint({ script: [command("env"), bye], key: "sk-canary-2" });
		const args = ["--json", "--yes", "--api-key-env", "MY_KEY", "Go"];
		const { code, out, err } = await run([], args, { env: { MY_KEY: "sk-canary-2" } });
		assert.equal(code, 0);
		assert.equal((out + err).includes("sk-canary-2"), false);
	});

	it("sends KIMI_K2_API_KEY to the server of KIMI_K2_BASE_URL, and to no other", async () => {
		const env = (address: string) => ({ KIMI_K2_API_KEY: "sk-canary-3", KIMI_K2_BASE_URL: address });
		endpoint = await startEndpoint({ script: [bye, bye] });
		await run([], ["Go"], { env: env("https://elsewhere.example/v1") });
		await run([], ["Go"], { env: env(endpoint.url) });
		assert.deepEqual(
			endpoint.requests.map(({ headers }) => headers.authorization),
			[undefined, "Bearer sk-canary-3"],
		);
	});

	it("shows what would be unseen in a title, a command and a diff before the question", async () => {
		const hidden = { path: "a.txt", old_string: "one", new_string: "a\u200b\u{e0041}b" };
		const script = [command("echo \u202eok\u2066\u001b[2J"), { calls: [{ tool: "Edit", args: hidden }] }, bye];
		const { code, out } = await run(script, ["Go\u200b"]);
		assert.equal(code, 0);
		assert.match(out, /› Go⟨U\+200B⟩\n/);
		assert.match(out, /• Run echo ⟨U\+202E⟩ok⟨U\+2066⟩⟨U\+001B⟩\[2J\n {2}\$ echo ⟨U\+202E⟩ok⟨U\+2066⟩⟨U\+001B⟩\[2J\n/);
		assert.match(out, /\n {2}\+a⟨U\+200B⟩⟨U\+E0041⟩b\n/);
		assert.doesNotMatch(out.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
	});

	it("lets prose keep the joiners that its script needs, and shows what would turn or hide it", async () => {
		const { out } = await run([{ text: "می\u200cخواهم 👩\u200d💻 ✔\ufe0f \u202ex\u{e0041}\u001b[2J" }], ["Go"]);
		assert.match(out, /می\u200cخواهم 👩\u200d💻 ✔\ufe0f ⟨U\+202E⟩x⟨U\+E0041⟩⟨U\+001B⟩\[2J\n/u);
	});

	describe("--resume", () => {
		/** Runs a chat to its end and gives its id. */
		async function chatOf(script: readonly ScriptedReply[]): Promise<string> {
			const { out } = await run(script, ["--json", "Go"]);
			const [opened] = events(out);
			assert.ok(opened?.type === "opened");
			return opened.chat;
		}

		it("gives no background command the id of one before, which the model may still want to end", async () => {
			const server = { calls: [{ tool: "Bash", args: { command: "sleep 1000", background: true } }] };
			const end = { calls: [{ tool: "KillBash", args: { id: "b1" } }] };
			const script = [server, bye, server, end, bye];
			const { out } = await run(script, ["--json", "--yes", "Go"]);
			const [opened] = events(out);
			const more = ["--endpoint", endpoint?.url ?? "", "--json", "--yes", "--resume"];
			const second = await launch([...more, opened?.type === "opened" ? opened.chat : "", "Go on"]);
			const texts = [...events(out), ...events(second.out)].flatMap((event) =>
				event.type === "finished" ? [event.text] : [],
			);
			const [first, other, ended] = texts.slice(-3);
			assert.match(first ?? "", /in the background as b1\./);
			const id = /in the background as (b\d+)\./.exec(other ?? "")?.[1];
			assert.notEqual(id, "b1");
			assert.ok(ended?.startsWith(`There is no background command b1. These run: ${id};`), ended);
		});
		it("works on the chat's own folder when none is named", async () => {
			const id = await chatOf([bye, edit, bye]);
			const args = ["--endpoint", endpoint?.url ?? "", "--resume", id, "--yes", "Edit it"];
			const { code, out } = await launch(args);
			assert.deepEqual([code, await content()], [0, "two\n"], out);
		});

		it("takes the chat's folder under another name", async () => {
			const id = await chatOf([bye, edit, bye]);
			await symlink(folder, `${folder}-link`);
			const args = ["--endpoint", endpoint?.url ?? "", "--resume", id, "--yes", "Edit it"];
			const { code, out } = await launch(["--workspace", `${folder}-link`, ...args]);
			await rm(`${folder}-link`);
			assert.deepEqual([code, await content()], [0, "two\n"], out);
		});

		it("ends with 2 and a sentence for a folder that is not the chat's, and sends nothing", async () => {
			const id = await chatOf([bye, edit, bye]);
			const other = await mkdtemp(join(tmpdir(), "kimi-other-"));
			const args = ["--workspace", other, "--endpoint", endpoint?.url ?? "", "--resume", id, "Edit it"];
			const { code, out } = await launch(args);
			await rm(other, { recursive: true });
			assert.equal(code, 2);
			assert.ok(out.includes(`This chat works on ${folder}, not on ${other}.`), out);
			assert.equal(endpoint?.requests.length, 1);
		});

		it("ends with 2 and a sentence when the chat's folder is gone", async () => {
			const id = await chatOf([bye]);
			await rename(folder, `${folder}-moved`);
			const { code, out } = await launch(["--endpoint", endpoint?.url ?? "", "--resume", id, "Edit it"], {
				env: { KIMI_K2_STATE: join(`${folder}-moved`, ".state") },
			});
			await rename(`${folder}-moved`, folder);
			assert.equal(code, 2);
			assert.ok(out.includes(`This chat's folder ${folder} is gone.`), out);
		});

		it("ends with 1 and a sentence for a chat that is not there, and one whose id is none", async () => {
			for (const [id, says] of [
				["gone", /There is no chat gone to resume/],
				["../gone", /\.\.\/gone is no chat id/],
			] as const) {
				const { code, out } = await launch(["--workspace", folder, "--resume", id, "Go"]);
				assert.equal(code, 1);
				assert.match(out, says);
			}
		});
	});
});
