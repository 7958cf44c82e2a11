import { outlineAttached } from "./attached-text.ts";
import type { Attached } from "./attachments.ts";
import { answerTokens, countedFrom, resultTokens } from "./context-size.ts";
import type { ChatEvent, Effect } from "./event.ts";
import type { Part } from "./message.ts";
import type { DiffPreview, Preview } from "./preview.ts";
import type { Call, Chat, Step, Turn } from "./reduce.ts";

/** Characters that a view gets of whole steps: the last ones. */
const WHOLE = 60_000;

/** What is known of a step whose texts are not there; zeros of one that is not sent any more. */
export interface Outline {
	/** Tokens of its answer, and of its results as they are sent. */
	readonly answer: number;
	readonly results: number;
	/** Characters of its results. */
	readonly characters: number;
}

const UNSENT: Outline = { answer: 0, results: 0, characters: 0 };

/**
 * The chat as a view gets it to begin with, small however long it is: of older steps what is behind closed cards is left
 * out. A view asks for such a step (`Step.outline`) once a card of it is opened.
 * `reduce` goes on from it as from the chat itself, for all that a view shows, until a `restored`: what a turn began with
 * is not there.
 */
export function outline(chat: Chat): Chat {
	const { restored, ...rest } = chat;
	return {
		...rest,
		seen: {},
		queue: chat.queue.map(outlineSaid),
		turns: outlineTurns(chat),
		...(restored && { restored: { ...restored, chat: outline(restored.chat) } }),
	};
}

function outlineTurns(chat: Chat): readonly Turn[] {
	const from = countedFrom(chat);
	let left = WHOLE;
	const newestFirst = (turn: Turn): Turn => {
		const steps = turn.steps.toReversed().map((step) => {
			if (left > 0) left -= JSON.stringify(step).length;
			return left > 0 || step.calls.some((call) => call.text === undefined) ? step : outlineStep(step, chat.shed, from);
		});
		const before = { todo: [], rules: [], seen: {} };
		const { steered, ...said } = outlineSaid(turn);
		return { ...said, before, steps: steps.toReversed(), ...(steered && { steered: steered.map(outlineSaid) }) };
	};
	return chat.turns.toReversed().map(newestFirst).toReversed();
}

/** Without the texts and images of what went with it. */
function outlineSaid<T extends { readonly attached?: readonly Attached[] | undefined }>(said: T): T {
	return said.attached ? { ...said, attached: outlineAttached(said.attached) } : said;
}

/** An event as a view gets it. */
export function outlineEvent(event: ChatEvent): ChatEvent {
	switch (event.type) {
		case "prompted":
		case "steered":
			return outlineSaid(event);
		case "queued":
			return { ...event, messages: event.messages.map(outlineSaid) };
		default:
			return event;
	}
}

/** `from`: the first step whose tokens count. */
function outlineStep(step: Step, sheds: Chat["shed"], from: number): Step {
	const outline = step.seq < from ? UNSENT : (step.outline ?? measured(step, sheds));
	if (step.outline) return { ...step, outline };
	return { ...step, parts: step.parts.map(outlinePart), calls: step.calls.map(outlineCall), outline };
}

function measured(step: Step, sheds: Chat["shed"]): Outline {
	return {
		answer: answerTokens(step),
		results: resultTokens(step, sheds),
		characters: step.calls.reduce((sum, { text = "" }) => sum + text.length, 0),
	};
}

function outlinePart(part: Part): Part {
	switch (part.kind) {
		case "text":
			return part;
		case "reasoning":
			// What shows that there is something to open.
			return { kind: "reasoning", text: part.text.trim().slice(0, 1) };
		case "call":
			return { kind: "call", id: part.id, tool: part.tool, args: "" };
	}
}

function outlineCall({ details: _details, offers: _offers, ruling: _ruling, ...call }: Call): Call {
	return {
		...call,
		args: "",
		...(call.text !== undefined && { text: "" }),
		...(call.effects && { effects: call.effects.map(outlineEffect) }),
		...(call.preview && { preview: outlinePreview(call.preview) }),
		...(call.show && { show: outlinePreview(call.show) }),
	};
}

/** A command may be a whole script. */
function outlineEffect(effect: Effect): Effect {
	return "exec" in effect ? { exec: "" } : effect;
}

function outlinePreview(preview: Preview): Preview {
	switch (preview.kind) {
		case "diff":
			return outlineDiff(preview);
		case "files":
			return { kind: "files", files: preview.files.map(outlineDiff) };
		case "command":
			return { ...preview, command: "" };
		case "plan":
		case "text":
			return { ...preview, text: "" };
		case "call":
			return { ...preview, args: "" };
		case "task":
			return { kind: "task", prompt: "", calls: [] };
		case "questions":
			return { kind: "questions", questions: [] };
	}
}

/** How many lines change is on the closed card. */
function outlineDiff(diff: DiffPreview): DiffPreview {
	return { ...diff, diff: "" };
}

/** The chat with a step that was an outline and came whole. */
export function fillIn(chat: Chat, whole: Step): Chat {
	const isOutline = (step: Step) => step.seq === whole.seq && step.outline !== undefined;
	const index = chat.turns.findIndex(({ steps }) => steps.some(isOutline));
	const turn = chat.turns[index];
	if (!turn) return chat;
	const steps = turn.steps.map((step) => (isOutline(step) ? whole : step));
	return { ...chat, turns: chat.turns.with(index, { ...turn, steps }) };
}

export function findStep({ turns }: Chat, seq: number): Step | undefined {
	for (const { steps } of turns) {
		const found = steps.find((step) => step.seq === seq);
		if (found) return found;
	}
	return undefined;
}
