import type { Attached } from "./attachments.ts";

/** Content hash by path, as the model last saw each file. */
export type Seen = Readonly<Record<string, string>>;

/** Most reads find what is known already: the table is copied only when it changes. */
export function nowSeen(seen: Seen, more: Seen = {}): Seen {
	return Object.entries(more).every(([path, hash]) => seen[path] === hash) ? seen : { ...seen, ...more };
}

/** With the files that went whole with the person's words. */
export function attachedSeen(seen: Seen, attached: readonly Attached[] = []): Seen {
	return attached.reduce((known, each) => nowSeen(known, each.seen), seen);
}
