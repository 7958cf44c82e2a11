import { isDeepStrictEqual } from "node:util";
import type { Recorded } from "../../src/shared/event.ts";
import type { Usage } from "../../src/shared/message.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { auditFiles } from "./audit-files.ts";
import { CallBook } from "./call-book.ts";
import { type Line, readEvents } from "./events.ts";
import { journalOf, type SoakPlace } from "./place.ts";

/** What is found, each with where in the log. */
export interface Audit {
	readonly wrong: readonly string[];
	readonly chat: Chat;
	readonly calls: number;
	readonly lines: readonly Line[];
}

/**
 * Checks a chat at rest against the invariants of docs/architecture.md, from what is on disk: the log, the files, the
 * journal.
 */
export function audit(place: SoakPlace): Audit {
	const lines = readEvents(place);
	const events = lines.map(({ event }) => event);
	const book = new CallBook(lines);
	const chat = events.reduce(reduce, emptyChat);
	const wrong = [
		...journalOf(place).flatMap((entry) => (entry.kind === "wrong" ? [entry.what] : [])),
		...events.flatMap((event, n) => (event.seq === n ? [] : [`seq ${event.seq} is line ${n} of the log`])),
		...book.wrong,
		...auditUsage(events, chat),
		...auditQueue(events, chat),
		...auditFiles(place, book),
	];
	return { wrong, chat, calls: book.finished, lines };
}

/** Whatever a server counted is in the sum, also of answers that failed, of notes and of explorers. */
function auditUsage(events: readonly Recorded[], { spent }: Chat): string[] {
	const all = events.flatMap((event) => {
		if (event.type === "replied" || event.type === "compacted") return event.usage ?? [];
		return event.type === "finished" ? (event.details?.usage ?? []) : [];
	});
	const sum = (key: keyof Usage) => all.reduce((total, usage) => total + (usage[key] ?? 0), 0);
	const counted = { inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens") };
	const { inputTokens, outputTokens } = spent;
	if (isDeepStrictEqual(counted, { inputTokens, outputTokens })) return [];
	return [`the chat says that it took ${inputTokens}+${outputTokens} tokens, its answers ${JSON.stringify(counted)}`];
}

/** What was queued is said once, or waits, or was deleted by the person. */
function auditQueue(events: readonly Recorded[], { queue }: Chat): string[] {
	const said = events.flatMap((event) => {
		if (event.type === "steered") return event.ids;
		return event.type === "prompted" ? (event.queued ?? []) : [];
	});
	const ids = new Set(events.flatMap((event) => (event.type === "queued" ? event.messages.map(({ id }) => id) : [])));
	const waiting = queue.map(({ id }) => id);
	return [...ids].flatMap((id) => {
		const times = [...said, ...waiting].filter((each) => each === id).length;
		return times === 1 ? [] : [`the queued message ${id} was said ${times} times`];
	});
}
