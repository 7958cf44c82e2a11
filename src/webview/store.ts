import type { MentionRow } from "../shared/attachments.ts";
import { idle, type LiveState, reduceLive } from "../shared/live.ts";
import { fillIn } from "../shared/outline.ts";
import { HostEnvelope, type HostMessage, Packed, type ViewState } from "../shared/protocol.ts";
import { type Call, type Chat, emptyChat, reduce } from "../shared/reduce.ts";
import { knowSentences } from "../shared/said.ts";
import { shareFiles } from "./changes.ts";
import { setWords } from "./words.ts";

/** All that the view shows. The host owns it; the view only follows. */
export interface State {
	/** Counts snapshots: 0 until the first one came. */
	readonly snapshots: number;
	/** An event is missing: only a new snapshot helps. */
	readonly stale: boolean;
	readonly chat: Chat;
	readonly live: LiveState;
	readonly view: ViewState;
	/** Counts `focus` messages. */
	readonly focus: number;
	/** The latest text to put in the composer, by the host or by a new chat's draft. */
	readonly compose: { readonly count: number; readonly text: string; readonly focus: boolean };
	/** The latest answer to what was asked after an `@`. */
	readonly mentions: { readonly id: number; readonly rows: readonly MentionRow[] };
	/** The latest `announce` message; counted, since the same words may be news again. */
	readonly announced: { readonly count: number; readonly text: string };
}

export const initial: State = {
	snapshots: 0,
	stale: false,
	chat: emptyChat,
	live: idle,
	view: {
		setup: false,
		presets: [],
		endpoint: "",
		model: "",
		demo: false,
		mode: "ask",
		afterPlan: "ask",
		workspace: "open",
		contextTokens: 0,
		compactAt: 0,
		draft: "",
		attachments: [],
		images: false,
		slash: [],
		running: false,
		interrupted: false,
		changes: [],
	},
	focus: 0,
	compose: { count: 0, text: "", focus: false },
	mentions: { id: 0, rows: [] },
	announced: { count: 0, text: "" },
};

/** A message from outside, checked; undefined for one that is not the host's. */
export function parseHost(data: unknown): HostMessage | undefined {
	const parsed = HostEnvelope.safeParse(unpack(data));
	// The inside of a snapshot is the host's own state: the envelope is all that is checked of it.
	return parsed.success ? (parsed.data as HostMessage) : undefined;
}

/** Undefined for bytes that are no JSON; what is not packed is itself. */
function unpack(data: unknown): unknown {
	const packed = Packed.safeParse(data);
	if (!packed.success) return data;
	try {
		return JSON.parse(new TextDecoder().decode(packed.data.json));
	} catch {
		return undefined;
	}
}

/** Pure but for the dictionary, which a snapshot replaces. */
export function update(state: State, message: HostMessage): State {
	switch (message.type) {
		case "snapshot":
			return snapshot(state, message);
		case "events":
			return events(state, message);
		case "step":
			return state.chat.id === message.chat ? { ...state, chat: fillIn(state.chat, message.step) } : state;
		case "view":
			return { ...state, view: shareView(state.view, message.view) };
		case "mentions":
			// One that took longer than what was asked after it is of no use any more.
			if (message.id < state.mentions.id) return state;
			return { ...state, mentions: { id: message.id, rows: message.rows } };
		case "focus":
			return { ...state, focus: state.focus + 1 };
		case "compose":
			return { ...state, compose: { count: state.compose.count + 1, text: message.text, focus: true } };
		case "announce":
			return { ...state, announced: { count: state.announced.count + 1, text: message.text } };
	}
}

function snapshot(state: State, message: Extract<HostMessage, { type: "snapshot" }>): State {
	const { chat, live, view, words, sentences = [] } = message;
	setWords(words);
	knowSentences(sentences);
	const shared = shareView(state.view, view);
	const next = { ...state, snapshots: state.snapshots + 1, stale: false, chat, live, view: shared };
	// The same chat again: what stands in the composer is newer than the host's copy.
	if (state.snapshots > 0 && state.chat.id === chat.id) return next;
	return { ...next, compose: { count: state.compose.count + 1, text: view.draft, focus: false } };
}

function shareView(before: ViewState, after: ViewState): ViewState {
	const changes = shareFiles(before.changes, after.changes);
	return changes === after.changes ? after : { ...after, changes };
}

function events(state: State, message: Extract<HostMessage, { type: "events" }>): State {
	if (state.stale || state.snapshots === 0) return state;
	if (state.chat.id !== "" && state.chat.id !== message.chat) return state;
	let { chat, live } = state;
	for (const event of message.events) {
		if ("seq" in event) {
			if (event.seq < chat.next) continue;
			if (event.seq > chat.next) return { ...state, chat, live, stale: true };
			chat = reduce(chat, event);
		}
		live = reduceLive(live, event);
	}
	return chat === state.chat && live === state.live ? state : { ...state, chat, live };
}

/** A turn is under way: only the host knows, since a turn that is tried again has an end on record. */
export function isRunning(state: State): boolean {
	return state.view.running;
}

/** There is something to stop: a turn, or a message on its way. */
export function isBusy({ view }: Pick<State, "view">): boolean {
	return view.running || (view.sending ?? []).length > 0;
}

/** Calls that wait for the person, in order. */
export function asking(state: State): readonly Call[] {
	if (!isRunning(state)) return [];
	const step = state.chat.turns.at(-1)?.steps.at(-1);
	return step?.calls.filter((call) => call.state === "asking") ?? [];
}
