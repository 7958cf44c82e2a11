import { tokensSince } from "../shared/context-size.ts";
import type { Chat } from "../shared/reduce.ts";
import { lastShortened, type Refused } from "../shared/shortened.ts";
import type { Answered } from "./ask.ts";
import { compact } from "./compact.ts";
import { askPatiently } from "./retry.ts";
import { type CompactWish, type Room, type RoomEnv, roomOf } from "./room.ts";
import type { Session } from "./session.ts";
import { cutTail, shedOld } from "./shed.ts";

/** Share of the window that has to come in before a chat that is full again is shortened again, unasked. */
const GROWN = 1 / 8;

/**
 * Asks; a chat that would not leave room for an answer is shortened first. Where it is refused as too long all the same
 * it is shortened by one means after the other, each once, and asked again after each.
 */
export async function askFitting(session: Session, env: RoomEnv, signal: AbortSignal): Promise<Answered> {
	await makeRoom(session, env, signal);
	if (signal.aborted) return await askPatiently(session, env, signal);
	let answered = await askPatiently(session, env, signal);
	const isTooLong = () => answered.failure?.code === "context" && !signal.aborted;
	for (const means of MEANS) {
		if (!isTooLong()) break;
		if (await means(session, env, signal)) answered = await askPatiently(session, env, signal);
	}
	return answered;
}

/**
 * Shortens a chat in which nothing runs, as the person wishes. False: there is nothing to leave out, or Stop came.
 * Rejects with `StorageError`.
 */
export async function shorten(
	session: Session,
	env: RoomEnv,
	wish: CompactWish,
	signal: AbortSignal,
): Promise<boolean> {
	try {
		return await compact(session, env, { wish }, signal);
	} finally {
		session.show({ type: "compacting", at: Date.now(), over: true });
	}
}

type Means = (session: Session, env: RoomEnv, signal: AbortSignal) => Promise<boolean>;

/** Against a refusal, the one that keeps most first. Each is true where the chat is shorter now. */
const MEANS: readonly Means[] = [
	async (session, env) => {
		const room = roomOf(session.chat, env, true);
		return await shed(session, env, room, refusedBy(env, room));
	},
	(session, env, signal) => compact(session, env, { refused: true }, signal),
	(session, env, signal) => compact(session, env, { refused: true, withoutNotes: true }, signal),
];

function refusedBy({ model }: RoomEnv, { size }: Room): Refused {
	return { model: model.name, tokens: size };
}

/** Between steps and on the way into a prompt: what the person wished, or what the window asks for. */
async function makeRoom(session: Session, env: RoomEnv, signal: AbortSignal): Promise<void> {
	const wish = env.compactWish?.();
	if (wish) {
		await compact(session, env, { wish }, signal);
		return;
	}
	const room = roomOf(session.chat, env);
	if (room.window === 0 || room.size <= room.point || !hasGrown(session.chat, room)) return;
	if (!(await shed(session, env, room))) await compact(session, env, {}, signal);
}

/** Without a model call, and only where that is enough. */
async function shed(session: Session, env: RoomEnv, room: Room, refused?: Refused): Promise<boolean> {
	await cutTail(session, room, refused);
	const now = roomOf(session.chat, env);
	if (now.size < room.size && now.size <= room.point) return true;
	return await shedOld(session, { ...room, size: now.size }, refused);
}

/** What is full right after it was shortened stays so until the model refuses it: nothing more would come of trying. */
function hasGrown(chat: Chat, { window }: Room): boolean {
	const since = lastShortened(chat);
	return since < 0 || tokensSince(chat, since) >= window * GROWN;
}
