import assert from "node:assert/strict";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createShell } from "../../src/node/shell.ts";
import { findShell } from "../../src/node/shell-program.ts";

describe("the shell of commands", () => {
	const { signal } = new AbortController();
	let cwd: string;
	before(() => {
		cwd = realpathSync(mkdtempSync(join(tmpdir(), "kimi-programs-")));
	});
	after(() => rmSync(cwd, { recursive: true, force: true }));
	const run = async (path: string, line: string) => {
		const { ms: _, ...result } = await createShell({ path }).run(line, { cwd, timeoutMs: 15_000, signal });
		return result;
	};
	const plain = { signal: null, omitted: 0, ended: "exit" };

	for (const name of ["bash", "zsh", "fish", "dash"]) {
		const path = ["/bin", "/usr/bin"].map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? "";
		const it_ = path === "" ? it.skip : it;
		it_(`may be ${name}: both streams in order, exit code and folder`, async () => {
			const line = "cd /usr; echo out; echo err >&2; sh -c 'exit 3'";
			assert.deepEqual(await run(path, line), { ...plain, exitCode: 3, output: "out\nerr\n", cwd: "/usr" });
		});
		it_(`may be ${name}: what leaves by exit has its code, and no words of ours`, async () => {
			const { cwd: _, ...result } = await run(path, "echo out; exit 4");
			assert.deepEqual(result, { ...plain, exitCode: 4, output: "out\n" });
		});
		it_(`may be ${name}: its children see none of our descriptors`, async () => {
			const { output } = await run(path, "ls -l /proc/self/fd");
			const pipes = output.match(/ [0-9]+ -> (pipe|socket|\/dev\/null)/g)?.map((each) => each.trim().split(" ")[0]);
			assert.deepEqual(
				pipes?.filter((fd) => Number(fd) < 20),
				["0", "1", "2"],
			);
		});
		it_(`may be ${name}: what it prints to our descriptor is nowhere`, async () => {
			const { cwd: said, output } = await run(path, "echo /usr >&3; true");
			assert.deepEqual([said, output.includes("/usr\n")], [cwd, false]);
		});
	}
	it("has the grammar that its name says", () => {
		const kindOf = (path: string) => {
			const found = findShell(path, {});
			return typeof found === "string" ? found : [found.name, found.kind];
		};
		assert.deepEqual(["/bin/sh", "/opt/Zsh", "/usr/bin/fish", "/opt/pwsh", "/x/CMD.EXE", "/x/ksh"].map(kindOf), [
			["sh", "sh"],
			["zsh", "zsh"],
			["fish", "fish"],
			["pwsh", "powershell"],
			["cmd", "cmd"],
			["ksh", "sh"],
		]);
	});
	it("is none of the workspace's: no command runs with a name or a relative path", async () => {
		for (const path of ["bash", "./bash", "bin/bash"]) {
			const { ended, error } = await run(path, "touch ran");
			assert.deepEqual(
				[ended, error],
				["failed-to-start", `The setting kimiK2.shell needs an absolute path; ${path} is none.`],
			);
		}
		assert.equal(existsSync(join(cwd, "ran")), false);
	});
	it("is none whose grammar nobody here knows", async () => {
		assert.match(
			(await run("/usr/bin/env", "touch ran")).error ?? "",
			/^The setting kimiK2.shell names \/usr\/bin\/env:/,
		);
		assert.match((await run("/usr/bin/no-such/zsh", "touch ran")).error ?? "", /no-such\/zsh: .*ENOENT/);
		assert.equal(existsSync(join(cwd, "ran")), false);
	});
});
