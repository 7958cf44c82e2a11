import { allowed } from "./allowed.ts";
import { addUsage, ended, reopen, replied } from "./answers.ts";
import type { Attached } from "./attachments.ts";
import { addChanges, type Changes, followChanges } from "./changes.ts";
import type {
	Details,
	Effect,
	EndReason,
	FileChange,
	QueuedMessage,
	ReachedLimit,
	Recorded,
	TodoItem,
	Verdict,
} from "./event.ts";
import type { Failure } from "./failure.ts";
import { restored } from "./going-back.ts";
import { type Instructed, instructed } from "./instructions.ts";
import type { Part, Usage } from "./message.ts";
import type { Outline } from "./outline.ts";
import type { Preview } from "./preview.ts";
import { queued, steered, unqueue } from "./queue.ts";
import type { Repetition } from "./repetition.ts";
import type { Rule } from "./rule.ts";
import { attachedSeen, nowSeen, type Seen } from "./seen.ts";
import { type Compaction, compacted, type Refused, type Shed, shed } from "./shortened.ts";
import { changed, changeFiles, changeTurn, kept, reviewed, settle, uncover } from "./turn-files.ts";

/** Where a call is on its way: each one ends in `done` or `failed`, also on Stop. */
export type CallState = "said" | "planned" | "asking" | "allowed" | "denied" | "done" | "failed";

export interface Call {
	readonly id: string;
	readonly tool: string;
	readonly args: string;
	/** Read from leaked markup, see `Part`. */
	readonly recovered?: true;
	readonly state: CallState;
	readonly title?: string;
	readonly effects?: readonly Effect[];
	readonly preview?: Preview;
	/** The earlier call of the same answer whose proposal this one is part of. */
	readonly joined?: string;
	/** What the person may allow beyond it, the narrowest first. */
	readonly offers?: readonly Rule[];
	readonly verdict?: Verdict;
	readonly by?: "policy" | "person";
	readonly reason?: string;
	/** What the policies said before a person was asked, if one was. */
	readonly ruling?: Pick<Of<"decided">, "verdict" | "reason" | "policy">;
	/** The person changed the proposal before they allowed it. */
	readonly edited?: boolean;
	/** The result as the model reads it, with `note` after it. */
	readonly text?: string;
	readonly note?: string;
	readonly show?: Preview;
	readonly details?: Details;
	readonly ms?: number;
	/** When its result came (ms since 1970). */
	readonly endedAt?: number;
}

/** One request to the model and what came of it. */
export interface Step {
	readonly seq: number;
	readonly at: number;
	readonly parts: readonly Part[];
	readonly calls: readonly Call[];
	readonly complete: boolean;
	readonly finish: string | null;
	readonly model: string;
	readonly usage?: Usage;
	readonly ms: number;
	readonly thinkingMs?: number;
	/** In a view only: what is behind its closed cards is not there. */
	readonly outline?: Outline;
}

export type Noted = Pick<Of<"noted">, "seq" | "note">;
export type Steered = Pick<Of<"steered">, "seq" | "text" | "attached" | "note">;

/** One prompt of the person and all the steps it led to. */
export interface Turn {
	readonly seq: number;
	readonly at: number;
	readonly prompt: string;
	/** What went with it. */
	readonly attached?: readonly Attached[];
	/** For the model, after the prompt. */
	readonly note?: string;
	readonly modeNote?: string;
	/** For the model, between steps: each comes after the steps with a lower `seq`. */
	readonly noted?: readonly Noted[];
	/** What the person said between steps: each comes after the steps with a lower `seq`. */
	readonly steered?: readonly Steered[];
	readonly instructed?: readonly Instructed[];
	readonly steps: readonly Step[];
	/** Everything that changed in files since its prompt, in order. */
	readonly changes: readonly FileChange[];
	/** What of its changes can't be told or put back: sentences, each once. */
	readonly uncovered?: readonly string[];
	/** The calls whose changes are not on record yet, oldest first. */
	readonly kept?: readonly Kept[];
	/** What the chat was when it began, to go back to. */
	readonly before: Before;
	/** How many steps there were each time the chat was shortened. */
	readonly compacted?: readonly number[];
	/** The same of each time that old results were left out. */
	readonly shed?: readonly number[];
	readonly failure?: Failure;
	readonly ended?: EndReason;
	readonly endedAt?: number;
	/** The limit that ended it. */
	readonly limit?: ReachedLimit;
	/** What it repeated when it was ended. */
	readonly loop?: Repetition;
	/** `seq` of its last pause (`limit` or `looping`): what was counted before it counts no more. */
	readonly pausedAt?: number;
	/** `Chat.spent` at its prompt, at its last pause, or when turns after it were taken back. */
	readonly spentBefore: Usage;
}

/** What was kept before a call. */
export interface Kept extends Omit<Of<"kept">, "type" | "seq" | "at"> {
	/** How many of the turn's changes are older than it. */
	readonly after: number;
}

type Before = Pick<Chat, "todo" | "rules" | "seen" | "cwd" | "compaction" | "shed">;

/** The state of a chat: nothing but the sum of its log. */
export interface Chat {
	readonly id: string;
	/** `seq` of the next event. */
	readonly next: number;
	readonly openedAt: number;
	readonly workspace?: string;
	readonly system: string;
	readonly title: string;
	readonly turns: readonly Turn[];
	readonly todo: readonly TodoItem[];
	/** What the person allowed in this chat. */
	readonly rules: readonly Rule[];
	readonly seen: Seen;
	/** The folder that commands begin in, relative to the workspace with `/`; absent: the workspace folder. */
	readonly cwd?: string;
	/** What the person wrote and is not said yet, in order. */
	readonly queue: readonly QueuedMessage[];
	/** Changed files that wait for review. */
	readonly changes: Changes;
	/** What happened to files of which no turn tells any more; the next one does. */
	readonly carried?: Pick<Turn, "changes" | "uncovered">;
	/** What the model has to be told and was not yet. */
	readonly untold?: string;
	/** The chat as it was before the last restore, to take that back; gone with the next prompt or answer. */
	readonly restored?: Restored;
	readonly compaction?: Compaction;
	/** Oldest first. */
	readonly shed?: readonly Shed[];
	/** The last request that its model refused as too long. */
	readonly refused?: Refused;
	/** Sums over all steps. */
	readonly spent: Usage;
	/** As the server named it last. */
	readonly model?: string;
}

export interface Restored {
	readonly chat: Chat;
	/** What was written to files. */
	readonly changes: readonly FileChange[];
	/** The conversation went back as well. */
	readonly conversation: boolean;
	/** What was recorded after it. */
	readonly since: readonly Recorded[];
}

export const emptyChat: Chat = {
	id: "",
	next: 0,
	openedAt: 0,
	system: "",
	title: "",
	turns: [],
	todo: [],
	rules: [],
	seen: {},
	queue: [],
	changes: {},
	spent: { inputTokens: 0, outputTokens: 0 },
};

/** The one way from a log to a state, for the live loop, for resume and for the webview. Pure; never throws. */
export function reduce(chat: Chat, event: Recorded): Chat {
	const { restored: last } = chat;
	const now = {
		...chat,
		next: event.seq + 1,
		...(last && { restored: { ...last, since: [...last.since, event] } }),
	};
	switch (event.type) {
		case "opened":
			return {
				...now,
				id: event.chat,
				openedAt: event.at,
				system: event.system,
				...(event.workspace === undefined ? {} : { workspace: event.workspace }),
			};
		case "prompted":
			return prompted(now, event);
		case "queued":
			return queued(now, event);
		case "steered":
			return steered(now, event);
		case "replied":
			return replied(now, event);
		case "planned":
			return changeCall(changeTurn(now, reopen), event.callId, (call) => ({
				...call,
				state: "planned",
				title: event.title,
				effects: event.effects,
				...(event.preview === undefined ? {} : { preview: event.preview }),
				...(event.joined === undefined ? {} : { joined: event.joined }),
				...(event.offers === undefined ? {} : { offers: event.offers }),
			}));
		case "decided":
			return decided(now, event);
		case "allowed":
			return allowed(now, event);
		case "kept":
			return kept(now, event);
		case "finished":
			return finished(now, event);
		case "changed":
			return changed(now, event);
		case "reviewed":
			return reviewed(now, event);
		case "restored":
			return restored(now, event);
		case "noted": {
			const { untold: _told, ...told } = now;
			const { seq, note } = event;
			return changeTurn(told, (turn) => ({ ...turn, noted: [...(turn.noted ?? []), { seq, note }] }));
		}
		case "instructed":
			return instructed(now, event);
		case "compacted":
			return compacted(now, event);
		case "shed":
			return shed(now, event);
		case "titled":
			return { ...now, title: event.title };
		case "failed":
			return changeTurn(now, (turn) => ({ ...turn, failure: event.failure }));
		case "ended":
			return changeTurn(now, (turn) => ended(turn, event, now.spent));
	}
}

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

function prompted(chat: Chat, event: Of<"prompted">): Chat {
	const { untold: _told, restored: _gone, carried = { changes: [] }, ...now } = chat;
	const { todo, rules, seen, cwd, compaction, shed: sheds } = chat;
	const turn: Turn = {
		seq: event.seq,
		at: event.at,
		prompt: event.text,
		...(event.attached && { attached: event.attached }),
		...(event.note === undefined ? {} : { note: event.note }),
		...(event.modeNote === undefined ? {} : { modeNote: event.modeNote }),
		steps: [],
		spentBefore: chat.spent,
		...carried,
		before: {
			todo,
			rules,
			seen,
			...(cwd !== undefined && { cwd }),
			...(compaction && { compaction }),
			...(sheds && { shed: sheds }),
		},
	};
	const queue = unqueue(chat.queue, event.queued === undefined ? [] : [event.queued]);
	const known = attachedSeen(seen, event.attached);
	return { ...now, queue, seen: known, title: chat.title || titleOf(event), turns: [...chat.turns, turn] };
}

function titleOf({ text, attached }: Of<"prompted">): string {
	return firstLine(text) || firstLine(attached?.[0]?.name ?? "");
}

function decided(chat: Chat, event: Of<"decided">): Chat {
	const state = event.verdict === "ask" ? "asking" : event.verdict === "allow" ? "allowed" : "denied";
	const next = changeCall(chat, event.callId, (call) => ({
		...call,
		state,
		verdict: event.verdict,
		by: event.by,
		reason: event.reason,
		...(event.by === "policy" && { ruling: rulingOf(event) }),
		...(event.edited ? { edited: true } : {}),
	}));
	const isOfChat = (event.scope ?? "chat") === "chat";
	return event.remember && isOfChat ? { ...next, rules: [...chat.rules, event.remember] } : next;
}

function rulingOf({ verdict, reason, policy }: Of<"decided">): NonNullable<Call["ruling"]> {
	return { verdict, reason, ...(policy !== undefined && { policy }) };
}

function finished(chat: Chat, event: Of<"finished">): Chat {
	const next = changeCall(chat, event.callId, (call) => ({
		...call,
		state: call.state === "denied" ? "denied" : event.failed ? "failed" : "done",
		text: event.text,
		ms: event.ms,
		endedAt: event.at,
		...(event.show === undefined ? {} : { show: event.show }),
		...(event.details === undefined ? {} : { details: event.details }),
		...(event.note === undefined ? {} : { note: event.note }),
	}));
	const made = event.details?.changes ?? [];
	// What the person allowed they have seen.
	const isReviewed = findCall(next, event.callId)?.by === "person";
	const add = isReviewed ? followChanges : addChanges;
	// Of a command, or of a call that was cut off, they are still looked for.
	const settled = event.details?.changes ? settle(next, event.callId) : next;
	const { untold, ...now } = uncover(changeFiles(settled, made), event.details?.uncovered);
	return {
		...now,
		...(untold !== undefined && event.note === undefined ? { untold } : {}),
		changes: add(chat.changes, made),
		seen: nowSeen(chat.seen, event.details?.seen),
		todo: event.details?.todo ?? chat.todo,
		...(event.details?.cwd !== undefined && { cwd: event.details.cwd }),
		...(event.details?.usage && { spent: addUsage(chat.spent, event.details.usage) }),
	};
}

/** Calls belong to the last step: a new step begins only when every call of the one before has its result. */
function changeCall(chat: Chat, id: string, change: (call: Call) => Call): Chat {
	return changeTurn(chat, (turn) => {
		const step = turn.steps.at(-1);
		if (!step) return turn;
		const calls = step.calls.map((call) => (call.id === id ? change(call) : call));
		return { ...turn, steps: [...turn.steps.slice(0, -1), { ...step, calls }] };
	});
}

function findCall(chat: Chat, id: string): Call | undefined {
	return chat.turns
		.at(-1)
		?.steps.at(-1)
		?.calls.find((call) => call.id === id);
}

function firstLine(text: string): string {
	const line = text.trim().split("\n", 1)[0] ?? "";
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** Whether a turn is under way in the log: its end has not been recorded. */
export function isOpen(chat: Chat): boolean {
	const turn = chat.turns.at(-1);
	return turn !== undefined && turn.ended === undefined;
}

/** Calls of the last step that have no result yet, in order. */
export function openCalls(chat: Chat): readonly Call[] {
	const step = chat.turns.at(-1)?.steps.at(-1);
	return step?.calls.filter((call) => call.text === undefined) ?? [];
}
