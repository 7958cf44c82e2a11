import { stripVTControlCharacters } from "node:util";

/*
 * The script reads tool results as a model would: as text. What it relies on is loose on purpose, so that the tools may
 * change their wording; where a reading can be wrong, the next read or test run puts it right.
 */

/** How a call went, by the words of its result. */
export type Verdict =
	| { readonly kind: "done" }
	/** A person said no. `reason` is empty when they gave none. */
	| { readonly kind: "rejected"; readonly reason: string }
	/** A rule said no, such as plan mode. */
	| { readonly kind: "denied"; readonly words: string }
	| { readonly kind: "failed"; readonly words: string };

const REJECTED = /\b(rejected|declined|refused by|not approved|did not (allow|approve))\b/i;
const FAILED =
	/not found|does(n't| not) (match|exist|contain|occur)|no (match|folder|file|such)|missing|can(not|'t)|could(n't| not)|failed|error|outside|changed (since|on disk)|more than once|\d+ (times|matches)|first\b.*\bread|read .* (first|again)|stopped by|interrupted|unknown tool/i;

export function verdictOf(result: string): Verdict {
	const head = firstLine(result);
	if (/^not allowed\b|plan mode/i.test(head)) return { kind: "denied", words: head };
	if (REJECTED.test(head)) return { kind: "rejected", reason: reasonIn(result) };
	if (FAILED.test(head)) return { kind: "failed", words: head };
	return { kind: "done" };
}

function reasonIn(result: string): string {
	return /\b(?:reason|because|comment)\b\s*:\s*([\s\S]+)/i.exec(result)?.[1]?.trim() ?? "";
}

/** The first line that says something, shortened for quoting. */
export function firstLine(text: string): string {
	const line = text.split("\n").find((each) => each.trim() !== "") ?? "";
	return line.trim().slice(0, 300);
}

/** The text of a file from what Read returned; undefined when that is a failure and no text. */
export function fileText(result: string): string | undefined {
	const lines = result.split(/\r?\n/);
	const numbered = lines.flatMap((line) => {
		const match = /^\s*\d+(?:\t|→)(.*)$/.exec(line);
		return match ? [match[1] ?? ""] : [];
	});
	if (numbered.length > 0) return numbered.join("\n");
	return verdictOf(result).kind === "done" && result.trim() !== "" ? lines.join("\n") : undefined;
}

/** What `node --test` printed. */
export interface TestRun {
	readonly pass: number;
	readonly fail: number;
	/** Names of the failing tests, each once. */
	readonly failing: readonly string[];
	/** The first mismatch. */
	readonly actual: string | undefined;
	readonly expected: string | undefined;
	/** The test file of the first failure, relative to the project if it lies in a folder named `test`. */
	readonly file: string | undefined;
}

/** Understands the spec and the TAP reporter; undefined when there is no summary, so nothing is known. */
export function testRun(output: string): TestRun | undefined {
	const text = stripVTControlCharacters(output);
	const pass = /^\s*(?:ℹ|#) pass (\d+)$/m.exec(text)?.[1];
	const fail = /^\s*(?:ℹ|#) fail (\d+)$/m.exec(text)?.[1];
	if (pass === undefined || fail === undefined) return undefined;
	const names = [...text.matchAll(/^\s*(?:✖ (.+?) \([\d.]+ ?ms\)|not ok \d+ - (.+?))$/gm)];
	return {
		pass: Number(pass),
		fail: Number(fail),
		failing: [...new Set(names.map((match) => match[1] ?? match[2] ?? ""))],
		actual: /^\s*actual: (.+?),?$/m.exec(text)?.[1] ?? /^\s*(\S+) !== \S+$/m.exec(text)?.[1],
		expected: /^\s*expected: (.+?),?$/m.exec(text)?.[1] ?? /^\s*\S+ !== (\S+)$/m.exec(text)?.[1],
		file: /\b(test[\\/][\w./\\-]+\.test\.[cm]?[jt]s):\d+/.exec(text)?.[1]?.replaceAll("\\", "/"),
	};
}

/** The function that a test names, as in `discountFor rounds once`: the first word written in camelCase. */
export function functionNamed(testName: string): string | undefined {
	return /\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/.exec(testName)?.[0];
}

/** The file that defines a function, from what Grep returned in any of its modes; tests don't count. */
export function definingFile(result: string, name: string): string | undefined {
	const definition = new RegExp(`\\b(?:function\\s+|const\\s+|let\\s+)${name}\\b`);
	const files = result.split(/\r?\n/).flatMap((line) => {
		const path = /^\s*([^\s:]+\.[cm]?[jt]sx?)(?::|$)/.exec(line)?.[1];
		return path !== undefined && !/(^|\/)tests?\//.test(path) ? [{ path, defines: definition.test(line) }] : [];
	});
	return (files.find((file) => file.defines) ?? files[0])?.path;
}

/** Paths from what Glob returned, one a line. */
export function pathsIn(result: string): readonly string[] {
	return result.split(/\r?\n/).flatMap((line) => {
		const path = line.trim();
		return /^[^\s()]+$/.test(path) ? [path] : [];
	});
}
