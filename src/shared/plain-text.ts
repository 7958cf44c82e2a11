/** Names of what Markdown shows by its look, in the person's language. */
export interface PlainWords {
	/** Before a block of code; `language` may be empty. */
	codeBegins(language: string): string;
	readonly codeEnds: string;
}

/** Markdown as it is read aloud: without the marks, with the addresses of links, code to the letter. */
export function plainText(markdown: string, words: PlainWords): string {
	const out: string[] = [];
	let fence: string | undefined;
	for (const line of markdown.split("\n")) {
		const [, marks = "", language = ""] = /^\s*(`{3,}|~{3,})\s*([^\s`]*)/.exec(line) ?? [];
		if (fence === undefined && marks !== "") {
			fence = marks;
			out.push(words.codeBegins(language));
		} else if (fence !== undefined && marks.startsWith(fence) && line.trim() === marks) {
			fence = undefined;
			out.push(words.codeEnds);
		} else out.push(fence === undefined ? plainLine(line) : line);
	}
	return out.join("\n").trim();
}

function plainLine(line: string): string {
	if (isRule(line.trim())) return "";
	const bare = line.replace(/^(\s*)#{1,6}\s+/, "$1").replace(/^(\s*)(?:>\s?)+/, "$1");
	// What stands in ticks is code: the marks inside are its own.
	return bare
		.split(/(`+[^`]*`+)/)
		.map((part) => (part.startsWith("`") ? part.replace(/^`+|`+$/g, "") : unmarked(part)))
		.join("");
}

/** A line across the page, or the one below the head of a table. */
function isRule(line: string): boolean {
	return /^([-*_])(\s*\1){2,}$/.test(line) || (line.includes("---") && /^[\s:|-]+$/.test(line));
}

/** No further than that is looked for the end of what a mark begins: a model may repeat one without end. */
function unmarked(text: string): string {
	return text
		.replace(/!?\[([^\]]{0,300})\]\(([^()\s]*)(?:\s+"[^"]*")?\)/g, (_, words: string, to: string) =>
			words === to || words === "" ? to : `${words} (${to})`,
		)
		.replace(/(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=\S)\1/g, "$2")
		.replace(/(?<![\w*\\])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, "$1")
		.replace(/(?<![\w_\\])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])/g, "$1")
		.replace(/\\([\\`*_{}[\]()#+.!|>~-])/g, "$1");
}
