import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import type { SandboxKind } from "../../shared/preview.ts";
import { isInside } from "../place.ts";
import { type Bounds, boundsOf, type Refused } from "./bounds.ts";
import { bubblewrapArgs, type Scratch } from "./bubblewrap.ts";
import { CACHES, LEFT_OUT_VARIABLES } from "./lists.ts";
import { SEATBELT, seatbeltProfile } from "./seatbelt.ts";

/** A program to start, and what it is given. */
export interface Invocation {
	readonly program: string;
	readonly args: readonly string[];
}

export interface SandboxOptions {
	/** Absolute paths of the workspace's folders, as they are now. */
	readonly folders: () => readonly string[];
	/** What else commands must not read: our own storage, the editor's. Need not exist. */
	readonly secrets?: readonly string[];
	/** For tests; the real ones by default. */
	readonly homes?: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
	readonly platform?: NodeJS.Platform;
}

/**
 * Runs commands so that they write only in the workspace. Never falls back: what it can't confine it refuses, in a
 * sentence for the person that says what to install or turn off. Looks at the disk, and with the first command of a kind
 * tries itself out, synchronously, for some hundredths of a second.
 */
export interface Sandbox {
	/** The same program with the same arguments, inside. `cwd`: absolute, where it is to run. */
	confine(kind: SandboxKind, command: Invocation, cwd: string): Invocation | Refused;
	/** Forgets what commands left in their temporary folder. */
	close(): void;
}

const OFF = 'or set kimiK2.sandbox to "off"';
/** A machine under load takes its time; one that hangs must not hang the editor. */
const TRIAL_MS = 5000;
const MAX_WORDS = 300;

export function createSandbox(options: SandboxOptions): Sandbox {
	const { env = process.env, platform = process.platform, secrets = [] } = options;
	const homes = options.homes ?? homesOfPerson();
	// Sockets of the session are there, too. On macOS it holds our own folder, and what the system keeps for programs.
	const hidden = platform === "linux" ? [...secrets, tmpdir()] : secrets;
	const trials = new Map<SandboxKind, Refused | undefined>();
	let made: { readonly folder: string; readonly scratch: Scratch } | undefined;
	return {
		confine(kind, command, cwd) {
			const network = kind === "network";
			const world = { folders: options.folders(), homes, secrets: hidden, network, env };
			const launch = launcher(platform, env, world.folders);
			if ("refused" in launch) return launch;
			const bounds = boundsOf(world);
			if ("refused" in bounds) return bounds;
			made ??= makeScratch();
			const setup = { bounds, network, scratch: made.scratch };
			if (!trials.has(kind)) trials.set(kind, tryOut(launch.inside({ ...setup, cwd: "/" }, TRIAL), env));
			return trials.get(kind) ?? launch.inside({ ...setup, cwd: realOr(cwd) }, command);
		},
		close() {
			if (made) rmSync(made.folder, { recursive: true, force: true });
			made = undefined;
		},
	};
}

interface Setup {
	readonly bounds: Bounds;
	readonly network: boolean;
	readonly scratch: Scratch;
	readonly cwd: string;
}

interface Launcher {
	inside(setup: Setup, command: Invocation): Invocation;
}

function launcher(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, folders: readonly string[]): Launcher | Refused {
	if (platform === "darwin") return { inside: inSeatbelt };
	if (platform !== "linux")
		return { refused: `There is no sandbox for commands on this system: set kimiK2.sandbox to "off".` };
	const program = findBubblewrap(env, folders);
	if (program === undefined)
		return {
			refused: `The sandbox for commands needs bubblewrap, which is not installed. Install the package "bubblewrap" (sudo apt install bubblewrap, sudo dnf install bubblewrap), ${OFF}.`,
		};
	return {
		inside: ({ bounds, network, scratch, cwd }, command) => ({
			program,
			args: [...bubblewrapArgs(bounds, network, scratch, cwd), command.program, ...command.args],
		}),
	};
}

function inSeatbelt({ bounds, network, scratch: { tmp } }: Setup, command: Invocation): Invocation {
	const left = LEFT_OUT_VARIABLES.flatMap((name) => ["-u", name]);
	const caches = Object.entries(CACHES).map(([name, folder]) => `${name}=${join(tmp, ".cache", folder)}`);
	const moved = [...["TMPDIR", "TMP", "TEMP"].map((name) => `${name}=${tmp}`), ...caches];
	const profile = seatbeltProfile(bounds, network, tmp);
	return {
		program: SEATBELT,
		args: ["-p", profile, "/usr/bin/env", ...left, ...moved, command.program, ...command.args],
	};
}

/** On the PATH, but never from the workspace or a folder that depends on where one is. */
function findBubblewrap(env: NodeJS.ProcessEnv, folders: readonly string[]): string | undefined {
	const places = (env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
	const own = folders.map(realOr);
	return places
		.flatMap((folder) => runnable(join(folder, "bwrap")))
		.find((path) => !own.some((each) => isInside(each, path)));
}

/** With links resolved: one outside may lead into the workspace. */
function runnable(path: string): string[] {
	try {
		accessSync(path, constants.X_OK);
		return [realpathSync(path)];
	} catch {
		return [];
	}
}

/** An exit code that nothing gives by accident. */
const TRIAL_CODE = 83;
const TRIAL: Invocation = { program: "/bin/sh", args: ["-c", `exit ${TRIAL_CODE}`] };

/** Whether this machine lets it: many containers and some systems forbid user namespaces. */
function tryOut({ program, args }: Invocation, env: NodeJS.ProcessEnv): Refused | undefined {
	const { status, stderr, error } = spawnSync(program, args, {
		env,
		stdio: ["ignore", "ignore", "pipe"],
		encoding: "utf8",
		timeout: TRIAL_MS,
		killSignal: "SIGKILL",
	});
	if (status === TRIAL_CODE) return undefined;
	const said = (error?.message ?? stderr ?? "").trim().slice(0, MAX_WORDS);
	return {
		refused: `The sandbox for commands can't start on this machine${said === "" ? "" : ` (${said})`}. Allow it as docs/sandbox.md says, ${OFF}.`,
	};
}

/** In a folder that only the person may enter. */
function makeScratch() {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), "kimi-k2-sandbox-")));
	const scratch = { tmp: join(folder, "tmp"), nothing: join(folder, "nothing") };
	mkdirSync(scratch.tmp);
	writeFileSync(scratch.nothing, "");
	return { folder, scratch };
}

function homesOfPerson(): string[] {
	try {
		// HOME may be anything; the system's own entry is where the secrets usually are.
		return [homedir(), userInfo().homedir];
	} catch {
		return [homedir()];
	}
}

function realOr(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}
