import { rebase } from "../../agent/rebase.ts";
import { isSameState, renamesIn, reverse } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import { decode, encode } from "../encoding.ts";
import type { WorkspaceCheckpoints } from "./checkpoints.ts";

/**
 * What a restore means for one file.
 * - `clean`: it is as the agent left it, and is put back.
 * - `same`: it is already as it would be put back.
 * - `merged`: the person edited it since; the agent's changes are taken out, theirs stay.
 * - `edited`: the person edited it since, and putting it back would lose that; or they may have: it is `unsure`.
 * - `lost`: what it was is not kept any more, or the path is out of reach; it is left alone.
 */
export type RestoreKind = "clean" | "same" | "merged" | "edited" | "lost";

export interface RestoreFile {
	readonly path: string;
	readonly kind: RestoreKind;
	/** It changed after a call had been cut off, by whatever hand. */
	readonly unsure?: true;
	/** What is there now; kept, so that it can be shown and come back. Null: no file. Undefined: out of reach. */
	readonly now: FileState | null | undefined;
	/** What would be there: the state before the changes, with the person's edits where it is `merged`. */
	readonly to: FileState | null;
	/** The path of the other half of a rename that is undone: both go back, or none. */
	readonly half?: string;
}

/** Nothing of it was written yet. */
export interface RestorePlan {
	readonly files: readonly RestoreFile[];
}

type State = FileState | null;

/** What putting files back to before `made` (in order, as logged) would do. Keeps what is there now, writes no file. */
export async function planRestore(
	checkpoints: WorkspaceCheckpoints,
	made: readonly FileChange[],
): Promise<RestorePlan> {
	const files: RestoreFile[] = [];
	const nets = reverse(made);
	const renames = [...renamesIn(nets)];
	const halves = new Map([...renames, ...renames.map(([from, path]) => [path, from] as const)]);
	const madeAt = Map.groupBy(made, ({ path }) => path);
	for (const net of nets) {
		const stretches = stretchesOf(madeAt.get(net.path) ?? []);
		const half = halves.get(net.path);
		files.push({ ...(await planFile(checkpoints, net, stretches)), ...(half !== undefined && { half }) });
	}
	return { files };
}

/** Changes without the person's hand in between are one. In a log the next `before` is else the last `after`. */
function stretchesOf(made: readonly FileChange[]): readonly FileChange[] {
	const stretches: FileChange[] = [];
	for (const change of made) {
		const last = stretches.at(-1);
		if (last && isSameState(last.after, change.before)) stretches.splice(-1, 1, { ...last, after: change.after });
		else stretches.push(change);
	}
	return stretches;
}

async function planFile(
	checkpoints: WorkspaceCheckpoints,
	{ path, after: wanted, unsure }: FileChange,
	stretches: readonly FileChange[],
): Promise<RestoreFile> {
	const captured = await checkpoints.keep(path);
	const now = captured === undefined ? await checkpoints.stateOf(path) : captured;
	if (now === undefined) return { path, kind: "lost", now, to: wanted };
	if (isSameState(now, wanted)) return { path, kind: "same", now, to: wanted };
	const undone = await undoAll(checkpoints, stretches, now);
	if (undone && isSameState(undone.state, now)) return { path, kind: "same", now, to: now };
	const to = undone ? undone.state : wanted;
	if ((await checkpoints.read(to)) === undefined) return { path, kind: "lost", now, to };
	if (unsure) return { path, kind: "edited", unsure, now, to };
	return { path, kind: undone ? (undone.merged ? "merged" : "clean") : "edited", now, to };
}

/** Takes the agent's changes out, the last one first. Undefined where the person changed the same lines. */
async function undoAll(checkpoints: WorkspaceCheckpoints, stretches: readonly FileChange[], now: State) {
	let [state, merged] = [now, false];
	for (const { before, after } of stretches.toReversed()) {
		if (isSameState(state, after)) {
			state = before;
			continue;
		}
		const undone = await mergeStates(checkpoints, { before, after }, state);
		if (undone === undefined) return undefined;
		[state, merged] = [undone, true];
	}
	return { state, merged };
}

/** `state` without what leads from `before` to `after`. A file that came or went can't be merged. */
async function mergeStates(
	checkpoints: WorkspaceCheckpoints,
	{ before, after }: { before: State; after: State },
	state: State,
): Promise<FileState | undefined> {
	if (!before || !after || !state) return undefined;
	const mode = state.mode === after.mode ? before.mode : state.mode;
	if (state.id === after.id) return { id: before.id, mode };
	if (before.id === after.id) return { id: state.id, mode };
	if ([before, after, state].some((one) => one.mode === "link")) return undefined;
	const [current, left, base] = await Promise.all([state, after, before].map(checkpoints.read));
	const bytes = current && left && base && mergeBytes(current, left, base);
	const id = bytes && (await checkpoints.blobs.put(bytes));
	return id === undefined ? undefined : { id, mode };
}

/** Undefined for what is no text, or of different encodings. */
function mergeBytes(current: Buffer, left: Buffer, base: Buffer): Buffer | undefined {
	const [now, made, was] = [decode(current), decode(left), decode(base)];
	if (!now.ok || !made.ok || !was.ok) return undefined;
	const { encoding, bom } = now.value;
	if ([made, was].some(({ value }) => value.encoding !== encoding || value.bom !== bom)) return undefined;
	const text = rebase(now.value.text, made.value.text, was.value.text);
	const bytes = text === undefined ? undefined : encode({ text, encoding, bom });
	return bytes?.ok ? bytes.value : undefined;
}
