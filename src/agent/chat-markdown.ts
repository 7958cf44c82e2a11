import type { Attached } from "../shared/attachments.ts";
import type { DiffPreview, Preview } from "../shared/preview.ts";
import { answerWords } from "../shared/questions.ts";
import type { Call, Chat, Step, Turn } from "../shared/reduce.ts";
import { contained, fenced } from "./contained.ts";

/** A chat as a document for people: what was said, and every call with its result folded. */
export function chatMarkdown(chat: Chat): string {
	const facts = [
		day(chat.openedAt),
		...(chat.model === undefined ? [] : [`model ${oneLine(chat.model)}`]),
		`${chat.turns.reduce((sum, { steps }) => sum + steps.length, 0)} steps`,
	];
	const head = [`# ${escaped(oneLine(chat.title))}`, `*${escaped(facts.join(" · "))}*`];
	return `${[...head, ...chat.turns.flatMap(turnBlocks)].join("\n\n")}\n`;
}

function turnBlocks(turn: Turn): readonly string[] {
	const said = [...turn.steps, ...(turn.steered ?? [])].sort((a, b) => a.seq - b.seq);
	const blocks = said.flatMap((each) => ("parts" in each ? stepBlocks(each) : person(each.text, each.attached)));
	return [...person(turn.prompt, turn.attached), "## Kimi", ...blocks, ...endOf(turn)];
}

function person(text: string, attached: readonly Attached[] = []): readonly string[] {
	return ["## You", contained(text).replace(/^/gm, "> "), ...attached.map(attachedBlock)];
}

/** Of an image its name alone. */
function attachedBlock({ kind, name, text, failed }: Attached): string {
	const words = failed ?? text;
	return folded(`Attached: ${kind} · ${name}`, ...(words === "" ? [] : [fenced(words)]));
}

function stepBlocks({ parts, calls }: Step): readonly string[] {
	return parts.flatMap((part) => {
		if (part.kind === "text") return part.text.trim() === "" ? [] : [contained(part.text)];
		if (part.kind === "reasoning") return part.text.trim() === "" ? [] : [folded("Thinking", fenced(part.text))];
		const call = calls.find(({ id }) => id === part.id);
		return [call ? callBlock(call) : folded(`${part.tool} · not run`, fenced(part.args, "json"))];
	});
}

const STATES: Readonly<Record<Call["state"], string>> = {
	said: "not run",
	planned: "not run",
	asking: "not decided",
	allowed: "no result",
	denied: "rejected",
	done: "done",
	failed: "failed",
};

function callBlock(call: Call): string {
	const shown = call.show ?? call.preview;
	const reason = call.by === "person" && call.reason ? [`Decided by you: ${escaped(oneLine(call.reason))}`] : [];
	const what = shown ? previewBlocks(shown) : [fenced(call.args, "json")];
	const result = call.text === undefined ? [] : ["Result:", fenced(call.text)];
	const title = `${call.tool} · ${call.title ?? ""} · ${STATES[call.state]}`.replace(" ·  · ", " · ");
	return folded(title, ...what, ...reason, ...result);
}

function previewBlocks(preview: Preview): readonly string[] {
	switch (preview.kind) {
		case "diff":
			return [diffBlock(preview)];
		case "files":
			return preview.files.map(diffBlock);
		case "plan":
			return [fenced(preview.text, "markdown")];
		case "command":
			return [fenced(preview.command, "sh")];
		case "task":
			return [fenced(preview.prompt), ...(preview.report === undefined ? [] : [fenced(preview.report, "markdown")])];
		case "questions":
			return preview.questions.map((question, at) => {
				const answer = preview.answers?.[at];
				const words = answer ? answerWords(question, answer) : question.options.map(({ label }) => label);
				return fenced([question.question, ...words.map((each) => `${answer ? "→" : "-"} ${each}`)].join("\n"));
			});
		case "call":
			return [fenced(preview.args, "json")];
		case "text":
			return [fenced(preview.text)];
	}
}

function diffBlock({ from, path, diff }: DiffPreview): string {
	return fenced(`--- ${from ?? path}\n+++ ${path}\n${diff}`, "diff");
}

function endOf({ ended, failure }: Turn): readonly string[] {
	if (failure) return [`*The turn failed: ${escaped(oneLine(failure.message))}*`];
	if (ended === undefined || ended === "done") return [];
	return [`*The turn ended: ${ended}.*`];
}

function folded(title: string, ...blocks: readonly string[]): string {
	return ["<details>", `<summary>${inHtml(oneLine(title))}</summary>`, "", blocks.join("\n\n"), "", "</details>"].join(
		"\n",
	);
}

/** Words of others that are no markup in ours. */
function escaped(text: string): string {
	return inHtml(text.replace(/[\\`*_[\]#|~]/g, "\\$&"));
}

function inHtml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/** In UTC; empty where a calendar has no such day. */
function day(at: number): string {
	const date = new Date(at);
	return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}
