import { reverse } from "../shared/changes.ts";
import type { FileChange } from "../shared/event.ts";
import type { Instructed } from "../shared/instructions.ts";
import type { DiffPreview } from "../shared/preview.ts";
import type { Call, Noted, Steered, Turn } from "../shared/reduce.ts";
import { translated } from "../shared/said.ts";
import { t } from "./words.ts";

interface Summary {
	/** Absent while the turn has not ended. */
	readonly ms?: number;
	readonly steps: number;
	/** Files that are not as they were when the turn began. */
	readonly files: number;
	/** Absent where not every line is known: commands change files too. */
	readonly lines?: { readonly added: number; readonly removed: number };
	/** The text of the last step: what a person would copy. */
	readonly answer: string;
}

export function turnSummary(turn: Turn): Summary {
	const edits = turn.steps.flatMap((step) => step.calls.flatMap(editsOf));
	const known = new Set(edits.map((edit) => edit.path));
	const changed = reverse(turn.changes);
	const last = turn.steps.at(-1);
	return {
		...(turn.endedAt === undefined ? {} : { ms: turn.endedAt - turn.at }),
		steps: turn.steps.length,
		// Nothing on record: the chat is older than such records, or nothing kept them. Its edits are what is known.
		files: turn.changes.length === 0 ? known.size : countChanged(changed),
		...(changed.every(({ path }) => known.has(path)) && {
			lines: {
				added: edits.reduce((sum, edit) => sum + edit.added, 0),
				removed: edits.reduce((sum, edit) => sum + edit.removed, 0),
			},
		}),
		answer: (last?.parts ?? []).flatMap((part) => (part.kind === "text" ? [part.text.trim()] : [])).join("\n\n"),
	};
}

/** The diffs that a call has carried out. One that is part of an earlier proposal is counted there. */
function editsOf(call: Call): readonly DiffPreview[] {
	const shown = call.show ?? call.preview;
	if (call.state !== "done" || call.joined !== undefined) return [];
	return shown?.kind === "diff" ? [shown] : shown?.kind === "files" ? shown.files : [];
}

/** A renamed file is one: what is gone here came back there with the same bytes. */
function countChanged(changes: readonly FileChange[]): number {
	const gone = changes.filter(({ before, after }) => before !== null && after === null).map(({ before }) => before?.id);
	const renamed = changes.filter(({ before, after }) => {
		const place = before === null ? gone.indexOf(after?.id) : -1;
		return place >= 0 && gone.splice(place, 1).length > 0;
	});
	return changes.length - renamed.length;
}

/**
 * Those of the last turns (by `seq`) since which any file changed for good, or since a command that was cut off may have:
 * undoing them would do something.
 */
export function undoableTurns(turns: readonly Turn[]): ReadonlySet<number> {
	const undoable = new Set<number>();
	let since: readonly FileChange[] = [];
	let isOpen = false;
	for (const turn of turns.toReversed()) {
		// Of later turns only the sum counts.
		since = reverse([...turn.changes, ...reverse(since)]);
		isOpen ||= turn.kept !== undefined;
		if (since.length > 0 || isOpen) undoable.add(turn.seq);
	}
	return undoable;
}

/** What the model was told, or the person said, between two steps; before the first one, with the prompt. */
export function saidBefore(
	{ steps, noted = [], steered = [], instructed = [] }: Turn,
	index: number,
): readonly (Noted | Steered | Instructed)[] {
	// Past the answer under way there is nothing yet: what came since the last step stands before it.
	const after = index === 0 ? -1 : (steps[index - 1]?.seq ?? Number.POSITIVE_INFINITY);
	const before = steps[index]?.seq ?? Number.POSITIVE_INFINITY;
	const between = [...noted, ...steered, ...instructed].filter(({ seq }) => seq > after && seq < before);
	return between.sort((a, b) => a.seq - b.seq);
}

/** What can't be put back, by the `seq` of the turn that is the first to say it: the same words again would be noise. */
export function uncoveredWords(turns: readonly Turn[]): ReadonlyMap<number, string> {
	const said = new Set<string>();
	const words = new Map<number, string>();
	for (const { seq, uncovered = [] } of turns) {
		const now = uncovered.filter((sentence) => !said.has(sentence));
		for (const sentence of now) said.add(sentence);
		if (now.length > 0) words.set(seq, now.map((sentence) => translated(sentence, t)).join(" "));
	}
	return words;
}
