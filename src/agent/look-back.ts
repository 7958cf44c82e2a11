import { isSameState } from "../shared/changes.ts";
import type { FileChange, KeptFile } from "../shared/event.ts";
import type { Checkpoints, Snapshot } from "./ports.ts";
import type { Session } from "./session.ts";

type Found = Awaited<ReturnType<Snapshot["changes"]>>;

const MEANWHILE = "Kimi was cut off here: what changed in files from then until it was looked at counts as its work.";

/**
 * Puts on record what the last call changed, where the process that ran it ended before it could. To be called before
 * the chat goes on or files go back, and not while a turn runs. Without such a call it does nothing.
 */
export async function lookBack(session: Session, checkpoints: Checkpoints | undefined): Promise<void> {
	const kept = session.chat.turns.at(-1)?.kept;
	if (!kept || !checkpoints) return;
	const snapshot = kept.snapshot === undefined ? undefined : checkpoints.reopen(kept.snapshot);
	const found = await changesSince(checkpoints, kept.files, snapshot);
	const { callId } = kept;
	await recordChanged(session, { callId, snapshot }, found.files.length === 0 ? found : withWords(found, MEANWHILE));
}

/** What became of files that were kept, and of the workspace: of a file that is in both, the snapshot knows. */
export async function changesSince(
	checkpoints: Checkpoints,
	kept: readonly KeptFile[],
	snapshot?: Snapshot,
): Promise<Found> {
	const [now, found] = await Promise.all([
		kept.length === 0 ? undefined : checkpoints.capture(kept.map(({ path }) => path)),
		snapshot?.changes() ?? { files: [] },
	]);
	const known = new Set(found.files.map(({ path }) => path));
	const named = kept.flatMap(({ path, state }): FileChange[] => {
		const after = now?.get(path);
		const isChange = after !== undefined && !isSameState(state, after);
		return isChange && !known.has(path) ? [{ path, before: state, after }] : [];
	});
	return { ...found, files: [...found.files, ...named] };
}

/** Also where nothing changed, so that nobody looks for it again. Does nothing where that is on record. */
export async function recordChanged(
	session: Session,
	{ callId, snapshot }: { readonly callId: string; readonly snapshot: Snapshot | undefined },
	{ files, uncovered: found }: Found,
): Promise<void> {
	await session.record((chat) => {
		if (chat.turns.at(-1)?.kept?.callId !== callId) return undefined;
		// Said once: the same words under each command would be noise.
		const isKnown = chat.turns.some((turn) => turn.uncovered === found);
		const uncovered = found === undefined || isKnown ? {} : { uncovered: found };
		return { type: "changed", callId, files: [...files], ...uncovered };
	});
	await snapshot?.release();
}

function withWords({ files, uncovered }: Found, words: string): Found {
	return { files, uncovered: uncovered === undefined ? words : `${uncovered} ${words}` };
}
