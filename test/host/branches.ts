import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Makes a repository of a folder, on `main`; its branch `other` has another text of `a.txt`. */
export async function withBranches(folder: string): Promise<void> {
	await git(folder, "init", "-q", "-b", "main");
	await git(folder, "add", ".");
	await git(folder, "commit", "-qm", "one");
	await git(folder, "checkout", "-qb", "other");
	await writeFile(join(folder, "a.txt"), "another text\n");
	await git(folder, "commit", "-qam", "two");
	await git(folder, "checkout", "-q", "main");
}

export async function git(folder: string, ...args: readonly string[]): Promise<string> {
	const asSomebody = ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args];
	const { stdout } = await promisify(execFile)("git", asSomebody, { cwd: folder });
	return stdout;
}
