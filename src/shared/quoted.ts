/** Whatever a model, or a template, may take for the end of a line. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/** A text of anybody's, each line behind a sign, so that none of it can pass for words of the person or the editor. */
export function quoted(text: string): readonly string[] {
	return text.split(LINE_END).map((line) => (line === "" ? ">" : `> ${line}`));
}

/** What chat templates take for the end of a message or for a call, such as `<|im_end|>`; not the pipes of code. */
export function withoutMarks(text: string): string {
	return text.replace(/<\|(?=\w{1,60}\|>)/g, "< |");
}
