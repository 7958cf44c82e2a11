import { isSameState } from "../shared/changes.ts";
import type { FileChange, KeptFile } from "../shared/event.ts";
import type { Kept } from "../shared/reduce.ts";
import type { Checkpoints, Snapshot } from "./ports.ts";
import type { Session } from "./session.ts";

interface Found {
	readonly files: readonly FileChange[];
	/** What can't be told or put back, in sentences. */
	readonly uncovered: readonly string[];
}

/** What is being looked for now, by call: nobody has to look twice. */
const looks = new WeakMap<Session, Map<string, Promise<void>>>();

const MEANWHILE =
	"Kimi was cut off here, or left a command running: what changed in files from then until it was looked at may be its work or yours, so it is not undone unasked.";

/**
 * Puts on record what calls changed, where the process that ran them ended before it could, or git takes its time. To be
 * called as soon as the chat is there again, before files go back, and not while a turn runs. Without such calls it does
 * nothing. Rejects with `StorageError`.
 */
export async function lookBack(session: Session, checkpoints: Checkpoints | undefined): Promise<void> {
	if (!checkpoints) return;
	for (const kept of session.chat.turns.flatMap((turn) => turn.kept ?? []))
		await lookOnce(session, kept.callId, () => lookAgain(session, checkpoints, kept));
}

/** What `look` puts on record of this call, or who already does. */
export function lookOnce(session: Session, callId: string, look: () => Promise<void>): Promise<void> {
	const known = looks.get(session) ?? new Map<string, Promise<void>>();
	looks.set(session, known);
	const looking = known.get(callId) ?? look().finally(() => known.delete(callId));
	known.set(callId, looking);
	return looking;
}

async function lookAgain(session: Session, checkpoints: Checkpoints, { callId, files, snapshot: id }: Kept) {
	const snapshot = id === undefined ? undefined : checkpoints.reopen(id);
	if (await snapshot?.isElsewhere()) return snapshot?.close();
	const found = await changesSince(checkpoints, files, snapshot);
	await recordChanged(session, { callId, snapshot }, notSure(found));
}

/** What became of files that were kept, and of the workspace: of a file that is in both, the snapshot knows. */
export async function changesSince(
	checkpoints: Checkpoints,
	kept: readonly KeptFile[],
	snapshot?: Snapshot,
): Promise<Found> {
	const [now, found] = await Promise.all([
		kept.length === 0 ? undefined : checkpoints.capture(kept.map(({ path }) => path)),
		snapshot?.changes(),
	]);
	const files = found?.files ?? [];
	const known = new Set(files.map(({ path }) => path));
	const named = kept.flatMap(({ path, state }): FileChange[] => {
		const after = now?.get(path);
		const isChange = after !== undefined && !isSameState(state, after);
		return isChange && !known.has(path) ? [{ path, before: state, after }] : [];
	});
	return { files: [...files, ...named], uncovered: found?.uncovered === undefined ? [] : [found.uncovered] };
}

/** Also where nothing changed, so that nobody looks for it again. Does nothing where that is on record. */
export async function recordChanged(
	session: Session,
	{ callId, snapshot }: { readonly callId: string; readonly snapshot: Snapshot | undefined },
	{ files, uncovered }: Found,
): Promise<void> {
	try {
		await session.record((chat) => {
			if (!chat.turns.some(({ kept }) => kept?.some((each) => each.callId === callId))) return undefined;
			return { type: "changed", callId, files: [...files], ...(uncovered.length > 0 && { uncovered: [...uncovered] }) };
		});
	} catch (error) {
		snapshot?.close();
		throw error;
	}
	await snapshot?.release();
}

function notSure({ files, uncovered }: Found): Found {
	if (files.length === 0) return { files, uncovered };
	return { files: files.map((file) => ({ ...file, unsure: true })), uncovered: [...uncovered, MEANWHILE] };
}
