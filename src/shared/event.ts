import * as z from "zod/mini";
import { Failure } from "./failure.ts";
import { Part, Repair, Usage } from "./message.ts";

/** What a call would do if it ran. Paths are relative to the workspace with `/`, absolute when outside of it. */
export const Effect = z.union([
	z.object({ read: z.string() }),
	z.object({ write: z.string() }),
	z.object({ exec: z.string() }),
	z.object({ net: z.string() }),
	z.object({ unknown: z.literal(true) }),
]);
export type Effect = z.infer<typeof Effect>;

/** What a person is shown of a call: before it runs to decide on, afterwards to look at. */
export const Preview = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("diff"),
		path: z.string(),
		/** Unified diff hunks (`@@ … @@` and lines), without file headers. */
		diff: z.string(),
		added: z.number(),
		removed: z.number(),
		/** The file does not exist yet. */
		created: z.optional(z.boolean()),
		/** A word of caution, such as a whole-file write that drops most of the file. */
		warning: z.optional(z.string()),
	}),
	z.object({ kind: z.literal("command"), command: z.string(), cwd: z.string() }),
	z.object({ kind: z.literal("text"), text: z.string() }),
]);
export type Preview = z.infer<typeof Preview>;

export const TodoItem = z.object({
	title: z.string(),
	status: z.enum(["pending", "in_progress", "done"]),
});
export type TodoItem = z.infer<typeof TodoItem>;

/** What "Always allow in this chat" remembers: all edits, or one command to the letter. */
export const Rule = z.union([z.object({ edits: z.literal(true) }), z.object({ command: z.string() })]);
export type Rule = z.infer<typeof Rule>;

export const Verdict = z.enum(["allow", "ask", "deny"]);
export type Verdict = z.infer<typeof Verdict>;

export const EndReason = z.enum(["done", "stopped", "failed", "limit", "interrupted"]);
export type EndReason = z.infer<typeof EndReason>;

export const Mode = z.enum(["ask", "edits", "trusted", "plan"]);
/** How much runs unasked: `ask` for every change, `edits` apply at once, `trusted` also commands, `plan` reads only. */
export type Mode = z.infer<typeof Mode>;

const base = { seq: z.number(), at: z.number() };

/** Facts for later calls and the log that neither the model nor the person reads. */
export const Details = z.object({
	/** Content hash of a file as the model now knows it, by path. */
	seen: z.optional(z.record(z.string(), z.string())),
	todo: z.optional(z.array(TodoItem)),
	exitCode: z.optional(z.nullable(z.number())),
});
export type Details = z.infer<typeof Details>;

/**
 * The append-only log of a chat. `seq` counts from 0 without gaps; `at` is milliseconds since 1970.
 * A reader of a newer log may meet unknown types: it says so and changes nothing.
 */
export const Recorded = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("opened"),
		...base,
		version: z.literal(1),
		chat: z.string(),
		/** Absolute path of the workspace folder; absent when no folder is open. */
		workspace: z.optional(z.string()),
		/** The system prompt, stored so that a resumed chat sends the same bytes. */
		system: z.string(),
	}),
	z.object({ type: z.literal("prompted"), ...base, text: z.string() }),
	z.object({
		type: z.literal("replied"),
		...base,
		parts: z.array(Part),
		usage: z.optional(Usage),
		/** As the server said it; advisory only. */
		finish: z.nullable(z.string()),
		/** False for an answer that was cut: it runs no tool. */
		complete: z.boolean(),
		/** The model's name as the server reported it, else the one that was asked for. */
		model: z.string(),
		/** Milliseconds from the request to the end of the answer, and to the first token of it. */
		ms: z.number(),
		firstMs: z.optional(z.number()),
		/** Milliseconds between the first and the last token of thinking. */
		thinkingMs: z.optional(z.number()),
		/** What was mended in the answer; absent when nothing was. */
		repairs: z.optional(z.array(Repair)),
	}),
	z.object({
		type: z.literal("planned"),
		...base,
		callId: z.string(),
		tool: z.string(),
		title: z.string(),
		effects: z.array(Effect),
		preview: z.optional(Preview),
	}),
	z.object({
		type: z.literal("decided"),
		...base,
		callId: z.string(),
		verdict: Verdict,
		by: z.enum(["policy", "person"]),
		/** Why, in words; a person's reason goes to the model. */
		reason: z.string(),
		remember: z.optional(Rule),
	}),
	z.object({
		type: z.literal("finished"),
		...base,
		callId: z.string(),
		failed: z.boolean(),
		/** For the model. */
		text: z.string(),
		/** For the person, where it differs from the preview. */
		show: z.optional(Preview),
		/** For the log and later calls. */
		details: z.optional(Details),
		ms: z.number(),
	}),
	/** From here on the model is sent `summary` in place of everything before the step whose `seq` is `keptFrom`. */
	z.object({
		type: z.literal("compacted"),
		...base,
		summary: z.string(),
		keptFrom: z.number(),
		/** What the summary cost, where a model wrote it. */
		usage: z.optional(Usage),
	}),
	z.object({ type: z.literal("titled"), ...base, title: z.string() }),
	z.object({ type: z.literal("failed"), ...base, failure: Failure }),
	z.object({ type: z.literal("ended"), ...base, reason: EndReason }),
]);
export type Recorded = z.infer<typeof Recorded>;

type WithoutStamp<E> = E extends unknown ? Omit<E, "seq" | "at"> : never;
/** A recorded event before the log stamps it with `seq` and `at`. */
export type Unstamped = WithoutStamp<Recorded>;

/** What moves on the screen and is not kept: a reload loses it and nothing else. */
export const Live = z.discriminatedUnion("type", [
	z.object({ type: z.literal("requested"), at: z.number() }),
	/** The first token of the answer came. */
	z.object({ type: z.literal("answering"), at: z.number() }),
	/**
	 * The request failed and is made again by itself at `until` (ms since 1970), as try `attempt` of at most `of`.
	 * Over with the next `requested`, or with the end of the turn.
	 */
	z.object({
		type: z.literal("waiting"),
		at: z.number(),
		until: z.number(),
		attempt: z.number(),
		of: z.number(),
		failure: Failure,
	}),
	/** What to change at the server, after an answer that had to be mended. The same words come with each of them. */
	z.object({ type: z.literal("advice"), text: z.string() }),
	/** The chat is being shortened to fit the model. Over with `compacted`, or with the end of the turn. */
	z.object({ type: z.literal("compacting"), at: z.number() }),
	z.object({ type: z.literal("delta"), channel: z.enum(["text", "reasoning"]), text: z.string() }),
	z.object({ type: z.literal("calling"), index: z.number(), tool: z.string(), bytes: z.number() }),
	z.object({ type: z.literal("running"), callId: z.string(), at: z.number() }),
	z.object({ type: z.literal("output"), callId: z.string(), text: z.string() }),
]);
export type Live = z.infer<typeof Live>;

export const ChatEvent = z.union([Recorded, Live]);
export type ChatEvent = Recorded | Live;
