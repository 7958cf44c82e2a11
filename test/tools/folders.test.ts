import assert from "node:assert/strict";
import { rgPath } from "@vscode/ripgrep";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import { rule } from "../../src/agent/policy.ts";
import { systemPrompt } from "../../src/agent/prompt.ts";
import { type Ctx, isRefusal, type Tool } from "../../src/agent/tool.ts";
import { createCheckpoints } from "../../src/node/checkpoints/checkpoints.ts";
import { createFiles } from "../../src/node/files.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import type { Grant } from "../../src/shared/rule.ts";
import { editTool } from "../../src/tools/edit.ts";
import { globTool } from "../../src/tools/glob.ts";
import { grepTool } from "../../src/tools/grep.ts";
import { tools } from "../../src/tools/index.ts";
import { readTool } from "../../src/tools/read.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { newSession } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const signal = new AbortController().signal;

describe("a workspace of several folders", () => {
	let base: Workspace;
	let ctx: Ctx;
	beforeEach(() => {
		base = openWorkspace({
			"app/a.ts": "canary\n",
			"lib/src/b.ts": "canary\n",
			"lib/.env": "canary\n",
			"lib/.kimiignore": "hidden\n",
			"lib/hidden": "canary\n",
			"else/c.ts": "canary\n",
		});
		const places = createPlaces(base.path("app"), () => [base.path("app"), base.path("lib")]);
		ctx = { ...base.ctx, files: createFiles(places), search: createSearch({ rgPath, places }) };
	});
	afterEach(() => base.dispose());

	const plan = async <I>(tool: Tool<I>, input: I) => {
		const made = await tool.plan(input, ctx, signal);
		if (isRefusal(made)) throw new Error(made.refused);
		const ruling = rule({ tool: tool.name, effects: made.effects }, { mode: "edits", grants: [] });
		return { ...made, verdict: ruling.verdict };
	};
	const run = async <I>(tool: Tool<I>, input: I) => (await (await plan(tool, input)).run(signal, () => {})).text;

	it("is read, changed and searched in all of them by names that lead there", async () => {
		const read = await plan(readTool, { path: "../lib/src/b.ts" });
		assert.deepEqual([read.effects, read.verdict], [[{ read: "../lib/src/b.ts" }], "allow"]);
		const edit = await plan(editTool, { path: "../lib/src/b.ts", old_string: "canary", new_string: "new" });
		assert.equal(edit.verdict, "allow");
		assert.equal(await run(grepTool, { pattern: "canary" }), "a.ts:1:canary");
		assert.equal(await run(grepTool, { pattern: "canary", path: "../lib" }), "../lib/src/b.ts:1:canary");
		assert.equal(await run(grepTool, { pattern: "canary", path: "../lib/src/b.ts" }), "../lib/src/b.ts:1:canary");
		assert.equal(await run(globTool, { pattern: "*.ts", path: "../lib" }), "../lib/src/b.ts");
		assert.match((await edit.run(signal, () => {})).text, /^Edited \.\.\/lib\/src\/b\.ts/);
		assert.equal(base.text("lib/src/b.ts"), "new\n");
	});
	it("ends at its folders", async () => {
		assert.equal((await plan(readTool, { path: "../else/c.ts" })).verdict, "ask");
		assert.equal((await plan(grepTool, { pattern: "canary", path: ".." })).verdict, "ask");
		assert.equal((await plan(readTool, { path: "../lib/.env" })).verdict, "ask");
	});
	it("has no change outside of them but in a folder that was opened, where it asks", async () => {
		const edit = { tool: "Edit", args: { path: "../else/c.ts", old_string: "canary", new_string: "new" } };
		const go = async (grants: readonly Grant[]) => {
			let asked = 0;
			const { session, log } = await newSession();
			const env: TurnEnv = {
				model: new ScriptedModel({ calls: [edit] }, { text: "ok" }),
				toolbox: createToolbox(tools),
				ctx,
				mode: () => "trusted",
				grants: () => grants,
				limits: { steps: 5 },
				pause: () => Promise.resolve(),
				approve: async () => {
					asked++;
					return { verdict: "allow" };
				},
			};
			await runTurn(session, "go", env, signal);
			const failed = log.events.some((event) => event.type === "finished" && event.failed === true);
			return [failed, asked, base.text("else/c.ts")];
		};
		assert.deepEqual(await go([{ rule: { folder: base.path("lib") }, scope: "always" }]), [true, 0, "canary\n"]);
		assert.deepEqual(await go([{ rule: { folder: base.path("else") }, scope: "workspace" }]), [false, 1, "new\n"]);
	});
	it("is closed again for all tools at once when the person takes a folder back, also what was read there before", async () => {
		const outside = base.path("else/c.ts");
		let grants: readonly Grant[] = [{ rule: { folder: base.path("else") }, scope: "always" }];
		const asked: string[] = [];
		const { session, log } = await newSession();
		const read = (id: string) => ({ tool: "Read", args: { path: outside }, id });
		const edit = { tool: "Edit", args: { path: outside, old_string: "canary", new_string: "new" }, id: "edit" };
		const model = new ScriptedModel({ calls: [read("one")] }, { calls: [read("two"), edit] }, { text: "ok" });
		session.subscribe((event) => {
			if (event.type === "finished" && event.callId === "one") grants = [];
		});
		const env: TurnEnv = {
			model,
			toolbox: createToolbox(tools),
			ctx,
			mode: () => "trusted",
			grants: () => grants,
			limits: { steps: 5 },
			pause: () => Promise.resolve(),
			approve: async ({ id }) => {
				asked.push(id);
				return { verdict: "deny" };
			},
		};
		await runTurn(session, "go", env, signal);
		const failed = log.events.flatMap((event) => (event.type === "finished" && event.failed ? [event.callId] : []));
		assert.deepEqual([asked, failed], [["two"], ["two", "edit"]]);
		const direct = await ctx.files.read(outside);
		assert.equal(!direct.ok && direct.failure.code, "outside");
		const search = await ctx.search.grep(
			{ pattern: "canary", path: base.path("else"), mode: "files", limit: 5, offset: 0 },
			signal,
		);
		assert.equal(!search.ok && search.failure.code, "outside");
	});
	it("keeps nothing of files in the other folders, which is said of such a change", async () => {
		const checkpoints = createCheckpoints({ root: base.path("app"), folder: base.path("kept") });
		const kept = await checkpoints.capture(["a.ts", "../lib/src/b.ts", base.path("else/c.ts")]);
		assert.deepEqual([...kept.keys()], ["a.ts"]);
		checkpoints.dispose();
	});
	it("is what the model is told once, when a chat begins", () => {
		const prompt = (others?: readonly string[]) =>
			systemPrompt({ os: "Linux", shell: "bash", root: "/app", ...(others && { others }) });
		assert.match(
			prompt(["../lib", "../docs"]),
			/relative paths begin there\. The workspace has other folders, too: `\.\.\/lib`, `\.\.\/docs`\./,
		);
		assert.equal(prompt([]), prompt());
	});
});
