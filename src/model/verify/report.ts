import { cell, plainText } from "../markdown.ts";
import type { FindingStatus, Report, Row, Verdict } from "./finding.ts";

const VERDICTS: Readonly<Record<Verdict, string>> = {
	ready: "Ready",
	repairs: "Works with repairs",
	unsuitable: "Not suitable for agent work",
};

const MEANINGS: Readonly<Record<Verdict, string>> = {
	ready: "Everything that an agent needs works as it should.",
	repairs: "It can be used. What is not as it should be is mended here, or can be lived with.",
	unsuitable: "Something that an agent cannot do without is missing.",
};

const MARKS: Readonly<Record<FindingStatus, string>> = {
	pass: "✓\u00a0passed",
	repair: "~\u00a0repaired",
	fail: "✗\u00a0failed",
	info: "i\u00a0note",
	skipped: "–\u00a0skipped",
};

/** A report as Markdown, for people: what it means first, all probes last. Pure. */
export function renderReport(report: Report): string {
	const { rows, verdict, stopped } = report;
	const of = (status: FindingStatus) => rows.filter((row) => row.status === status);
	const advised = rows.filter(({ advice = [] }) => advice.length > 0);
	const isHint = ({ status }: Row) => status === "info";
	return [
		`# ${stopped ? "Not finished" : VERDICTS[verdict]}: ${plainText(report.model)} at ${plainText(report.endpoint.name)}`,
		stopped
			? `**The run ended early:** ${plainText(stopped.message)} What follows was found until then; the rest was not tried.`
			: MEANINGS[verdict],
		facts(report),
		section("What does not work", of("fail").map(told)),
		section("What we repair", of("repair").map(told)),
		section("What to change on the server", changes(advised.filter((row) => !isHint(row)))),
		section("What could be better", changes(advised.filter(isHint))),
		section("All probes", [
			"| # | Probe | Result | What was found |\n|--:|:--|:--|:--|",
			...(stopped ? rows.filter(({ status }) => status !== "skipped") : rows).map(
				({ id, title, status, says }) => `| ${id} | ${title} | ${MARKS[status]} | ${cell(says)} |`,
			),
		]),
	]
		.filter((part) => part !== "")
		.join("\n\n")
		.concat("\n");
}

function facts({ at, endpoint, served, requests, usage, ms, firstTokenMs, tokensPerSecond }: Report): string {
	const { inputTokens, outputTokens, cost } = usage;
	const tokens = inputTokens + outputTokens === 0 ? [] : [`${inputTokens} tokens in and ${outputTokens} out`];
	const money = cost === undefined ? [] : [`$${cost.toFixed(4)}`];
	return [
		`- Address: ${plainText(endpoint.baseUrl)}`,
		...(served === undefined ? [] : [`- The server calls the model ${plainText(served)}.`]),
		`- ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC: ${[`${requests} requests`, ...tokens, ...money].join(", ")}, ${Math.round(ms / 1000)} s`,
		...(firstTokenMs === undefined ? [] : [`- First token after ${firstTokenMs} ms`]),
		...(tokensPerSecond === undefined ? [] : [`- ${tokensPerSecond} tokens a second`]),
	].join("\n");
}

function told({ title, says }: Row): string {
	return `- **${title}:** ${says}`;
}

function section(title: string, lines: readonly string[]): string {
	return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

/** One line for each piece of advice, under what it is good for; the same advice is given once. */
function changes(rows: readonly Row[]): readonly string[] {
	const byAdvice = Map.groupBy(rows, ({ advice = [] }) => advice.join("\n"));
	return [...byAdvice.values()].map((group) => {
		const reasons = group.map(({ says }) => says).join(" ");
		return [`- ${reasons}`, ...(group[0]?.advice ?? []).map((line) => `  - ${line}`)].join("\n");
	});
}
