import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandEnvironment } from "../../src/node/environment.ts";
import { createProbe } from "../../src/node/probe.ts";

const never = new AbortController().signal;

describe("the look at a repository before git runs unasked", () => {
	let box: string;
	let folder: string;
	let env: NodeJS.ProcessEnv;
	const git = (...args: readonly string[]) =>
		execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
			cwd: folder,
			env,
			stdio: "pipe",
		});
	const trouble = async (at = folder) => {
		const found = await createProbe(env).git(at, never);
		return "trouble" in found ? found.trouble : undefined;
	};

	beforeEach(async () => {
		box = await mkdtemp(join(tmpdir(), "kimi-probe-"));
		folder = join(box, "work");
		await mkdir(folder);
		env = { ...commandEnvironment(process.env), HOME: box, XDG_CONFIG_HOME: box, GIT_CONFIG_NOSYSTEM: "1" };
		git("init", "-q");
		await writeFile(join(folder, "a.txt"), "a\n");
		git("add", ".");
		git("commit", "-qm", "a");
	});
	afterEach(() => rm(box, { recursive: true, force: true }));

	it("finds nothing in a plain repository, in a folder of it, and where there is none", async () => {
		await mkdir(join(folder, "sub"));
		assert.equal(await trouble(), undefined);
		assert.equal(await trouble(join(folder, "sub")), undefined);
		assert.equal(await trouble(box), undefined);
	});

	const keys: readonly (readonly [key: string, value: string])[] = [
		["core.fsmonitor", "./evil.sh"],
		["diff.external", "./evil.sh"],
		["diff.evil.command", "./evil.sh"],
		["diff.evil.textconv", "./evil.sh"],
		["filter.evil.clean", "./evil.sh"],
		["filter.evil.process", "git-lfs filter-process; ./evil.sh"],
		["core.hooksPath", "hooks"],
		["core.worktree", "/"],
		["core.alternateRefsCommand", "./evil.sh"],
		["gpg.program", "./evil.sh"],
		["gpg.ssh.program", "./evil.sh"],
		["log.showSignature", "true"],
		["remote.origin.promisor", "true"],
		["remote.origin.url", "https://me:pass@example.org/x.git"],
		["remote.origin.pushurl", "https://ghp_0123456789abcdef@example.org/x.git"],
		["blame.ignoreRevsFile", "/etc/passwd"],
		["mailmap.file", "/etc/passwd"],
		["diff.submodule", "diff"],
		["status.submoduleSummary", "true"],
		["lfs.extension.evil.clean", "./evil.sh"],
		["merge.evil.driver", "./evil.sh"],
		["merge.default", "evil"],
		["log.diffMerges", "remerge"],
		["log.follow", "true"],
		["diff.renames", "copies"],
		["format.pretty", "%G? %s"],
		["pretty.mine", "format:%G?"],
		["branch.sort", "signature"],
		["gpg.ssh.allowedSignersFile", "/etc/shadow"],
		["core.attributesFile", "/etc/passwd"],
	];
	for (const [key, value] of keys)
		it(`names ${key} with ${value}`, async () => {
			git("config", key, value);
			assert.match(
				(await trouble()) ?? "",
				new RegExp(`^git is configured with ${key.toLowerCase()} here, which `, "i"),
			);
		});

	it("tells where the files are and what it keeps of them, from wherever it is asked", async () => {
		await mkdir(join(folder, "sub"));
		const kept = [join(folder, ".git")];
		assert.deepEqual(await createProbe(env).git(join(folder, "sub"), never), { top: folder, kept });
		assert.deepEqual(await createProbe(env).git(box, never), { isNone: true });
	});

	it("names a rule for addresses without the password in its name", async () => {
		git("config", "url.https://me:pass@example.org/.insteadOf", "https://example.org/");
		assert.equal(await trouble(), "git is configured with url.….insteadof here, which holds a password.");
	});

	it("names what an included file configures, and what is for this work tree only", async () => {
		await writeFile(join(folder, "more"), "[diff]\n\texternal = ./evil.sh\n");
		git("config", "include.path", "../more");
		assert.match((await trouble()) ?? "", /diff\.external/);
		git("config", "--unset", "include.path");
		git("config", "extensions.worktreeConfig", "true");
		git("config", "--worktree", "core.fsmonitor", "./evil.sh");
		assert.match((await trouble()) ?? "", /core\.fsmonitor/);
	});

	it("lets pass what runs nothing of the repository: git's own daemon, git-lfs, the person's own hooks and keys", async () => {
		git("config", "--global", "core.fsmonitor", "true");
		git("config", "filter.lfs.clean", "git-lfs clean -- %f");
		git("config", "filter.lfs.process", "git-lfs filter-process");
		git("config", "log.showSignature", "false");
		git("config", "remote.origin.url", "ssh://git@example.org/x.git");
		git("config", "remote.other.url", "git@example.org:x.git");
		git("config", "--global", "core.hooksPath", "/home/me/hooks");
		git("config", "--global", "gpg.program", "gpg2");
		assert.equal(await trouble(), undefined);
	});

	it("names the person's own programs that run on files of the repository", async () => {
		git("config", "--global", "diff.external", "difft");
		assert.match((await trouble()) ?? "", /diff\.external/);
	});

	it("names a repository in it, whose own configuration git follows, also without .gitmodules", async () => {
		const inner = join(folder, "inner");
		await mkdir(inner);
		const own = { cwd: inner, env, stdio: "pipe" } as const;
		execFileSync("git", ["init", "-q"], own);
		execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "i"], own);
		git("add", "inner");
		assert.equal(await trouble(), "It holds other repositories as submodules, and what they configure counts as well.");
	});

	it("names the hook that a look may run", async () => {
		await mkdir(join(folder, ".git", "hooks"), { recursive: true });
		await writeFile(join(folder, ".git", "hooks", "post-index-change"), "#!/bin/sh\n", { mode: 0o755 });
		assert.match((await trouble()) ?? "", /post-index-change/);
	});

	it("names links in what git keeps, objects from elsewhere, and a .git that leads elsewhere", async () => {
		const own = join(folder, ".git");
		await mkdir(join(own, "rebase-merge"));
		await symlink("/etc/passwd", join(own, "rebase-merge", "head-name"));
		assert.equal(await trouble(), "Its .git has a link in it, rebase-merge/head-name.");
		await rm(join(own, "rebase-merge"), { recursive: true });
		for (const [folder, name] of [
			["objects/ab", "cd"],
			["objects/info/commit-graphs", "commit-graph-chain"],
			["refs/heads/deep/er", "main"],
			["logs/refs/heads", "x"],
			["worktrees/w", "HEAD"],
			["anything/new", "x"],
		] as const) {
			await mkdir(join(own, folder), { recursive: true });
			await symlink("/etc/passwd", join(own, folder, name));
			assert.equal(await trouble(), `Its .git has a link in it, ${folder}/${name}.`);
			await rm(join(own, folder, name));
		}
		await symlink(join(box, "elsewhere"), join(own, "objects", "cd"));
		assert.equal(await trouble(), "Its .git has a link in it, objects/cd.");
		await rm(join(own, "objects", "cd"));
		await symlink("../../check.sh", join(own, "hooks", "pre-commit"));
		assert.equal(await trouble(), undefined);
		await writeFile(join(own, "objects", "info", "alternates"), "/elsewhere/objects\n");
		assert.equal(await trouble(), "It takes objects from another repository.");
	});

	it("names what it can't list, where a link may be", async () => {
		// So deep that no whole path leads there.
		const half = new Array(9).fill("d".repeat(250)).join("/");
		const kept = join(folder, ".git");
		execFileSync("sh", ["-c", `mkdir -p refs/${half} && cd refs/${half} && mkdir -p ${half}`], { cwd: kept });
		const said = (await trouble()) ?? "";
		execFileSync("rm", ["-rf", `refs/${"d".repeat(250)}`], { cwd: kept });
		assert.match(said, /^Its \.git has a folder that can't be listed, refs\/d+/);
	});

	it("runs nothing for a tree that is missing in a sparse partial clone, where git would fetch it", async () => {
		for (const name of ["in", "out"]) {
			await mkdir(join(folder, name));
			await writeFile(join(folder, name, "f"), name);
		}
		git("add", ".");
		git("commit", "-qm", "b");
		git("sparse-checkout", "init", "--cone", "--sparse-index");
		git("sparse-checkout", "set", "in");
		const tree = git("rev-parse", "HEAD:out").toString().trim();
		await rm(join(folder, ".git", "objects", tree.slice(0, 2), tree.slice(2)));
		await writeFile(join(folder, "evil.sh"), `#!/bin/sh\ntouch ${join(box, "ran")}\n`, { mode: 0o755 });
		git("config", "core.sshCommand", join(folder, "evil.sh"));
		git("config", "remote.origin.url", "ssh://h/x");
		git("config", "remote.origin.promisor", "true");
		git("config", "extensions.partialClone", "origin");
		assert.match((await trouble()) ?? "", /fetches what is missing/);
		await assert.rejects(rm(join(box, "ran")), /ENOENT/);
	});

	it("runs nothing of it while it looks", async () => {
		await writeFile(join(folder, "evil.sh"), `#!/bin/sh\ntouch ${join(box, "ran")}\n`, { mode: 0o755 });
		for (const key of ["core.fsmonitor", "diff.external", "core.sshCommand", "core.pager"])
			git("config", key, join(folder, "evil.sh"));
		assert.ok(await trouble());
		await assert.rejects(rm(join(box, "ran")), /ENOENT/);
	});

	describe("for the files whose text a line shows", () => {
		const shown = async (line: string) => {
			const found = await createProbe(env).shown(folder, line.split(" "), never);
			return "names" in found ? [...found.names].sort() : found.trouble;
		};
		beforeEach(async () => {
			await writeFile(join(folder, "b.txt"), "b\n");
			git("add", ".");
			git("commit", "-qm", "b");
			git("mv", "a.txt", "moved.txt");
			await writeFile(join(folder, "b.txt"), "changed\n");
		});

		it("names those of a diff, a commit and a history, both names of what was moved", async () => {
			assert.deepEqual(await shown("git diff"), ["b.txt"]);
			assert.deepEqual(await shown("git --no-pager diff"), ["b.txt"]);
			assert.deepEqual(await shown("git diff HEAD"), ["a.txt", "b.txt", "moved.txt"]);
			assert.deepEqual(await shown("git diff -- moved.txt"), []);
			assert.deepEqual(await shown("git show HEAD"), ["b.txt"]);
			assert.deepEqual(await shown("git log -p --oneline"), ["a.txt", "b.txt"]);
			assert.deepEqual(await shown("git log -p -1 --format=%B%n%H"), ["b.txt"]);
			assert.deepEqual(await shown("git diff HEAD~1 HEAD"), ["b.txt"]);
		});

		const hidden: readonly string[] = [
			"git show HEAD:a.txt",
			"git show :a.txt",
			"git blame a.txt",
			"git cat-file -p HEAD",
			"git grep x HEAD~1",
			"git stash show -p",
			"git log -p --follow a.txt",
			"git log -L1,2:a.txt",
			"git log -p --graph",
			"git diff --no-index a b",
		];
		for (const line of hidden)
			it(`can't tell for ${line}`, async () => assert.match(String(await shown(line)), /any file of the repository/));

		it("can't tell for the name of a content, be it an id, a tag, or one end of a range", async () => {
			const id = git("rev-parse", "HEAD:b.txt").toString().trim();
			git("tag", "sly", id);
			git("tag", "-a", "slyer", "-m", "x", id);
			for (const word of [id, id.slice(0, 8), "sly", "slyer", "HEAD^{tree}"])
				assert.match(String(await shown(`git show ${word}`)), /content of any file/, word);
			assert.match(String(await shown(`git diff sly HEAD:a.txt`)), /content of any file/);
			assert.deepEqual(await shown(`git show ${git("rev-parse", "HEAD").toString().trim()}`), ["b.txt"]);
		});
	});
});

describe("the look for a program", () => {
	it("is along the PATH, past what is no program, to its real place", async () => {
		const box = await mkdtemp(join(tmpdir(), "kimi-probe-"));
		try {
			await writeFile(join(box, "tool"), "#!/bin/sh\n", { mode: 0o755 });
			await symlink(join(box, "tool"), join(box, "named"));
			await writeFile(join(box, "text"), "no program\n", { mode: 0o644 });
			const find = (name: string, PATH: string) => createProbe({ PATH }).program(name);
			const tool = join(box, "tool");
			assert.deepEqual(await find("tool", `/nowhere:${box}`), { found: tool, path: tool });
			assert.deepEqual(await find("named", box), { found: join(box, "named"), path: tool });
			assert.equal(await find("text", box), undefined);
			assert.equal(await find("other", box), undefined);
		} finally {
			await rm(box, { recursive: true });
		}
	});
});
