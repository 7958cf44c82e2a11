import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Readable } from "node:stream";
import type { Exit } from "../agent/ports.ts";
import { endGroup, forgetGroup, REAP_MS, signalGroup, watchGroup } from "./process-group.ts";

/** How long output is awaited after the command itself has ended, since a background child may hold the pipe for ever. */
const DRAIN_MS = 100;
/** How often that is awaited while our own log holds it up. */
const MOST_ROUNDS = 50;
/** What a killed command had already said may still be in the pipe. */
const LAST_WORDS_MS = 30;
/** Longest path that a system takes, in bytes. */
const MAX_PATH = 4096;

/** What is started. */
export interface Start {
	readonly program: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** It writes its folder to descriptor 3. */
	readonly saysFolder: boolean;
	/** Windows: the arguments are handed over as they are. */
	readonly verbatim?: true;
	/** Output as it comes. Nothing more is read before the promise resolves. */
	readonly onText: (text: string) => Promise<void> | undefined;
}

export interface Ended extends Exit {
	/** The folder that it said it was in, absolute. */
	readonly cwd?: string;
	/** Why it could not start. */
	readonly error?: string;
}

/** A command that runs in a process group of its own. */
export interface Launched {
	/** It ended, its output came and nothing is left of its group. Never rejects. */
	readonly ended: Promise<Ended>;
	/** Asks the whole group to end, and kills what is left of it after `graceMs`. Resolves with `ended`. */
	end(graceMs: number): Promise<Ended>;
}

const NOT_KNOWN: Ended = { exitCode: null, signal: null };

/** Never throws: what can't start has ended, with an `error`. */
export function launch(start: Start): Launched {
	const child = begin(start);
	if (child instanceof Error) {
		const ended = Promise.resolve({ ...NOT_KNOWN, error: child.message });
		return { ended, end: () => ended };
	}
	watchGroup(child);
	const output = readOutput(child, start.onText);
	const folder = start.saysFolder ? readFolder(child) : () => undefined;
	const exited = new Promise<Ended>((resolve) => {
		child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
		child.once("error", (error) => resolve({ ...NOT_KNOWN, error: explain(error, start) }));
	});
	const closed = new Promise<boolean>((resolve) => child.once("close", () => resolve(true)));
	const given = Promise.withResolvers<Ended>();
	let isEnding = false;
	/** What is held up by us is still to come, unless it has to end now. */
	const drained = async () => {
		for (let round = 0; round < MOST_ROUNDS; round++) {
			const isOver = await Promise.race([closed, delay(isEnding ? LAST_WORDS_MS : DRAIN_MS)]);
			if (isOver || isEnding || !output.isHeld()) return;
		}
	};
	const finish = async (): Promise<Ended> => {
		const exit = await Promise.race([exited, given.promise]);
		if (exit.error === undefined) {
			await drained();
			await endGroup(child);
		}
		output.stop();
		forgetGroup(child);
		const cwd = folder();
		return cwd === undefined ? exit : { ...exit, cwd };
	};
	const ended = finish();
	return {
		ended,
		async end(graceMs) {
			isEnding = true;
			signalGroup(child, "SIGTERM");
			await Promise.race([exited, delay(graceMs)]);
			signalGroup(child, "SIGKILL");
			setTimeout(() => given.resolve(NOT_KNOWN), REAP_MS).unref();
			return ended;
		},
	};
}

function begin({ program, args, cwd, env, saysFolder, verbatim }: Start): ChildProcess | Error {
	try {
		return spawn(program, args, {
			cwd,
			env,
			// A process group of its own, so that a pipeline and its children end together.
			detached: process.platform !== "win32",
			stdio: ["ignore", "pipe", "pipe", ...(saysFolder ? (["pipe"] as const) : [])],
			windowsHide: true,
			windowsVerbatimArguments: verbatim === true,
		});
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** Node blames the program when it is the folder that is missing. */
function explain(error: NodeJS.ErrnoException, { program, cwd }: Start): string {
	return error.code === "ENOENT" && !existsSync(cwd)
		? `The folder ${cwd} does not exist.`
		: `${program}: ${error.message}`;
}

/** Decodes across chunk borders. `stop` ends it for good, whoever still holds the pipes. */
function readOutput({ stdout, stderr }: ChildProcess, onText: Start["onText"]) {
	const held = new Set<Readable>();
	const streams = [stdout, stderr].flatMap((stream) => {
		if (!stream) return [];
		const decoder = new TextDecoder();
		const read = (bytes: Buffer) => {
			const wait = onText(decoder.decode(bytes, { stream: true }));
			if (!wait) return;
			held.add(stream);
			stream.pause();
			void wait.then(() => {
				held.delete(stream);
				stream.resume();
			});
		};
		const end = () => {
			const rest = decoder.decode();
			if (rest) void onText(rest);
		};
		stream.on("data", read).once("end", end);
		// A pipe that breaks while it is killed is no news.
		stream.on("error", () => {});
		return [{ stop: () => stream.off("data", read).off("end", end).destroy() }];
	});
	return {
		isHeld: () => held.size > 0,
		stop() {
			for (const { stop } of streams) stop();
		},
	};
}

/** What came by descriptor 3: a line with a path. */
function readFolder(child: ChildProcess): () => string | undefined {
	const stream = child.stdio[3];
	if (!stream || !("read" in stream)) return () => undefined;
	let text = "";
	stream.setEncoding("utf8");
	stream.on("data", (more: string) => {
		if (text.length <= MAX_PATH) text += more;
	});
	stream.on("error", () => {});
	return () => {
		stream.destroy();
		const path = text.replace(/\n$/, "");
		return isAbsolute(path) && path.length < MAX_PATH && !/[\n\0\ufffd]/.test(path) ? path : undefined;
	};
}

function delay(ms: number): Promise<boolean> {
	return new Promise((resolve) => setTimeout(resolve, ms, false));
}
