import { count } from "../agent/lines.ts";
import type { TodoItem } from "../shared/event.ts";

/** Most steps that a list has. */
export const MAX_STEPS = 100;
const MAX_TITLE = 200;

const TASK = /^[-*+] \[( |x|X)\] +(.+)$/;
const NUMBERED = /^\d+[.)] +(.+)$/;
const BULLET = /^[-*+] +(.+)$/;

/** The steps of a plan in Markdown: its top-level tasks; without any, its numbered items; without any, its bullets. */
export function stepsOf(markdown: string): TodoItem[] {
	const lines = outsideFences(markdown);
	const tasks = lines.flatMap((line) => {
		const [, mark = " ", title = ""] = TASK.exec(line) ?? [];
		return title === "" ? [] : [step(title, mark === " " ? "pending" : "done")];
	});
	const items = (form: RegExp) => lines.flatMap((line) => form.exec(line)?.[1] ?? []).map((title) => step(title));
	const found = [tasks, items(NUMBERED), items(BULLET)].find((steps) => steps.length > 0) ?? [];
	return found.slice(0, MAX_STEPS);
}

function outsideFences(markdown: string): string[] {
	let isCode = false;
	return markdown.split("\n").flatMap((line) => {
		const isFence = /^ {0,3}(```|~~~)/.test(line);
		if (isFence) isCode = !isCode;
		return isCode || isFence ? [] : [line.trimEnd()];
	});
}

/** A list shows plain words: marks of emphasis go. */
export function step(title: string, status: TodoItem["status"] = "pending"): TodoItem {
	const plain = title.replaceAll(/\*\*|__|`/g, "").trim();
	return { title: plain.length > MAX_TITLE ? `${plain.slice(0, MAX_TITLE - 1).toWellFormed()}…` : plain, status };
}

/** How far a list is, in words. */
export function summaryOf(items: readonly TodoItem[]): string {
	if (items.length === 0) return "cleared";
	const of = (status: TodoItem["status"]) => items.filter((item) => item.status === status).length;
	return `${of("done")} of ${count(items.length, "step")} done, ${of("in_progress")} in progress, ${of("pending")} to do`;
}
