import { cpus, loadavg } from "node:os";
import { styleText } from "node:util";
import { type Figures, type Group, groups } from "./targets.ts";
import { judge, type Line } from "./verdict.ts";

/** Where and when figures were taken: absolute times mean nothing without it. */
export interface Circumstances {
	readonly node: string;
	readonly platform: string;
	readonly cpu: string;
	readonly cores: number;
	/** Processes that wanted to run, over the last minute before the bench. */
	readonly load: number;
	readonly date: string;
}

export function circumstances(): Circumstances {
	const all = cpus();
	return {
		node: process.version,
		platform: `${process.platform} ${process.arch}`,
		cpu: all[0]?.model ?? "unknown",
		cores: all.length,
		load: loadavg()[0] ?? 0,
		date: new Date().toISOString().slice(0, 10),
	};
}

function measured(figures: Figures): { readonly group: Group; readonly lines: readonly Line[] }[] {
	return groups
		.map((group) => ({ group, lines: group.rows.flatMap((row) => judge(row, figures) ?? []) }))
		.filter(({ lines }) => lines.length > 0);
}

export function misses(figures: Figures): readonly Line[] {
	return measured(figures).flatMap(({ lines }) => lines.filter(({ verdict }) => verdict === "MISS"));
}

/** For a terminal. */
export function toText(figures: Figures, where: Circumstances, stream: NodeJS.WritableStream): string {
	const bold = (text: string) => styleText("bold", text, { stream });
	const rows = measured(figures).flatMap(({ group, lines }) => [
		"",
		bold(group.title),
		...lines.map((line) => textRow(line, stream)),
	]);
	return [summary(where), ...rows, ""].join("\n");
}

function textRow({ what, shown, unit, must, verdict }: Line, stream: NodeJS.WritableStream): string {
	const mark = verdict === "" ? "" : styleText(verdict === "ok" ? "green" : "red", verdict, { stream });
	return `  ${what.padEnd(38)} ${shown.padStart(9)} ${unit.padEnd(6)} ${must.padEnd(10)} ${mark}`.trimEnd();
}

function summary({ node, platform, cpu, cores, load }: Circumstances): string {
	return `Node ${node}, ${platform}, ${cores} × ${cpu}, load ${load.toFixed(1)}`;
}

export function toJson(figures: Figures, where: Circumstances): string {
	const rows = measured(figures).flatMap(({ group, lines }) =>
		lines.map(({ id, what, unit, value, must, verdict }) => ({
			id,
			group: group.title,
			what,
			unit,
			value,
			must,
			verdict,
		})),
	);
	return `${JSON.stringify({ ...where, rows }, null, "\t")}\n`;
}

const HEAD = `# Benchmarks

Every figure here is measured by one command, on your machine in about a minute and a half:

\`\`\`sh
npm run bench                     # the table
npm run bench -- --json -         # the same as JSON; or --json FILE
npm run bench -- --only stream,tools
npm run bench -- --write-docs     # writes this page anew
\`\`\`

The groups for \`--only\` are {names}.

A small HTTP server plays the model: it has no delay, always gives the same answers, and runs in a process of its own, so
that what is measured is the client alone. It lets the real bundle \`dist/headless.mjs\` do up to 300 tool calls in turns
of four: read a file, edit a line of it, search 400 files, run a command. A smallest possible client does the same work
beside it, as a floor: ratios hold on any machine, absolute times do not, and a machine that does other things at the
same time spoils both (of several equal runs the quietest counts). The command ends with an error only if it could not measure; a missed target is a word in the
table.

The column "must" is what this project demands of itself, from measuring other agents in the same way.
`;

/** docs/benchmarks.md: how to measure, one run, and what each line means. */
export function toMarkdown(figures: Figures, where: Circumstances): string {
	const names = [...new Set(groups.map(({ name }) => `\`${name}\``))].join(", ");
	const tables = measured(figures).map(({ group, lines }) =>
		[
			`### ${group.title}`,
			"",
			"| figure | measured | must | | what it means |",
			"| --- | ---: | --- | --- | --- |",
			...lines.map(
				(line) => `| ${line.what} | ${line.shown} ${line.unit} | ${line.must} | ${line.verdict} | ${line.means} |`,
			),
			"",
		].join("\n"),
	);
	return [HEAD.replace("{names}", names), "## One run", "", `${where.date}: ${summary(where)}.`, "", ...tables].join(
		"\n",
	);
}
