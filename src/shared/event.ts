import * as z from "zod/mini";
import { Attached } from "./attachments.ts";
import { Failure } from "./failure.ts";
import { Instruction } from "./instructions.ts";
import { Part, Repair, Usage } from "./message.ts";
import { Preview } from "./preview.ts";
import { Held, Repetition } from "./repetition.ts";
import { Rule, Scope } from "./rule.ts";

/** What a call would do if it ran. Paths are relative to the workspace with `/`, absolute when outside of it. */
export const Effect = z.union([
	z.object({ read: z.string() }),
	z.object({ write: z.string() }),
	z.object({ exec: z.string() }),
	z.object({ net: z.string() }),
	/** Puts a plan to the person and changes nothing. */
	z.object({ plan: z.literal(true) }),
	/** Whatever a tool of a stranger's server does. `from`: what the person's word on it is bound to, see `Rule`. */
	z.object({
		server: z.string(),
		tool: z.string(),
		from: z.string(),
		/** The server says that it changes nothing. */
		saysItReads: z.optional(z.literal(true)),
	}),
	z.object({ unknown: z.literal(true) }),
]);
export type Effect = z.infer<typeof Effect>;

/**
 * What a file is at one moment. `id`: the name that git gives its bytes (SHA-1 of a blob, 40 hex digits); of a link,
 * those of its target.
 */
export const FileState = z.object({ id: z.string(), mode: z.enum(["file", "executable", "link"]) });
export type FileState = z.infer<typeof FileState>;

/** What happened to one file; null: it was not there. The path is relative to the workspace, with `/`. */
export const FileChange = z.object({
	path: z.string(),
	before: z.nullable(FileState),
	after: z.nullable(FileState),
	/** Found after a call had been cut off: it may be the person's, made before it was looked for. */
	unsure: z.optional(z.literal(true)),
});
export type FileChange = z.infer<typeof FileChange>;

/** What a file was before a call that names it; null: it was not there. */
export const KeptFile = z.object({ path: z.string(), state: z.nullable(FileState) });
export type KeptFile = z.infer<typeof KeptFile>;

/** A changed file that the person has not reviewed: `base` is what its changes are shown against. */
export const Unreviewed = z.object({
	base: z.nullable(FileState),
	/** As the last change of the agent left it. The person may have edited it since. */
	now: z.nullable(FileState),
	/** Some of it may be the person's, see `FileChange`: it is not undone unasked. */
	unsure: z.optional(z.literal(true)),
});
export type Unreviewed = z.infer<typeof Unreviewed>;

export const TodoItem = z.object({
	title: z.string(),
	status: z.enum(["pending", "in_progress", "done"]),
});
export type TodoItem = z.infer<typeof TodoItem>;

export const Verdict = z.enum(["allow", "ask", "deny"]);
export type Verdict = z.infer<typeof Verdict>;

/** `limit` and `looping` are pauses: the person decides whether the turn goes on. `looping`: it repeats itself. */
export const EndReason = z.enum(["done", "stopped", "failed", "limit", "looping", "interrupted"]);
export type EndReason = z.infer<typeof EndReason>;

/** A limit of a task that was reached. `max`: tool calls, tokens, US dollars, minutes, or requests to the model. */
export const ReachedLimit = z.object({
	of: z.enum(["calls", "tokens", "cost", "minutes", "steps"]),
	max: z.number(),
	/** What the task took of it: at least `max`. */
	used: z.number(),
});
export type ReachedLimit = z.infer<typeof ReachedLimit>;

/** What the person wrote while a turn ran. */
export const QueuedMessage = z.object({
	/** Unique in the chat. */
	id: z.string(),
	text: z.string(),
	/** As it was when the person wrote it. On record only where the message is new: images are large. */
	attached: z.optional(z.array(Attached)),
	/** Said at the next step of the turn that runs; absent: the prompt of a turn of its own, once this one is done. */
	steer: z.optional(z.literal(true)),
	/** The person is rewriting it: nobody says it meanwhile. */
	held: z.optional(z.literal(true)),
});
export type QueuedMessage = z.infer<typeof QueuedMessage>;

export const Mode = z.enum(["ask", "edits", "trusted", "plan"]);
/** How much runs unasked: `ask` for every change, `edits` apply at once, `trusted` also commands, `plan` reads only. */
export type Mode = z.infer<typeof Mode>;

/** A request that the model refused as too long: its size in tokens, about. What the model has room for is less. */
const Refused = z.object({ model: z.string(), tokens: z.number() });

const base = { seq: z.number(), at: z.number() };

/** Facts for later calls and the log that neither the model nor the person reads. */
export const Details = z.object({
	/** Content hash of a file as the model now knows it, by path. */
	seen: z.optional(z.record(z.string(), z.string())),
	todo: z.optional(z.array(TodoItem)),
	exitCode: z.optional(z.nullable(z.number())),
	/** The folder that later commands begin in, relative to the workspace with `/`; `.` is the workspace folder. */
	cwd: z.optional(z.string()),
	/** Absolute path of a file with all of a command's output, where the result has only a part. Not for the model. */
	log: z.optional(z.string()),
	/** Files that the call itself changed. Absent: there are none, or that is not on record with its result. */
	changes: z.optional(z.array(FileChange)),
	/** What of that can't be put back, in sentences; absent when all can. */
	uncovered: z.optional(z.array(z.string())),
	/** What the requests cost that the call made by itself. */
	usage: z.optional(Usage),
	/** What it tells of is still going on: to ask again is no repetition. */
	goesOn: z.optional(z.literal(true)),
	held: z.optional(Held),
	/** Characters at the end of the text that are not the result but say how often it came. */
	said: z.optional(z.number()),
});
export type Details = z.infer<typeof Details>;

/**
 * The append-only log of a chat. `seq` counts from 0, without gaps but for lines that were damaged or that a copy leaves
 * out; `at` is milliseconds since 1970.
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
	z.object({
		type: z.literal("prompted"),
		...base,
		text: z.string(),
		/** What went with it. */
		attached: z.optional(z.array(Attached)),
		/** For the model, after the text: what the person did meanwhile. */
		note: z.optional(z.string()),
		/** For the model, after that: what it may do now, where the mode limits that or no longer does. */
		modeNote: z.optional(z.string()),
		/** Id of the queued message that it is. */
		queued: z.optional(z.string()),
	}),
	/** What waits to be said: the whole list, in order. */
	z.object({ type: z.literal("queued"), ...base, messages: z.array(QueuedMessage) }),
	/** Queued messages were said in the middle of the turn, between two of its steps. */
	z.object({
		type: z.literal("steered"),
		...base,
		/** Of the messages, in the order of the text. */
		ids: z.array(z.string()),
		/** Their words: one message, since two of the person's in a row confuse a model. */
		text: z.string(),
		/** What went with them. */
		attached: z.optional(z.array(Attached)),
		/** For the model, after the text: what the person did meanwhile. */
		note: z.optional(z.string()),
	}),
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
		/** Part of the proposal of this earlier call of the same answer, which is decided on for both. */
		joined: z.optional(z.string()),
		/** What the person may allow beyond this call, the narrowest first; absent: nothing. */
		offers: z.optional(z.array(Rule)),
	}),
	z.object({
		type: z.literal("decided"),
		...base,
		callId: z.string(),
		verdict: Verdict,
		by: z.enum(["policy", "person"]),
		/** Why, in words; a person's reason goes to the model. */
		reason: z.string(),
		/** Which policy said so; absent for a person's word. */
		policy: z.optional(z.string()),
		/** What the person allowed beyond this call. */
		remember: z.optional(Rule),
		/** Where that holds; absent: in this chat. Others are kept outside of the log. */
		scope: z.optional(Scope),
		/** The person changed what was proposed before they allowed it. */
		edited: z.optional(z.boolean()),
	}),
	/** The person changed what they allow in this chat: all that holds from now on. */
	z.object({ type: z.literal("allowed"), ...base, rules: z.array(Rule) }),
	/** What was there just before a call ran that may change it: a process that dies meanwhile does not lose it. */
	z.object({
		type: z.literal("kept"),
		...base,
		callId: z.string(),
		/** The files that the call names, as far as they can be kept. */
		files: z.array(KeptFile),
		/** The workspace, for `Checkpoints.reopen`. Null: it could not be kept; absent: the call changes no other files. */
		snapshot: z.optional(z.nullable(z.string())),
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
		/** For the model, after the text: what the person did meanwhile. */
		note: z.optional(z.string()),
	}),
	/**
	 * What a command changed, found by comparing the workspace before and after. Comes some time after its `finished`,
	 * maybe after those of later calls; of a call that was cut off, before it.
	 */
	z.object({
		type: z.literal("changed"),
		...base,
		callId: z.string(),
		files: z.array(FileChange),
		/** What can't be told or put back, in sentences; absent when all can. */
		uncovered: z.optional(z.array(z.string())),
	}),
	/** The person kept or undid changes after they had been made. */
	z.object({
		type: z.literal("reviewed"),
		...base,
		/** What is left to review of these files; null: nothing. */
		files: z.record(z.string(), z.nullable(Unreviewed)),
		/** What was written to undo; empty when everything was kept. */
		changes: z.array(FileChange),
		/** For the model: what was undone. */
		note: z.optional(z.string()),
	}),
	/** Files or the conversation, or both, were put back to an earlier moment; or that was undone. */
	z.object({
		type: z.literal("restored"),
		...base,
		/** `seq` of the turn before which the conversation ends now; absent: the conversation stays. */
		turn: z.optional(z.number()),
		/** Takes the last `restored` back. */
		undo: z.optional(z.literal(true)),
		/** What was written to files. */
		changes: z.array(FileChange),
		/** For the model: which files are no longer as it knows them. */
		note: z.optional(z.string()),
	}),
	/** What the model is told before its next answer where no result and no prompt tells it: the turn goes on, or is tried again. */
	z.object({ type: z.literal("noted"), ...base, note: z.string() }),
	/** What the project tells agents, where that is news to the model. */
	z.object({ type: z.literal("instructed"), ...base, files: z.array(Instruction) }),
	/** From here on the model is sent `summary` in place of everything before the step whose `seq` is `keptFrom`. */
	z.object({
		type: z.literal("compacted"),
		...base,
		summary: z.string(),
		keptFrom: z.number(),
		/** What the summary cost, where a model wrote it. */
		usage: z.optional(Usage),
		refused: z.optional(Refused),
	}),
	/** From here on the model is sent at most `max` characters of each result of steps with `from` <= `seq` < `before`. */
	z.object({
		type: z.literal("shed"),
		...base,
		from: z.number(),
		before: z.number(),
		max: z.number(),
		refused: z.optional(Refused),
	}),
	z.object({ type: z.literal("titled"), ...base, title: z.string() }),
	z.object({ type: z.literal("failed"), ...base, failure: Failure }),
	z.object({
		type: z.literal("ended"),
		...base,
		reason: EndReason,
		/** Which limit, of reason `limit`. */
		limit: z.optional(ReachedLimit),
		/** What repeats, of reason `looping`. */
		loop: z.optional(Repetition),
	}),
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
	/** The model is asked for notes that shorten the chat. Over with `compacted`, `over`, or the end of the turn. */
	z.object({ type: z.literal("compacting"), at: z.number(), over: z.optional(z.literal(true)) }),
	z.object({ type: z.literal("delta"), channel: z.enum(["text", "reasoning"]), text: z.string() }),
	z.object({ type: z.literal("calling"), index: z.number(), tool: z.string(), bytes: z.number() }),
	z.object({ type: z.literal("running"), callId: z.string(), at: z.number() }),
	z.object({ type: z.literal("output"), callId: z.string(), text: z.string() }),
	/** How far the person is with a proposal in the diff editor. */
	z.object({
		type: z.literal("reviewing"),
		callId: z.string(),
		/** Hunks that are not decided yet, and those that were. */
		left: z.number(),
		accepted: z.number(),
		rejected: z.number(),
		/** The person changed the proposal's text, by rejecting a hunk or by typing. */
		edited: z.boolean(),
	}),
]);
export type Live = z.infer<typeof Live>;

export const ChatEvent = z.union([Recorded, Live]);
export type ChatEvent = Recorded | Live;
