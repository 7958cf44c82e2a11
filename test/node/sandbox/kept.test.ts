import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { endWorlds, makeWorld, noSandbox, type World } from "./world.ts";

describe("what a command in the sandbox must leave alone in the workspace", function () {
	if (noSandbox !== undefined) {
		it.skip(noSandbox);
		return;
	}
	this.timeout(30_000);
	after(endWorlds);

	const fails = async (world: World, command: string, words: RegExp) => {
		const { exitCode, output } = await world.run(command);
		assert.notEqual(exitCode, 0, output);
		assert.match(output, words);
	};

	it("is what runs outside later: git's hooks and configuration, the editor's settings", async () => {
		const files = {
			"work/.git/config": "[core]\n",
			"work/.git/HEAD": "ref: refs/heads/main\n",
			"work/.git/hooks/pre-commit": "old",
			"work/.vscode/settings.json": "{}",
			"work/.github/workflows/ci.yml": "on: push",
			"work/.envrc": "",
			"work/.husky/pre-commit": "",
			"work/app.code-workspace": "{}",
		};
		const world = makeWorld(files);
		const attempts = [
			"echo x >> .git/config",
			"echo x > .git/hooks/pre-commit",
			"echo x > .git/hooks/post-checkout",
			"echo ../evil > .git/commondir",
			"rm -f .git/HEAD",
			"echo x > .vscode/tasks.json",
			"echo x > .github/workflows/evil.yml",
			"echo x > .envrc",
			"rm -f .envrc",
			"echo x > .husky/post-merge",
			"echo x > app.code-workspace",
			"mv .git .git2",
			"mv .vscode .vscode2",
			"mv .husky .husky2",
			"rm -rf .git",
			"ln -sfn /tmp/evil .vscode && test -L .vscode",
		];
		for (const attempt of attempts)
			await fails(world, attempt, /Read-only file system|busy|Operation not permitted|^$/);
		for (const [name, text] of Object.entries(files))
			assert.equal(readFileSync(join(world.root, name), "utf8"), text, name);
		assert.ok(lstatSync(join(world.workspace, ".vscode")).isDirectory());
		assert.deepEqual(readdirSync(join(world.workspace, ".git")).sort(), ["HEAD", "config", "hooks"]);
	});

	it("is the place of a folder that holds such, in which it may write", async () => {
		const world = makeWorld({ "work/.github/workflows/ci.yml": "on: push", "work/.github/FUNDING.yml": "old" });
		for (const attempt of [
			"mv .github .gh2 && mkdir -p .github/workflows && echo x > .github/workflows/ci.yml",
			"rm -rf .github && mkdir -p .github/workflows && echo x > .github/workflows/ci.yml",
			"mv .github/workflows .github/w2",
		])
			await fails(world, attempt, /Read-only file system|busy/);
		await world.run("echo new > .github/ISSUES.md; mkdir .github/templates");
		assert.deepEqual(readdirSync(join(world.workspace, ".github")).sort(), ["ISSUES.md", "templates", "workflows"]);
		assert.equal(readFileSync(join(world.workspace, ".github/workflows/ci.yml"), "utf8"), "on: push");
	});

	it("is .git, also through a link that is called like a folder which holds such", async () => {
		const world = makeWorld({ "work/.git/own/workflows/x": "old", "work/.git/HEAD": "" });
		symlinkSync(".git/own", join(world.workspace, ".github"));
		await fails(world, "echo x > .github/evil", /Read-only file system/);
		await fails(world, "echo x > .git/own/evil", /Read-only file system/);
	});

	it("is .git and .vscode also where they do not exist yet", async () => {
		const world = makeWorld();
		await fails(world, "mkdir -p .git/hooks && echo x > .git/config", /Read-only file system/);
		await fails(world, "git init -q .", /Read-only file system/);
		await fails(world, "mkdir -p .vscode && echo '{}' > .vscode/settings.json", /Read-only file system/);
	});
});
