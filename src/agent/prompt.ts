import system from "./system.md";

/** Facts about the machine that stay the same for a whole chat. */
export interface Surroundings {
	/** Such as `Linux`, `macOS`, `Windows`. */
	readonly os: string;
	readonly shell: string;
	/** Absolute path of the workspace folder; undefined when none is open. */
	readonly root: string | undefined;
	/** The other folders of the workspace, as the tools name them: `../lib`. */
	readonly others?: readonly string[];
}

/**
 * The system prompt of a chat, made once and kept in its log. No date, no open files, nothing that changes: a byte that
 * differs early in the prompt makes the server read everything anew.
 */
export function systemPrompt({ os, shell, root, others = [] }: Surroundings): string {
	const folder =
		root === undefined
			? "No folder is open: file and command tools will refuse. Answer from the conversation, and ask the person to open a folder when the task needs one."
			: `The project folder is \`${root}\`. Commands start there, and relative paths begin there.${also(others)}`;
	return `${system.trimEnd()}\n\n# Environment\n- Operating system: ${os}. Commands run in ${shell}.\n- ${folder}\n`;
}

function also(others: readonly string[]): string {
	if (others.length === 0) return "";
	const names = others.map((name) => `\`${name}\``).join(", ");
	return ` The workspace has other folders, too: ${names}. A search covers one folder: give another one as its path.`;
}
