import { readdirSync, readFileSync } from "node:fs";
import { known } from "../../../src/agent/commands/known.ts";
import { readLine } from "../../../src/agent/commands/read-line.ts";
import { isSecret } from "../../../src/agent/policy.ts";
import type { ShellKind } from "../../../src/agent/ports.ts";

/** Lines of one kind out of `test/scenarios/commands`, whose files say how they are written. */
interface LineClass {
	readonly verdict: string;
	readonly name: string;
	readonly shells: readonly ShellKind[];
	readonly why: string;
	readonly lines: readonly string[];
}

const KINDS: readonly ShellKind[] = ["bash", "sh", "zsh", "fish", "powershell", "cmd"];
const FOLDER = new URL("../../scenarios/commands/", import.meta.url);

function parse(text: string): LineClass[] {
	return text
		.split(/^(?=\[)/m)
		.slice(1)
		.map((part) => {
			const [head = "", ...rows] = part.split("\n");
			const [, verdict = "", name = "", shells = "", why = ""] = /^\[(\w+)\] (.+) — (.+) — (.+)$/.exec(head) ?? [];
			const lines = rows
				.filter((row) => row.startsWith("\t"))
				.map((row) => row.slice(1))
				.map((row) => (row.startsWith("@") && row !== "@dir" ? String(JSON.parse(row.slice(1))) : row));
			return { verdict, name, shells: KINDS.filter((kind) => shells.split(" ").includes(kind)), why, lines };
		});
}

export const classes: readonly LineClass[] = readdirSync(FOLDER)
	.filter((name) => name.endsWith(".txt"))
	.flatMap((name) => parse(readFileSync(new URL(name, FOLDER), "utf8")));

/** By names only, as the tool will do with links resolved. */
const leaves = (path: string) =>
	/^(?:[\\/]|[A-Za-z]:)/.test(path) || path.split(/[\\/]/).includes("..") || isSecret(path);

/** Why a line asks; undefined where each of its programs only reads inside of the workspace. */
export function trouble(line: string, shell: ShellKind): string | undefined {
	const read = readLine(line, shell);
	if ("trouble" in read) return read.trouble;
	for (const [at, words] of read.commands.entries()) {
		const what = known(words, shell, read.wildcards[at]);
		if ("trouble" in what) return what.trouble;
		const path = what.paths.find(leaves);
		if (path !== undefined) return `${path} is secret or outside of the workspace.`;
	}
	return undefined;
}
