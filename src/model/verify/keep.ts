import type { FactBook, Facts } from "../facts.ts";
import type { Report } from "./finding.ts";
import { renderReport } from "./report.ts";

/** What a whole run tries anew: it holds no longer unless the run found it again. */
const TRIED: Facts = {
	omit: undefined,
	plainIds: undefined,
	contentRequired: undefined,
	maxTokensField: undefined,
	contextTokens: undefined,
	maxOutputTokens: undefined,
	images: undefined,
};

/**
 * Hands on what a run found to all requests that follow, in this session and later ones. Of a run that ended early
 * neither the verdict is kept, nor does what it did not find mean anything.
 * @param text the report as it is shown again
 */
export function keep(report: Report, book: FactBook, text: string = renderReport(report)): void {
	const { at, facts, stopped, verdict } = report;
	if (!stopped) book.learn({ ...TRIED, ...facts, verified: { at, verdict, report: text } });
	else if (Object.keys(facts).length > 0) book.learn(facts);
}
