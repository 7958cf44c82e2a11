import * as z from "zod/mini";
import type { Attached } from "../shared/attachments.ts";
import { Recorded } from "../shared/event.ts";
import type { Result } from "./ports.ts";
import { inStretches } from "./stretch.ts";

/** The first line of a file with a chat. The lines after it are the events of its log, without what is secret. */
export const BundleHead = z.object({
	/** The version of the file. */
	kimiK2Bundle: z.literal(1),
	/** Versions of what wrote it, such as of the extension, VS Code and the system. */
	versions: z.record(z.string(), z.string()),
	/** Milliseconds since 1970. */
	exportedAt: z.number(),
	/** Whom the chat would ask: no address and no key. */
	endpoint: z.optional(
		z.object({
			name: z.string(),
			preset: z.string(),
			model: z.string(),
			capabilities: z.record(z.string(), z.unknown()),
		}),
	),
	/** What was taken out, and how many times. */
	redacted: z.record(z.string(), z.number()),
	/** The same in words. */
	about: z.string(),
});
export type BundleHead = z.infer<typeof BundleHead>;

/** All of it that is known before anything is taken out. */
export type BundleFacts = Omit<BundleHead, "redacted" | "about">;

export interface Bundle {
	readonly head: BundleHead;
	readonly events: readonly Recorded[];
}

/**
 * The events with other names for what files held: from a name that git gives to bytes, a short secret can be guessed.
 * What had the same name still has.
 */
export function withoutHashes(events: readonly Recorded[]): Recorded[] {
	const names = new Map<unknown, string>();
	const named = (hash: unknown) => {
		const name = names.get(hash) ?? String(names.size + 1).padStart(HASH, "0");
		names.set(hash, name);
		return name;
	};
	const renamed = (key: string, value: unknown): unknown => {
		if (typeof value !== "object" || value === null) return value;
		if (key === "seen") return Object.fromEntries(Object.entries(value).map(([path, hash]) => [path, named(hash)]));
		return "id" in value && "mode" in value ? { ...value, id: named(value.id) } : value;
	};
	return events.map((event) => JSON.parse(JSON.stringify(event), renamed) as Recorded);
}

/** The event without the images in it: nobody can take a secret out of one. */
export function withoutPictures(event: Recorded): Recorded {
	switch (event.type) {
		case "prompted":
		case "steered":
			return withoutPicture(event);
		case "queued":
			return { ...event, messages: event.messages.map(withoutPicture) };
		default:
			return event;
	}
}

function withoutPicture<T extends { attached?: Attached[] | undefined }>(said: T): T {
	if (!said.attached) return said;
	const attached = said.attached.map(({ picture, ...rest }) => (picture ? { ...rest, failed: NO_PICTURE } : rest));
	return { ...said, attached };
}

const NO_PICTURE = "Images are left out of a chat that was exported.";

/** Digits of a SHA-1. */
const HASH = 40;

/** A chat as a file to pass on: JSON lines. */
export function writeBundle({ head, events }: Bundle): string {
	return [head, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** No chat comes near these. Without them, a file could be made that keeps this process busy for hours. */
const MAX_EVENTS = 50_000;
const MAX_LINE = 4 * 1024 * 1024;
const MAX_PARTS = 1_000;
/** The chat counts on from the last one. */
const MAX_SEQ = 2 ** 48;

/** Reads such a file, all of it or not at all: it may come from anybody. Others have their turn meanwhile. */
export async function readBundle(text: string): Promise<Result<Bundle>> {
	const [first = "", ...lines] = text.split("\n");
	const head = first.length > MAX_LINE ? undefined : parse(first);
	const version = z.object({ kimiK2Bundle: z.number() }).safeParse(head);
	if (!version.success) return unfit("This file holds no chat of Kimi K2 Agent.");
	if (version.data.kimiK2Bundle > 1) return unfit(NEWER);
	const checked = BundleHead.safeParse(head);
	if (!checked.success) return unfit("The first line of this file is damaged.");
	if (lines.length > MAX_EVENTS) return unfit("The chat in this file is too long.");
	const events: Recorded[] = [];
	const pause = inStretches();
	for (const [at, line] of lines.entries()) {
		await pause();
		if (line.trim() === "") continue;
		const event = eventIn(line, events.at(-1)?.seq ?? -1);
		if (typeof event === "string") return unfit(`Line ${at + 2} of this file ${event}.`);
		events.push(event);
	}
	const [opened, ...rest] = events;
	if (opened?.type !== "opened" || rest.some(({ type }) => type === "opened"))
		return unfit("This file holds no chat from its beginning.");
	if (!rest.some(({ type }) => type === "prompted")) return unfit("Nothing is said in the chat of this file.");
	return { ok: true, value: { head: checked.data, events } };
}

/** `after`: the `seq` of the event before. Else what is wrong with the line. */
function eventIn(line: string, after: number): Recorded | string {
	if (line.length > MAX_LINE) return "is too long";
	const { success, data } = Recorded.safeParse(parse(line));
	if (!success || !Number.isInteger(data.seq) || data.seq <= after || data.seq > MAX_SEQ)
		return "can't be read: it is damaged, or of a newer version";
	return data.type === "replied" && data.parts.length > MAX_PARTS ? "holds more than an answer does" : data;
}

function parse(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

function unfit(message: string): Result<never> {
	return { ok: false, failure: { code: "storage", message } };
}

const NEWER = "This file is of a newer version of Kimi K2 Agent. Update the extension to import it.";
