import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { events, Runner } from "./runner.ts";
import { noSandbox } from "./sandbox/world.ts";

describe("the headless runner", () => {
	const runner = new Runner();
	beforeEach(() => runner.begin());
	afterEach(() => runner.end());

	const edit = { calls: [{ tool: "Edit", args: { path: "a.txt", old_string: "one", new_string: "two" } }] };
	const command = (line: string) => ({ calls: [{ tool: "Bash", args: { command: line } }] });
	const bye = { text: "All done." };

	it("shows the diff, takes a y from standard input, edits, and ends with 0", async () => {
		const { code, out } = await runner.run([edit, bye], ["Edit it"], { input: "y\n" });
		assert.deepEqual([code, await runner.content()], [0, "two\n"]);
		assert.match(out, /-one\n {2}\+two\n.*Make this change\?/);
		assert.match(out, /All done\./);
	});

	it("gives a reason that was typed to the model and changes nothing", async () => {
		const { code } = await runner.run([edit, bye], ["Edit it"], { input: "use three instead\n" });
		assert.deepEqual([code, await runner.content()], [0, "one\n"]);
		assert.match(runner.endpoint?.requests[1]?.body.messages.at(-1)?.content ?? "", /Their reason: use three instead/);
	});

	it("takes the end of standard input as a no", async () => {
		const { code } = await runner.run([edit, bye], ["Edit it"]);
		assert.deepEqual([code, await runner.content()], [0, "one\n"]);
	});

	it("prints one recorded event a line with --json, and nothing else on standard output", async () => {
		const { code, out } = await runner.run([edit, bye], ["--json", "--yes", "Edit it"]);
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
		const { code, out } = await runner.run(
			[edit, command("rm a.txt"), bye],
			["--json", "--dry-run", "--mode", "trusted", "Go"],
		);
		assert.deepEqual([code, await runner.content()], [0, "one\n"]);
		assert.deepEqual(
			events(out).flatMap((event) => (event.type === "finished" ? [event.text] : [])),
			["dry run", "dry run"],
		);
	});

	it("says of a command that it goes on in the background", async () => {
		const background = { calls: [{ tool: "Bash", args: { command: "true", background: true } }] };
		const { out } = await runner.run([background, bye], ["--dry-run", "Go"]);
		assert.match(out, /\$ true\n {2}It goes on in the background\.\n/);
	});

	it("runs a command from --allow-command unasked, and asks for any other", async () => {
		const script = [command("echo ok"), command("echo ok; rm a.txt"), bye];
		const { code, out } = await runner.run(script, ["--json", "--allow-command", "echo ok", "Go"]);
		assert.equal(code, 0);
		const verdicts = events(out).flatMap((event) => (event.type === "decided" ? [event.verdict] : []));
		assert.deepEqual([verdicts, await runner.content()], [["allow", "ask", "deny"], "one\n"]);
	});

	it("shows for each call of a --dry-run what it would be met with, and why", async () => {
		const calls = ["rm a.txt", "make"].map((line) => ({ tool: "Bash", args: { command: line } }));
		const script = [{ calls: [...edit.calls, ...calls] }, bye];
		const { code, out } = await runner.run(script, ["--dry-run", "--allow-command", "make", "--mode", "edits", "Go"]);
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
		const { code, out } = await runner.run([{ calls: [task] }, read, { text: "It says: one." }, bye], ["--json", "Go"]);
		const told = events(out).flatMap((event) => (event.type === "finished" ? [event.text.split("\n", 1)[0]] : []));
		assert.deepEqual([code, told], [0, ["It says: one."]]);
		const requests = runner.endpoint?.requests ?? [];
		const tools = requests.map(({ body }) => body.tools?.length ?? 0);
		assert.deepEqual([tools[1], tools[0] === tools[3]], [3, true]);
		const seen = requests[2]?.body.messages.at(-1)?.content ?? "";
		assert.match(seen, /^1\tone/);
	});

	it("takes no rule from --allow-command that would allow more than it says", async () => {
		const { code, err } = await runner.launch(["--allow-command", "git *", "Go"]);
		assert.equal(code, 2);
		assert.match(err, /^--allow-command git \*: What comes after “git” says what is done: add that word\.\n\nUsage/);
	});

	it("ends with 3 at the limit of steps, and --resume goes on from there", async () => {
		const read = { calls: [{ tool: "Read", args: { path: "a.txt" } }] };
		const first = await runner.run([read, read, bye], ["--json", "--max-steps", "1", "Go"]);
		assert.equal(first.code, 3);
		const [opened] = events(first.out);
		const second = await runner.run([], ["--json", "--resume", opened?.type === "opened" ? opened.chat : ""]);
		assert.equal(second.code, 0);
		assert.deepEqual(
			events(second.out)
				.map((event) => event.type)
				.at(-1),
			"ended",
		);
		const [one, two] = runner.endpoint?.requests ?? [];
		assert.equal(two?.raw.startsWith(one?.raw.slice(0, one.raw.indexOf("]")) ?? "-"), true);
	});

	it("ends with 3 at the limit of calls, and when the task repeats itself, and says which", async () => {
		const read = { calls: [{ tool: "Read", args: { path: "a.txt" } }] };
		const script = [{ calls: [...read.calls, ...read.calls] }, ...Array.from({ length: 9 }, () => read)];
		const limited = await runner.run(script, ["--max-calls", "1", "Go"]);
		assert.deepEqual([limited.code, /■ Paused at the limit: 1 calls\.\n/.test(limited.out)], [3, true]);
		const { code, out } = await runner.run([], ["Go"]);
		assert.deepEqual([code, runner.endpoint?.requests.length], [3, 6]);
		assert.match(out, /■ Paused, since it repeats itself: Read a\.txt\. 5 times this brought nothing new\.\n/);
	});

	it("ends with 130 on an interrupt, ends the command, and leaves a chat that can be resumed", async () => {
		const { code, out } = await runner.run([command("echo $$; sleep 1000")], ["--json", "--yes", "Go"], {
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
		const at = join(runner.folder, "work");
		await mkdir(at);
		const script = [command("echo in > in.txt; echo $HOME; touch $HOME/out.txt"), bye];
		runner.endpoint = await startEndpoint({ script: [...script, ...script] });
		const own = ["--workspace", at, "--endpoint", runner.endpoint.url, "--yes", "--sandbox", "on", "Go"];
		const { code, out } = await runner.launch(own);
		assert.equal(code, 0);
		assert.match(out, /\n {2}In the sandbox: writes only in the workspace, no network\n/);
		assert.deepEqual([existsSync(join(at, "in.txt")), existsSync(join(runner.folder, "out.txt"))], [true, false]);
		const { out: refused } = await runner.run([], ["--yes", "--sandbox", "onWithNetwork", "Go"]);
		assert.match(refused, /In the sandbox: writes only in the workspace, with network/);
		assert.match(refused, /can't protect a workspace that holds your home folder/);
		assert.equal(existsSync(join(runner.folder, "in.txt")), false);
	});

	it("takes no other value for the sandbox", async () => {
		const { code, err } = await runner.launch(["--sandbox", "maybe", "Go"]);
		assert.equal(code, 2);
		assert.match(err, /--sandbox takes one of: off, on, onWithNetwork\./);
	});

	describe("in plan mode", () => {
		const plan = { calls: [{ tool: "Plan", args: { plan: "1. Put two for one\n2. Be done" } }] };

		it("shows the plan and carries it out once it is accepted, each change on its own word", async () => {
			const { code, out } = await runner.run([plan, edit, bye], ["--mode", "plan", "Go"], { input: "y\ny\n" });
			assert.deepEqual([code, await runner.content()], [0, "two\n"], out);
			assert.match(out, /\n {2}1\. Put two for one\n {2}2\. Be done\nCarry out this plan\? .* y\n/);
			assert.match(out, /\n {2}○ Put two for one\n {2}○ Be done\n[\s\S]*Make this change\? .* y\n/);
		});

		it("goes on by itself with --yes", async () => {
			const { code, out } = await runner.run([edit, plan, edit, bye], ["--mode", "plan", "--yes", "Go"]);
			assert.deepEqual([code, await runner.content()], [0, "two\n"], out);
			assert.match(out, /Not allowed: Plan mode reads only/);
		});

		it("ends with the plan as the result when nobody is there", async () => {
			const { code, out } = await runner.run([plan, bye], ["--mode", "plan", "Go"]);
			assert.deepEqual([code, await runner.content()], [0, "one\n"], out);
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
			const { code, out, err } = await runner.launch(args);
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
			const { code, out } = await runner.run([reply], ["--model", "m", "Go"]);
			assert.equal(code, 1);
			assert.match(out, says);
		});
	}

	it("ends with 1 for an endpoint that nobody answers at", async () => {
		const { code, out } = await runner.launch([
			"--workspace",
			runner.folder,
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
		runner.endpoint = await startEndpoint({ script: [command("env"), bye], key: "sk-canary-2" });
		const args = ["--json", "--yes", "--api-key-env", "MY_KEY", "Go"];
		const { code, out, err } = await runner.run([], args, { env: { MY_KEY: "sk-canary-2" } });
		assert.equal(code, 0);
		assert.equal((out + err).includes("sk-canary-2"), false);
	});

	it("sends KIMI_K2_API_KEY to the server of KIMI_K2_BASE_URL, and to no other", async () => {
		const env = (address: string) => ({ KIMI_K2_API_KEY: "sk-canary-3", KIMI_K2_BASE_URL: address });
		runner.endpoint = await startEndpoint({ script: [bye, bye] });
		await runner.run([], ["Go"], { env: env("https://elsewhere.example/v1") });
		await runner.run([], ["Go"], { env: env(runner.endpoint.url) });
		assert.deepEqual(
			runner.endpoint.requests.map(({ headers }) => headers.authorization),
			[undefined, "Bearer sk-canary-3"],
		);
	});

	it("shows what would be unseen in a title, a command and a diff before the question", async () => {
		const hidden = { path: "a.txt", old_string: "one", new_string: "a\u200b\u{e0041}b" };
		const script = [command("echo \u202eok\u2066\u001b[2J"), { calls: [{ tool: "Edit", args: hidden }] }, bye];
		const { code, out } = await runner.run(script, ["Go\u200b"]);
		assert.equal(code, 0);
		assert.match(out, /› Go⟨U\+200B⟩\n/);
		assert.match(out, /• Run echo ⟨U\+202E⟩ok⟨U\+2066⟩⟨U\+001B⟩\[2J\n {2}\$ echo ⟨U\+202E⟩ok⟨U\+2066⟩⟨U\+001B⟩\[2J\n/);
		assert.match(out, /\n {2}\+a⟨U\+200B⟩⟨U\+E0041⟩b\n/);
		assert.doesNotMatch(out.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
	});

	it("lets prose keep the joiners that its script needs, and shows what would turn or hide it", async () => {
		const { out } = await runner.run([{ text: "می\u200cخواهم 👩\u200d💻 ✔\ufe0f \u202ex\u{e0041}\u001b[2J" }], ["Go"]);
		assert.match(out, /می\u200cخواهم 👩\u200d💻 ✔\ufe0f ⟨U\+202E⟩x⟨U\+E0041⟩⟨U\+001B⟩\[2J\n/u);
	});
});
