import type { Message, Part, Usage } from "../shared/message.ts";
import type { Chat, Step } from "../shared/reduce.ts";
import { type AskEnv, nextRequest } from "./ask.ts";
import { stepMessages, toMessages } from "./context.ts";
import { clipped, digest, middleOut, opening } from "./digest.ts";
import type { ModelRequest } from "./ports.ts";
import type { Session } from "./session.ts";

/** Characters for a token, low on purpose: what is kept must fit. */
const CHARS_PER_TOKEN = 3;
/** A window that we were told wrongly must not leave nothing at all. */
const MIN_ROOM = 6_000;
/** The part of the new history that the last steps may take as they are. */
const KEPT_SHARE = 0.5;
/** Notes shorter than this are no help, whatever the room. */
const MIN_NOTES = 2_000;

const ASK_FOR_NOTES = `The chat is too long for your context and is about to be shortened. Do not call a tool now. Write notes for yourself, which will replace everything above except the person's own messages: the task and what the person decided; what was done, with every file that was changed and how; what was found out and matters (paths, names, commands, errors word for word); what failed and why; what remains to be done, in order. Be exact and brief, no code that is in files already.`;

/**
 * Shortens what later requests send: the model's own notes stand for the beginning, the last steps stay as they are.
 * Where the model can't write notes, a list of what was done stands in. False when nothing can be left out, or on Stop.
 */
export async function compact(session: Session, env: AskEnv, signal: AbortSignal): Promise<boolean> {
	const { chat } = session;
	const request = nextRequest(session, env);
	const room = roomIn(request, env.model.contextTokens);
	const keptFrom = keepFrom(chat, room * KEPT_SHARE);
	if (!leavesOut(chat, keptFrom, room)) return false;
	session.show({ type: "compacting", at: Date.now() });
	const { text, usage } = await askForNotes(request, room, env, signal);
	if (signal.aborted) return false;
	const notes = middleOut(text ?? digest(chat, keptFrom, room / 4), Math.max(room / 4, MIN_NOTES));
	const compaction = { summary: opening(chat, keptFrom, notes, room / 4), keptFrom };
	await session.record({ type: "compacted", ...compaction, ...(usage && { usage }) });
	return sizeOfAll(toMessages(session.chat)) < sizeOfAll(request.messages);
}

/** Characters that the messages may have from now on: half of what fits, or of what was just refused. */
function roomIn({ system, tools, messages }: ModelRequest, contextTokens: number): number {
	const fixed = system.length + JSON.stringify(tools).length;
	const sent = fixed + sizeOfAll(messages);
	const window = contextTokens > 0 ? contextTokens * CHARS_PER_TOKEN : sent;
	return Math.max(Math.min(window, sent) / 2 - fixed, MIN_ROOM);
}

function sizeOfAll(messages: readonly Message[]): number {
	return messages.reduce((sum, message) => sum + sizeOf(message), 0);
}

function sizeOf(message: Message): number {
	if (message.role !== "assistant") return message.text.length;
	return message.parts.reduce((sum, part) => sum + sizeOfPart(part), 0);
}

function sizeOfPart(part: Part): number {
	return part.kind === "call" ? part.tool.length + part.args.length : part.text.length;
}

/** `seq` of the oldest step that stays: as many of the last ones as fit. Of none, the `seq` that comes next. */
function keepFrom(chat: Chat, room: number): number {
	let keptFrom = chat.next;
	let left = room;
	for (const step of sentSteps(chat).toReversed()) {
		left -= stepMessages(step).reduce((sum, message) => sum + sizeOf(message), 0);
		if (left < 0) break;
		keptFrom = step.seq;
	}
	return keptFrom;
}

function sentSteps({ turns, compaction }: Chat): Step[] {
	const from = compaction?.keptFrom ?? 0;
	return turns.flatMap((turn) => turn.steps.filter((step) => step.seq >= from));
}

/** Steps, or the greater part of what stands for steps since the last time, which was made for a larger model. */
function leavesOut(chat: Chat, keptFrom: number, room: number): boolean {
	return sentSteps(chat).some((step) => step.seq < keptFrom) || (chat.compaction?.summary.length ?? 0) > room;
}

async function askForNotes(
	request: ModelRequest,
	room: number,
	{ model }: AskEnv,
	signal: AbortSignal,
): Promise<{ readonly text?: string; readonly usage?: Usage }> {
	const messages = asking(clipped(request.messages, room, sizeOf));
	for await (const delta of model.stream({ ...request, messages }, signal)) {
		if (delta.kind !== "end") continue;
		const { parts, usage } = delta.reply;
		const text = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
		// What it cost is counted, whatever came of it.
		return { ...(usage && { usage }), ...(!delta.failure && text.trim() !== "" && { text }) };
	}
	return {};
}

/** Two messages of the person's in a row confuse a model: the wish joins the last one. */
function asking(messages: readonly Message[]): Message[] {
	const last = messages.at(-1);
	if (last?.role !== "user") return [...messages, { role: "user", text: ASK_FOR_NOTES }];
	return [...messages.slice(0, -1), { role: "user", text: `${last.text}\n\n${ASK_FOR_NOTES}` }];
}
