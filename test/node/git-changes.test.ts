import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findGit } from "../../src/node/checkpoints/git.ts";
import { changesSinceCommit, changesToCommit, lastSubjects, patchOf } from "../../src/node/git-changes.ts";

const { signal } = new AbortController();
const env = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };

describe("what a commit would hold", () => {
	let top = "";
	const git = (...args: string[]) =>
		execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args], { cwd: top, env, stdio: "pipe" });
	const write = (name: string, text: string) => writeFileSync(join(top, name), text);
	const program = async () => ({ path: (await findGit()) ?? assert.fail("no git"), env });
	const changes = async () => {
		const found = await changesToCommit(await program(), top, signal);
		return found.ok ? found.value : assert.fail(found.failure.message);
	};
	beforeEach(() => {
		top = mkdtempSync(join(tmpdir(), "kimi-changes-"));
		git("init", "-q");
	});
	afterEach(() => rmSync(top, { recursive: true, force: true }));

	it("is what is staged, also before the first commit; else all that changed, with files that git does not know", async () => {
		write("a.txt", "one\n");
		write(".gitignore", "ignored.txt\n");
		write("ignored.txt", "x");
		git("add", "a.txt");
		assert.deepEqual(await changes(), { staged: true, files: [{ name: "a.txt" }] });
		git("add", ".");
		git("commit", "-qm", "feat: begin");
		assert.deepEqual(await changes(), { staged: false, files: [] });
		write("a.txt", "two\n");
		write("neu ü.txt", "new\n");
		const all = { staged: false, files: [{ name: "a.txt" }, { name: "neu ü.txt", isNew: true }] };
		assert.deepEqual(await changes(), all);
		const patch = await patchOf(await program(), top, { file: { name: "a.txt" }, staged: false }, signal);
		assert.match(patch ?? "", /^diff --git a\/a\.txt b\/a\.txt\n[\s\S]*-one\n\+two\n$/);
	});

	it("tells a rename with both names", async () => {
		write(".env", "TOKEN=canary-of-a-secret\nMORE=1\nEVEN=2\n");
		git("add", ".");
		git("commit", "-qm", "feat: begin");
		renameSync(join(top, ".env"), join(top, "settings.txt"));
		git("add", "-A");
		assert.deepEqual((await changes()).files, [{ name: "settings.txt", from: ".env" }]);
	});

	it("has a patch of one file alone, whatever its name means to git, and none where a folder took the name", async () => {
		for (const name of ["*", ":(top)", "config"]) write(name, "plain\n");
		write(".env", "old\n");
		git("add", ".");
		git("commit", "-qm", "feat: begin");
		for (const name of ["*", ":(top)", ".env"]) write(name, "canary-of-a-secret\n");
		rmSync(join(top, "config"));
		mkdirSync(join(top, "config"));
		write("config/.env", "canary-of-a-secret\n");
		git("add", ".");
		const of = async (name: string) => patchOf(await program(), top, { file: { name }, staged: true }, signal);
		for (const name of ["*", ":(top)"]) assert.deepEqual((await of(name))?.match(/^diff --git .*$/gm)?.length, 1);
		assert.doesNotMatch((await of("*")) ?? "", /\.env/);
		assert.equal(await of("config"), undefined);
	});

	it("runs no program that the repository names, and shows no colours", async () => {
		write("a.txt", "one\n");
		write(".gitattributes", "*.txt diff=evil\n");
		git("add", ".");
		git("commit", "-qm", "feat: begin");
		const marker = join(top, "ran");
		for (const key of ["diff.external", "diff.evil.textconv", "diff.evil.command", "core.fsmonitor"])
			git("config", key, `touch ${marker};`);
		git("config", "color.ui", "always");
		write("a.txt", "two\n");
		const { files } = await changes();
		assert.deepEqual(files, [{ name: "a.txt" }]);
		const patch = await patchOf(await program(), top, { file: { name: "a.txt" }, staged: false }, signal);
		assert.match(patch ?? "", /^-one\n\+two\n/m);
		assert.equal(existsSync(marker), false);
	});

	it("has the first lines of the last ten commits, without merges; none before the first", async () => {
		assert.deepEqual(await lastSubjects(await program(), top, signal), []);
		for (let n = 1; n <= 12; n++) git("commit", "-qm", `feat: ${n}\n\nbody`, "--allow-empty");
		const subjects = await lastSubjects(await program(), top, signal);
		assert.deepEqual([subjects.length, subjects[0], subjects.at(-1)], [10, "feat: 12", "feat: 3"]);
	});

	it("says why where it is no repository", async () => {
		rmSync(join(top, ".git"), { recursive: true });
		for (const changesIn of [changesToCommit, changesSinceCommit]) {
			const found = await changesIn(await program(), top, signal);
			assert.equal(found.ok ? "" : found.failure.message, "git: not a git repository");
		}
	});
});
