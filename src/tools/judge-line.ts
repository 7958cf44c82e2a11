import { resolve } from "node:path";
import type { CommandLine, SimpleCommand } from "../agent/commands/command-line.ts";
import { known } from "../agent/commands/known.ts";
import { readLine } from "../agent/commands/read-line.ts";
import { judgeReads } from "./judge-reads.ts";
import { Looks, type Ports } from "./looks.ts";

/** Folders that a line may be in at once, as each `cd` may have worked or not. */
const MOST_FOLDERS = 8;

/**
 * What is known of a command line before it runs: whether it only reads inside the workspace, no secrets and nothing
 * that is hidden from tools, with programs from outside of it. Looks at the disk, and may be wrong a moment later.
 */
export async function judgeLine(line: string, ports: Ports, cwd: string, signal: AbortSignal): Promise<CommandLine> {
	const read = readLine(line, ports.shell.kind);
	if ("trouble" in read) return read;
	const looks = new Looks(ports, signal);
	let folders: readonly string[] = [cwd];
	const commands: SimpleCommand[] = [];
	for (const [at, words] of read.commands.entries()) {
		const does = known(words, ports.shell.kind, read.wildcards[at]);
		const trouble = "trouble" in does ? does.trouble : await judgeReads(words, does, folders, looks);
		commands.push({ words, ...(trouble !== undefined && { trouble }) });
		// Nobody waits for the rest: what is asked for is the whole line.
		if (signal.aborted) return { trouble: "It was not looked at to the end." };
		if ("trouble" in does || does.cd === undefined) continue;
		const into = does.cd;
		const next = await Promise.all(folders.map((folder) => looks.real(resolve(folder, into))));
		// The most likely ones first: what they hold is what is said.
		folders = [...new Set([...next, ...folders])];
		if (folders.length > MOST_FOLDERS) return { trouble: "It changes the folder too often." };
	}
	return { commands };
}
