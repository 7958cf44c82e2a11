import { execFile, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";

/** One git command may take so long: then it is killed. */
const TIME_LIMIT_MS = 60_000;
/** Names of a hundred thousand files fit in many times. */
const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_ERRORS = 16 * 1024;

export type GitRun =
	| { readonly ok: true; readonly output: Buffer; readonly warnings: string }
	/** Exit code where git itself said no, and its words. */
	| { readonly ok: false; readonly code: number | null; readonly error: string };

export interface GitOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	readonly input?: Buffer;
	readonly signal?: AbortSignal;
}

/** Absolute path of git; undefined where there is none. Folders of the PATH that depend on the place are not searched. */
export async function findGit(): Promise<string | undefined> {
	const name = process.platform === "win32" ? "git.exe" : "git";
	const folders = (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
	for (const path of folders.map((folder) => join(folder, name))) {
		const runs = await access(path, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (runs && (await isReal(path))) return path;
	}
	return undefined;
}

/** Without Xcode's tools the git of macOS is a program that puts up a dialog to install them. */
async function isReal(path: string): Promise<boolean> {
	if (process.platform !== "darwin" || path !== "/usr/bin/git") return true;
	return promisify(execFile)("/usr/bin/xcode-select", ["-p"]).then(
		() => true,
		() => false,
	);
}

/**
 * The whole environment of git: nothing that the person or the repository configures reaches it. `home` is a folder
 * without configuration, since git before 2.32 does not know `GIT_CONFIG_GLOBAL`.
 */
export function gitEnvironment(home: string): NodeJS.ProcessEnv {
	const kept = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"].flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value]];
	});
	return {
		...Object.fromEntries(kept),
		HOME: home,
		USERPROFILE: home,
		XDG_CONFIG_HOME: home,
		GIT_ATTR_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: process.platform === "win32" ? "NUL" : "/dev/null",
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_NO_REPLACE_OBJECTS: "1",
		GIT_TERMINAL_PROMPT: "0",
		LC_ALL: "C",
	};
}

/** Never throws. */
export function runGit(git: string, args: readonly string[], options: GitOptions): Promise<GitRun> {
	const { cwd, env, input, signal } = options;
	return new Promise((resolve) => {
		const child = spawn(git, args, {
			cwd,
			env,
			signal,
			timeout: TIME_LIMIT_MS,
			killSignal: "SIGKILL",
			windowsHide: true,
		});
		const output: Buffer[] = [];
		let [size, errors] = [0, ""];
		child.stdout.on("data", (bytes: Buffer) => {
			size += bytes.length;
			if (size > MAX_OUTPUT) child.kill("SIGKILL");
			else output.push(bytes);
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			if (errors.length < MAX_ERRORS) errors += text;
		});
		child.once("error", (error) => resolve({ ok: false, code: null, error: error.message }));
		child.once("close", (code, killed) => {
			if (code === 0) resolve({ ok: true, output: Buffer.concat(output), warnings: errors });
			else resolve({ ok: false, code, error: killed ? "git did not come to an end." : errors.trim() });
		});
		// A git that ends early does not read all of it; its exit code says so.
		child.stdin.on("error", () => {});
		child.stdin.end(input);
	});
}
