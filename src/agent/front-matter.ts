/** The settings at the top of a Markdown file, between two lines of `---`, and what follows. Values are plain strings. */
export interface FrontMatter {
	readonly values: ReadonlyMap<string, string>;
	readonly body: string;
}

/** Reads one-line values, plain or quoted, and those folded over indented lines. What else YAML knows is left out. */
export function readFrontMatter(text: string): FrontMatter {
	const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
	const end = lines[0]?.trimEnd() === "---" ? lines.findIndex((line, at) => at > 0 && line.trimEnd() === "---") : -1;
	if (end < 0) return { values: new Map(), body: lines.join("\n") };
	const values = new Map<string, string>();
	let last = "";
	for (const line of lines.slice(1, end)) {
		const [, name, value = ""] = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/.exec(line) ?? [];
		if (name !== undefined) {
			last = name.toLowerCase();
			values.set(last, /^[|>][+-]?$/.test(value.trim()) ? "" : unquoted(value.trim()));
		} else if (last !== "" && /^\s+\S/.test(line)) values.set(last, `${values.get(last) ?? ""} ${line.trim()}`.trim());
		else last = "";
	}
	return { values, body: lines.slice(end + 1).join("\n") };
}

function unquoted(value: string): string {
	const [first = ""] = value;
	const isQuoted = (first === '"' || first === "'") && value.length > 1 && value.endsWith(first);
	return isQuoted ? value.slice(1, -1) : value;
}
