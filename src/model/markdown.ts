import { visible } from "../shared/visible.ts";

/*
 * Names, ids and messages come from servers and may hold anything. In Markdown that a person opens they must not become
 * links, pictures, HTML, headings or cells of a table; nor may they hide signs. VS Code's preview renders HTML.
 */

/** As text in one line, wherever it stands in a line. */
export function plainText(text: string): string {
	return (
		oneLine(text)
			.replace(/[\\`*_[\]<>!|~&$]/g, (each) => `\\${each}`)
			// What begins a heading or a list at the beginning of a line only.
			.replace(/^(?=[#+-])|(?<=^\d+)(?=[.)]( |$))/, "\\")
	);
}

/** As code in one line. Inside of a table `cell` goes around it. */
export function code(text: string): string {
	const line = oneLine(text).replaceAll("`", "'");
	return `\`${line === "" ? " " : line}\``;
}

/** Markdown of one line as a cell: a table is cut at bars even inside of code. */
export function cell(markdown: string): string {
	return markdown.replace(/(?<!\\)\|/g, "\\|");
}

function oneLine(text: string): string {
	return visible(text.replace(/\s+/g, " ").trim());
}
