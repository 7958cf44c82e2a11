import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Dice } from "./dice.ts";
import { filesIn } from "./person.ts";
import { MARKS, type SoakPlace } from "./place.ts";

/** A call as the scripted model says it. */
export interface SaidCall {
	readonly tool: string;
	/** A string goes out as it is. */
	readonly args: unknown;
	readonly id?: string;
}

interface Asked {
	readonly place: SoakPlace;
	readonly dice: Dice;
	/** Unique in the run: calls differ by it, so that no guard against circles may stop them. */
	readonly name: string;
}

type Make = (asked: Asked) => SaidCall;

/** What the model asks for, and how often of a hundred. */
const MAKES: readonly (readonly [share: number, make: Make])[] = [
	[
		22,
		({ place, dice, name }) => ({ tool: "Read", args: { path: dice.pick(filesIn(place)), limit: 20 + name.length } }),
	],
	[24, edit],
	[5, severalEdits],
	[6, ({ name }) => ({ tool: "Write", args: { path: `src/new/${name}.ts`, content: `export const ${name} = 1;\n` } })],
	[4, overwrite],
	[8, ({ dice, name }) => ({ tool: "Grep", args: { pattern: `part${dice.int(12)}Line\\d|${name}` } })],
	[5, ({ name }) => ({ tool: "Glob", args: { pattern: `**/*{part,${name}}*` } })],
	[11, mark],
	[3, ({ dice, name }) => ({ tool: "Bash", args: { command: `ls src | head -${2 + dice.int(9)} && echo ${name}` } })],
	[4, ({ name }) => ({ tool: "Todo", args: { items: [{ title: `Do ${name}`, status: "in_progress" }] } })],
	[2, ({ name }) => ({ tool: "Task", args: { title: `Look for ${name}`, prompt: `Where is ${name} used?` } })],
	[1, ({ name }) => ({ tool: "Bash", args: { command: markLine({ name }, "sleep 30"), background: true } })],
	// What models get wrong.
	[2, ({ name }) => ({ tool: "Edit", args: `{"path":"src/part1.ts","old_string":"${name}` })],
	[1, ({ name }) => ({ tool: "Edit", args: { path: "src/part1.ts", old_string: `no ${name} here`, new_string: "x" } })],
	[1, ({ name }) => ({ tool: "Read", args: { path: `src/${name}-is-not-there.ts` } })],
	[1, ({ name }) => ({ tool: "ReadFile", args: { path: name } })],
];

function sayCall(asked: Asked): SaidCall {
	const all = MAKES.reduce((sum, [share]) => sum + share, 0);
	let left = asked.dice.int(all);
	const found = MAKES.find(([share]) => {
		left -= share;
		return left < 0;
	});
	return (found?.[1] ?? edit)(asked);
}

/** Several calls of one answer, some of them edits of the same file. */
export function sayCalls(place: SoakPlace, dice: Dice, name: string): SaidCall[] {
	const many = dice.pick([1, 1, 1, 1, 2, 2, 3, 4]);
	if (many > 1 && dice.percent(30)) return editsOfOneFile(place, dice, name, many);
	return Array.from({ length: many }, (_, n) => sayCall({ place, dice, name: `${name}n${n}` }));
}

/** The line of a text that an edit replaces, with another one of the same length of life. */
function replaced(lines: readonly string[], dice: Dice, name: string) {
	return { old_string: dice.pick(lines), new_string: `export const ${name} = ${dice.int(1000)};` };
}

/** Lines that are in it once. */
function linesOf(place: SoakPlace, path: string): string[] {
	const lines = readFileSync(join(place.root, path), "utf8")
		.split("\n")
		.filter((line) => line !== "");
	return lines.filter((line) => lines.indexOf(line) === lines.lastIndexOf(line));
}

function edit({ place, dice, name }: Asked): SaidCall {
	const path = dice.pick(filesIn(place));
	return { tool: "Edit", args: { path, ...replaced(linesOf(place, path), dice, name) } };
}

function severalEdits({ place, dice, name }: Asked): SaidCall {
	const path = dice.pick(filesIn(place));
	const lines = linesOf(place, path);
	const half = Math.ceil(lines.length / 2);
	const parts = [lines.slice(0, half), lines.slice(half)].filter((part) => part.length > 0);
	return { tool: "Edit", args: { path, edits: parts.map((part, n) => replaced(part, dice, `${name}e${n}`)) } };
}

function editsOfOneFile(place: SoakPlace, dice: Dice, name: string, many: number): SaidCall[] {
	const path = dice.pick(filesIn(place));
	const lines = linesOf(place, path);
	const share = Math.max(1, Math.floor(lines.length / many));
	const parts = Array.from({ length: many }, (_, n) => lines.slice(n * share, (n + 1) * share));
	return parts
		.filter((part) => part.length > 0)
		.map((part, n) => ({ tool: "Edit", args: { path, ...replaced(part, dice, `${name}n${n}`) } }));
}

/** The whole of a file that it may or may not have read. */
function overwrite({ place, dice, name }: Asked): SaidCall {
	const path = dice.pick(filesIn(place));
	const content = `${linesOf(place, path).join("\n")}\nexport const ${name} = "whole";\n`;
	return { tool: "Write", args: { path, content } };
}

/** A command that leaves a trace each time that it runs: the size that the log has by then. */
function mark({ dice, name }: Asked): SaidCall {
	const after = dice.pick(["true", "true", "echo done", "sleep 0.1", "false", "seq 1 3000"]);
	return { tool: "Bash", args: { command: markLine({ name }, after) } };
}

function markLine({ name }: Pick<Asked, "name">, after: string): string {
	return `wc -c < ../chat.jsonl >> ${MARKS}/${name} && ${after}`;
}

/** The name of the mark that a command leaves; undefined: it leaves none. */
export function markOf(command: string): string | undefined {
	return /^wc -c < \S+ >> \w+\/(\w+)/.exec(command)?.[1];
}
