const FENCE = /^([ \t]*)(`{3,}(?=[^`]*$)|~{3,})/;
/** Two levels lower; there is none below six. */
const HEADING = /^ {0,3}(#{1,6})(?=\s|$)/;
/** What makes a heading of the line above. */
const UNDERLINE = /^ {0,3}(-+|=+)\s*$/;
const CODE = /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g;
/** What loads something, or hides what comes after it. */
const LIVE = /<|!\[/;

/** All but tabs and line ends, and what turns the direction of text. */
const CONTROLS = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** Without what moves the cursor of a terminal, or shows a text in another order than it has. */
export function printable(text: string): string {
	return text.replace(/\r\n?/g, "\n").replace(CONTROLS, "");
}

/** A text as code, which no line of it can end. */
export function fenced(words: string, language = ""): string {
	const text = printable(words);
	const longest = [...text.matchAll(/`+/g)].reduce((most, [ticks]) => Math.max(most, ticks.length), 2);
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/**
 * Markdown of a model or a stranger, to stand in a document of ours: it shows as what it is and ends where it ends. No
 * fence stays open, nothing is HTML or an image, and no heading stands as high as those of the document. Fences go to
 * the beginning of the line: whether one still belongs to a list, and is over with it, is hard to tell.
 */
export function contained(markdown: string): string {
	let open: { readonly indent: string; readonly fence: string } | undefined;
	const shown = (line: string): string => {
		if (!open) {
			const [, indent = "", fence] = FENCE.exec(line) ?? [];
			if (fence === undefined) return tame(line);
			open = { indent, fence };
			return line.trim();
		}
		const { indent, fence } = open;
		if (!isEnd(line.trim(), fence)) return line.startsWith(indent) ? line.slice(indent.length) : line;
		open = undefined;
		return line.trim();
	};
	const lines = printable(markdown).trim().split("\n").map(shown);
	return [...lines, ...(open ? [open.fence] : [])].join("\n");
}

function isEnd(line: string, fence: string): boolean {
	return line.length >= fence.length && line === fence.charAt(0).repeat(line.length);
}

function tame(line: string): string {
	const under = UNDERLINE.exec(line)?.[1];
	if (under !== undefined) return under.startsWith("-") ? "***" : `\\${under}`;
	let at = 0;
	let out = "";
	for (const { 0: whole, 2: code = "", index } of line.matchAll(CODE)) {
		out += plain(line.slice(at, index)) + (LIVE.test(code) ? `<code>${literal(code)}</code>` : whole);
		at = index + whole.length;
	}
	const tamed = (out + plain(line.slice(at))).replace(HEADING, (_, marks: string) => `${marks}##`.slice(0, 6));
	// Without the other marks on its line it would be one.
	return FENCE.test(tamed) ? tamed.replace(/[`~]/, "\\$&") : tamed;
}

function plain(text: string): string {
	return text.replaceAll("<", "&lt;").replaceAll("![", "!\\[");
}

/** As code that is written in HTML, so that it is none where this is not code after all. */
function literal(code: string): string {
	return code.replace(/[\\`*_[\]!|~&<]/g, (char) => `&#${char.charCodeAt(0)};`);
}
