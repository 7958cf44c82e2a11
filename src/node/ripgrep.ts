import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** The first of the candidates that can be run; a bare name is looked up on the PATH. */
export async function findRipgrep(candidates: readonly string[]): Promise<string | undefined> {
	const folders = (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
	const paths = candidates.flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))));
	for (const path of paths) {
		const runs = await access(path, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (runs) return path;
	}
	return undefined;
}

/** A search in a huge or dead folder ends after this. */
const TIME_LIMIT_MS = 60_000;
const MAX_STDERR = 4096;

export interface RipgrepRun {
	readonly ended: "done" | "enough" | "timeout" | "aborted" | "failed";
	/** ripgrep's own words when it failed. */
	readonly error: string;
}

/**
 * Runs ripgrep and hands over one record after another until `take` says that it has enough.
 * @param options `separator` is what ends a record; `stdin` an open file to search
 */
export async function runRipgrep(
	options: { rgPath: string; args: readonly string[]; cwd: string; separator: "\n" | "\0"; stdin?: number },
	take: (record: string) => "more" | "enough",
	signal: AbortSignal,
): Promise<RipgrepRun> {
	if (signal.aborted) return { ended: "aborted", error: "" };
	let ended: RipgrepRun["ended"] | undefined;
	const { rgPath, args, cwd, stdin = "ignore" } = options;
	const child = spawn(rgPath, args, { cwd, stdio: [stdin, "pipe", "pipe"] });
	const finish = (how: RipgrepRun["ended"]) => {
		ended ??= how;
		child.kill("SIGKILL");
	};
	const stop = () => finish("aborted");
	const timer = setTimeout(() => finish("timeout"), TIME_LIMIT_MS);
	signal.addEventListener("abort", stop, { once: true });
	let stderr = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		if (stderr.length < MAX_STDERR) stderr += text;
	});
	readRecords(child, options.separator, (record) => {
		if (ended === undefined && take(record) === "enough") finish("enough");
	});
	const failure = await new Promise<string | undefined>((resolve) => {
		child.once("error", (error) => resolve(error.message));
		// Exit code 1 is "nothing found". 2 with no words is a file that could not be read: the rest still counts.
		child.once("close", (code) => resolve(code === 2 && stderr !== "" ? stderr : undefined));
	});
	clearTimeout(timer);
	signal.removeEventListener("abort", stop);
	if (ended !== undefined) return { ended, error: "" };
	return failure === undefined ? { ended: "done", error: "" } : { ended: "failed", error: failure.trim() };
}

function readRecords(child: ChildProcess, separator: string, onRecord: (record: string) => void): void {
	let rest = "";
	child.stdout?.setEncoding("utf8").on("data", (text: string) => {
		const records = (rest + text).split(separator);
		rest = records.pop() ?? "";
		for (const record of records) onRecord(record);
	});
	child.stdout?.once("end", () => {
		if (rest !== "") onRecord(rest);
	});
}
