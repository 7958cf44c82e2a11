import type { Failure } from "../../shared/failure.ts";
import { inEnglish, type Translate, translated } from "../../shared/said.ts";
import { cell, plainText } from "../markdown.ts";
import type { FindingStatus, Report, Row, Verdict } from "./finding.ts";

const VERDICTS: Readonly<Record<Verdict, (t: Translate) => readonly [name: string, meaning: string]>> = {
	ready: (t) => [t("Ready"), t("Everything that an agent needs works as it should.")],
	repairs: (t) => [
		t("Works with repairs"),
		t("It can be used. What is not as it should be is mended here, or can be lived with."),
	],
	unsuitable: (t) => [t("Not suitable for agent work"), t("Something that an agent cannot do without is missing.")],
};

const MARKS: Readonly<Record<FindingStatus, (t: Translate) => string>> = {
	pass: (t) => `✓\u00a0${t("passed")}`,
	repair: (t) => `~\u00a0${t("repaired")}`,
	fail: (t) => `✗\u00a0${t("failed")}`,
	info: (t) => `i\u00a0${t("note")}`,
	skipped: (t) => `–\u00a0${t("skipped")}`,
};

/** A report as Markdown, for people: what it means first, all probes last. What a probe found stays English. Pure. */
export function renderReport(report: Report, t: Translate = inEnglish): string {
	const { rows, verdict, stopped } = report;
	const of = (status: FindingStatus) => rows.filter((row) => row.status === status);
	const advised = rows.filter(({ advice = [] }) => advice.length > 0);
	const isHint = ({ status }: Row) => status === "info";
	const [name, meaning] = stopped ? [t("Not finished"), early(stopped, t)] : VERDICTS[verdict](t);
	const line = ({ id, title, status, says }: Row) =>
		`| ${id} | ${t(title)} | ${MARKS[status](t)} | ${cell(translated(says, t))} |`;
	return [
		`# ${name}: ${t("{0} at {1}", plainText(report.model), plainText(report.endpoint.name))}`,
		meaning,
		facts(report, t),
		section(t("What does not work"), of("fail").map(told(t))),
		section(t("What we repair"), of("repair").map(told(t))),
		section(
			t("What to change on the server"),
			changes(
				advised.filter((row) => !isHint(row)),
				t,
			),
		),
		section(t("What could be better"), changes(advised.filter(isHint), t)),
		section(t("All probes"), [
			`| # | ${t("Probe")} | ${t("Result")} | ${t("What was found")} |\n|--:|:--|:--|:--|`,
			...(stopped ? rows.filter(({ status }) => status !== "skipped") : rows).map(line),
		]),
	]
		.filter((part) => part !== "")
		.join("\n\n")
		.concat("\n");
}

function early(stopped: Failure, t: Translate): string {
	const rest = t("What follows was found until then; the rest was not tried.");
	return `**${t("The run ended early:")}** ${plainText(translated(stopped.message, t))} ${rest}`;
}

function facts(report: Report, t: Translate): string {
	const { at, endpoint, served, requests, usage, ms, firstTokenMs, tokensPerSecond } = report;
	const { inputTokens, outputTokens, cost } = usage;
	const tokens =
		inputTokens + outputTokens === 0 ? [] : [t("{0} tokens in and {1} out", `${inputTokens}`, `${outputTokens}`)];
	const money = cost === undefined ? [] : [`$${cost.toFixed(4)}`];
	const took = [t("{0} requests", `${requests}`), ...tokens, ...money, `${Math.round(ms / 1000)} s`].join(", ");
	return [
		`- ${t("Address: {0}", plainText(endpoint.baseUrl))}`,
		...(served === undefined ? [] : [`- ${t("The server calls the model {0}.", plainText(served))}`]),
		`- ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC: ${took}`,
		...(firstTokenMs === undefined ? [] : [`- ${t("First token after {0} ms", `${firstTokenMs}`)}`]),
		...(tokensPerSecond === undefined ? [] : [`- ${t("{0} tokens a second", `${tokensPerSecond}`)}`]),
	].join("\n");
}

const told =
	(t: Translate) =>
	({ title, says }: Row): string =>
		`- **${t(title)}:** ${translated(says, t)}`;

function section(title: string, lines: readonly string[]): string {
	return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

/** One line for each piece of advice, under what it is good for; the same advice is given once. */
function changes(rows: readonly Row[], t: Translate): readonly string[] {
	const byAdvice = Map.groupBy(rows, ({ advice = [] }) => advice.join("\n"));
	return [...byAdvice.values()].map((group) => {
		const reasons = group.map(({ says }) => translated(says, t)).join(" ");
		return [`- ${reasons}`, ...(group[0]?.advice ?? []).map((line) => `  - ${translated(line, t)}`)].join("\n");
	});
}
