import type { Message, Part } from "../shared/message.ts";
import type { Call, Chat, Step } from "../shared/reduce.ts";
import { notesIn } from "./hand-over.ts";
import { middleOut } from "./middle-out.ts";

/** Characters that a tool's result or a call's arguments keep, tried one after the other until the history fits. */
const CLIPS = [4000, 1000, 300, 100] as const;
/** Characters that one message of the person keeps where not all fit. */
const PROMPT_CHARS = 4000;

/** A history cut down to `room` characters for a model that is to take notes of it: results first, then its beginning. */
export function clipped(
	messages: readonly Message[],
	room: number,
	sizeOf: (message: Message) => number,
): readonly Message[] {
	const sum = (all: readonly Message[]) => all.reduce((total, message) => total + sizeOf(message), 0);
	let clippedNow = messages;
	for (const max of CLIPS) {
		if (sum(clippedNow) <= room) return clippedNow;
		clippedNow = messages.map((message) => clip(message, max));
	}
	const [first, ...rest] = clippedNow;
	let left = sum(clippedNow);
	let from = 0;
	// A result without its call is no history: whole exchanges go.
	while (from < rest.length && (left > room || rest[from]?.role === "tool")) {
		const message = rest[from++];
		left -= message ? sizeOf(message) : 0;
	}
	return [...(first ? [first] : []), ...rest.slice(from)];
}

function clip(message: Message, max: number): Message {
	if (message.role === "tool") return { ...message, text: middleOut(message.text, max) };
	if (message.role === "user") return { ...message, text: middleOut(message.text, Math.max(max, PROMPT_CHARS)) };
	return { ...message, parts: message.parts.map((part) => clipPart(part, max)) };
}

function clipPart(part: Part, max: number): Part {
	if (part.kind === "call")
		return part.args.length <= max ? part : { ...part, args: JSON.stringify({ shortened: part.args.slice(0, max) }) };
	// Details repeat the text of the thinking, and can't be cut.
	if (part.kind === "reasoning") return { kind: "reasoning", text: middleOut(part.text, max) };
	return { ...part, text: middleOut(part.text, max) };
}

/**
 * A list of what was done before `keptFrom`, in at most about `max` characters: the newest where not all fit. `since`:
 * only from the step with this `seq` on, without the notes of before.
 */
export function digest(chat: Chat, keptFrom: number, max: number, since = 0): string {
	const { summary, keptFrom: kept } = chat.compaction ?? { summary: "", keptFrom: 0 };
	const from = Math.max(kept, since);
	const lines: string[] = [];
	const before = summary === "" || since > 0 ? [] : [middleOut(notesIn(summary), Math.floor(max / 2))];
	let left = max - (before[0]?.length ?? 0);
	const isNew = (step: Step) => step.complete && from <= step.seq && step.seq < keptFrom;
	const steps = chat.turns.flatMap((turn) => turn.steps).filter(isNew);
	for (const line of steps.flatMap(linesOf).toReversed()) {
		left -= line.length;
		if (left < 0) return [...before, "(Some steps are left out.)", ...lines].join("\n");
		lines.unshift(line);
	}
	return lines.length + before.length === 0 ? "(Nothing was done yet.)" : [...before, ...lines].join("\n");
}

function linesOf({ parts, calls }: Step): string[] {
	const said = parts.flatMap((part) => (part.kind === "text" && part.text.trim() !== "" ? [part.text.trim()] : []));
	return [...said.map((text) => `You said: ${middleOut(text, 400)}`), ...calls.map(lineOf)];
}

function lineOf(call: Call): string {
	const [firstLine = ""] = (call.text ?? "").trim().split("\n", 1);
	const outcome = call.state === "done" ? "done" : `${call.state}: ${middleOut(firstLine, 200)}`;
	return `- ${call.title ?? call.tool} (${outcome})`;
}
