import type { Result } from "./ports.ts";

/** `line` is counted from 1, `column` from 0 in UTF-16 units. A line ends at `\n`, `\r\n` or a lone `\r`. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** A place in a file. */
export interface Spot extends Position {
	/** Absolute, as the editor names the file: to be placed before anybody is told of it. A URI where it is on no disk. */
	readonly path: string;
}

/** A declaration. */
export interface NamedSymbol extends Spot {
	/** As the service shows it, which may be more than the identifier: `total(int)`. */
	readonly name: string;
	/** Such as `class` or `enum member`. */
	readonly kind: string;
	/** Names of what it is declared in, the outermost first, as far as the service tells. */
	readonly within: readonly string[];
}

/** What a rename does to one file. `text` goes between two positions of the file as it is in the editor. */
export interface FileEdits {
	readonly path: string;
	readonly edits: readonly { readonly from: Position; readonly to: Position; readonly text: string }[];
}

/** The failure is a sentence for the model: no service answers, it takes too long, or it refuses. */
export type Said<T> = Result<T, string>;

/**
 * The editor's language services on a project's names. They may have to start first, which is waited for, half a minute
 * at most. Paths are absolute. Never throws, changes nothing.
 */
export interface Symbols {
	/** Declarations of a file, in its order. */
	outline(path: string, signal: AbortSignal): Promise<Said<readonly NamedSymbol[]>>;
	/** Declarations anywhere whose name is like `query`. `near`: a file of the language, to wake its service. */
	find(query: string, near: string | undefined, signal: AbortSignal): Promise<Said<readonly NamedSymbol[]>>;
	definitions(at: Spot, signal: AbortSignal): Promise<Said<readonly Spot[]>>;
	/** With the declaration itself. */
	references(at: Spot, signal: AbortSignal): Promise<Said<readonly Spot[]>>;
	/** What would give the symbol another name. Fails where more than texts of files on a disk would change. */
	rename(at: Spot, name: string, signal: AbortSignal): Promise<Said<readonly FileEdits[]>>;
}
