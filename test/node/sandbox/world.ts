import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../../src/node/sandbox/sandbox.ts";
import { createShell } from "../../../src/node/shell.ts";
import type { SandboxKind } from "../../../src/shared/preview.ts";

/** Not below /tmp, which a sandbox hides as a whole: what is hidden there would prove nothing. */
const repository = resolve(import.meta.dirname, "../../..");
const base = /^(?:\/var)?\/tmp\//.test(repository)
	? join(homedir(), ".cache/kimi-k2-agent/sandbox")
	: join(repository, "out/sandbox");

/** Why no real sandbox can be tried here; undefined where it can. */
export const noSandbox: string | undefined = (() => {
	if (process.platform !== "linux") return "bubblewrap is for Linux";
	const { status, error, stderr } = spawnSync(
		"bwrap",
		["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"],
		{
			encoding: "utf8",
		},
	);
	return status === 0 ? undefined : `bwrap can't run here: ${error?.message ?? stderr}`;
})();

export interface World {
	readonly root: string;
	readonly home: string;
	readonly workspace: string;
	readonly sandbox: Sandbox;
	/** Runs a command line in the sandbox with the real shell. */
	run(command: string, more?: RunOptions): Promise<Ran>;
}

interface RunOptions {
	readonly kind?: SandboxKind;
	readonly cwd?: string;
	/** On top of the PATH. */
	readonly env?: NodeJS.ProcessEnv;
	readonly signal?: AbortSignal;
	readonly onOutput?: (text: string) => void;
}

interface Ran {
	readonly exitCode: number | null;
	readonly ended: string;
	readonly output: string;
	readonly error?: string;
	readonly cwd?: string;
}

/** Writes files; their folders are made. */
export function put(root: string, files: Readonly<Record<string, string>>): void {
	for (const [name, text] of Object.entries(files)) {
		const path = join(root, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}
}

/**
 * A disk with a home and a workspace of its own; goes with the suite that made it.
 * @param workspace relative to the root of that disk
 */
export function makeWorld(
	files: Readonly<Record<string, string>> = {},
	workspace = "work",
	more: Partial<Omit<SandboxOptions, "folders">> & { readonly folders?: readonly string[] } = {},
): World {
	mkdirSync(base, { recursive: true });
	const root = mkdtempSync(join(base, "w-"));
	const home = join(root, "home");
	const folder = join(root, workspace);
	for (const path of [home, folder]) mkdirSync(path, { recursive: true });
	put(root, files);
	const { folders = [folder], ...rest } = more;
	const sandbox = createSandbox({ folders: () => folders, homes: [home], ...rest });
	worlds.push({ root, sandbox });
	return {
		root,
		home,
		workspace: folder,
		sandbox,
		run: (command, options) => runIn(sandbox, folder, command, options),
	};
}

async function runIn(sandbox: Sandbox, folder: string, command: string, options: RunOptions = {}): Promise<Ran> {
	const { kind = "no network", cwd = folder, env, signal = new AbortController().signal, onOutput } = options;
	const shell = createShell({
		env: { PATH: process.env["PATH"], ...env },
		wrap: (program, args, at) => sandbox.confine(kind, { program, args }, at),
	});
	const result = await shell.run(command, { cwd, timeoutMs: 20_000, signal, ...(onOutput && { onOutput }) });
	const { exitCode, ended, output, error } = result;
	return {
		exitCode,
		ended,
		output,
		...(error !== undefined && { error }),
		...("cwd" in result && { cwd: result.cwd }),
	};
}

const worlds: { readonly root: string; readonly sandbox: Sandbox }[] = [];

export function endWorlds(): void {
	for (const { root, sandbox } of worlds.splice(0)) {
		sandbox.close();
		rmSync(root, { recursive: true, force: true });
	}
}
