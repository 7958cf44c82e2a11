import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { inTime } from "../../agent/patient.ts";
import { createStripper } from "../output.ts";
import { endGroup, forgetGroup, watchGroup } from "../process-group.ts";
import { programOf } from "./program.ts";
import { MAX_MESSAGE, type Sdk } from "./sdk.ts";
import type { McpServerConfig } from "./server.ts";

/** A server that is asked to end by the end of its input gets this long, in milliseconds. */
const LAST_WORDS_MS = 1_000;
/** Characters of its stderr that are logged, and of one line. */
const MAX_LOGGED = 256 * 1024;
const MAX_LINE = 2_000;

export interface StdioStart {
	readonly config: Extract<McpServerConfig, { type: "stdio" }>;
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	log(line: string): void;
}

/**
 * A server's process as a transport. Unlike the SDK's own one the process leads a group of its own, so that it ends with
 * all that it started, and with this window.
 */
export class StdioTransport implements Transport {
	onclose?: () => void;
	onerror?: (error: Error) => void;
	onmessage?: NonNullable<Transport["onmessage"]>;
	/** By these two the SDK knows a process from a connection: one that says nothing is of the older protocol. */
	readonly stderr = null;
	readonly #start: StdioStart;
	readonly #buffer: InstanceType<Sdk["ReadBuffer"]>;
	#child: ChildProcess | undefined;
	#exited: Promise<void> = Promise.resolve();
	#ending: Promise<void> | undefined;
	#last = "";

	constructor(sdk: Sdk, start: StdioStart) {
		this.#start = start;
		this.#buffer = new sdk.ReadBuffer({ maxBufferSize: MAX_MESSAGE });
	}

	get pid(): number | null {
		return this.#child?.pid ?? null;
	}

	/** The last line that it wrote to stderr: often why it ended. */
	get lastWords(): string {
		return this.#last;
	}

	start(): Promise<void> {
		const { config, cwd, env } = this.#start;
		const { file, args, verbatim } = programOf(config.command, config.args, env);
		const child = spawn(file, args, {
			cwd,
			env,
			detached: process.platform !== "win32",
			stdio: ["pipe", "pipe", "pipe"],
			windowsHide: true,
			windowsVerbatimArguments: verbatim,
		});
		this.#child = child;
		watchGroup(child);
		this.#exited = new Promise((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
		child.stdin.on("error", (error) => this.onerror?.(error));
		child.stdout.on("error", (error) => this.onerror?.(error));
		child.stdout.on("data", (bytes: Buffer) => this.#read(bytes));
		this.#logErrors(child);
		// Not `close`: what it started may hold the pipes for ever.
		child.once("exit", () => void this.close());
		return new Promise((resolve, reject) => {
			child.once("spawn", resolve);
			child.once("error", (error) => {
				forgetGroup(child);
				reject(explained(error, config.command, cwd));
			});
		});
	}

	async send(message: JSONRPCMessage): Promise<void> {
		const stdin = this.#child?.stdin;
		if (!stdin?.writable || this.#ending !== undefined) throw new Error("The server's process has ended.");
		// Whoever waits has a clock of its own: a server that does not read must not hold up the cancelling of a call.
		stdin.write(`${JSON.stringify(message)}\n`);
	}

	close(): Promise<void> {
		this.#ending ??= this.#end();
		return this.#ending;
	}

	#read(bytes: Buffer): void {
		if (this.#ending !== undefined) return;
		try {
			this.#buffer.append(bytes);
		} catch (error) {
			this.onerror?.(asError(error));
			void this.close();
			return;
		}
		for (let more = true; more; ) more = this.#next();
	}

	/** False: there is no whole message left. A line that is none is passed over. */
	#next(): boolean {
		try {
			const message = this.#buffer.readMessage();
			if (message === null) return false;
			this.onmessage?.(message);
		} catch (error) {
			this.onerror?.(asError(error));
		}
		return true;
	}

	async #end(): Promise<void> {
		const child = this.#child;
		if (child) {
			child.stdin?.end();
			await inTime(this.#exited, { ms: LAST_WORDS_MS }, undefined);
			await endGroup(child);
			child.stdout?.destroy();
			child.stderr?.destroy();
			forgetGroup(child);
		}
		this.#buffer.clear();
		this.onclose?.();
	}

	#logErrors({ stderr }: ChildProcess): void {
		if (!stderr) return;
		const stripper = createStripper();
		const decoder = new TextDecoder();
		let line = "";
		let left = MAX_LOGGED;
		const say = (text: string) => {
			if (text.trim() === "" || left <= 0) return;
			left -= text.length + 1;
			this.#last = text;
			this.#start.log(left > 0 ? text : "It writes so much that the rest is left out.");
		};
		stderr.on("error", () => {});
		stderr.on("data", (bytes: Buffer) => {
			const lines = (line + stripper.push(decoder.decode(bytes, { stream: true }))).split("\n");
			line = (lines.pop() ?? "").slice(0, MAX_LINE);
			for (const each of lines) say(each.slice(0, MAX_LINE));
		});
		stderr.once("end", () => say(line));
	}
}

function explained(error: NodeJS.ErrnoException, command: string, cwd: string): Error {
	if (error.code !== "ENOENT") return error;
	// Node blames the program when it is the folder that is missing.
	if (!existsSync(cwd)) return new Error(`The folder ${cwd} does not exist.`);
	return new Error(`There is no program ${command}. Install it, or give its absolute path.`);
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}
