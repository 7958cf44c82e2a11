/** Head and tail of a text, with a word on what is missing between them. */
export function middleOut(text: string, max: number): string {
	if (text.length <= max) return text;
	const head = Math.ceil(max * 0.7);
	const tail = max - head;
	return `${text.slice(0, head)}\n[… ${text.length - max} characters left out …]\n${tail === 0 ? "" : text.slice(-tail)}`;
}
