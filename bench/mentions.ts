import { PathIndex } from "../src/node/path-index.ts";
import { cpuOf, median } from "./stats.ts";
import type { Figures, Group, Row } from "./targets.ts";

const FILES = 100_000;
const FILES_IN_FOLDER = 8;
const ROUNDS = 9;
const WARM_UP = 2;
/** Files that the person has open: each path is looked up among them. */
const OPEN = 30;

const WORDS =
	"user account order payment cart item list view model controller service util helper test spec index main app core api client server data base parse token stream event queue config setting theme style button input form table row cell chart graph node edge tree map set array string number date time zone locale money price tax rate ship".split(
		" ",
	);
const ENDINGS = ["ts", "tsx", "css", "json", "md"];

/** The same paths each time, as a large TypeScript repository has them. */
function paths(): readonly string[] {
	let state = 2026;
	const pick = <T>(list: readonly T[]): T => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
		return list[(state >>> 8) % list.length] as T;
	};
	const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
	const found = new Set<string>();
	while (found.size < FILES) {
		const folder = `packages/${pick(WORDS)}-${pick(WORDS)}/src/${pick(WORDS)}/${pick(WORDS)}`;
		for (let n = 0; n < FILES_IN_FOLDER && found.size < FILES; n++) {
			const camel = `${pick(WORDS)}${capital(pick(WORDS))}${capital(pick(WORDS))}`;
			const name = pick([camel, `${pick(WORDS)}-${pick(WORDS)}`]);
			found.add(`${folder}/${name}${found.size % 50}.${pick(ENDINGS)}`);
		}
	}
	return [...found];
}

/** What is typed, letter by letter as far as that matters: few letters fit most, letters far apart cost most. */
const QUERIES: readonly { readonly id: string; readonly query: string; readonly what: string }[] = [
	{ id: "one", query: "s", what: "one letter" },
	{ id: "two", query: "se", what: "two letters" },
	{ id: "word", query: "src", what: "a word that is in every path" },
	{ id: "name", query: "usercontroller", what: "a name" },
	{ id: "initials", query: "ovm", what: "first letters of words" },
	{ id: "apart", query: "pckgs", what: "letters far apart in every path" },
	{ id: "vowels", query: "aeiost", what: "letters far apart in many" },
	{ id: "several", query: "pay ser ts", what: "several words" },
	{ id: "path", query: "cart/src/or", what: "a part of a path" },
	{ id: "nothing", query: "zzzz", what: "nothing that fits" },
];

function row(id: string, what: string, means: string, most?: number): Row {
	return { id, what, unit: "ms", digits: 1, means, ...(most !== undefined && { must: { most } }) };
}

export const mentionGroup: Group = {
	name: "mentions",
	title: `@ over ${FILES.toLocaleString("en")} files, CPU of the thread`,
	rows: [
		...QUERIES.map(({ id, query, what }) =>
			row(`mentions.${id}`, what, `\`${query}\`: from the keystroke to its 50 best rows, median.`, 30),
		),
		row("mentions.worst", "the slowest of all", "Of all queries and rounds, once the code is warm.", 50),
		row("mentions.index", "making the index", "In the background, in pieces of 10 ms; a list of paths is given."),
		row("mentions.block", "longest pause for it", "How long nothing else could run meanwhile.", 50),
	],
};

export async function measureMentions(): Promise<Figures> {
	const files = paths();
	const signal = new AbortController().signal;
	let block = 0;
	let sum = 0;
	const begun = process.threadCpuUsage();
	const clock = setInterval(() => {
		const { user, system } = process.threadCpuUsage(begun);
		const now = (user + system) / 1000;
		block = Math.max(block, now - sum);
		sum = now;
	}, 1);
	const index = await PathIndex.of(files, signal);
	clearInterval(clock);
	const figures: Record<string, number> = { "mentions.index": sum, "mentions.block": block };
	const rank = new Map(files.slice(0, OPEN).map((path, at) => [path, at]));
	let worst = 0;
	for (const { id, query } of QUERIES) {
		const times: number[] = [];
		for (let round = 0; round < ROUNDS + WARM_UP; round++) {
			const time = cpuOf(() => index?.find(query, { limit: 50, rank }));
			if (round >= WARM_UP) times.push(time);
		}
		worst = Math.max(worst, ...times);
		figures[`mentions.${id}`] = median(times);
	}
	return { ...figures, "mentions.worst": worst };
}
