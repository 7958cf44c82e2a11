import type { Context } from "./context.ts";
import type { Finding, FindingStatus } from "./finding.ts";
import type { QuestionName } from "./questions.ts";

/** One thing that is tried. Only `run` talks to the server, and only through the context. */
export interface Probe {
	/** As in the documentation, 1 to 25. */
	readonly id: number;
	readonly title: string;
	/** Without it there is no agent work: a failure makes the endpoint unsuitable. */
	readonly vital?: true;
	/** The questions that it may ask, for the estimate. Those of other probes are shared and cost nothing. */
	readonly asks: readonly QuestionName[];
	/** What must be there, else it is skipped: an answer to the first question, or a call that came (probe 11). */
	readonly needs?: "answers" | "calls";
	run(context: Context): Promise<Finding>;
}

type More = Pick<Finding, "advice" | "facts">;

export function finding(status: FindingStatus, says: string, more: More = {}): Finding {
	return { status, says, ...more };
}
