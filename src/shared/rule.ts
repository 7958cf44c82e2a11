import * as z from "zod/mini";

/** What the person allowed beyond one call, as they saw it. */
export const Rule = z.union([
	/** All edits inside of the workspace but those of protected files. */
	z.object({ edits: z.literal(true) }),
	/** One command line, to the letter, in this folder: relative to the workspace; absent: the workspace folder. */
	z.object({ command: z.string(), cwd: z.optional(z.string()) }),
	/** Every command that begins with these words, in a line of plain words, pipes, `&&`, `||` and `;`. */
	z.object({ words: z.array(z.string()).check(z.minLength(1)) }),
	/** Fetching from one origin, such as `https://nodejs.org`. */
	z.object({ origin: z.string() }),
	/** Files outside of the workspace: this folder, absolute with links resolved, and all below it. */
	z.object({ folder: z.string() }),
	/**
	 * One tool of one server. `from` names the server's configuration and the tool as it described itself: a changed one
	 * asks again.
	 */
	z.object({
		server: z.string(),
		tool: z.string(),
		from: z.string(),
		/** The person takes it to change nothing: it runs in Plan mode, too. */
		reads: z.optional(z.literal(true)),
	}),
]);
export type Rule = z.infer<typeof Rule>;

/** Where a rule holds: in one chat, in all chats of one workspace, everywhere. */
export const Scope = z.enum(["chat", "workspace", "always"]);
export type Scope = z.infer<typeof Scope>;

/**
 * Where a rule may hold. All edits, or a folder outside, in workspaces that the person has not even seen yet would be
 * more than anybody means.
 */
export function scopesOf(rule: Rule): readonly Scope[] {
	return "edits" in rule || "folder" in rule ? ["chat", "workspace"] : ["chat", "workspace", "always"];
}

export function isSameRule(one: Rule, other: Rule): boolean {
	return keyOf(one) === keyOf(other);
}

/** By its fields in a fixed order. */
const keyOf = (rule: Rule) =>
	JSON.stringify(
		Object.entries(rule)
			.filter(([, value]) => value !== undefined)
			.sort(),
	);

/** A rule that holds. */
export interface Grant {
	readonly rule: Rule;
	readonly scope: Scope;
}
