import { problemLine, tellable } from "./problem-lines.ts";
import type { Problem } from "./problems.ts";
import type { Ctx, Outcome, Plan } from "./tool.ts";

/** Errors that a result names; the Problems tool has the rest. */
const MOST = 5;

/** What an edit breaks, as the editor sees it. To be ended. */
export interface ErrorWatch {
	/** Adds the errors that came with the edit to its result. Waits for them for a moment, if anybody looks for any. */
	tell(outcome: Outcome, signal: AbortSignal): Promise<Outcome>;
	end(): void;
}

/** Before a plan runs. Costs nothing where it writes no file that a language service looks at. */
export async function watchErrors(ctx: Pick<Ctx, "files" | "problems">, plan: Plan) {
	const written = plan.proposals?.filter(({ after }) => after !== null) ?? [];
	if (!ctx.problems || written.length === 0) return NOBODY;
	const { problems, files } = ctx;
	const watch = await problems.watch(written.map(({ path }) => path));
	if (!watch) return NOBODY;
	const before = tally(errorsOf(problems.now()));
	const isNew = written.every(({ path, before: file }) => file === null || watch.known.has(path));
	return {
		async tell(outcome, stop) {
			if (outcome.failed) return outcome;
			await watch.settled(stop);
			const found = await tellable(
				files,
				errorsOf(problems.now()).filter((each) => !take(before, keyOf(each))),
			);
			if (found.length === 0) return outcome;
			const lines = found.slice(0, MOST).map(problemLine);
			const more = found.length > MOST ? [`And ${found.length - MOST} more: call Problems.`] : [];
			return { ...outcome, text: [outcome.text, "", isNew ? NEW : MAYBE_NEW, ...lines, ...more].join("\n") };
		},
		end: () => watch.end(),
	} satisfies ErrorWatch;
}

const NOBODY: ErrorWatch = { tell: (outcome) => Promise.resolve(outcome), end: () => undefined };

const NEW = "New errors that the editor reports after this change:";
const MAYBE_NEW = "Errors that the editor reports after this change; it had not looked at the file before:";

function errorsOf(problems: readonly Problem[]): readonly Problem[] {
	return problems.filter(({ severity }) => severity === "error");
}

/** Not its line: an edit moves those of errors that were there before. */
function keyOf({ path, source, code, message }: Problem): string {
	return JSON.stringify([path, source, code, message]);
}

function tally(problems: readonly Problem[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const key of problems.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
	return counts;
}

/** Whether there is one left of it, which is used up. */
function take(counts: Map<string, number>, key: string): boolean {
	const left = counts.get(key) ?? 0;
	counts.set(key, left - 1);
	return left > 0;
}
