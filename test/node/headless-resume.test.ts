import assert from "node:assert/strict";
import { mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { events, Runner } from "./runner.ts";

describe("the headless runner with --resume", () => {
	const runner = new Runner();
	beforeEach(() => runner.begin());
	afterEach(() => runner.end());

	const edit = { calls: [{ tool: "Edit", args: { path: "a.txt", old_string: "one", new_string: "two" } }] };
	const bye = { text: "All done." };

	/** Runs a chat to its end and gives its id. */
	async function chatOf(script: readonly ScriptedReply[]): Promise<string> {
		const { out } = await runner.run(script, ["--json", "Go"]);
		const [opened] = events(out);
		assert.ok(opened?.type === "opened");
		return opened.chat;
	}

	it("gives no background command the id of one before, which the model may still want to end", async () => {
		const server = { calls: [{ tool: "Bash", args: { command: "sleep 1000", background: true } }] };
		const end = { calls: [{ tool: "KillBash", args: { id: "b1" } }] };
		const script = [server, bye, server, end, bye];
		const { out } = await runner.run(script, ["--json", "--yes", "Go"]);
		const [opened] = events(out);
		const more = ["--endpoint", runner.endpoint?.url ?? "", "--json", "--yes", "--resume"];
		const second = await runner.launch([...more, opened?.type === "opened" ? opened.chat : "", "Go on"]);
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
		const args = ["--endpoint", runner.endpoint?.url ?? "", "--resume", id, "--yes", "Edit it"];
		const { code, out } = await runner.launch(args);
		assert.deepEqual([code, await runner.content()], [0, "two\n"], out);
	});

	it("takes the chat's folder under another name", async () => {
		const id = await chatOf([bye, edit, bye]);
		await symlink(runner.folder, `${runner.folder}-link`);
		const args = ["--endpoint", runner.endpoint?.url ?? "", "--resume", id, "--yes", "Edit it"];
		const { code, out } = await runner.launch(["--workspace", `${runner.folder}-link`, ...args]);
		await rm(`${runner.folder}-link`);
		assert.deepEqual([code, await runner.content()], [0, "two\n"], out);
	});

	it("ends with 2 and a sentence for a folder that is not the chat's, and sends nothing", async () => {
		const id = await chatOf([bye, edit, bye]);
		const other = await mkdtemp(join(tmpdir(), "kimi-other-"));
		const args = ["--workspace", other, "--endpoint", runner.endpoint?.url ?? "", "--resume", id, "Edit it"];
		const { code, out } = await runner.launch(args);
		await rm(other, { recursive: true });
		assert.equal(code, 2);
		assert.ok(out.includes(`This chat works on ${runner.folder}, not on ${other}.`), out);
		assert.equal(runner.endpoint?.requests.length, 1);
	});

	it("ends with 2 and a sentence when the chat's folder is gone", async () => {
		const id = await chatOf([bye]);
		await rename(runner.folder, `${runner.folder}-moved`);
		const { code, out } = await runner.launch(["--endpoint", runner.endpoint?.url ?? "", "--resume", id, "Edit it"], {
			env: { KIMI_K2_STATE: join(`${runner.folder}-moved`, ".state") },
		});
		await rename(`${runner.folder}-moved`, runner.folder);
		assert.equal(code, 2);
		assert.ok(out.includes(`This chat's folder ${runner.folder} is gone.`), out);
	});

	it("ends with 1 and a sentence for a chat that is not there, and one whose id is none", async () => {
		for (const [id, says] of [
			["gone", /There is no chat gone to resume/],
			["../gone", /\.\.\/gone is no chat id/],
		] as const) {
			const { code, out } = await runner.launch(["--workspace", runner.folder, "--resume", id, "Go"]);
			assert.equal(code, 1);
			assert.match(out, says);
		}
	});
});
