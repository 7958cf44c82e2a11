import * as z from "zod/mini";

/**
 * A picture as it is sent and kept. The view makes it small enough before it hands it over: `data` is base64 of at most
 * `MAX_IMAGE_BYTES`, `thumb` a data URL of at most `MAX_THUMB` characters.
 */
export const Picture = z.object({
	mime: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]),
	data: z.string(),
	thumb: z.optional(z.string()),
});
export type Picture = z.infer<typeof Picture>;

/** Lines count from 1, `to` is the last one of them. */
const lines = { from: z.number(), to: z.number() };

/**
 * What the person wants to give with their next words. What lies in files or changes by itself is read at the moment of
 * sending; what would be gone by then (a selection, a terminal's words) comes with its text.
 * Paths are relative to the workspace with `/`, absolute when outside of it.
 */
export const Wanted = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("file"), path: z.string() }),
	z.object({ kind: z.literal("folder"), path: z.string() }),
	z.object({ kind: z.literal("selection"), path: z.string(), ...lines, text: z.string() }),
	/** A function, class or the like: its lines are looked up anew when it is sent. */
	z.object({ kind: z.literal("symbol"), path: z.string(), name: z.string(), ...lines }),
	/** `path` absent: of the whole workspace. `line`: only those on it. */
	z.object({ kind: z.literal("problems"), path: z.optional(z.string()), line: z.optional(z.number()) }),
	/** What stood in a terminal, or was selected there; `terminal`: its number in the window, until its text is read. */
	z.object({ kind: z.literal("terminal"), name: z.string(), text: z.string(), terminal: z.optional(z.number()) }),
	/** What git says is changed and not committed. */
	z.object({ kind: z.literal("changes") }),
	z.object({ kind: z.literal("page"), url: z.string() }),
	/** A long text that was pasted. */
	z.object({ kind: z.literal("text"), name: z.string(), text: z.string() }),
	z.object({ kind: z.literal("image"), name: z.string(), picture: Picture }),
]);
export type Wanted = z.infer<typeof Wanted>;

/** What went with the person's words, as the model was told it. Its texts are data, whoever wrote them. */
export const Attached = z.object({
	kind: z.enum([
		"file",
		"folder",
		"selection",
		"symbol",
		"problems",
		"terminal",
		"changes",
		"page",
		"text",
		"image",
		/** The editor in front, which the person did not take away: its name, and what is selected there. */
		"active",
	]),
	/** For person and model, such as `src/a.ts:3-9`. */
	name: z.string(),
	/** For the model; maybe cut, empty for an image. */
	text: z.string(),
	/** Characters of the whole, where it is cut. */
	size: z.optional(z.number()),
	/** Where a click leads. */
	path: z.optional(z.string()),
	line: z.optional(z.number()),
	/** Content hash by path, as in `Details.seen`, of a file of which this is all: the model need not read it again. */
	seen: z.optional(z.record(z.string(), z.string())),
	picture: z.optional(Picture),
	/** In a view only: tokens of the text, which is not there. */
	tokens: z.optional(z.number()),
	/** It could not be read: why, in a sentence for person and model. */
	failed: z.optional(z.string()),
});
export type Attached = z.infer<typeof Attached>;

/** A chip above the composer: what will be sent. */
export interface AttachmentRow {
	readonly id: string;
	readonly kind: Attached["kind"];
	/** Short, such as `a.ts:3-9`. */
	readonly label: string;
	/** All of it, for a hover and for screen readers. */
	readonly detail: string;
	/** About; absent: not known before it is sent. */
	readonly tokens?: number;
	readonly thumb?: string;
	/** Where a click leads, see `Attached`. */
	readonly path?: string;
	readonly line?: number;
}

/** A row of what `@` finds: a thing to attach, or words that find such things. */
export interface MentionRow {
	readonly label: string;
	/** Such as the folder of a file. */
	readonly detail: string;
	/** Places in `label` that the query matched. */
	readonly marks: readonly number[];
	readonly kind: Wanted["kind"];
	readonly wanted?: Wanted;
	/** Instead of `wanted`: what stands after the `@` once it is picked, such as `https://`. */
	readonly more?: string;
}

/** Of a picture, base64 decoded; what models take and a log can hold. */
export const MAX_IMAGE_BYTES = 1_500_000;
/** Characters of a thumbnail's data URL. */
export const MAX_THUMB = 20_000;
/** What one message may take with it. */
export const MAX_ATTACHED = 20;
