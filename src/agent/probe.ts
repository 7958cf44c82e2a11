/** What the machine is asked before a command may run unasked. */
export interface Probe {
	/** The program of this name that a command would run; undefined: it finds none. */
	program(name: string): Promise<Program | undefined>;
	/** What a git command that only shows something meets in this folder, which is absolute. */
	git(folder: string, signal: AbortSignal): Promise<Repository>;
	/** What a git command with these words would show the text of there. Only where `git` found no trouble. */
	shown(folder: string, words: readonly string[], signal: AbortSignal): Promise<ShownNames>;
}

export interface Program {
	/** Absolute, as it was found. */
	readonly found: string;
	/** The same with links resolved. */
	readonly path: string;
}

export type Repository =
	/** Why git may run programs that the repository names, or tell what it keeps, as a sentence. */
	| { readonly trouble: string }
	| { readonly isNone: true }
	/** Absolute: the folder of its files, and those of what it keeps of them. */
	| { readonly top: string; readonly kept: readonly string[] };

/** Files of the repository, or why they can't be told, as a sentence. */
export type ShownNames = { readonly trouble: string } | { readonly names: readonly string[] };
