import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Shell, ShellResult } from "../agent/ports.ts";
import { commandEnvironment } from "./environment.ts";
import { createHeadTail, createStripper } from "./output.ts";

/** From SIGTERM to SIGKILL: Stop must act in under 300 ms, a time limit may be kinder. */
const GRACE_STOP_MS = 120;
const GRACE_TIMEOUT_MS = 500;
/** How long output is awaited after the command itself has ended, since a background child may hold the pipe for ever. */
const DRAIN_MS = 100;
/** A killed process is reaped within this, unless the kernel holds it (a dead network drive); then nobody waits for it. */
const REAP_MS = 100;
/** What a killed command had already said may still be in the pipe. */
const LAST_WORDS_MS = 30;

type Run = Parameters<Shell["run"]>[1];
type Ended = Pick<ShellResult, "exitCode" | "ended" | "error">;

export interface ShellOptions {
	/** What commands inherit, before secrets are taken out; the own environment by default. */
	readonly env?: NodeJS.ProcessEnv;
	/** Names of variables that no command may see, such as the one that holds the endpoint's key. */
	readonly withhold?: readonly string[];
}

export function createShell({ env = process.env, withhold = [] }: ShellOptions = {}): Shell {
	const program = findShell();
	const scrubbed = commandEnvironment(env, withhold);
	return {
		name: program.name,
		run: (command, options) => run(program, command, scrubbed, options),
	};
}

interface Program {
	readonly name: string;
	readonly path: string;
	readonly args: (command: string) => string[];
}

function findShell(): Program {
	if (process.platform === "win32") {
		const flags = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command"];
		return { name: "powershell", path: "powershell.exe", args: (command) => [...flags, command] };
	}
	// One pipe for both streams keeps their lines in order; `eval` leaves the command's own line numbers and exit code.
	const args = (command: string) => ["-c", 'eval "$1" 2>&1', "bash", command];
	const path = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/run/current-system/sw/bin/bash"].find((file) =>
		existsSync(file),
	);
	return path === undefined ? { name: "sh", path: "/bin/sh", args } : { name: "bash", path, args };
}

async function run(program: Program, command: string, env: NodeJS.ProcessEnv, options: Run): Promise<ShellResult> {
	const start = performance.now();
	const kept = createHeadTail();
	const stripper = createStripper();
	const ended = await supervise(program, command, env, options, (text) => {
		kept.push(stripper.push(text));
		options.onOutput?.(text);
	});
	kept.push(stripper.end());
	const { text: output, omitted } = kept.end();
	return { ...ended, output, omitted, ms: Math.round(performance.now() - start) };
}

async function supervise(
	program: Program,
	command: string,
	env: NodeJS.ProcessEnv,
	{ cwd, timeoutMs, signal }: Run,
	onText: (text: string) => void,
): Promise<Ended> {
	if (signal.aborted) return { exitCode: null, ended: "aborted" };
	const child = start(program, command, env, cwd);
	if (child instanceof Error) return { exitCode: null, ended: "failed-to-start", error: child.message };
	const stopReading = readOutput(child, onText);
	const exited = new Promise<Ended>((resolve) => {
		child.once("exit", (exitCode) => resolve({ exitCode, ended: "exit" }));
		child.once("error", (error) =>
			resolve({ exitCode: null, ended: "failed-to-start", error: explain(error, program, cwd) }),
		);
	});
	const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
	const interrupt = interruption(timeoutMs, signal);
	const first = await Promise.race([exited, interrupt.reason]);
	interrupt.dispose();
	if (typeof first === "string") {
		const last = await end(child, exited, first === "aborted" ? GRACE_STOP_MS : GRACE_TIMEOUT_MS);
		await Promise.race([closed, delay(LAST_WORDS_MS)]);
		stopReading();
		return { exitCode: last?.exitCode ?? null, ended: first };
	}
	if (first.ended === "exit") {
		await Promise.race([closed, delay(DRAIN_MS)]);
		await endGroup(child);
	}
	stopReading();
	return first;
}

function start(program: Program, command: string, env: NodeJS.ProcessEnv, cwd: string): ChildProcess | Error {
	try {
		return spawn(program.path, program.args(command), {
			cwd,
			env,
			// A process group of its own, so that a pipeline and its children end together.
			detached: process.platform !== "win32",
			stdio: ["ignore", "pipe", "pipe"],
			windowsHide: true,
		});
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** Node blames the program when it is the folder that is missing. */
function explain(error: NodeJS.ErrnoException, program: Program, cwd: string): string {
	return error.code === "ENOENT" && !existsSync(cwd)
		? `The folder ${cwd} does not exist.`
		: `${program.path}: ${error.message}`;
}

/** Decodes across chunk borders. Returns what stops it for good, whoever still holds the pipes. */
function readOutput(child: ChildProcess, onText: (text: string) => void): () => void {
	const streams = [child.stdout, child.stderr].flatMap((stream) => {
		if (!stream) return [];
		const decoder = new TextDecoder();
		const read = (bytes: Buffer) => onText(decoder.decode(bytes, { stream: true }));
		const end = () => {
			const rest = decoder.decode();
			if (rest) onText(rest);
		};
		stream.on("data", read).once("end", end);
		// A pipe that breaks while it is killed is no news.
		stream.on("error", () => {});
		return [{ stream, stop: () => stream.off("data", read).off("end", end).destroy() }];
	});
	return () => {
		for (const { stop } of streams) stop();
	};
}

function interruption(timeoutMs: number, signal: AbortSignal) {
	let dispose = () => {};
	const reason = new Promise<"timeout" | "aborted">((resolve) => {
		const onAbort = () => resolve("aborted");
		// Beyond 2^31-1 a timer of Node's fires at once.
		const timer = setTimeout(() => resolve("timeout"), Math.min(timeoutMs, 2 ** 31 - 1));
		signal.addEventListener("abort", onAbort, { once: true });
		dispose = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
		};
	});
	return { reason, dispose: () => dispose() };
}

async function end(child: ChildProcess, exited: Promise<Ended>, graceMs: number): Promise<Ended | undefined> {
	kill(child, "SIGTERM");
	await Promise.race([exited, delay(graceMs)]);
	kill(child, "SIGKILL");
	return Promise.race([exited, delay(REAP_MS).then(() => undefined)]);
}

/** Ends what the command left in the background. */
async function endGroup(child: ChildProcess): Promise<void> {
	if (!kill(child, "SIGTERM")) return;
	for (let waited = 0; waited < REAP_MS; waited += 10) {
		await delay(10);
		if (!kill(child, 0)) return;
	}
	kill(child, "SIGKILL");
}

/** Signals the whole group; false when nobody is left in it. */
function kill(child: ChildProcess, name: NodeJS.Signals | 0): boolean {
	if (child.pid === undefined) return false;
	if (process.platform === "win32") return killTree(child, child.pid, name);
	try {
		return process.kill(-child.pid, name);
	} catch {
		return false;
	}
}

function killTree(child: ChildProcess, pid: number, name: NodeJS.Signals | 0): boolean {
	if (child.exitCode !== null || child.signalCode !== null) return false;
	if (name === 0) return true;
	spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).on("error", () => {
		child.kill();
	});
	return true;
}

function delay(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
