import { addChanges, isSameState, setChanges } from "./changes.ts";
import type { FileChange, Recorded } from "./event.ts";
import type { Chat, Turn } from "./reduce.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

/** Changes the last turn; there may be none. */
export function changeTurn(chat: Chat, change: (turn: Turn) => Turn): Chat {
	const last = chat.turns.at(-1);
	return last ? { ...chat, turns: [...chat.turns.slice(0, -1), change(last)] } : chat;
}

/** Adds to what happened to files, in order: the last turn tells of it. */
export function changeFiles(chat: Chat, made: readonly FileChange[]): Chat {
	if (made.length === 0) return chat;
	const { carried } = chat;
	if (chat.turns.length === 0)
		return { ...chat, carried: { ...carried, changes: [...(carried?.changes ?? []), ...made] } };
	return changeTurn(chat, (turn) => ({ ...turn, changes: [...turn.changes, ...made] }));
}

/** Characters that are told at once: what is in a prompt can't be shortened any more. */
const MAX_UNTOLD = 24_000;
const MORE = "More happened to files than can be told here: read each one again before you rely on it.";

export function tell(chat: Chat, note: string | undefined): Chat {
	const { untold } = chat;
	if (note === undefined || untold?.endsWith(MORE)) return chat;
	const all = untold ? `${untold}\n${note}` : note;
	return { ...chat, untold: all.length > MAX_UNTOLD ? `${untold ? `${untold}\n` : ""}${MORE}` : all };
}

/** The person kept or undid changes. */
export function reviewed(chat: Chat, { files, changes, note }: Of<"reviewed">): Chat {
	return tell({ ...changeFiles(chat, changes), changes: setChanges(chat.changes, files) }, note);
}

/** What can't be put back, with what is known of that. */
export function uncover(chat: Chat, sentences: readonly string[] = []): Chat {
	if (sentences.length === 0) return chat;
	const { carried = { changes: [] } } = chat;
	if (chat.turns.length === 0) return { ...chat, carried: { ...carried, ...withSentences(carried, sentences) } };
	return changeTurn(chat, (turn) => ({ ...turn, ...withSentences(turn, sentences) }));
}

function withSentences({ uncovered = [] }: Pick<Turn, "uncovered">, more: readonly string[] = []) {
	const all = [...new Set([...uncovered, ...more])];
	return all.length === 0 ? {} : { uncovered: all };
}

/** A call begins that may change something. */
export function kept(chat: Chat, { type: _type, seq: _seq, at: _at, ...of }: Of<"kept">): Chat {
	return changeTurn(chat, (turn) => ({
		...turn,
		kept: [...(turn.kept ?? []), { ...of, after: turn.changes.length }],
	}));
}

/** The changes of this call are on record. */
export function settle(chat: Chat, callId: string): Chat {
	const turns = chat.turns.map((turn) => (isKept(turn, callId) ? without(turn, callId) : turn));
	return { ...chat, turns };
}

/** Changes go to the turn of their call, before those that came later; what followed on one of those, after it. */
export function changed(chat: Chat, event: Of<"changed">): Chat {
	const { callId, uncovered } = event;
	const found = chat.turns.findLastIndex((turn) => isKept(turn, callId));
	const index = found < 0 ? chat.turns.length - 1 : found;
	const turn = chat.turns[index];
	if (!turn) return addUnreviewed(uncover(changeFiles(chat, event.files), uncovered), event.files, []);
	const after = turn.kept?.find((each) => each.callId === callId)?.after ?? turn.changes.length;
	const later = [...turn.changes.slice(after), ...chat.turns.slice(index + 1).flatMap(({ changes }) => changes)];
	const following = event.files.filter((file) => follows(file, later));
	const files = until(
		event.files.filter((file) => !following.includes(file)),
		later,
	);
	const next: Turn = {
		...without(younger(turn, callId, files.length), callId),
		changes: turn.changes.toSpliced(after, 0, ...files),
		...withSentences(turn, uncovered),
	};
	const whole = changeFiles({ ...chat, turns: chat.turns.with(index, next) }, following);
	return addUnreviewed(addUnreviewed(whole, files, later), following, []);
}

/** Whether a change that was found late was made on what was recorded meanwhile, such as the person's undo. */
function follows({ path, before, after }: FileChange, later: readonly FileChange[]): boolean {
	const same = later.filter((change) => change.path === path);
	const [first, last] = [same[0], same.at(-1)];
	return (
		first !== undefined && last !== undefined && isSameState(last.after, before) && !isSameState(first.before, after)
	);
}

function isKept({ kept = [] }: Turn, callId: string): boolean {
	return kept.some((each) => each.callId === callId);
}

function without({ kept = [], ...turn }: Turn, callId: string): Turn {
	const left = kept.filter((each) => each.callId !== callId);
	return left.length === 0 ? turn : { ...turn, kept: left };
}

/** The changes of calls that began later come after so many more. */
function younger(turn: Turn, callId: string, more: number): Turn {
	const at = turn.kept?.findIndex((each) => each.callId === callId) ?? -1;
	if (at < 0) return turn;
	const kept = turn.kept?.map((each, index) => (index > at ? { ...each, after: each.after + more } : each));
	return { ...turn, ...(kept && { kept }) };
}

/** What was found late may have in it what was done meanwhile: it ends where that begins. */
function until(files: readonly FileChange[], later: readonly FileChange[]): readonly FileChange[] {
	const ended = files.map((file) => {
		const next = later.find(({ path }) => path === file.path);
		return next ? { ...file, after: next.before } : file;
	});
	return ended.filter(({ before, after }) => !isSameState(before, after));
}

function addUnreviewed(chat: Chat, files: readonly FileChange[], later: readonly FileChange[]): Chat {
	const last = new Map(later.map((change) => [change.path, change]));
	const [late, others] = [files.filter(({ path }) => last.has(path)), files.filter(({ path }) => !last.has(path))];
	const entries = late.map(({ path, before, after, unsure }) => {
		const known = Object.hasOwn(chat.changes, path) ? chat.changes[path] : undefined;
		// One that begins where this ends is of what came later.
		const base = known && !isSameState(known.base, after) ? known.base : before;
		return [path, { base, now: last.get(path)?.after ?? null, ...(unsure && { unsure }) }] as const;
	});
	return { ...chat, changes: setChanges(addChanges(chat.changes, others), Object.fromEntries(entries)) };
}
