import { attachedNames, attachedText } from "../shared/attached-text.ts";
import { instructionsInSummary, toldInstructions } from "../shared/instructions.ts";
import type { Call, Chat, Turn } from "../shared/reduce.ts";
import { tokensIn } from "../shared/tokens.ts";
import { visible } from "../shared/visible.ts";
import { middleOut } from "./middle-out.ts";

/** Characters that one message of the person keeps where not all fit. */
const PROMPT_CHARS = 4000;
/** Less than this of a message says nothing. */
const LEAST_WORDS = 200;
/** Notes shorter than this are no help, whatever the room. */
const MIN_NOTES = 2000;
const CHARS_PER_TOKEN = 3;
/** Files that were read are named as far as they are the last ones. */
const READ_FILES = 30;

export interface HandOver {
	/** `seq` of the first step that stays. */
	readonly keptFrom: number;
	readonly notes: string;
	/** What the person wants kept. */
	readonly keep?: string;
}

/** What stands for everything before `keptFrom`, in at most `room` tokens: the less, the less of each part. */
export function handOver(chat: Chat, over: HandOver, room: number): string {
	for (let chars = room * CHARS_PER_TOKEN; ; chars = Math.floor(chars / 2)) {
		const text = compose(chat, over, chars);
		if (tokensIn(text) <= room || chars < MIN_NOTES / 8) return text;
	}
}

/** The person's own words take half of the room where they need it, the facts of the log a quarter. */
function compose(chat: Chat, { keptFrom, notes, keep }: HandOver, chars: number): string {
	const past = chat.turns.filter((turn) => turn.seq < keptFrom);
	const words = wordsOf(saidIn(past, keptFrom, Math.floor(chars / 2)), chars / 2).join("\n");
	const facts = middleOut(factsOf(chat, past, keptFrom).join("\n\n"), Math.floor(chars / 4));
	const told = instructionsIn(chat, keptFrom, Math.floor(chars / 4));
	const left = Math.max(chars - words.length - facts.length - told.length, chars / 4);
	return [
		"[This chat became too long for your context. What follows stands for its beginning.]",
		`What the person said, oldest first:\n${words}`,
		...(facts === "" ? [] : [facts]),
		...(told === "" ? [] : [told]),
		...(keep ? [`What the person wants you to keep of it:\n${middleOut(keep, Math.floor(chars / 8))}`] : []),
		`${NOTES}\n${middleOut(notes.trim(), Math.floor(Math.min(left, Math.max(chars / 2, MIN_NOTES))))}`,
	].join("\n\n");
}

/** What the person said, oldest first; what went with the last of it as far as there is room, of the rest its names. No image goes along. */
function saidIn(past: readonly Turn[], keptFrom: number, room: number): readonly string[] {
	const all = past.flatMap(({ prompt: text, attached, steered = [] }) => [
		{ text, attached },
		...steered.filter(({ seq }) => seq < keptFrom),
	]);
	return all.map(({ text, attached }, at) => {
		if (!attached) return text;
		return `${text}\n\n${at === all.length - 1 ? attachedText(attached, room) : attachedNames(attached)}`;
	});
}

/** What the project tells agents: all of it where there is room, else where to read it again. */
function instructionsIn(chat: Chat, keptFrom: number, room: number): string {
	const told = [...toldInstructions(chat, keptFrom).values()].map(({ again: _again, ...file }) => file);
	if (told.length === 0) return "";
	const whole = instructionsInSummary(told);
	if (whole.length <= room) return whole;
	const named = told.map(({ path }) => visible(path)).join(", ");
	return middleOut(`Notes for agents that lie in the project, to read again where they matter: ${named}`, room);
}

const NOTES = "What you did and found, from your notes. Files may have changed since: read again what you need.";

/** The notes in what `handOver` made. */
export function notesIn(summary: string): string {
	return summary.slice(summary.lastIndexOf(NOTES) + NOTES.length).trim();
}

/** Word for word where there is room; else the last message first: it is what the model works on. */
function wordsOf(said: readonly string[], room: number): string[] {
	const all = said.reduce((sum, text) => sum + text.length, 0);
	const words: string[] = [];
	let left = room;
	for (const [index, text] of [...said.entries()].toReversed()) {
		const isLast = index === said.length - 1;
		const most = Math.floor(all <= room || isLast ? left : Math.min(left, PROMPT_CHARS));
		if (most < Math.min(LEAST_WORDS, text.length) && !isLast)
			return [`(${index + 1} earlier messages are left out.)`, ...words];
		const kept = middleOut(text, most);
		left -= kept.length;
		words.unshift(`<message>\n${kept}\n</message>`);
	}
	return words;
}

/** What the log tells for certain, whatever the notes say. */
function factsOf(chat: Chat, past: readonly Turn[], keptFrom: number): string[] {
	const plan = chat.todo.map(({ title, status }) => `- [${MARKS[status]}] ${title}`);
	const changed = [...new Set(past.flatMap((turn) => turn.changes.map(({ path }) => path)))];
	const read = Object.keys(chat.seen).filter((path) => !changed.includes(path));
	const decided = past
		.flatMap((turn) => turn.steps.filter(({ seq }) => seq < keptFrom).flatMap(({ calls }) => calls))
		.flatMap(decisionOf);
	return [
		section("The plan now:", plan),
		section("Files that were changed:", changed.map(listed)),
		section("Files that you read last:", read.slice(-READ_FILES).map(listed)),
		section("What the person decided:", decided),
	].flat();
}

const MARKS = { pending: " ", in_progress: "~", done: "x" } as const;

const listed = (path: string) => `- ${path}`;

function section(title: string, lines: readonly string[]): string[] {
	return lines.length === 0 ? [] : [[title, ...lines].join("\n")];
}

/** What was only allowed says nothing that its result does not. */
function decisionOf({ by, verdict, edited, reason = "", title, tool }: Call): string[] {
	if (by !== "person") return [];
	const what = title ?? tool;
	const why = reason === "" ? "" : `: ${middleOut(reason, 300)}`;
	if (verdict === "deny") return [`- Refused “${what}”${why}`];
	return edited ? [`- Changed what you proposed, then allowed it: “${what}”${why}`] : [];
}
