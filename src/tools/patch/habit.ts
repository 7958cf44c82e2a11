/** What other agents call the tool, in lower case without marks between words. */
const NAMES = new Set(["applypatch", "patch", "applydiff", "gitapply"]);
/** Where models put the patch, and the path of a diff without headers. */
const PATCH_KEYS = ["patch", "input", "diff", "content", "patch_text", "patchText", "unified_diff", "changes"];
const PATH_KEYS = ["path", "file_path", "filePath", "file", "filename", "target_file"];
/** Our tools that get a patch now and then, and under which keys. */
const OURS: ReadonlyMap<string, readonly string[]> = new Map([
	["Edit", ["patch", "diff", "input"]],
	["Write", ["patch", "diff"]],
]);

/** Where more follows the patch, that tool says so and makes nothing; all else is for the shell. */
const COMMAND = /^\s*apply_?patch[ \t]*<<-?[ \t]*["'\\]?[\w.-]/;

/**
 * The arguments of the patch tool, as JSON, where a call means that tool: by its name, by what Edit or Write are given,
 * or as a command of a shell. Undefined for every other call.
 */
export function patchArgs(name: string, args: string): string | undefined {
	const isPatch = NAMES.has(name.toLowerCase().replace(/[^a-z]/g, ""));
	const given = fieldsOf(args);
	if (!isPatch) return given && askedOf(name, given);
	const patch = given ? textAt(given, PATCH_KEYS) : bareText(args);
	// Without one the tool's own words say what is missing.
	return patch === undefined ? args : toArgs(patch, given);
}

function askedOf(name: string, given: Fields): string | undefined {
	if (name === "Bash") {
		const command = textAt(given, ["command"]);
		return command !== undefined && COMMAND.test(command) ? toArgs(command, {}) : undefined;
	}
	const keys = OURS.get(name);
	const patch = keys && textAt(given, keys);
	const hasOwn = ["old_string", "new_string", "edits", "content"].some((key) => Object.hasOwn(given, key));
	return patch === undefined || hasOwn ? undefined : toArgs(patch, given);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(args: string): Fields | undefined {
	const value = parsed(args);
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A patch that stands for the arguments itself, as a JSON string or as it is. */
function bareText(args: string): string | undefined {
	const value = parsed(args);
	if (typeof value === "string") return value;
	return /^\s*(?:```|\*\*\* |--- |diff --git |@@|apply_patch|<<)/.test(args) ? args : undefined;
}

function parsed(args: string): unknown {
	try {
		return JSON.parse(args);
	} catch {
		return undefined;
	}
}

/** The first text under one of these names. */
function textAt(given: Fields, keys: readonly string[]): string | undefined {
	for (const key of keys) {
		const value = Object.hasOwn(given, key) ? given[key] : undefined;
		if (typeof value === "string") return value;
	}
	return undefined;
}

function toArgs(patch: string, given: Fields = {}): string {
	return JSON.stringify({ patch, path: textAt(given, PATH_KEYS) });
}
