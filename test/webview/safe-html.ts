import assert from "node:assert/strict";

const TAGS = new Set(
	"a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s span strong table tbody td th thead tr ul".split(
		" ",
	),
);

const URL_SAFE = /^(https?:\/\/[^/]|mailto:)/i;

/** What each attribute may hold; an attribute that is not named here is a finding. */
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
	href: URL_SAFE,
	title: /^/,
	rel: /^noopener noreferrer$/,
	class:
		/^(unseen|align-(left|right|center)|table|plain|file|image|codicon codicon-file-media|hljs-[\w -]+|language-\w+)$/,
	role: /^link$/,
	tabindex: /^0$/,
	start: /^\d+$/,
	"aria-hidden": /^true$/,
	"data-path": /^(?![a-z][a-z0-9+.-]+:|\/\/)/i,
	"data-line": /^\d+$/,
	"data-char": /^U\+[0-9A-F]{4,6}$/,
	"data-language": /^[\w+#.-]+$/,
};

/** Reads the whole of it as text and known tags, so that whatever is not understood is a finding too. */
export function assertSafe(html: string, source: string): void {
	const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>/y;
	let at = 0;
	while (at < html.length) {
		const next = html.indexOf("<", at);
		if (next < 0) break;
		tag.lastIndex = next;
		const match = tag.exec(html);
		assert.ok(match, `not a plain tag: ${html.slice(next, next + 80)} from ${JSON.stringify(source)}`);
		assert.ok(TAGS.has(match[2] ?? ""), `tag ${match[2]} from ${JSON.stringify(source)}`);
		for (const [, name = "", value = ""] of (match[3] ?? "").matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
			const rule = ATTRIBUTES[name];
			assert.ok(rule?.test(unescapeHtml(value)), `${name}="${value}" from ${JSON.stringify(source)}`);
		}
		at = tag.lastIndex;
	}
}

function unescapeHtml(text: string): string {
	return text
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&amp;", "&");
}
