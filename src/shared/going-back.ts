import { allowed } from "./allowed.ts";
import { followChanges, reverse, setChanges } from "./changes.ts";
import type { FileChange, Recorded } from "./event.ts";
import type { Chat, Restored, Turn } from "./reduce.ts";
import { changed, changeFiles, reviewed, tell, uncover } from "./turn-files.ts";

type Event = Extract<Recorded, { type: "restored" }>;

/** Files or conversation go back, or that is taken back. */
export function restored(chat: Chat, event: Event): Chat {
	if (event.undo) return takenBack(chat, event);
	const { turn, changes, note } = event;
	const { restored: _older, ...old } = chat;
	const kept = turn === undefined ? chat.turns : chat.turns.filter(({ seq }) => seq < turn);
	const dropped = chat.turns.slice(kept.length);
	const [first] = dropped;
	const before: Restored = { chat: old, changes, conversation: first !== undefined, since: [] };
	const files = { ...old, changes: followChanges(chat.changes, changes), restored: before };
	if (!first) return tell(changeFiles(files, changes), note);
	const { compaction: _compaction, shed: _shed, cwd: _cwd, untold, ...rest } = files;
	// What the turns that are gone cost is no cost of a paused one that may go on now.
	const isPaused = (each: Turn) => each === kept.at(-1) && each.pausedAt !== undefined;
	const turns = kept.map((each) => (isPaused(each) ? { ...each, spentBefore: chat.spent } : each));
	const back: Chat = { ...rest, ...first.before, turns };
	// Files that stay as they are: the turn before answers for what the dropped ones did.
	const stay = [...dropped.flatMap((each) => each.changes), ...changes];
	// What was told in the turns that are gone has to be told again, if there is anything left that it is about.
	const again = kept.length === 0 ? [] : [...dropped.flatMap(notesOf), untold];
	const uncovered = dropped.flatMap((each) => each.uncovered ?? []);
	const answering = uncover(reverse(stay).length === 0 ? back : changeFiles(back, stay), uncovered);
	return [...again, note].reduce(tell, answering);
}

/** What the model was told in this turn, oldest first. */
function notesOf({ note, noted = [], steered = [], steps }: Turn): readonly (string | undefined)[] {
	const withResults = steps.map(({ seq, calls }) => ({ seq, notes: calls.map((call) => call.note) }));
	const between = [...noted, ...steered].map((each) => ({ seq: each.seq, notes: [each.note] }));
	return [note, ...[...withResults, ...between].sort((a, b) => a.seq - b.seq).flatMap(({ notes }) => notes)];
}

function takenBack(chat: Chat, { changes, note }: Event): Chat {
	const { restored: last, ...now } = chat;
	if (!last) return tell({ ...changeFiles(now, changes), changes: followChanges(now.changes, changes) }, note);
	const { chat: old, changes: made, conversation } = last;
	const since = last.since.slice(0, -1);
	const between = since.flatMap(filesIn);
	// Files wait for review again as they did, unless something of them could not be written.
	const waited = new Map(Object.entries(followChanges(old.changes, [...made, ...between, ...changes])));
	const waiting = setChanges(
		now.changes,
		Object.fromEntries(changes.map(({ path }) => [path, waited.get(path) ?? null])),
	);
	if (!conversation) return tell({ ...changeFiles(now, changes), changes: waiting }, note);
	const isAsBefore = between.length === 0 && reverse([...made, ...changes]).length === 0;
	const put = (of: Chat, files: readonly FileChange[]) => (isAsBefore ? of : changeFiles(of, files));
	const back = put(since.reduce(again, put(old, made)), changes);
	const { next, title, spent, queue } = now;
	return tell({ ...back, next, title, spent, queue, changes: waiting }, note);
}

/**
 * What was recorded since and is of no turn, for the chat as it was. The rest was of a turn that is not the last one any
 * more: how that ended, and what it was told, which the chat as it was knows or is told here.
 */
function again(chat: Chat, event: Recorded): Chat {
	if (event.type === "changed") return changed(chat, event);
	if (event.type === "allowed") return allowed(chat, event);
	return event.type === "reviewed" ? reviewed(chat, event) : chat;
}

/** What became of files, as far as an event tells that comes after a restore. */
function filesIn(event: Recorded): readonly FileChange[] {
	if (event.type === "changed") return event.files;
	return event.type === "reviewed" ? event.changes : [];
}
