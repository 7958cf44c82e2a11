import type { Recorded, Unstamped } from "../shared/event.ts";
import { type Chat, emptyChat, isOpen, openCalls, reduce } from "../shared/reduce.ts";
import type { Result } from "./ports.ts";
import { sumUp } from "./replay.ts";
import { inStretches } from "./stretch.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

/** What becomes of the copy. */
export interface Copy {
	/** Id of the new chat. */
	readonly chat: string;
	readonly title: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** Where a chat from elsewhere goes on: nothing that it says of its own counts. */
export interface Elsewhere extends Copy, Pick<Of<"opened">, "workspace" | "system"> {}

/**
 * The log of a new chat that begins as another one is, up to before the turn with this `seq`, or all of it. Nothing of
 * what the other has open comes along: its messages that wait, its changes to review, what is still looked for, what the
 * person allowed in it. Calls without a result get one: they are not run here.
 */
export async function forkChat(events: readonly Recorded[], copy: Copy, before?: number): Promise<Recorded[]> {
	const end = events.findIndex(({ seq }) => seq === before);
	const taken = end === -1 ? events : events.slice(0, end);
	const { turns } = await sumUp(taken);
	const looked = new Set(turns.flatMap(({ kept = [] }) => kept.map(({ callId }) => callId)));
	const kept = taken.flatMap((event): Recorded[] => {
		if (event.type === "opened") return [{ ...event, chat: copy.chat }];
		if (event.type === "kept" && looked.has(event.callId)) return [];
		return withoutGrants(event);
	});
	return settled(kept, copy);
}

/**
 * The log of a new chat that begins as one of a file. Its text is shown and sent to the model; of the rest nothing has an
 * effect here: no system prompt, folder, permission, path or checkpoint of it is taken, and none of its calls runs.
 */
export async function importChat(events: readonly Recorded[], into: Elsewhere): Promise<Result<Recorded[]>> {
	const taken = events
		.flatMap((event) => foreign(event, into))
		.map((event) => ({ ...event, at: soon(event.at, into.now) }));
	if (await isCut(taken)) {
		const message = "This file is no whole record of a chat: a call in it has no result.";
		return { ok: false, failure: { code: "storage", message } };
	}
	return { ok: true, value: await settled(taken, into) };
}

/** What is left of an event of a file that anybody may have written. */
function foreign(event: Recorded, { chat, system, workspace }: Elsewhere): Recorded[] {
	switch (event.type) {
		case "opened": {
			const { seq, at } = event;
			return [{ type: "opened", seq, at, version: 1, chat, system, ...(workspace !== undefined && { workspace }) }];
		}
		case "kept":
		case "changed":
		case "reviewed":
			return [];
		case "instructed":
			// No file here counts as told by what that says: the next prompt tells what the project here has.
			return [{ ...event, files: event.files.map((file) => ({ ...file, hash: file.hash && "elsewhere" })) }];
		case "restored":
			return [{ ...event, changes: [] }];
		case "compacted":
		case "shed": {
			// What a model has room for is found out here.
			const { refused: _refused, ...rest } = event;
			return [rest];
		}
		case "finished": {
			const { details, ...rest } = event;
			const { todo, exitCode } = details ?? {};
			const kept = { ...(todo && { todo }), ...(exitCode !== undefined && { exitCode }) };
			return [{ ...rest, ...(Object.keys(kept).length > 0 && { details: kept }) }];
		}
		default:
			return withoutGrants(event);
	}
}

/** What the person allowed in a chat holds in that one alone; messages that wait are said there. */
function withoutGrants(event: Recorded): Recorded[] {
	if (event.type === "allowed" || event.type === "queued") return [];
	if (event.type === "planned") {
		const { offers: _offers, ...rest } = event;
		return [rest];
	}
	if (event.type !== "decided") return [event];
	const { remember: _remember, scope: _scope, ...rest } = event;
	return [rest];
}

/** Whether calls are without a result that nobody would close: those of the end are. */
async function isCut(events: readonly Recorded[]): Promise<boolean> {
	const rest = inStretches();
	let chat = emptyChat;
	for (const event of events) {
		await rest();
		if ((event.type === "prompted" || event.type === "replied") && openCalls(chat).length > 0) return true;
		chat = reduce(chat, event);
	}
	// What a restore took away can be taken back.
	return chat.restored !== undefined && openCalls(chat.restored.chat).length > 0;
}

/** Closes what is open, so that nothing of the other chat goes on in this one. */
async function settled(events: readonly Recorded[], { title, now }: Copy): Promise<Recorded[]> {
	const rest = inStretches();
	const all = [...events];
	let chat = await sumUp(all);
	const add = (event: Unstamped) => {
		const recorded: Recorded = { ...event, seq: chat.next, at: now };
		all.push(recorded);
		chat = reduce(chat, recorded);
	};
	for (const { id } of openCalls(chat)) {
		await rest();
		add({ type: "finished", callId: id, failed: true, text: NOT_RUN, ms: 0 });
	}
	if (isOpen(chat)) add({ type: "ended", reason: "interrupted" });
	if (Object.keys(chat.changes).length > 0) add({ type: "reviewed", files: nothingIn(chat), changes: [] });
	add({ type: "titled", title });
	return all;
}

function nothingIn({ changes }: Chat): Of<"reviewed">["files"] {
	return Object.fromEntries(Object.keys(changes).map((path) => [path, null]));
}

/** A time that a calendar has. */
function soon(at: number, now: number): number {
	return at >= 0 && at <= now ? at : now;
}

const NOT_RUN = "Not run: the chat was copied before this call had a result.";
