import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { FileFailure, Result } from "../agent/ports.ts";
import { isFolder, nameOf } from "./place.ts";
import type { Places } from "./places.ts";
import { runRipgrep } from "./ripgrep.ts";

/** Files of a workspace that are listed. */
const MAX_PATHS = 100_000;
/** How many paths are looked up in `.kimiignore` files at a time, which are read anew for each folder. */
const PIECE = 200;

const ARGS = ["--files", "--null", "--no-config", "--no-messages", "--no-ignore-messages", "--color=never"];
const WHICH = ["--hidden", "--glob=!.git", "--no-require-git"];

/**
 * The files of all folders of the workspace, as `Place.name` has them: without those that ignore files leave out and
 * those that `.kimiignore` hides. Makes room for others again and again.
 */
export async function workspacePaths(
	{ rgPath, places }: { rgPath: string; places: Places },
	signal: AbortSignal,
): Promise<Result<readonly string[], FileFailure>> {
	const tops = await places.tops();
	if (!tops.ok) return tops;
	const [first] = tops.value;
	if (first === undefined) return { ok: true, value: [] };
	const isHidden = await places.ignoring();
	const paths: string[] = [];
	for (const top of new Set(tops.value)) {
		// A folder that is gone, or a drive that was taken out, is no reason to find nothing in the others.
		if (!(await isFolder(top))) continue;
		const found = await listed(rgPath, top, MAX_PATHS - paths.length, signal);
		if (typeof found === "string") return { ok: false, failure: { code: "other", message: found } };
		for (let at = 0; at < found.length; at += PIECE) {
			const seen = found.slice(at, at + PIECE).map((below) => join(top, below));
			paths.push(...seen.filter((path) => !isHidden(path)).map((path) => nameOf(first, path)));
			await setImmediate();
		}
	}
	return { ok: true, value: paths };
}

const STOPPED = "Stopped.";

/** The words of ripgrep where it fails. */
async function listed(rgPath: string, cwd: string, most: number, signal: AbortSignal): Promise<string[] | string> {
	const found: string[] = [];
	const take = (record: string) => {
		if (found.length < most) found.push(record);
		return found.length < most ? "more" : "enough";
	};
	const command = { rgPath, args: [...ARGS, ...WHICH, "--", "./"], cwd, separator: "\0" } as const;
	const run = await runRipgrep(command, take, signal);
	if (run.ended === "aborted") return STOPPED;
	return run.ended === "failed" ? run.error : found;
}
