import Markdown, { type MarkdownIt } from "markdown-it";
import { visible } from "../shared/visible.ts";
import { highlight } from "./highlight.ts";

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** Link definitions (`[name]: target`) that pieces of one message share. */
export interface References {
	[label: string]: { title: string; href: string };
}

/** Levels of nested quotes and lists, and so the depth of the parser's recursion. */
const MAX_DEPTH = 60;

/**
 * Longer sources are shown as plain text. No model answers at such length, and the parser takes time that grows with
 * the square of what a stranger may choose to send: a second or two at this size.
 */
const LIMIT = 300_000;

/** Colours code. Off for a block that still streams: it is coloured once, when it is finished. */
interface Env {
	references: References;
	colours: boolean;
	[key: PropertyKey]: unknown;
}

const md = build();

/** Markdown from a stranger to HTML that is safe to insert: no raw HTML, no image, no style, no foreign scheme. */
export function renderMarkdown(source: string): string {
	return renderPiece(source, {}, true);
}

/** The same for a piece of a message. Adds the definitions it finds to `references`. */
export function renderPiece(source: string, references: References, colours: boolean): string {
	if (source.length > LIMIT) return plain(source);
	try {
		const env: Env = { references, colours };
		const tokens = md.parse(source, env);
		return tokens.some(isTooDeep) ? renderShallow(source, tokens, env) : render(tokens, env);
	} catch {
		return plain(source);
	}
}

function render(tokens: Token[], env: Env): string {
	return md.renderer.render(tokens, md.options, env);
}

/** The parser drops what is nested deeper than its limit: such a block is shown as plain text instead. */
function renderShallow(source: string, tokens: Token[], env: Env): string {
	const lines = source.split("\n");
	let html = "";
	let start = 0;
	for (let i = 0; i < tokens.length; i++) {
		const token = tokens[i];
		if (!token || token.level > 0 || token.nesting === 1) continue;
		const block = tokens.slice(start, i + 1);
		const map = block[0]?.map;
		html += map && block.some(isTooDeep) ? plain(lines.slice(...map).join("\n")) : render(block, env);
		start = i + 1;
	}
	return html;
}

const isTooDeep = (token: Token) => token.level >= MAX_DEPTH - 1;

/**
 * Offset in `source` (with `\n` line ends) up to which no text that may still follow can change a block. The last
 * block is never finished, nor is one before it as long as the line that ended it is incomplete.
 */
export function finishedUpTo(source: string): number {
	const complete = source.lastIndexOf("\n") + 1;
	if (complete === 0) return 0;
	const tokens = blocks(source.slice(0, complete));
	const last = tokens.at(-1);
	const before = tokens.at(-2);
	if (!last?.map || !before?.map) return 0;
	const line = last.map[0];
	// What stands right below a definition may turn out to be its title.
	const mayBeTitle = before.type === "reference_definition" && before.map[1] >= line;
	return mayBeTitle ? 0 : lineOffset(source, line);
}

/** The tokens that open a block at the top level; their `map` says which lines they cover. */
function blocks(source: string): readonly Token[] {
	try {
		const tokens: Token[] = [];
		md.block.parse(source, md, { references: {} }, tokens);
		return tokens.filter((token) => token.level === 0 && token.nesting !== -1);
	} catch {
		return [];
	}
}

function lineOffset(source: string, line: number): number {
	let offset = 0;
	for (let i = 0; i < line; i++) offset = source.indexOf("\n", offset) + 1;
	return offset;
}

function escapeHtml(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("'", "&#39;");
}

/** As plain text, whatever it says. */
export function plain(source: string): string {
	return `<pre class="plain">${shown(source)}</pre>`;
}

/**
 * Characters that hide text or turn its order around: controls, bidi overrides and isolates, zero width, tags. Those
 * that scripts and emoji need stay as they are, unlike in what the person decides on.
 */
const UNSEEN = /[\p{Cc}\u200b\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

function shown(text: string): string {
	return markUnseen(escapeHtml(text));
}

/** @param html whose attributes hold no such character. The character stays in it, so that code is copied as it is. */
function markUnseen(html: string): string {
	return html.replace(UNSEEN, (char) =>
		char === "\n" || char === "\t"
			? char
			: `<mark class="unseen" data-char="${visible(char).slice(1, -1)}">${char}</mark>`,
	);
}

/** Where a link leads: out of VS Code, to a file, or nowhere. */
type Target = { readonly href: string } | { readonly path: string; readonly line?: number };

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** The allow-list of link targets. Anything else stays text. */
export function linkTarget(raw: string): Target | undefined {
	const href = raw.trim();
	// Backslashes and controls are how parsers are made to disagree about the scheme and the host.
	if (href === "" || visible(decode(href)) !== decode(href) || href.includes("\\")) return undefined;
	if (/^(https?:\/\/[^/]|mailto:[^/])/i.test(href)) return { href };
	if (SCHEME.test(decode(href)) || href.startsWith("//") || href.startsWith("#")) return undefined;
	return fileTarget(decode(href));
}

/** `src/a.ts`, `src/a.ts:12`, `src/a.ts#L12`; the host checks that it lies in the workspace. */
function fileTarget(text: string): Target | undefined {
	const match = /^([^#?:*<>|"]+?)(?:(?:#L|:)(\d{1,7})(?:[-:].*)?)?$/.exec(text);
	if (!match?.[1]) return undefined;
	return match[2] === undefined ? { path: match[1] } : { path: match[1], line: Number(match[2]) };
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function fileAttributes(target: { readonly path: string; readonly line?: number }): string {
	const line = target.line === undefined ? "" : ` data-line="${target.line}"`;
	return `data-path="${escapeHtml(target.path)}"${line} role="link" tabindex="0"`;
}

/** Code spans such as `src/a.ts:12` open the file. A slash is needed, or `console.log` would count. */
const FILE_IN_CODE = /^(?:[\w@.+-]+\/)+[\w@.+-]*\.\w{1,10}(?::\d{1,7})?$/;

function build(): MarkdownIt {
	const made = new Markdown({ html: false, linkify: true, maxNesting: MAX_DEPTH });
	made.validateLink = (url) => linkTarget(url) !== undefined;
	made.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
	made.linkify.add("ftp:", null).add("//", null).add("mailto:", null);
	const { rules } = made.renderer;
	rules["text"] = (tokens, index) => shown(tokens[index]?.content ?? "");
	rules["link_open"] = (tokens, index) => linkOpen(tokens[index]);
	rules["image"] = (tokens, index) => image(tokens[index]);
	rules["code_inline"] = (tokens, index) => codeInline(tokens[index]?.content ?? "");
	rules["fence"] = (tokens, index, _options, env) => fence(tokens[index], env?.["colours"] === true);
	rules["code_block"] = (tokens, index) => codeBlock(tokens[index]?.content ?? "", "", false);
	rules["table_open"] = () => '<div class="table" tabindex="0"><table>\n';
	rules["table_close"] = () => "</table></div>\n";
	// markdown-it aligns cells by a style attribute, which the content security policy refuses.
	for (const cell of ["td", "th"]) {
		rules[`${cell}_open`] = (tokens, index) => {
			const side = /text-align:(left|right|center)/.exec(String(tokens[index]?.attrGet("style") ?? ""))?.[1];
			return side ? `<${cell} class="align-${side}">` : `<${cell}>`;
		};
	}
	return made;
}

function linkOpen(token: Token | undefined): string {
	const raw = String(token?.attrGet("href") ?? "");
	const target = linkTarget(raw);
	if (!target) return "<a>";
	if ("path" in target) return `<a class="file" ${fileAttributes(target)}>`;
	const href = escapeHtml(target.href);
	return `<a href="${href}" title="${href}" rel="noopener noreferrer">`;
}

function image(token: Token | undefined): string {
	const alt = escapeHtml(visible(token?.content ?? ""));
	const url = escapeHtml(visible(String(token?.attrGet("src") ?? "")));
	return `<span class="image"><span class="codicon codicon-file-media" aria-hidden="true"></span> ${alt} <code>${url}</code></span>`;
}

function codeInline(content: string): string {
	const code = shown(content);
	const target = FILE_IN_CODE.test(content) ? fileTarget(content) : undefined;
	return target && "path" in target
		? `<code class="file" ${fileAttributes(target)}>${code}</code>`
		: `<code>${code}</code>`;
}

function fence(token: Token | undefined, colours: boolean): string {
	const language = /^[\w+#.-]{1,30}/.exec(token?.info.trim() ?? "")?.[0] ?? "";
	return codeBlock(token?.content ?? "", language, colours);
}

function codeBlock(code: string, language: string, colours: boolean): string {
	const coloured = colours && language ? highlight(code, language.toLowerCase()) : undefined;
	const name = language ? ` data-language="${escapeHtml(language)}"` : "";
	return `<pre${name} tabindex="0"><code>${coloured === undefined ? shown(code) : markUnseen(coloured)}</code></pre>\n`;
}
