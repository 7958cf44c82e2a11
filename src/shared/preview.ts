import * as z from "zod/mini";
import { QuestionsPreview } from "./questions.ts";

const DiffPreview = z.object({
	kind: z.literal("diff"),
	path: z.string(),
	/** Unified diff hunks (`@@ … @@` and lines), without file headers. */
	diff: z.string(),
	added: z.number(),
	removed: z.number(),
	/** The file does not exist yet. */
	created: z.optional(z.boolean()),
	/** The file would be gone. */
	deleted: z.optional(z.boolean()),
	/** The path that the file had before: it is renamed. */
	from: z.optional(z.string()),
	/** A word of caution, such as a whole-file write that drops most of the file. */
	warning: z.optional(z.string()),
});
export type DiffPreview = z.infer<typeof DiffPreview>;

/** A command in it writes only in the workspace; whether it has the network besides. */
export const SandboxKind = z.enum(["no network", "network"]);
export type SandboxKind = z.infer<typeof SandboxKind>;

/** A call that an explorer made. */
export const ExploredCall = z.object({ title: z.string(), failed: z.optional(z.literal(true)) });
export type ExploredCall = z.infer<typeof ExploredCall>;

/** What a person is shown of a call: before it runs to decide on, afterwards to look at. */
export const Preview = z.discriminatedUnion("kind", [
	DiffPreview,
	/** Several files at once, all or nothing. */
	z.object({ kind: z.literal("files"), files: z.array(DiffPreview) }),
	/** Markdown that the person may change before they allow it. */
	z.object({ kind: z.literal("plan"), text: z.string() }),
	z.object({
		kind: z.literal("command"),
		command: z.string(),
		cwd: z.string(),
		/** It runs in the sandbox; absent: as the person does. */
		sandbox: z.optional(SandboxKind),
		/** It is not waited for. */
		background: z.optional(z.literal(true)),
	}),
	/** A question for an explorer, with what it did and reported. */
	z.object({
		kind: z.literal("task"),
		prompt: z.string(),
		calls: z.array(ExploredCall),
		/** Markdown. */
		report: z.optional(z.string()),
	}),
	QuestionsPreview,
	/** What a tool that is not ours is sent: its arguments as JSON, in which the middle is left out where they are too long. */
	z.object({ kind: z.literal("call"), server: z.string(), tool: z.string(), args: z.string() }),
	z.object({ kind: z.literal("text"), text: z.string() }),
]);
export type Preview = z.infer<typeof Preview>;
