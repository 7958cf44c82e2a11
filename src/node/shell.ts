import { inTime } from "../agent/patient.ts";
import type { Shell, ShellResult } from "../agent/ports.ts";
import { Command } from "./command.ts";
import { commandEnvironment } from "./environment.ts";
import { QUIET_GIT } from "./git-quiet.ts";
import { JobList, MOST_JOBS } from "./jobs.ts";
import type { Start } from "./launch.ts";
import { createProbe } from "./probe.ts";
import { findShell, type ShellProgram, shellName } from "./shell-program.ts";

/** From SIGTERM to SIGKILL: Stop must act in under 300 ms, a time limit may be kinder. */
const GRACE_STOP_MS = 120;
const GRACE_TIMEOUT_MS = 500;
/** What a background command prints so soon comes with its id. */
const FIRST_OUTPUT_MS = 1000;
/** Beyond it a timer of Node's fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

type Options = Parameters<Shell["run"]>[1];

export interface ShellOptions {
	/** What commands inherit, before secrets are taken out; the own environment by default. */
	readonly env?: NodeJS.ProcessEnv;
	/** Names of variables that no command may see, such as the one that holds the endpoint's key. */
	readonly withhold?: readonly string[];
	/** Absolute path of the shell; empty or absent: bash, PowerShell on Windows. One that can't be used fails each command. */
	readonly path?: string;
	/** Folder for all of what long commands print; absent: it is not kept. */
	readonly logs?: string;
	/** Number of the last job that the chat may have had before, in another process; 0 by default. */
	readonly lastJob?: number;
	/**
	 * Puts something between us and the shell, such as a sandbox. Called for each command. File descriptors 0 to 3 have to
	 * pass through. `refused`: why no command may run without it, as a sentence.
	 */
	readonly wrap?: (
		program: string,
		args: readonly string[],
		cwd: string,
	) => { readonly program: string; readonly args: readonly string[] } | { readonly refused: string };
}

/** The shell of one chat. */
export function createShell(options: ShellOptions = {}): Shell {
	const { env = process.env, withhold = [], path = "", logs, lastJob, wrap } = options;
	const found = findShell(path, env);
	const program = typeof found === "string" ? undefined : found;
	const scrubbed = commandEnvironment(env, withhold);
	const jobs = new JobList(lastJob);
	const running = new Set<Command>();
	let isClosed = false;
	const quiet = { ...scrubbed, ...QUIET_GIT };
	const start = (line: string, { cwd, onOutput, onlyReads }: Options): Command | string => {
		if (isClosed) return CLOSED;
		if (typeof found === "string") return found;
		const started = startOf(found, line, cwd, wrap);
		if ("refused" in started) return started.refused;
		const command = new Command({ ...started, cwd, env: onlyReads ? quiet : scrubbed }, logs, onOutput);
		running.add(command);
		void command.ended.then(() => running.delete(command));
		return command;
	};
	return {
		name: shellName(found),
		kind: program?.kind ?? "bash",
		run: (line, options) => run(line, options, jobs, start),
		probe: createProbe(scrubbed),
		jobs,
		async close() {
			isClosed = true;
			await Promise.all([...running].map((command) => command.stop(GRACE_STOP_MS)));
		},
	};
}

function startOf(
	{ path, args, saysFolder, verbatim }: ShellProgram,
	line: string,
	cwd: string,
	wrap: ShellOptions["wrap"],
): Pick<Start, "program" | "args" | "saysFolder" | "verbatim"> | { readonly refused: string } {
	const own = { program: path, args: args(line) };
	const wrapped = wrap?.(own.program, own.args, cwd) ?? own;
	return "refused" in wrapped ? wrapped : { ...wrapped, saysFolder, ...(verbatim && { verbatim }) };
}

async function run(
	line: string,
	options: Options,
	jobs: JobList,
	start: (line: string, options: Options) => Command | string,
): Promise<ShellResult> {
	const { cwd, timeoutMs, signal, background = false } = options;
	const from = performance.now();
	const result = (of: Pick<ShellResult, "ended"> & Partial<ShellResult>): ShellResult => {
		const ms = Math.round(performance.now() - from);
		return { exitCode: null, signal: null, output: "", omitted: 0, ...of, ms };
	};
	if (signal.aborted) return result({ ended: "aborted" });
	if (background && jobs.isFull) return result({ ended: "failed-to-start", error: TOO_MANY });
	const command = start(line, options);
	if (typeof command === "string") return result({ ended: "failed-to-start", error: command });
	const early = background ? jobs.add(command, line, cwd) : undefined;
	const ms = Math.min(timeoutMs, LONGEST_MS);
	const ended = await (background
		? command.settled(FIRST_OUTPUT_MS, signal)
		: inTime(command.ended, { ms, signal }, undefined));
	if (ended?.error !== undefined) return result({ ended: "failed-to-start", error: ended.error });
	if (ended) return result({ ...ended, ended: "exit", ...command.take() });
	const reason = signal.aborted ? "aborted" : "timeout";
	if (reason === "timeout" && (early !== undefined || !jobs.isFull)) {
		const job = early ?? jobs.add(command, line, cwd);
		return result({ ended: "background", job, ...command.take() });
	}
	await command.stop(reason === "aborted" ? GRACE_STOP_MS : GRACE_TIMEOUT_MS);
	const { exitCode, signal: by } = await command.ended;
	return result({ ended: reason, exitCode, signal: by, ...command.take() });
}

const CLOSED = "The chat was closed.";
const TOO_MANY = `${MOST_JOBS} commands run in the background already, which is the limit: end one first.`;
