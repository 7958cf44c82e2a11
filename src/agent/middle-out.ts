/** Head and tail of a text, with a word on what is missing between them. What is quoted stays behind its sign. */
export function middleOut(text: string, max: number): string {
	if (text.length <= max) return text;
	const head = Math.ceil(max * 0.7);
	const tail = max - head;
	const from = text.length - tail;
	const line = text.lastIndexOf("\n", from - 1) + 1;
	const sign = line < from && text.startsWith("> ", line) ? "> " : "";
	return `${text.slice(0, head)}\n[… ${text.length - max} characters left out …]\n${tail === 0 ? "" : sign + text.slice(-tail)}`;
}
