import { play, type Said } from "../test/fake/circles.ts";
import type { Figures, Group, Row } from "./targets.ts";

const CYCLES = [2, 3, 4, 5] as const;
const DIFFERENT = 300;

function row(id: string, what: string, means: string, must: Row["must"]): Row {
	return { id: `loops.${id}`, what, unit: "", digits: 0, means, ...(must && { must }) };
}

export const loopGroup: Group = {
	name: "loops",
	title: "Loop guard",
	rows: [
		row("same", "identical calls, held back at", "The call of a row of identical ones that is not run.", { most: 5 }),
		...CYCLES.map((length) =>
			row(`cycle${length}`, `cycle of ${length}, held back in round`, "The round whose first call is not run.", {
				most: 4,
			}),
		),
		row(
			"edits",
			"failing edits, the person is asked at",
			"The edit of one file that fails with another text each time.",
			{
				most: 10,
			},
		),
		row("different", `held back of ${DIFFERENT} different calls`, "A task that does nothing twice.", { exactly: 0 }),
	],
};

/** A scripted model that goes in circles, and one that does not. */
export async function measureLoops(): Promise<Figures> {
	const cycles = await Promise.all(
		CYCLES.map(async (length) => {
			const round = Array.from({ length }, (_, n) => read(`${n}.ts`));
			const { at } = await caught(Array.from({ length: 20 }, () => round).flat());
			return [`loops.cycle${length}`, Math.ceil(at / length)] as const;
		}),
	);
	const edits = Array.from({ length: 20 }, (_, n): Said => ["Edit", { path: "a.ts", old: "missing", try: n }]);
	const different = await caught(Array.from({ length: DIFFERENT }, (_, n) => read(`${n}.ts`)));
	return {
		"loops.same": (await caught(Array.from({ length: 20 }, () => read("a.ts")))).at,
		...Object.fromEntries(cycles),
		"loops.edits": (await caught(edits)).at,
		"loops.different": different.held,
	};
}

function read(path: string): Said {
	return ["Read", { path }];
}

/** Which call was the first that was held back (0: none), and how many were. */
async function caught(calls: readonly Said[]) {
	const { fates } = await play(calls.map((call) => [call]));
	const held = fates.map((fate) => fate === "held" || fate === "asked");
	return { at: held.indexOf(true) + 1, held: held.filter(Boolean).length };
}
