import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findGit } from "../../../src/node/checkpoints/git.ts";
import { commandEnvironment } from "../../../src/node/environment.ts";
import { createFiles } from "../../../src/node/files.ts";
import { createPlaces } from "../../../src/node/places.ts";
import { uncommittedText } from "../../../src/vscode/attachments/uncommitted.ts";

describe("changes that are not committed, as they are attached", () => {
	let top: string;
	const put = (name: string, text: string) => fs.writeFileSync(join(top, name), text);
	const git = (...args: string[]) =>
		execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], { cwd: top });
	beforeEach(() => {
		top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-uncommitted-")));
		git("init", "-q");
	});
	afterEach(() => fs.rmSync(top, { recursive: true, force: true }));
	const read = async (folder = top) => {
		const path = (await findGit()) ?? assert.fail("no git");
		const files = createFiles(createPlaces(folder));
		const signal = new AbortController().signal;
		const found = await uncommittedText({ path, env: commandEnvironment(process.env) }, folder, files, signal);
		return found.ok ? found.value : found.failure;
	};
	const commit = (...names: string[]) => {
		for (const name of names) put(name, "old\n");
		git("add", "-f", ".");
		git("commit", "-qm", "First");
	};

	it("are patches since the last commit, staged or not, and the names of new files", async () => {
		commit("staged.txt", "edited.txt");
		put("staged.txt", "staged now\n");
		git("add", "staged.txt");
		put("edited.txt", "edited now\n");
		put("fresh.txt", "fresh\n");
		const text = await read();
		assert.match(text, /^changed: edited\.txt\nchanged: staged\.txt\nnew: fresh\.txt\n\ndiff --git/);
		assert.match(text, /\+edited now[\s\S]*\+staged now/);
	});

	it("name what may hold secrets or is hidden, and show nothing of it", async () => {
		commit(".env", "private.txt", "moved.env", ".kimiignore");
		put(".kimiignore", "private.txt\n");
		git("commit", "-qam", "Rules");
		put(".env", "TOKEN=hunter2\n");
		put("private.txt", "hunter2\n");
		git("mv", "moved.env", "harmless.txt");
		put("harmless.txt", "old\n");
		const text = await read();
		assert.ok(!text.includes("hunter2") && !text.includes("diff --git"), text);
		assert.match(text, /changed: \.env\n/);
	});

	it("are those of the workspace, where that is a folder of a repository, and its rules hide them", async () => {
		fs.mkdirSync(join(top, "app/private"), { recursive: true });
		put("app/.kimiignore", "/private/\n");
		commit("outside.txt", "app/a.txt", "app/private/b.txt");
		for (const name of ["outside.txt", "app/a.txt", "app/private/b.txt"]) put(name, `now ${name}\n`);
		const text = await read(join(top, "app"));
		assert.match(text, /^changed: a\.txt\nchanged: private\/b\.txt\n\ndiff --git/);
		assert.match(text, /\+now app\/a\.txt$/);
		assert.ok(!text.includes("outside.txt") && !text.includes("now app/private"), text);
	});

	it("hold no more patches than anyone reads", async () => {
		const names = ["1.txt", "2.txt", "3.txt"];
		commit(...names);
		for (const name of names) put(name, `${"line\n".repeat(50_000)}`);
		const text = await read();
		assert.equal(text.match(/^diff --git/gm)?.length, 1);
		assert.match(text, /^changed: 1\.txt\nchanged: 2\.txt\nchanged: 3\.txt$/m);
	});

	it("run nothing that the repository names for showing them", async () => {
		commit("a.txt");
		put("a.txt", "new\n");
		git("config", "diff.external", "touch ran-external");
		git("config", "core.fsmonitor", "touch ran-monitor");
		git("config", "diff.evil.textconv", "touch ran-textconv; cat");
		put(".gitattributes", "*.txt diff=evil\n");
		assert.match(await read(), /\+new/);
		assert.deepEqual(
			fs.readdirSync(top).filter((name) => name.startsWith("ran-")),
			[],
		);
	});

	it("are said to be none, or why they can't be told", async () => {
		commit("a.txt");
		assert.equal(await read(), "Nothing is changed since the last commit.");
		fs.rmSync(join(top, ".git"), { recursive: true });
		assert.match(await read(), /^git: /);
	});
});
