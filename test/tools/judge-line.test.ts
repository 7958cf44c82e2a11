import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { rule } from "../../src/agent/policy.ts";
import { createShell } from "../../src/node/shell.ts";
import { judgeLine } from "../../src/tools/judge-line.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const FILES = {
	"src/a.ts": "one\n",
	"src/deep/b.ts": "two\n",
	"keys/id_rsa": "secret\n",
	"conf/.env": "KEY=1\n",
	"docs/c.md": "three\n",
};

describe("what is known of a command line before it runs", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace(FILES);
	});
	afterEach(() => space.dispose());

	/** The first trouble of the line; undefined: it runs unasked in mode Ask. */
	const judge = async (line: string, cwd = space.root): Promise<string | undefined> => {
		const command = await judgeLine(line, space.ctx, cwd, new AbortController().signal);
		const { verdict, reason } = rule({ tool: "Bash", effects: [{ exec: line }], command }, { mode: "ask", grants: [] });
		return verdict === "allow" ? undefined : reason;
	};

	for (const line of [
		"ls -la",
		"cat src/a.ts",
		"cat src/a.ts docs/c.md | head -5",
		"ls src/*.ts 2>/dev/null",
		"cat src/*.ts",
		"rg one src",
		"rg -g '*.ts' one",
		"rg -t ts one src",
		"grep -rn one src docs",
		"cd src && ls && cat deep/b.ts",
		"wc -l src/a.ts 2>&1",
		"find . -name '*.ts'",
		"cat missing.ts",
	])
		it(`runs ${line} unasked`, async () => assert.equal(await judge(line), undefined));

	for (const [line, why] of [
		["make test", "`make test` may do more than read."],
		["cat /etc/passwd", "It looks at /etc/passwd, which is outside the workspace."],
		["cat ../other", /^It looks at .*\/other, which is outside the workspace\.$/],
		["cd .. && ls", "Where `cd ..` leads to is not known."],
		["cd src && cat ../../x", /outside the workspace/],
		["cat conf/.env", "It looks at conf/.env, which may hold secrets."],
		["cat keys/*", "It looks at keys/id_rsa, which may hold secrets."],
		["cd keys && cat id_rsa", "It looks at keys/id_rsa, which may hold secrets."],
		["grep -r KEY conf", "It looks at conf/.env, which may hold secrets."],
		["grep -r KEY .", /which may hold secrets\.$/],
		["ls $HOME", /^It uses `\$`/],
	] as const)
		it(`asks for ${line}`, async () => {
			const said = (await judge(line)) ?? "it ran unasked";
			if (typeof why === "string") assert.equal(said, why);
			else assert.match(said, why);
		});

	it("asks where a link leads out or to a secret, by name, by wildcard and below a folder", async () => {
		symlinkSync("/etc", space.path("src/etc"));
		symlinkSync("../keys/id_rsa", space.path("docs/notes.md"));
		assert.match((await judge("cat src/etc/passwd")) ?? "", /outside the workspace/);
		assert.match((await judge("ls src/etc")) ?? "", /outside the workspace/);
		assert.match((await judge("cat docs/notes.md")) ?? "", /may hold secrets/);
		assert.match((await judge("cat docs/*.md")) ?? "", /may hold secrets/);
	});

	it("looks up what wildcards stand for, at any depth, and asks for what of that would ask", async () => {
		space.put("package.json", "{}");
		space.put(".env", "KEY=1\n");
		space.put("conf/main.json", "{}");
		for (const line of [
			"ls *.json",
			"cat *.json",
			"ls src/**/*.ts",
			"cat src/*/*.ts",
			"cat conf/*",
			"ls *",
			"wc -l */*.md",
		])
			assert.equal(await judge(line), undefined, line);
		const secret = /^It looks at \S*id_rsa, which may hold secrets\.$/;
		for (const line of [
			"ls **",
			"cat */*",
			"cat */id*",
			"cat **/ID_*",
			"cat k*/id_rsa",
			"cat keys/**",
			"echo ke*/*",
			"head */id_rs*a",
		])
			assert.match((await judge(line)) ?? "it ran", secret, line);
		assert.match((await judge("cat *", space.path("keys"))) ?? "it ran", secret);
		for (const line of ["cat */.env", "cat **/.env"])
			assert.match((await judge(line)) ?? "it ran", /\.env, which may hold secrets/, line);
		symlinkSync("/etc", space.path("src/etc"));
		for (const line of ["ls src/*", "cat src/*/host*", "ls src/**", "ls src/**/x", "ls src/e*/"])
			assert.match((await judge(line)) ?? "it ran", /\/etc\/, which is outside the workspace/, line);
		assert.match((await judge("ls ../*")) ?? "it ran", /outside the workspace/);
	});

	it("asks where a wildcard becomes an option, and not where a folder stands before it", async () => {
		space.put("-rf.json", "");
		assert.match((await judge("ls *.json")) ?? "it ran", /^`\*\.json` may become an option: there is .*\/-rf\.json\.$/);
		assert.match((await judge("ls **")) ?? "it ran", /may become an option/);
		assert.equal(await judge("ls ./*.json"), undefined);
		assert.equal(await judge("ls *.md"), undefined);
	});

	it("asks for wildcards where .kimiignore hides something, which no list of ours has", async () => {
		space.put(".kimiignore", "docs/c.md\n");
		for (const line of ["cat docs/*", "ls *", "cat docs/*.md"])
			assert.match((await judge(line)) ?? "it ran", /may stand for files that \.kimiignore hides\.$/, line);
	});

	it("asks where git would take what a wildcard becomes for a revision, whose text it shows", async () => {
		execFileSync("git", ["init", "-q", space.root]);
		assert.equal(await judge("git diff src/*.ts"), "What `src/*.ts` becomes may be no path to `git`.");
		assert.equal(await judge("git diff -- src/*.ts"), undefined);
	});

	it("runs rg though a file with secrets lies there that rg leaves out, and asks where it does not", async () => {
		space.put(".env", "KEY=1\n");
		assert.match((await judge("rg one")) ?? "it ran", /keys\/id_rsa, which may hold secrets/);
		rmSync(space.path("keys"), { recursive: true });
		assert.equal(await judge("rg one"), undefined);
		space.put("server.pem", "secret\n");
		assert.match((await judge("rg one")) ?? "it ran", /server\.pem, which may hold secrets/);
		execFileSync("git", ["init", "-q", space.root]);
		space.put(".gitignore", "*.pem\n");
		assert.equal(await judge("rg one"), undefined);
	});

	it("asks after a `cd` into a folder that may not be there as well: the rest may run in the one before", async () => {
		assert.match((await judge("cd src; cat id_rsa", space.path("keys"))) ?? "", /may hold secrets/);
	});

	it("asks for what .kimiignore hides, named, or among all files", async () => {
		space.put(".kimiignore", "docs/\n");
		assert.equal(await judge("cat docs/c.md"), "It looks at docs/c.md, which .kimiignore hides.");
		assert.equal(await judge("rg one"), "It looks at all files, also those that .kimiignore hides.");
		assert.equal(await judge("cat src/a.ts"), undefined);
	});

	it("asks for a program of the workspace, whatever its name", async () => {
		space.put("bin/rg", "#!/bin/sh\n");
		chmodSync(space.path("bin/rg"), 0o755);
		const shell = createShell({ env: { ...process.env, PATH: `${space.path("bin")}:${process.env["PATH"]}` } });
		const command = await judgeLine("rg one src", { ...space.ctx, shell }, space.root, new AbortController().signal);
		const trouble = `\`rg\` is a program of the workspace (${space.path("bin/rg")}).`;
		assert.deepEqual(command, { commands: [{ words: ["rg", "one", "src"], trouble }] });
	});

	it("asks for grep below a folder with a repository in it, whose configuration may hold a token", async () => {
		const git = () => execFileSync("git", ["init", "-q", space.path("src/deep")]);
		git();
		assert.equal(await judge("grep -r one src"), "It looks at src/deep/.git/config, which may hold secrets.");
		assert.equal(await judge("rg one src"), undefined);
	});

	it("runs git unasked in a plain repository, and asks where its configuration runs programs", async () => {
		execFileSync("git", ["init", "-q", space.root]);
		assert.equal(await judge("git status --short"), undefined);
		execFileSync("git", ["config", "core.fsmonitor", "./evil.sh"], { cwd: space.root });
		assert.match((await judge("git status --short")) ?? "", /core\.fsmonitor/);
		assert.match((await judge("cd src && git log --oneline | head -3")) ?? "", /core\.fsmonitor/);
	});

	it("asks where git may show a tracked file that may hold secrets or is hidden, and runs what shows others", async () => {
		const git = (...args: readonly string[]) =>
			execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: space.root });
		git("init", "-q");
		git("add", "src", "docs");
		git("commit", "-qm", "a");
		for (const line of ["git diff", "git show HEAD", "git log -p -3"]) assert.equal(await judge(line), undefined, line);
		git("add", "-f", "conf");
		const secret = "It shows conf/.env, which may hold secrets.";
		assert.equal(await judge("git diff"), undefined);
		assert.equal(await judge("git diff --cached"), secret);
		assert.equal(await judge("git status"), undefined);
		// Also where it is gone by now, and from a folder below.
		git("commit", "-qm", "b");
		git("rm", "-q", "conf/.env");
		git("commit", "-qm", "c");
		for (const line of ["git show HEAD", "git show HEAD~1", "git diff HEAD~2 HEAD~1", "git log -p"]) {
			assert.equal(await judge(line), secret, line);
			assert.equal(await judge(line, space.path("src")), secret, `${line} in src`);
		}
		for (const line of ["git log --oneline -5", "git diff --stat HEAD~1", "git show HEAD~2 -- src"])
			assert.equal(await judge(line), undefined, line);
		space.put("docs/.kimiignore", "*\n");
		assert.equal(await judge("git show HEAD~2 -- src"), "It may show files that .kimiignore hides.");
	});

	it("asks for what git would compare without a repository, and what it keeps elsewhere or shows from above", async () => {
		assert.match((await judge("git diff src docs")) ?? "", /There is no repository/);
		const outside = openWorkspace(FILES);
		try {
			const git = (cwd: string, ...args: readonly string[]) =>
				execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd });
			git(outside.root, "init", "-q");
			git(outside.root, "add", ".");
			git(outside.root, "commit", "-qm", "a");
			space.put(".git", `gitdir: ${outside.path(".git")}\n`);
			assert.match((await judge("git show HEAD")) ?? "", /^Its repository is kept in .*, outside the workspace\.$/);
			assert.match((await judge("git status")) ?? "", /^Its repository is kept in/);
		} finally {
			outside.dispose();
		}
	});

	describe("asks, though each word of it is known", () => {
		beforeEach(() => {
			space.put(".gitignore", "id_rsa\n.env\nbuild/\n");
			space.put("build/credentials.json", "{}");
			space.put(".env.local", "KEY=1\n");
		});
		const lines: readonly string[] = [
			"rg -uuu KEY",
			"rg -u KEY keys",
			"rg --no-ignore --hidden KEY .",
			"rg --hidden KEY",
			"rg -g .env KEY",
			"rg --iglob .env KEY",
			"rg -g '*.local' KEY",
			"rg --glob='*.local' KEY .",
			"rg -g'*.json' KEY",
			// No repository: rg reads what .gitignore names.
			"rg KEY",
			"grep -r KEY .",
			"diff -r src docs",
			"diff src docs",
			"cat src/deep/../../keys/id_rsa",
			"npm --version",
			"git grep --untracked KEY",
			"git stash show -p --include-untracked",
			"git reflog -p",
			"cat src/pipe",
			"head -1 ./src/p*",
		];
		for (const line of lines)
			it(line, async () => {
				execFileSync("mkfifo", [space.path("src/pipe")]);
				assert.notEqual(await judge(line), undefined);
			});

		it("what is behind a link to a folder, named or met by a wildcard", async () => {
			symlinkSync("conf", space.path("lnk"));
			symlinkSync("../conf", space.path("src/lnk"));
			symlinkSync("/", space.path("root"));
			for (const line of ["grep -r KEY lnk", "grep -r KEY src/*", "cat lnk/../keys/id_rsa", "cat root/../etc/passwd"])
				assert.notEqual(await judge(line), undefined, line);
		});

		it("where .kimiignore hides itself, is too large, or lies in a folder below", async () => {
			for (const [path, text] of [
				["docs/.kimiignore", "*"],
				[".kimiignore", ".*\nprivate/\n"],
				[".kimiignore", "x\n".repeat(200_000)],
			] as const) {
				space.put(path, text);
				for (const line of ["rg one src", "grep -r one src"])
					assert.notEqual(await judge(line), undefined, `${path} ${line}`);
				rmSync(space.path(path));
			}
		});

		it("more files than a person waits for, and what was stopped", async () => {
			for (const folder of ["w1", "w2"]) for (let at = 0; at < 1500; at++) space.put(`${folder}/f${at}`, "");
			assert.equal(await judge("cat w1/* w1/* w1/*"), undefined);
			assert.equal(await judge("cat w1/* w2/*"), "It looks at more files than can be checked for secrets.");
			const stopped = await judgeLine("cat w1/*", space.ctx, space.root, AbortSignal.abort());
			assert.deepEqual(stopped, { trouble: "It was not looked at to the end." });
		});
	});

	it("asks for the shim of a version manager", async () => {
		space.put("shims/rg", "#!/bin/sh\n");
		chmodSync(space.path("shims/rg"), 0o755);
		const shell = createShell({ env: { ...process.env, PATH: `${space.path("shims")}:${process.env["PATH"]}` } });
		const command = await judgeLine("rg one", { ...space.ctx, shell }, space.root, new AbortController().signal);
		assert.match(JSON.stringify(command), /chosen by a version manager/);
	});

	it("asks for what goes on in the background, while files may change", async () => {
		const plan = await space.planned("Bash", { command: "ls", background: true });
		const trouble = "It goes on in the background, while files may change.";
		assert.deepEqual(await plan.command?.(new AbortController().signal), { trouble });
	});

	it("reaches the plan of a Bash call", async () => {
		mkdirSync(space.path("empty"));
		const plan = await space.planned("Bash", { command: "ls empty" });
		assert.deepEqual(await plan.command?.(new AbortController().signal), { commands: [{ words: ["ls", "empty"] }] });
	});
});
