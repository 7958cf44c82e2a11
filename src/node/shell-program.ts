import { existsSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import type { ShellKind } from "../agent/ports.ts";

/** How a shell is started for one command line. */
export interface ShellProgram {
	/** How the model is told of it. */
	readonly name: string;
	readonly kind: ShellKind;
	/** Absolute: a name alone would be looked for in the workspace first on Windows. */
	readonly path: string;
	readonly args: (command: string) => readonly string[];
	/** It writes the folder that it is in when it ends to its file descriptor 3. */
	readonly saysFolder: boolean;
	/** Windows: the arguments are no list but text that is handed over as it is. */
	readonly verbatim?: true;
}

const KINDS: Readonly<Record<string, ShellKind>> = {
	bash: "bash",
	sh: "sh",
	dash: "sh",
	ash: "sh",
	ksh: "sh",
	zsh: "zsh",
	fish: "fish",
	pwsh: "powershell",
	powershell: "powershell",
	cmd: "cmd",
};

/*
 * One pipe for both streams keeps their lines in order; `eval` leaves the command's own line numbers and exit code. The
 * descriptor that takes the folder is closed for the command: the shells keep their own copy out of sight of children.
 * A command that traps EXIT itself, or that zsh ends with `exit`, says no folder.
 */
const SAY_FOLDER = "{ pwd -P >&3; } 2>/dev/null";
const POSIX = `trap '${SAY_FOLDER}' EXIT; eval "$1" 2>&1 3>&-`;
const FISH =
	"function __say_folder --on-event fish_exit; begin; pwd -P >&3; end 2>/dev/null; end; eval $argv[1] 2>&1 3>&-";
/** Without it the exit code of a program would be 1 whatever it is. */
const POWERSHELL = "\nexit $(if ($?) { 0 } elseif ($LASTEXITCODE) { $LASTEXITCODE } else { 1 })";

const ARGS: Readonly<Record<ShellKind, (command: string, name: string) => readonly string[]>> = {
	bash: (command, name) => ["-c", POSIX, name, command],
	sh: (command, name) => ["-c", POSIX, name, command],
	zsh: (command, name) => ["-f", "-c", POSIX, name, command],
	fish: (command) => ["--no-config", "-c", FISH, command],
	powershell: (command) => ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", command + POWERSHELL],
	cmd: (command) => ["/d", "/s", "/c", `"${command}"`],
};

const PLACES = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/run/current-system/sw/bin/bash"];

/**
 * The shell at `path`; bash where that is empty, PowerShell on Windows. A string: why that is none, as a sentence.
 * @param env to find the system's folder in
 */
export function findShell(path: string, env: NodeJS.ProcessEnv): ShellProgram | string {
	if (path === "") return programAt(usual(env), "bash");
	if (!isAbsolute(path)) return `The setting kimiK2.shell needs an absolute path; ${path} is none.`;
	const kind = KINDS[nameOf(path)];
	if (!kind) return `The setting kimiK2.shell names ${path}: use ${Object.keys(KINDS).join(", ")}.`;
	return programAt(path, kind);
}

/** How the model is told of what `findShell` found. */
export function shellName(found: ShellProgram | string): string {
	return typeof found === "string" ? "sh" : found.name;
}

function usual(env: NodeJS.ProcessEnv): string {
	if (process.platform === "win32") return inSystem(env, "WindowsPowerShell", "v1.0", "powershell.exe");
	return PLACES.find((file) => existsSync(file)) ?? "/bin/sh";
}

/** A program of Windows' own, where nothing in the workspace can stand in for it. */
export function inSystem(env: NodeJS.ProcessEnv, ...names: readonly string[]): string {
	return join(env["SystemRoot"] ?? "C:\\Windows", "System32", ...names);
}

function programAt(path: string, usualKind: ShellKind): ShellProgram {
	const name = nameOf(path);
	const kind = KINDS[name] ?? usualKind;
	const isWindows = process.platform === "win32";
	return {
		name,
		kind,
		path,
		args: (command) => ARGS[kind](command, name),
		saysFolder: !isWindows && kind !== "powershell" && kind !== "cmd",
		...(kind === "cmd" && { verbatim: true }),
	};
}

function nameOf(path: string): string {
	return basename(path)
		.toLowerCase()
		.replace(/\.exe$/, "");
}
