/** Markup that is the model's own and that no server should pass on as text: tool calls of K2 and K3, roles, ends. */
const MARKUP =
	/<\|(?:tool_calls?_section_(?:begin|end)|tool_call_(?:begin|argument_begin|end)|im_(?:end|system|user|assistant|middle)|open|close|sep|end_of_msg)\|>|\[(?:EOS|EOT|BOS)\]/g;

const THINK_TAGS = /<\/?think>/;

/** The markers in a text, each once. */
export function markupIn(text: string): readonly string[] {
	return [...new Set(text.match(MARKUP) ?? [])];
}

export function hasThinkTags(text: string): boolean {
	return THINK_TAGS.test(text);
}

/** For Markdown: as code, whatever stands in it. */
export function code(text: string): string {
	return `\`${text.replaceAll("`", "'")}\``;
}
