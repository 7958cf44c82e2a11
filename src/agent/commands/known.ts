import { say } from "../../shared/said.ts";
import type { ShellKind } from "../ports.ts";
import { folderOf, isCd, lostAfter } from "./cd.ts";
import { readFind } from "./find.ts";
import { readGit } from "./git.ts";
import { type Reading, readWords, tableOf } from "./options.ts";
import { readCmdlet } from "./powershell.ts";
import { everywhere, unix } from "./programs.ts";

/** What a program with its words does, or why that is not known, as a sentence. */
export type Known =
	| { readonly trouble: string }
	| {
			/**
			 * Files and folders that it reads, as they stand in the words: relative to the folder in which it runs. One that
			 * `isWildcardPath` knows stands for all that it may match, and for itself. Of git its revisions are among them, so they are no limit.
			 */
			readonly paths: readonly string[];
			/** It is git, whose configuration may name programs, and whose remotes may hold passwords. */
			readonly git?: true;
			/**
			 * It shows the text of files below its paths too (without paths: below the folder in which it runs). Of git, which is
			 * then `diff`, `log` or `show`: of those that the same words show, as git itself can list.
			 */
			readonly deep?: true;
			/**
			 * It opens each path and reads what is in it: each must be a regular file. Of a folder it would follow links, a pipe
			 * or a device may never end.
			 */
			readonly flat?: true;
			/** The commands after it run in this folder if it worked, and in the one before if it did not: both must be safe. */
			readonly cd?: string;
	  };

/** `dir/s` and the like would be another program's name: options begin with `/`, as absolute paths do, so they ask. */
const cmd = tableOf({
	dir: { options: "", operands: "file" },
	type: { options: "", operands: "file", flat: true },
	findstr: { options: "", operands: "word file", flat: true },
	echo: { operands: "text*" },
	where: { options: "", operands: "name" },
	tree: { options: "", operands: "file" },
});

/**
 * Whether a program with these words only reads, and what. The words are from `readLine`, quotes are gone.
 * @param shell whose programs and built-ins the names are
 * @param wildcards those of the words that become others: they may stand where any number of paths may
 */
export function known(words: readonly string[], shell: ShellKind = "bash", wildcards: readonly string[] = []): Known {
	const [program = "", ...rest] = words;
	if (isCd(program, shell)) {
		const folder = folderOf(rest);
		return folder === undefined ? { trouble: lostAfter(words) } : { paths: [folder], cd: folder };
	}
	const reading = program === "git" ? readGit(rest) : readProgram(program, rest, shell);
	if (!reading) return { trouble: say("`{0}` may do more than read.", begun(words)) };
	if ("unknown" in reading) return { trouble: sentence(words, reading.unknown) };
	const odd = isCmdlet(program, shell) ? undefined : wildcards.find((word) => !isPath(word, words, reading));
	if (odd !== undefined) return { trouble: `What \`${odd}\` becomes may be no path to \`${program}\`.` };
	return program === "git" ? { ...reading, git: true } : reading;
}

const count = (word: string, words: readonly string[]) => words.filter((each) => each === word).length;

/**
 * Each time that it is there, since in quotes it may be a text. To git, where it shows text, behind `--`: else a file may
 * have the name of a revision, which nobody was asked for.
 */
function isPath(
	word: string,
	words: readonly string[],
	reading: Exclude<Reading, { readonly unknown: string }>,
): boolean {
	const cut = words.indexOf("--");
	const revisions = words[0] === "git" && reading.deep ? words.slice(0, cut < 0 ? undefined : cut) : [];
	return count(word, words) === count(word, reading.paths) && !revisions.includes(word);
}

/** It expands what it takes for a path itself, and nothing else. */
const isCmdlet = (program: string, shell: ShellKind) => shell === "powershell" && readCmdlet(program, []) !== undefined;

/** What says most of what is done: `npm test`, but the program alone where an option or a path comes next. */
const begun = ([program = "", next = ""]: readonly string[]) =>
	/^[a-z][\w:-]{0,30}$/.test(next) ? `${program} ${next}` : program;

function sentence(words: readonly string[], unknown: string): string {
	const [program = "", next = ""] = words;
	const start = begun(words);
	if (start !== program && unknown === `with \`${next}\``) return say("`{0}` may do more than read.", start);
	return say("`{0}` may do more than read {1}.", program === "git" ? start : program, unknown);
}

function readProgram(program: string, rest: string[], shell: ShellKind): Reading | undefined {
	if (shell === "powershell") {
		const cmdlet = readCmdlet(program, rest);
		if (cmdlet) return cmdlet;
	}
	const isUnix = shell !== "powershell" && shell !== "cmd";
	if (isUnix && program === "find") return readFind(rest);
	if (program === "[" && rest.pop() !== "]") return { unknown: "without `]`" };
	const spec = everywhere.get(program) ?? (isUnix ? unix : shell === "cmd" ? cmd : undefined)?.get(program);
	return spec && readWords(spec, rest);
}
