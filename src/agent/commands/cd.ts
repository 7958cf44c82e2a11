import type { ShellKind } from "../ports.ts";
import { pathsIn } from "./values.ts";

/** What the shells call a change of their folder, other than `cd`. */
const NAMES: Readonly<Partial<Record<ShellKind, readonly string[]>>> = {
	powershell: ["chdir", "set-location", "sl"],
	cmd: ["chdir"],
};

export function isCd(program: string, shell: ShellKind): boolean {
	const name = shell === "powershell" || shell === "cmd" ? program.toLowerCase() : program;
	return name === "cd" || (NAMES[shell]?.includes(name) ?? false);
}

/**
 * The folder that a `cd` with these words leads to: down, or to a place by its whole name, since what `..` leads to from a
 * link depends on how one came there. Undefined: not known.
 */
export function folderOf(words: readonly string[]): string | undefined {
	const [folder = "", ...more] = words[0] === "--" ? words.slice(1) : words;
	const isPlain = more.length === 0 && !/^[-+]/.test(folder) && !folder.split(/[\\/]/).includes("..");
	return isPlain && pathsIn("file", folder) ? folder : undefined;
}

export const lostAfter = (words: readonly string[]): string => `Where \`${words.join(" ")}\` leads to is not known.`;
