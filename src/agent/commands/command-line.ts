/** One program of a command line with its words. */
export interface SimpleCommand {
	/** As the shell hands them over: quotes are gone, nothing was expanded. The first is the program. */
	readonly words: readonly string[];
	/** Why it may do more than read inside of the workspace, as a sentence. Absent: it only reads there. */
	readonly trouble?: string;
}

/** A command line of the plain grammar, in order; or why it is none, as a sentence. */
export type CommandLine = { readonly commands: readonly SimpleCommand[] } | { readonly trouble: string };

/** Whether all of it only reads. */
export function isHarmless(line: CommandLine | undefined): boolean {
	return line !== undefined && "commands" in line && line.commands.every(({ trouble }) => trouble === undefined);
}
