import { type StdioOptions, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Refusal } from "./setup.mjs";

export const root: string = path.resolve(import.meta.dirname, "..", "..");

/** CI reads logs: no colour and no questions there. */
const inCi: boolean = Boolean(process.env["CI"]);
export const inColour: boolean = process.stdout.isTTY === true && !inCi && !process.env["NO_COLOR"];

export interface Finished {
	/** Exit code; 128 + signal number is not told apart from it. */
	readonly code: number;
	/** stdout and stderr in the order of arrival; empty unless captured. */
	readonly output: string;
	readonly seconds: number;
}

export interface RunOptions {
	readonly cwd?: string;
	readonly env?: NodeJS.ProcessEnv;
	/** Keep the output for the caller instead of showing it as it comes. */
	readonly capture?: boolean;
	/** Leave standard input and the environment as they are, in CI too. */
	readonly asIs?: boolean;
	/** Windows starts `.cmd` files only through a shell. */
	readonly shell?: boolean;
}

/** Runs a program to its end; never rejects. A program that cannot start has exit code 127 and says why. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
	const started = performance.now();
	const { capture = false, asIs = false, shell = false } = options;
	const input = inCi && !asIs ? "ignore" : "inherit";
	const stdio: StdioOptions = capture ? ["ignore", "pipe", "pipe"] : [input, "inherit", "inherit"];
	const colour = inColour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined };
	const env = { ...process.env, ...(asIs ? {} : colour), ...options.env };
	// A shell would split arguments at their spaces.
	const words = shell ? args.map((arg) => `"${arg}"`) : args;
	return new Promise((resolve) => {
		const child = spawn(command, words, { cwd: options.cwd ?? root, env, stdio, shell });
		let output = "";
		const keep = (chunk: string) => {
			output += chunk;
		};
		child.stdout?.setEncoding("utf8").on("data", keep);
		child.stderr?.setEncoding("utf8").on("data", keep);
		const end = (code: number) => resolve({ code, output, seconds: (performance.now() - started) / 1000 });
		child.on("error", (error) => {
			output += error.message;
			end(127);
		});
		child.on("close", (code) => end(code ?? 128));
	});
}

/** Runs a script of ours, or of a package, under this Node. */
export function runNode(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
	return run(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], options);
}

/** The script behind a package's command: npm's links in .bin are shell scripts on Windows. */
export function packageBin(packageName: string, command: string): string {
	const folder = path.join(root, "node_modules", packageName);
	const manifest: unknown = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
	const bin = (manifest as { bin: string | Record<string, string> }).bin;
	return path.join(folder, typeof bin === "string" ? bin : (bin[command] ?? command));
}

/** The entry point of a task: a refusal is one sentence, anything else keeps its stack. */
export async function main(task: (args: string[]) => Promise<number>): Promise<void> {
	try {
		process.exitCode = await task(process.argv.slice(2));
	} catch (error) {
		console.error(error instanceof Refusal ? error.message : error);
		process.exitCode = 1;
	}
}
