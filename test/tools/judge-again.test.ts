import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { runTurn } from "../../src/agent/loop.ts";
import type { Recorded } from "../../src/shared/event.ts";
import type { Grant } from "../../src/shared/rule.ts";
import { tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const never = new AbortController().signal;

describe("a command that runs unasked", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "a.txt": "one\n" });
		space.put("evil.sh", `#!/bin/sh\ntouch ${space.path("ran")}\n`);
		chmodSync(space.path("evil.sh"), 0o755);
	});
	afterEach(() => space.dispose());

	/** Runs the line in a turn; `meanwhile` happens after it was decided on and before it begins. */
	async function go(line: string, meanwhile: () => void, grants: readonly Grant[] = []) {
		const { session, log } = await newSession();
		session.subscribe((event) => {
			if (event.type === "decided") meanwhile();
		});
		const model = new ScriptedModel({ calls: [{ tool: "Bash", args: { command: line } }] }, { text: "ok" });
		const env = { toolbox: createToolbox(tools), ctx: space.ctx, grants: () => [...grants] };
		await runTurn(session, "go", turnEnv(model, new TestTools({}), env), never);
		const decided = log.events.find((event) => event.type === "decided");
		const finished = log.events.find((event) => event.type === "finished");
		return { decided: wordsOf(decided), text: finished?.type === "finished" ? finished.text : "" };
	}
	const wordsOf = (event: Recorded | undefined) =>
		event?.type === "decided" ? `${event.by} ${event.verdict}: ${event.reason}` : "";
	const UNASKED = "policy allow: It only reads inside the workspace.";

	it("runs where nothing changed since it was decided on", async () => {
		execFileSync("git", ["init", "-q", "-b", "main", space.root]);
		const { decided, text } = await go("git status --short", () => undefined);
		assert.deepEqual([decided, text], [UNASKED, "?? a.txt\n?? evil.sh\n\n[Exit code 0]"]);
	});

	it("does not run once the repository names a program, and the model is told why", async () => {
		execFileSync("git", ["init", "-q", space.root]);
		const { decided, text } = await go("git status", () =>
			execFileSync("git", ["config", "core.fsmonitor", "./evil.sh"], { cwd: space.root }),
		);
		assert.equal(decided, UNASKED);
		assert.equal(
			text,
			"The command was not run: when it was about to begin, it was not any more what had been found before. git is configured with core.fsmonitor here, which runs a program for each status. If it is still needed, make this call again.",
		);
		assert.equal(existsSync(space.path("ran")), false);
	});

	it("does not run once a file that it reads is a link out of the workspace", async () => {
		const { text } = await go("cat a.txt", () => execFileSync("ln", ["-sf", "/etc/passwd", space.path("a.txt")]));
		assert.match(text, /^The command was not run: .* It looks at \/etc\/passwd, which is outside the workspace\./);
	});

	it("does not run once the person took back what allowed it", async () => {
		const grants: Grant[] = [{ rule: { words: ["touch", "made"] }, scope: "always" }];
		const { decided, text } = await go("touch made && ls", () => void grants.pop(), grants);
		assert.match(decided, /^policy allow: You allowed commands that begin with “touch made”/);
		assert.match(text, /^The command was not run: /);
		assert.equal(space.has("made"), false);
	});

	describe("where what looks like a bare repository came after it was looked at", () => {
		const line = { commands: [{ words: ["git", "status"] }] };
		beforeEach(() => {
			execFileSync("git", ["init", "-q", "--bare", space.root]);
			execFileSync("git", ["config", "core.bare", "false"], { cwd: space.root });
			execFileSync("git", ["config", "core.worktree", space.root], { cwd: space.root });
			execFileSync("git", ["config", "core.fsmonitor", "./evil.sh"], { cwd: space.root });
		});

		it("does not take it for one", async () => {
			const plan = await space.planned("Bash", { command: "git status" });
			const { text } = await plan.run(never, () => undefined, line);
			assert.match(text, /fatal: cannot use bare repository .* \(safe\.bareRepository is 'explicit'\)/);
			assert.equal(existsSync(space.path("ran")), false);
		});

		it("is looked at, without running a thing, and asks", async () => {
			const plan = await space.planned("Bash", { command: "git status" });
			const found = await plan.command?.(never);
			const trouble = found && "commands" in found ? found.commands[0]?.trouble : undefined;
			assert.match(trouble ?? "", /^git can.t look at this repository: .*cannot use bare repository/);
			assert.equal(existsSync(space.path("ran")), false);
		});

		it("runs as the person has it, if it was they who allowed it", async () => {
			const plan = await space.planned("Bash", { command: "git rev-parse --git-dir" });
			assert.equal((await plan.run(never, () => undefined)).text, ".\n\n[Exit code 0]");
		});
	});

	it("runs git without the programs of a configuration that came after it was looked at", async () => {
		execFileSync("git", ["init", "-q", space.root]);
		const plan = await space.planned("Bash", { command: "git status" });
		execFileSync("git", ["config", "core.fsmonitor", "./evil.sh"], { cwd: space.root });
		await plan.run(never, () => undefined, { commands: [{ words: ["git", "status"] }] });
		assert.equal(existsSync(space.path("ran")), false);
		await plan.run(never, () => undefined);
		assert.equal(existsSync(space.path("ran")), true);
	});
});
