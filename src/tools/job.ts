import type { Exit, Job, JobOutput, Jobs } from "../agent/ports.ts";
import type { Outcome, Plan, Refusal } from "../agent/tool.ts";

const MAX_TITLE = 80;

/** A command as a title names it: its first line. */
export function lineOf(command: string): string {
	const [first = "", ...rest] = command.trim().split("\n");
	const line = first.length > MAX_TITLE ? first.slice(0, MAX_TITLE - 1).toWellFormed() : first;
	return `${line}${rest.length > 0 || first.length > MAX_TITLE ? "…" : ""}`;
}

/** How a command ended, as a status without its brackets. */
export function exitWords({ exitCode, signal }: Exit): string {
	if (exitCode !== null) return `Exit code ${exitCode}`;
	return signal === null ? "Ended; its exit code is not known." : `Ended by ${signal}.`;
}

/**
 * What no person would see, and spells whole sentences to a model or turns what is around it: marks of direction, zero
 * width, tags. Emoji and some scripts need joiners and selectors, but never three in a row.
 */
const UNSEEN =
	/(?!\p{Join_Control}|\ufe0e|\ufe0f)[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]|(?:\p{Join_Control}|\ufe0e|\ufe0f){3,}/gu;

/** Output and status as the model reads them. */
export function resultText(output: string, instead: string, status: string): string {
	let unseen = 0;
	const seen = output.replace(UNSEEN, (run) => {
		unseen += [...run].length;
		return "";
	});
	const text = seen.trimEnd();
	const note = unseen === 0 ? "" : `\n[Invisible characters left out: ${unseen}.]`;
	return `${text === "" ? instead : text}\n\n[${status}]${note}`;
}

/** A call for a background command; refused where there is none of this id. It changes nothing that was not allowed. */
export function planForJob(
	jobs: Jobs,
	id: string,
	verb: string,
	run: (job: Job, signal: AbortSignal) => Promise<Outcome>,
): Plan | Refusal {
	const job = jobs.list().find((each) => each.id === id);
	if (!job) return { refused: noSuchJob(jobs, id) };
	return { title: `${verb} ${id}: ${lineOf(job.command)}`, effects: [], run: (signal) => run(job, signal) };
}

export function noSuchJob(jobs: Jobs, id: string): string {
	const ids = jobs.list().flatMap((job) => (job.exit ? [] : [job.id]));
	const others = ids.length === 0 ? "None runs now" : `These run: ${ids.join(", ")}`;
	return `There is no background command ${id}. ${others}; all end when VS Code is closed or reloaded. Start it again with Bash.`;
}

/** What a background command printed since it was last read, and what became of it. */
export function jobOutcome({ job, output, log }: JobOutput): Outcome {
	const { id, exit } = job;
	const status = exit ? `${id} has ended. ${exitWords(exit)}` : `${id} still runs.`;
	const goesOn = !exit && { goesOn: true as const };
	const details = { ...goesOn, ...(exit && { exitCode: exit.exitCode }), ...(log !== undefined && { log }) };
	return { text: resultText(output, "(no new output)", status), details };
}
