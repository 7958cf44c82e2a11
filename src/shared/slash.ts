/** A command of the composer, as its list shows it. The host knows what it does. */
export interface SlashRow {
	/** Typed after the `/`. */
	readonly name: string;
	/** One line: what it does. */
	readonly about: string;
	/** What may follow the name, in a few words; absent: nothing. */
	readonly takes?: string;
	/** It lies in the project: anybody may have written it. Absent: it is built in. */
	readonly own?: "command" | "skill";
}

/** What the person wrote as a command. */
export interface Slash {
	readonly name: string;
	/** What follows the name, trimmed. */
	readonly rest: string;
}

/** Undefined for a text that only begins with a `/`, such as a path. */
export function readSlash(text: string): Slash | undefined {
	const { name, rest = "" } = /^\/(?<name>[a-z0-9][\w-]*)(?:\s+(?<rest>[\s\S]*))?$/i.exec(text.trim())?.groups ?? {};
	return name === undefined ? undefined : { name, rest: rest.trim() };
}

export function findSlash(rows: readonly SlashRow[], name: string): SlashRow | undefined {
	return rows.find((row) => row.name.toLowerCase() === name.toLowerCase());
}

/** The rows for what stands in the composer: those that begin with it, then those that have it somewhere. None else. */
export function matchingSlash(rows: readonly SlashRow[], text: string): readonly SlashRow[] {
	const typed = /^\/([\w-]*)$/.exec(text)?.[1]?.toLowerCase();
	if (typed === undefined) return [];
	const at = ({ name }: SlashRow) => name.toLowerCase().indexOf(typed);
	return [...rows.filter((row) => at(row) === 0), ...rows.filter((row) => at(row) > 0)];
}
