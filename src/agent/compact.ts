import { attachedTokens } from "../shared/attached-text.ts";
import { compactionPoint, messageTokens, stepTokens } from "../shared/context-size.ts";
import type { Unstamped } from "../shared/event.ts";
import { instructionsText } from "../shared/instructions.ts";
import type { Message, Part, Usage } from "../shared/message.ts";
import { type Chat, openCalls, reduce, type Step } from "../shared/reduce.ts";
import { type Answered, nextRequest } from "./ask.ts";
import { knownTokens } from "./context.ts";
import { clipped, digest } from "./digest.ts";
import { type HandOver, handOver } from "./hand-over.ts";
import type { Model, ModelRequest, Reply } from "./ports.ts";
import { delayBefore } from "./retry.ts";
import { type CompactWish, type Room, type RoomEnv, roomOf, sentSteps, tokensOf } from "./room.ts";
import type { Session } from "./session.ts";
import { cutTail } from "./shed.ts";

/** The part of the new history that the last steps may take as they are; what stands for the rest may take the rest. */
const KEPT_SHARE = 0.5;
/** Notes of fewer characters leave out too much: the list of what was done goes with them. */
const FULL_NOTES = 200;
/** A chat that is less shorter than this was not worth it. */
const WORTH = 0.95;
/** Tries of the request for notes; without them the list stands in. */
const TRIES = 4;
const CHARS_PER_TOKEN = 3;
/** Tokens of the least that can stand for a chat. */
const LEAST_SUMMARY = 150;

const ASK_FOR_NOTES = `The chat is too long for your context and is about to be shortened. Do not call a tool now: calls are not carried out. Write notes for yourself, which will replace everything above except the person's own messages: the task and what the person decided; what was done, with every file that was changed and how; what was found out and matters (paths, names, commands, errors word for word); what failed and why; commands that still run in the background, with their ids; what remains to be done, in order. Be exact and brief, no code that is in files already.`;

/** Why a chat is shortened, and how. */
interface Why {
	/** The person wants it. */
	readonly wish?: CompactWish;
	/** The model refused it as it is. */
	readonly refused?: true;
	/** The model is not asked for notes. */
	readonly withoutNotes?: true;
}

/**
 * Shortens what later requests send: the model's own notes stand for the beginning, the last steps stay as they are.
 * Where the model can't write notes, a list of what was done stands in, and always fits. False when nothing can be left
 * out, or on Stop.
 */
export async function compact(session: Session, env: RoomEnv, why: Why, signal: AbortSignal): Promise<boolean> {
	const full = roomOf(session.chat, env, why.refused);
	const refused = why.refused && { model: env.model.name, tokens: full.size };
	await cutTail(session, full, refused);
	const { chat } = session;
	const now = roomOf(chat, env);
	// Notes were no help: what stands for them has to be shorter still.
	const room = why.withoutNotes ? full.after / 2 : full.after;
	const keptFrom = keepFrom(chat, room * KEPT_SHARE);
	const shorter = (found: Notes): Shorter => {
		const over: HandOver = { keptFrom, notes: notesFrom(chat, keptFrom, room, found), ...why.wish };
		const summary = handOver(chat, over, Math.max(room - keptTokens(chat, keptFrom), LEAST_SUMMARY));
		return { type: "compacted", summary, keptFrom, ...(refused && { refused }) };
	};
	// A message that can't fit at all is cut; one that was refused for another reason stays.
	const isTooLarge = now.window > 0 && now.size > now.window;
	// Before notes are paid for.
	const least = roomOf(reduce(chat, { ...shorter({}), seq: chat.next, at: 0 }), env).size;
	if (!leavesOut(chat, keptFrom, room, isTooLarge) || least > now.size * WORTH) return false;
	const found = why.withoutNotes ? {} : await takeNotes(session, env, { ...full, size: now.size }, why, signal);
	if (signal.aborted) return false;
	await session.record({ ...shorter(found), ...(found.usage && { usage: found.usage }) });
	return true;
}

type Shorter = Omit<Extract<Unstamped, { type: "compacted" }>, "usage">;

/** Tokens of what is sent as it is after the summary. */
function keptTokens(chat: Chat, keptFrom: number): number {
	const kept = sentSteps(chat).filter(({ seq }) => seq >= keptFrom);
	return tokensOf(kept, chat.shed) + (keptFrom === chat.next ? 0 : unanswered(chat));
}

/** `seq` of the oldest step that stays: as many of the last ones as fit. Of none, the `seq` that comes next. */
function keepFrom(chat: Chat, room: number): number {
	// A call that waits for its result must not lose its place.
	const open = openCalls(chat).length > 0 ? chat.turns.at(-1)?.steps.at(-1) : undefined;
	let keptFrom = chat.next;
	let left = room - unanswered(chat);
	for (const step of sentSteps(chat).toReversed()) {
		left -= stepTokens(step, chat.shed);
		if (left < 0 && step !== open) break;
		keptFrom = step.seq;
	}
	return keptFrom;
}

/** Tokens of a prompt that no answer came to yet: it goes with the steps, or into what stands for them. */
function unanswered({ turns }: Chat): number {
	const turn = turns.at(-1);
	if (!turn || turn.steps.length > 0) return 0;
	const told = (turn.instructed ?? []).map(({ files }) => instructionsText(files));
	const given = turn.attached ? attachedTokens(turn.attached) : 0;
	return given + messageTokens({ role: "user", text: [turn.prompt, ...told].join("\n\n") });
}

/** Steps, or the greater part of what stands for steps since the last time, which was made for a larger model, or of a prompt. */
function leavesOut(chat: Chat, keptFrom: number, room: number, isTooLarge: boolean): boolean {
	const { compaction } = chat;
	const summary = compaction ? messageTokens({ role: "user", text: compaction.summary }) : 0;
	return (
		sentSteps(chat).some((step) => step.seq < keptFrom) || summary > room || (isTooLarge && unanswered(chat) > room)
	);
}

interface Notes {
	readonly text?: string;
	readonly usage?: Usage;
	/** `seq` of the first step that they know nothing of. */
	readonly until?: number;
}

/** What was left out of the request for them, and what they are too short for, is listed. */
function notesFrom(chat: Chat, keptFrom: number, room: number, { text, until }: Notes): string {
	const chars = Math.floor((room * CHARS_PER_TOKEN) / 4);
	if (text === undefined) return digest(chat, keptFrom, chars);
	const isShort = text.length < FULL_NOTES;
	const more = isShort || (until !== undefined && until < keptFrom);
	return more ? `${text}\n\n${digest(chat, keptFrom, chars, isShort ? 0 : until)}` : text;
}

/** Without text on Stop, and where they can't be had. */
async function takeNotes(
	session: Session,
	env: RoomEnv,
	room: Room,
	{ wish, refused }: Why,
	signal: AbortSignal,
): Promise<Notes> {
	const { chat } = session;
	const request = nextRequest(session, env);
	const { messages, until } = fitting(chat, request, room, refused === true);
	const known = messages === request.messages ? knownTokens(chat, messages) : undefined;
	const asked: ModelRequest = {
		...request,
		messages: asking(messages, wish?.keep ?? ""),
		...(known !== undefined && { knownTokens: known }),
	};
	const notes = await askForNotes(session, env, asked, signal);
	return until === undefined ? notes : { ...notes, until };
}

async function askForNotes(session: Session, env: RoomEnv, asked: ModelRequest, signal: AbortSignal): Promise<Notes> {
	for (let next = 2; ; next++) {
		session.show({ type: "compacting", at: Date.now() });
		const { reply, failure } = await lastWord(env.model, asked, signal);
		if (!failure) return notesOf(reply);
		const wait = next > TRIES ? undefined : delayBefore(next, failure, Math.random());
		if (wait === undefined || signal.aborted) return { ...(reply.usage && { usage: reply.usage }) };
		const at = Date.now();
		session.show({ type: "waiting", at, until: at + wait, attempt: next, of: TRIES, failure });
		await env.pause(wait, signal);
		if (signal.aborted) return {};
	}
}

/** An answer that calls tools all the same is no notes: what it says leads to the calls. */
function notesOf({ parts, usage }: Reply): Notes {
	const text = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
	const isNotes = text.trim() !== "" && !parts.some(({ kind }) => kind === "call");
	return { ...(usage && { usage }), ...(isNotes && { text }) };
}

async function lastWord(model: Model, request: ModelRequest, signal: AbortSignal): Promise<Answered> {
	for await (const delta of model.stream(request, signal)) if (delta.kind === "end") return delta;
	return { reply: { parts: [], finish: null, complete: false, model: model.name } };
}

/**
 * The request's own messages, byte for byte, so that they are served from the prefix cache. Where they do not fit, the
 * last steps are left out, and where that is most of them the history is cut down instead.
 */
function fitting(
	chat: Chat,
	{ messages }: ModelRequest,
	{ size, fixed, window }: Room,
	isRefused: boolean,
): { readonly messages: readonly Message[]; readonly until?: number } {
	// What was refused does not fit, whatever is known of the window.
	const most = window === 0 ? size : Math.min(compactionPoint(window, 100), isRefused ? size * REFUSED_SHARE : size);
	let left = size;
	let until: Step | undefined;
	for (const step of sentSteps(chat).toReversed()) {
		if (left <= most) break;
		left -= stepTokens(step, chat.shed);
		until = step;
	}
	if (!until) return left <= most ? { messages } : { messages: clipTo(messages, most - fixed) };
	const at = messages.findIndex((message) => message.role === "assistant" && message.parts === until.parts);
	if (left > most || left < size / 2 || at < 1) return { messages: clipTo(messages, most - fixed) };
	return { messages: messages.slice(0, at), until: until.seq };
}

const REFUSED_SHARE = 0.9;

function clipTo(messages: readonly Message[], tokens: number): readonly Message[] {
	return clipped(messages, Math.max(tokens, 1000) * CHARS_PER_TOKEN, sizeOf);
}

function sizeOf(message: Message): number {
	if (message.role !== "assistant") return message.text.length;
	return message.parts.reduce((sum, part) => sum + sizeOfPart(part), 0);
}

function sizeOfPart(part: Part): number {
	return part.kind === "call" ? part.tool.length + part.args.length : part.text.length;
}

/** Two messages of the person's in a row confuse a model: the wish joins the last one. */
function asking(messages: readonly Message[], keep: string): Message[] {
	const wish = keep === "" ? ASK_FOR_NOTES : `${ASK_FOR_NOTES}\n\nThe person wants you to keep above all: ${keep}`;
	const last = messages.at(-1);
	if (last?.role !== "user") return [...messages, { role: "user", text: wish }];
	return [...messages.slice(0, -1), { ...last, text: `${last.text}\n\n${wish}` }];
}
