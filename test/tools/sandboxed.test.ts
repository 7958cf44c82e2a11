import assert from "node:assert/strict";
import { isRefusal } from "../../src/agent/tool.ts";
import type { SandboxKind } from "../../src/shared/preview.ts";
import { bashTool } from "../../src/tools/bash.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("Bash with a shell that has a sandbox", () => {
	let space: Workspace;
	before(() => {
		space = openWorkspace();
	});
	after(() => space.dispose());

	const signal = new AbortController().signal;
	const plan = async (command: string, kind: () => SandboxKind | undefined) => {
		const shell = { ...space.ctx.shell, sandbox: kind };
		const planned = await bashTool.plan({ command }, { ...space.ctx, shell }, signal);
		if (isRefusal(planned)) throw new Error(planned.refused);
		return planned;
	};
	const text = async (command: string, kind?: SandboxKind) => {
		const planned = await plan(command, () => kind);
		return (await planned.run(signal, () => {})).text;
	};

	it("shows that a command would run in it, and with what", async () => {
		for (const kind of ["no network", "network", undefined] as const) {
			const { preview } = await plan("true", () => kind);
			const expected = { kind: "command", command: "true", cwd: space.root };
			assert.deepEqual(preview, kind === undefined ? expected : { ...expected, sandbox: kind });
		}
	});

	it("tells the model of it when a command failed, since a refusal looks like any other error", async () => {
		assert.equal(
			(await text("exit 1", "no network")).split("\n").at(-1),
			"[It ran in the sandbox: no network, writes only inside the workspace and not in .git.]",
		);
		assert.equal(
			(await text("exit 1", "network")).split("\n").at(-1),
			"[It ran in the sandbox: writes only inside the workspace and not in .git.]",
		);
		assert.doesNotMatch(await text("exit 1"), /sandbox/);
		assert.doesNotMatch(await text("true", "no network"), /sandbox/);
	});

	for (const [from, to] of [
		["no network", undefined],
		["no network", "network"],
		[undefined, "network"],
	] as const)
		it(`runs nothing once it would run otherwise than was shown: ${from ?? "none"}, then ${to ?? "none"}`, async () => {
			let kind: SandboxKind | undefined = from;
			const planned = await plan("touch ran", () => kind);
			kind = to;
			const outcome = await planned.run(signal, () => {});
			assert.equal(outcome.failed, true);
			assert.match(outcome.text, /^The command was not run: the person changed the setting of the sandbox/);
			assert.equal(space.has("ran"), false);
		});
});
