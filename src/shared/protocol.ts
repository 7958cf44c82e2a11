import * as z from "zod/mini";
import { type AttachmentRow, type MentionRow, Wanted } from "./attachments.ts";
import { ChatEvent, Mode } from "./event.ts";
import type { LiveState } from "./live.ts";
import { QuestionAnswer } from "./questions.ts";
import { QueueChange } from "./queue.ts";
import type { Chat, Step } from "./reduce.ts";
import { Scope } from "./rule.ts";
import { PresetId } from "./settings.ts";
import type { SlashRow } from "./slash.ts";

/** Buttons under an error or on the first-run screen: each names a thing the host can do. */
export const Fix = z.enum([
	"setKey",
	"pickEndpoint",
	"pickModel",
	"editUrl",
	"retry",
	"resume",
	"raiseLimit",
	"newChat",
	"compact",
	"openFolder",
	"manageTrust",
	"openSettings",
	"showLog",
	"verify",
	"manageMcp",
]);
export type Fix = z.infer<typeof Fix>;

/** What the webview asks of the host. */
export const Op = z.discriminatedUnion("type", [
	/** The view's script runs and wants a snapshot. */
	z.object({ type: z.literal("ready") }),
	/** Wants all of the step with this `seq`, of which a snapshot held the outline. */
	z.object({ type: z.literal("wholeStep"), chat: z.string(), step: z.number() }),
	/** With all that is attached. */
	z.object({ type: z.literal("send"), text: z.string() }),
	z.object({ type: z.literal("attach"), wanted: Wanted }),
	z.object({ type: z.literal("detach"), id: z.string() }),
	/** Asks natively for files and folders. */
	z.object({ type: z.literal("pickFiles") }),
	/** Dropped on the view: addresses of files, folders or pages, one a line. */
	z.object({ type: z.literal("dropped"), uris: z.string() }),
	/** What fits the words after an `@`; answered by `mentions` with the same `id`, unless a newer one came. */
	z.object({ type: z.literal("mention"), id: z.number(), query: z.string() }),
	/**
	 * By chat, since another one may have come to the front meanwhile. Takes back what is being sent, too; if nothing is, a
	 * task that is paused is over.
	 */
	z.object({ type: z.literal("stop"), chat: z.string() }),
	/** Takes back one message that is being sent. */
	z.object({ type: z.literal("unsend"), chat: z.string(), id: z.string() }),
	/** What the person writes while a turn runs. The host owns the list. */
	z.object({ type: z.literal("queue"), chat: z.string(), change: QueueChange }),
	/** Says a message that waits, absent the next one: as a prompt where nothing runs, else at the next step. */
	z.object({ type: z.literal("sendQueued"), chat: z.string(), id: z.optional(z.string()) }),
	/** Ends the countdown to the next try at once. */
	z.object({ type: z.literal("retryNow"), chat: z.string() }),
	z.object({
		type: z.literal("decide"),
		/** Call ids repeat from chat to chat, and another chat may have come to the front meanwhile. */
		chat: z.string(),
		callId: z.string(),
		verdict: z.enum(["allow", "deny"]),
		/** Goes to the model. */
		reason: z.optional(z.string()),
		/** Allow from now on what the offer at this place of the call's list says. */
		remember: z.optional(z.object({ offer: z.int(), scope: Scope })),
	}),
	/** The answers to a call's questions, one for each; none: the person leaves them to the model. */
	z.object({ type: z.literal("answer"), chat: z.string(), callId: z.string(), answers: z.array(QuestionAnswer) }),
	z.object({ type: z.literal("openDiff"), chat: z.string(), callId: z.string() }),
	/** Opens a plan that waits for the person as a document to read and change. */
	z.object({ type: z.literal("openPlan"), chat: z.string(), callId: z.string() }),
	/** The changes that wait for review: all of them in one editor, or one file's. */
	z.object({ type: z.literal("reviewChanges"), chat: z.string(), path: z.optional(z.string()) }),
	z.object({ type: z.literal("keepChanges"), chat: z.string(), path: z.optional(z.string()) }),
	z.object({ type: z.literal("undoChanges"), chat: z.string(), path: z.optional(z.string()) }),
	/** Puts all files back to before the turn with this `seq`; shows what would change and asks first. */
	z.object({ type: z.literal("undoTask"), chat: z.string(), turn: z.number() }),
	/** Back to before the turn with this `seq`: asks whether files, conversation, or both. */
	z.object({ type: z.literal("restore"), chat: z.string(), turn: z.number() }),
	z.object({ type: z.literal("undoRestore"), chat: z.string() }),
	/** Back to before the turn, with its text in the composer to be changed; asks where files would go back too. */
	z.object({ type: z.literal("editPrompt"), chat: z.string(), turn: z.number() }),
	/** A new chat that begins as this one was before the turn. */
	z.object({ type: z.literal("fork"), chat: z.string(), turn: z.number() }),
	z.object({ type: z.literal("openFile"), path: z.string(), line: z.optional(z.number()) }),
	/** Asks with the full target before it opens. */
	z.object({ type: z.literal("openLink"), href: z.string() }),
	z.object({ type: z.literal("copy"), text: z.string() }),
	z.object({ type: z.literal("insert"), text: z.string() }),
	z.object({ type: z.literal("newFile"), text: z.string(), language: z.optional(z.string()) }),
	z.object({ type: z.literal("showTerminal"), chat: z.string(), callId: z.string() }),
	/** Opens a terminal of the person's in the command's folder, with the command typed and not run. */
	z.object({ type: z.literal("takeOver"), chat: z.string(), callId: z.string() }),
	/** Opens all of the command's output. */
	z.object({ type: z.literal("openLog"), chat: z.string(), callId: z.string() }),
	/** The composer's unsent text, kept through reloads. */
	z.object({ type: z.literal("draft"), text: z.string() }),
	/** What stood there before a queued message took its place; empty once it is back. */
	z.object({ type: z.literal("setAside"), text: z.string() }),
	z.object({ type: z.literal("setMode"), mode: Mode }),
	/** A command of the composer, with what followed its name. `now`: at the next step of a turn that runs. */
	z.object({ type: z.literal("slash"), chat: z.string(), name: z.string(), rest: z.string(), now: z.boolean() }),
	z.object({ type: z.literal("newChat") }),
	z.object({ type: z.literal("showHistory") }),
	/** First-run screen: use this preset (asks for what it needs, natively). */
	z.object({ type: z.literal("usePreset"), preset: PresetId }),
	/** First-run screen: use a server of `ViewState.found`. */
	z.object({ type: z.literal("useFound"), baseUrl: z.string() }),
	/** First-run screen: look once more for servers on this machine. */
	z.object({ type: z.literal("findServers") }),
	/** `chat`: pressed under a failure of this chat, which goes on when that was mended. */
	z.object({ type: z.literal("fix"), fix: Fix, chat: z.optional(z.string()) }),
]);
export type Op = z.infer<typeof Op>;
export type OpOf<T extends Op["type"]> = Extract<Op, { type: T }>;

/** A row of the first-run screen. */
export interface PresetRow {
	readonly id: PresetId;
	readonly name: string;
	/** One line: what it is for. */
	readonly about: string;
	readonly group: "cloud" | "local" | "demo";
}

/** A server that answers on this machine. */
export interface FoundRow {
	readonly baseUrl: string;
	/** The preset that fits it. */
	readonly preset: PresetId;
	readonly name: string;
	/** The model that would be asked; empty when it lists none. */
	readonly model: string;
	/** Host and port. */
	readonly host: string;
}

/** A file in the changes bar. */
export interface ChangedFile {
	readonly path: string;
	/** `mode`: only whether it is executable changed. */
	readonly kind: "changed" | "created" | "deleted" | "renamed" | "mode" | "binary";
	/** Where a renamed file was before. */
	readonly from?: string;
	readonly added: number;
	readonly removed: number;
	/** The person edited the same lines as the agent: undoing the file asks first. */
	readonly edited?: boolean;
	/** It changed after a call had been cut off, maybe by the person: undoing the file asks first. */
	readonly unsure?: boolean;
}

/** A message that is being sent: what goes with it is still read. */
export interface SendingRow {
	readonly id: string;
	readonly text: string;
	/** How many attachments are read. */
	readonly count: number;
	/** When it was sent (ms since 1970). */
	readonly at: number;
}

/** What the view shows around the chat; replaced as a whole when any of it changes. */
export interface ViewState {
	/** Nothing configured: show the first-run screen. */
	readonly setup: boolean;
	readonly presets: readonly PresetRow[];
	/** Servers on this machine, with `setup` only; absent until the first look is over. */
	readonly found?: readonly FoundRow[];
	/** The endpoint's name, such as "OpenRouter"; empty when not set up. */
	readonly endpoint: string;
	/** The model that will be asked; the server's own name for it once it answered. */
	readonly model: string;
	/** The endpoint is a script and no model. */
	readonly demo: boolean;
	/** What "Verify endpoint" found for this endpoint and model; absent: never run. */
	readonly verified?: "ready" | "repairs" | "unsuitable";
	/** What the chat in front is under: a turn that plans stays in Plan when the setting changes behind its back. */
	readonly mode: Mode;
	/** What a plan goes on in when it is accepted now. */
	readonly afterPlan: Mode;
	readonly workspace: "open" | "none" | "untrusted";
	/** Tokens; 0 unknown. */
	readonly contextTokens: number;
	/** Percent of that from which the chat is shortened. */
	readonly compactAt: number;
	readonly draft: string;
	/** What stood in the composer before a queued message took its place. */
	readonly aside?: string;
	/** What goes with the next words; the editor in front is the first. */
	readonly attachments: readonly AttachmentRow[];
	/** Messages that were sent to the chat in front and are not said yet; absent: none. */
	readonly sending?: readonly SendingRow[];
	/** The model reads images. Undefined: its server is still asked. */
	readonly images: boolean | undefined;
	/** The commands of the composer. */
	readonly slash: readonly SlashRow[];
	/** A turn of this chat is under way in the host. */
	readonly running: boolean;
	/** The turn was running when the window closed, and can go on. */
	readonly interrupted: boolean;
	/** Changes that wait for review, sorted by path. */
	readonly changes: readonly ChangedFile[];
	/** Problems of the setup, shown above the composer. */
	readonly notice?: { readonly text: string; readonly fixes: readonly Fix[] };
}

/** What the host tells the webview. The host owns the state: a view that was away gets a snapshot, never deltas. */
export type HostMessage =
	| {
			readonly type: "snapshot";
			/** Its outline: older steps come whole by `step`. */
			readonly chat: Chat;
			readonly live: LiveState;
			readonly view: ViewState;
			/** Translations of the view's English words. */
			readonly words: Readonly<Record<string, string>>;
			/** Those of them that the log holds, filled in. */
			readonly sentences?: readonly string[];
	  }
	| { readonly type: "events"; readonly chat: string; readonly events: readonly ChatEvent[] }
	| { readonly type: "step"; readonly chat: string; readonly step: Step }
	| { readonly type: "view"; readonly view: ViewState }
	| { readonly type: "mentions"; readonly id: number; readonly rows: readonly MentionRow[] }
	| { readonly type: "focus" }
	/** Puts text in the composer (an example, a prompt to edit), above what the person wrote there; no text clears it. */
	| { readonly type: "compose"; readonly text: string }
	/** For screen readers, which do not hear VS Code's status bar: what came of an action outside of the view. */
	| { readonly type: "announce"; readonly text: string };

/**
 * A large message on its way to the webview: the UTF-8 of its JSON. VS Code writes and reads what is posted as JSON
 * several times, in the extension host and in its window; bytes it passes on as they are.
 */
export const Packed = z.object({ type: z.literal("packed"), json: z.instanceof(Uint8Array) });
export type Packed = z.infer<typeof Packed>;

const Unchecked = z.looseObject({});

/**
 * The envelope is checked, the inside of a snapshot and of a step is not: it is the host's own state, reduced from a log that was
 * checked when it was read.
 */
export const HostEnvelope = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("snapshot"),
		chat: Unchecked,
		live: Unchecked,
		view: Unchecked,
		words: z.record(z.string(), z.string()),
		sentences: z.optional(z.array(z.string())),
	}),
	z.object({ type: z.literal("events"), chat: z.string(), events: z.array(ChatEvent) }),
	z.object({ type: z.literal("step"), chat: z.string(), step: Unchecked }),
	z.object({ type: z.literal("view"), view: Unchecked }),
	z.object({ type: z.literal("mentions"), id: z.number(), rows: z.array(Unchecked) }),
	z.object({ type: z.literal("focus") }),
	z.object({ type: z.literal("compose"), text: z.string() }),
	z.object({ type: z.literal("announce"), text: z.string() }),
]);
