import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readLine } from "../../../src/agent/commands/read-line.ts";
import { isWildcardOption } from "../../../src/agent/commands/wildcards.ts";
import type { ShellKind } from "../../../src/agent/ports.ts";
import { classes } from "./lines.ts";

/** A shell that is told what each name of a program is: a function that writes its words to a file, and ends with a status. */
interface RealShell {
	readonly kind: ShellKind;
	readonly paths: readonly string[];
	readonly flags: readonly string[];
	readonly define: (name: string) => string;
	readonly run: string;
	/** One line in the file that `run` reads. */
	readonly entry: (line: string, at: number) => string;
	/** Names that can't be functions there. */
	readonly except: RegExp;
	/** A wildcard without a match is an error rather than itself. */
	readonly strict?: true;
}

const POSIX = {
	// Bash writes at each new line, and the two sides of a pipe write at once: so there is none until it is read.
	define: (name: string) =>
		`${name}() { builtin printf '%s\\0' "$at" "$#" ${name} "${"$"}{@//$line_end/$mark}" >&3; return $status_; }`,
	entry: (line: string) => `${line}\0`,
	run: `exec 3>>words; at=0; line_end=$'\\n'; mark=$'\\1'; while IFS= read -r -d "" line; do eval "$line"; at=$((at+1)); done <lines`,
};

const SHELLS: readonly RealShell[] = [
	{ ...POSIX, kind: "bash", paths: ["/bin/bash", "/usr/bin/bash"], flags: ["--norc", "--noprofile"], except: /^$/ },
	{
		...POSIX,
		run: `setopt nonomatch; ${POSIX.run}`,
		kind: "zsh",
		paths: ["/bin/zsh", "/usr/bin/zsh"],
		flags: ["-f"],
		except: /^command$/,
	},
	{
		// It reads no line with a new line in it, and a function of its own is no `g++`.
		kind: "sh",
		paths: ["/usr/bin/dash", "/bin/dash"],
		flags: [],
		define: (name) => `${name}() { command printf '%s\\0' "$at" "$#" ${name} "$@" >&3; return $status_; }`,
		entry: (line, at) => `at=${at}; (eval '${line.replaceAll("'", "'\\''")}')\n`,
		run: "exec 3>>words; . ./lines",
		except: /^(?:command|printf|.*\W.*)$/,
	},
	{
		kind: "fish",
		entry: (line) => `${line}\0`,
		paths: ["/usr/bin/fish", "/bin/fish"],
		flags: ["--no-config"],
		define: (name) =>
			`function ${name}; builtin printf '%s\\0' $at (count $argv) ${name} $argv >>words; return $status_; end`,
		run: "set at 0; while read -z line; eval $line; set at (math $at + 1); end <lines",
		except: /^(?:command|test)$/,
		strict: true,
	},
];

interface Read {
	readonly line: string;
	readonly commands: readonly (readonly string[])[];
}

/** Lines that are plain to us and can be run with every program replaced, in an empty folder. */
function readable(lines: readonly string[], { kind, except, strict }: RealShell): Read[] {
	// In the folder itself, and outside of it, a wildcard may have matches; to some shells it is an error to have none.
	const expands = (word: string) => strict === true || /^(?:\/|\.|[\w.+-]*\*)/.test(word);
	const isOption = (word: string) => strict === true && isWildcardOption(word);
	const odd = ([name = "", ...words]: readonly string[]) =>
		// What a number was is not known.
		/[/[]/.test(name) || words.some((word) => word.includes("$?")) || except.test(name) || words.some(isOption);
	return lines.flatMap((line) => {
		const read = readLine(line, kind);
		return "trouble" in read || read.commands.some(odd) || read.wildcards.flat().some(expands)
			? []
			: [{ line, commands: read.commands }];
	});
}

/** The words of each program that ran for each line, when all of them succeed and when all of them fail. */
function wordsOf(shell: RealShell, path: string, reads: readonly Read[]): Set<string>[] {
	const folder = mkdtempSync(join(tmpdir(), "kimi-lines-"));
	try {
		const names = new Set(reads.flatMap(({ commands }) => commands.map(([name = ""]) => name)));
		const seen = reads.map(() => new Set<string>());
		mkdirSync(join(folder, "bin"));
		writeFileSync(join(folder, "lines"), reads.map(({ line }, at) => shell.entry(line, at)).join(""));
		for (const status of [0, 1]) {
			const set = shell.kind === "fish" ? `set status_ ${status}` : `status_=${status}`;
			writeFileSync(join(folder, "words"), "");
			const script = [set, ...[...names].map(shell.define), shell.run].join("\n");
			const env = { PATH: join(folder, "bin"), HOME: folder, LC_ALL: "C.UTF-8" };
			const ended = spawnSync(path, [...shell.flags, "-c", script], { cwd: folder, env, encoding: "utf8" });
			assert.equal(ended.error, undefined);
			const words = readFileSync(join(folder, "words"), "utf8").replaceAll("\u0001", "\n").split("\0");
			for (let at = 0; at + 2 < words.length; at += 3 + Number(words[at + 1]))
				seen[Number(words[at])]?.add(JSON.stringify(words.slice(at + 2, at + 3 + Number(words[at + 1]))));
		}
		return seen;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Each line whose programs get other words than those that were read. */
function differences(shell: RealShell, path: string, lines: readonly string[]) {
	const reads = readable(lines, shell);
	const seen = wordsOf(shell, path, reads);
	const wrong = reads
		.map(({ line, commands }, at) => ({
			line,
			read: [...new Set(commands.map((words) => JSON.stringify(words)))].sort(),
			ran: [...(seen[at] ?? [])].sort(),
		}))
		.filter(({ read, ran }) => read.join() !== ran.join());
	return { wrong, compared: reads.length };
}

/** Plain to every shell, with and without quotes. */
const SAME = ["src/a", "foo.bar", "--x=y", "HEAD~1", "%h", "a:b", "a@b", "1"];
const PLAIN = ["p", "ls", "-la", "a b", "x=y", ...SAME, "é", "日本"];
const NASTY = [
	..."'\"\\$`;|&<>(){}[]*?!~^#%@:=,+-./ \n\tab1é",
	"$(p)",
	"2>&1",
	">/dev/null",
	"$'",
	"\\\n",
	'\\"',
	"\\\\",
];
const bare = fc.constantFrom("p", "-la", "x=y", ...SAME, "src/*.t", "a^");
const raw = fc.array(fc.constantFrom(...PLAIN, ...NASTY), { maxLength: 5 }).map((parts) => parts.join(""));
const word = fc.oneof(
	{ weight: 4, arbitrary: bare },
	{ weight: 3, arbitrary: raw.map((text) => `'${text}'`) },
	{ weight: 3, arbitrary: raw.map((text) => `"${text}"`) },
	{ weight: 1, arbitrary: fc.constantFrom(..."()!*.|+?[]^$;\"'\\ab ").map((each) => `\\${each}`) },
	{ weight: 1, arbitrary: raw },
);
const words = fc.array(
	fc.array(word, { minLength: 1, maxLength: 2 }).map((parts) => parts.join("")),
	{ maxLength: 4 },
);
const command = words.map((each) => ["p", ...each].join(" "));
const joined = fc.constantFrom(
	" && ",
	" || ",
	" | ",
	"; ",
	"\n",
	"|",
	";",
	"&&",
	" 2>&1 | ",
	" >/dev/null; ",
	" \n\n ",
);
const line = fc
	.array(fc.tuple(command, joined), { minLength: 1, maxLength: 3 })
	.map((parts) => parts.flat().slice(0, -1).join(""));

describe("what a real shell hands to programs", () => {
	for (const shell of SHELLS) {
		const path = shell.paths.find((each) => existsSync(each));

		it(`is what was read of every plain line of the data in ${shell.kind}`, function () {
			// Not every machine has zsh and fish; Windows has none of them.
			if (path === undefined) return this.skip();
			const lines = classes.filter(({ shells }) => shells.includes(shell.kind)).flatMap((each) => each.lines);
			const { wrong, compared } = differences(shell, path, lines);
			assert.deepEqual(wrong, []);
			assert.ok(compared > 500, `${compared} lines were compared`);
		});

		it(`is what was read of generated lines in ${shell.kind}`, function () {
			if (path === undefined) return this.skip();
			const { wrong, compared } = differences(shell, path, fc.sample(line, 2000));
			assert.deepEqual(wrong, []);
			assert.ok(compared > 400, `${compared} lines were compared`);
		});
	}
});
