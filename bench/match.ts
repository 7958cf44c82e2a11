import { applyEdits } from "../src/tools/match.ts";
import { findSimilar } from "../src/tools/similar.ts";
import { cpuOf, median } from "./stats.ts";
import type { Figures, Group, Row } from "./targets.ts";

const LINES = 50_000;
/** The stretch that is looked for: far from the start. */
const AT = 40_000;
const ROUNDS = 15;
const WARM_UP = 3;

const lines = Array.from({ length: LINES }, (_, n) => `\texport const value${n} = compute(${n}, "some text"); // it’s`);
const file = `${lines.join("\n")}\n`;
const quoted = lines.slice(AT, AT + 5).join("\n");
const numbered = (text: string) =>
	text
		.split("\n")
		.map((line, at) => `${AT + at + 1}\t${line}`)
		.join("\n");
const straight = (text: string) => text.replaceAll("’", "'");
const inBlanks = (text: string) => text.replaceAll("\t", "    ");

interface Case {
	readonly id: string;
	readonly what: string;
	readonly means: string;
	/** As the model gives it. */
	readonly old: string;
	/** What the search must end with. */
	readonly found: boolean;
}

const cases: readonly Case[] = [
	{ id: "exact", what: "exact", means: "Five lines that are there as such.", old: quoted, found: true },
	{
		id: "ends",
		what: "white space at line ends",
		means: "The same with blanks at each line's end.",
		old: quoted.replaceAll("\n", "  \n"),
		found: true,
	},
	{
		id: "indent",
		what: "indentation",
		means: "The same in blanks, where the file has tabs; re-indented.",
		old: inBlanks(quoted),
		found: true,
	},
	{
		id: "looks",
		what: "look-alikes",
		means: "The same with straight quotes, where the file has curly ones.",
		old: straight(quoted),
		found: true,
	},
	{
		id: "all",
		what: "line numbers and all of these",
		means: "Everything at once.",
		old: numbered(straight(inBlanks(quoted))),
		found: true,
	},
	{
		id: "missing",
		what: "not there",
		means: "One letter is wrong, so that every stage looks for it in vain.",
		old: quoted.replace(`value${AT + 2} =`, `valu${AT + 2} =`),
		found: false,
	},
	{
		id: "common",
		what: "not there, of common words",
		means: "Words that are on every line, in an order that is on none.",
		old: "    compute export const it's some text",
		found: false,
	},
];

const LIMIT = { most: 20 };

function row(id: string, what: string, means: string, must: Row["must"]): Row {
	return { id: `match.${id}`, what, unit: "ms", digits: 1, means, ...(must && { must }) };
}

export const matchGroup: Group = {
	name: "match",
	title: "Edit match in 50,000 lines, 3.5 MB, CPU of the thread, medians",
	rows: [
		...cases.map(({ id, what, means }) => row(id, what, means, LIMIT)),
		row("hint", "nearest text, rare words", "What the model is shown when nothing matches.", LIMIT),
		row("hintCommon", "nearest text, common words", "The same where no word says where: every line is compared.", {
			most: 50,
		}),
	],
};

export function measureMatch(): Figures {
	const figures: Record<string, number> = {};
	const measure = (id: string, work: () => void) => {
		const all = Array.from({ length: ROUNDS }, () => cpuOf(work));
		figures[`match.${id}`] = median(all.slice(WARM_UP));
	};
	for (const { id, old, found } of cases)
		measure(id, () => {
			const { ok } = applyEdits(file, [{ old, new: old.replace("compute", "other"), all: false }]);
			if (ok !== found) throw new Error(`${id}: ${ok ? "found" : "not found"}.`);
		});
	const [rare, common] = cases.slice(-2);
	measure("hint", () => findSimilar(file, rare?.old ?? ""));
	measure("hintCommon", () => findSimilar(file, common?.old ?? ""));
	return figures;
}
