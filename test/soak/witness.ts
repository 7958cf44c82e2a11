import { closeSync, openSync, readSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Session } from "../../src/agent/session.ts";
import type { ChatEvent, Recorded } from "../../src/shared/event.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { logSize, note, type SoakPlace } from "./place.ts";

/**
 * Watches a live chat from the screen's side: whatever is shown of the log is on disk by then, to the letter, and what the
 * disk adds up to is the live chat.
 */
export class Witness {
	readonly #place: SoakPlace;
	readonly #session: Session;
	#read: number;
	#chat: Chat;
	#opened: ChatEvent | undefined;

	constructor(place: SoakPlace, session: Session, events: readonly Recorded[]) {
		this.#place = place;
		this.#session = session;
		this.#read = logSize(place);
		this.#chat = events.reduce(reduce, emptyChat);
		session.subscribe((event) => {
			if ("seq" in event) this.#shown(event);
		});
	}

	/** Says so where the live chat is another one than that of the log. */
	compare(): void {
		// What was on its way when the chat was left is on disk, and nobody is told.
		this.#chat = this.#added().reduce(reduce, this.#chat);
		if (!isDeepStrictEqual(plain(this.#chat), plain(this.#session.chat)))
			this.#wrong(`the live chat at seq ${this.#chat.next} is not what its log adds up to`);
	}

	#shown(event: Recorded): void {
		// It waits for the event after it: a chat in which nothing was said leaves no file.
		if (event.type === "opened") {
			this.#opened = event;
			return;
		}
		const added = this.#added();
		const wanted = this.#opened ? [this.#opened, event] : [event];
		this.#opened = undefined;
		if (!isDeepStrictEqual(added, wanted.map(plain)))
			this.#wrong(`${event.type} (seq ${event.seq}) was shown before the disk had it, or it is another one there`);
		this.#chat = added.reduce(reduce, this.#chat);
	}

	/** What the log has since the last look. */
	#added(): Recorded[] {
		const to = logSize(this.#place);
		if (to === this.#read) return [];
		const bytes = Buffer.alloc(Math.max(0, to - this.#read));
		const file = openSync(this.#place.log, "r");
		readSync(file, bytes, 0, bytes.length, this.#read);
		closeSync(file);
		this.#read = to;
		const lines = bytes.toString().split("\n").slice(0, -1);
		return lines.map((line) => JSON.parse(line) as Recorded);
	}

	#wrong(what: string): void {
		note(this.#place, { kind: "wrong", what });
	}
}

/** As JSON has it. */
function plain<T>(value: T): T {
	return JSON.parse(JSON.stringify(value)) as T;
}
