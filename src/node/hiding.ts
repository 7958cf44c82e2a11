import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { IGNORE_FILE } from "./ignore.ts";
import { failureOf } from "./place.ts";

/** 150 000 files take half a second: after this it is a dead drive. */
const TIME_LIMIT_MS = 10_000;

/**
 * Whether there is a rules file in a folder or below, were it a link, which ripgrep would leave out. What is installed
 * brings none that anyone meant. True where nobody can say; false where there is no such folder.
 */
export async function isHiding(top: string, signal: AbortSignal): Promise<boolean> {
	const ends = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
	let isFound = false;
	const look = async (folder: string): Promise<void> => {
		if (isFound || ends.aborted) return;
		const entries = await readdir(folder, { withFileTypes: true });
		const below = entries.filter((entry) => entry.isDirectory() && entry.name !== "node_modules");
		// A drive that folds case would open it for ours.
		isFound ||= entries.some((entry) => !entry.isDirectory() && entry.name.toLowerCase() === IGNORE_FILE);
		await Promise.all(below.map(({ name }) => look(join(folder, name)).catch(unlessGone)));
	};
	try {
		await look(top).catch(unlessGone);
	} catch {
		// Also ends the looks that are under way.
		isFound = true;
	}
	return isFound || ends.aborted;
}

function unlessGone(error: unknown): void {
	if (failureOf(error).code !== "missing") throw error;
}
