/** Bytes of a command's output kept from its start and from its end. */
const HEAD = 16 * 1024;
const TAIL = 16 * 1024;

/** An unfinished escape sequence longer than this is no sequence: its first character is dropped. */
const MAX_ESCAPE = 4096;

/*
 * ECMA-48: CSI (colours, cursor), the string sequences OSC, DCS, SOS, PM and APC up to BEL or ST (titles, links,
 * clipboard), and the short ones.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const LEFTOVER = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** A stream of terminal output as plain text; holds back at most an unfinished escape sequence or a carriage return. */
export function createStripper(): { push(chunk: string): string; end(): string } {
	let held = "";
	const push = (chunk: string): string => {
		const text = held + chunk;
		held = "";
		if (!text.includes("\r") && !CONTROLS.test(text)) return text;
		const start = unfinishedAt(text);
		held = text.slice(start);
		return clean(text.slice(0, start));
	};
	return {
		push,
		end() {
			const rest = held;
			held = "";
			return clean(rest);
		},
	};
}

/** Where an escape sequence begins that the next chunk may finish; a final `\r` may be half of `\r\n`. */
function unfinishedAt(text: string): number {
	const from = Math.max(0, text.length - MAX_ESCAPE);
	const last = UNFINISHED.exec(text.slice(from));
	if (last) return from + last.index;
	return text.endsWith("\r") ? text.length - 1 : text.length;
}

/** Line ends first: whether `\r` and `\n` are one must not depend on a sequence between them, or on where it is cut. */
function clean(text: string): string {
	const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
	return lines.replace(ESCAPES, "").replace(LEFTOVER, "");
}

export interface Kept {
	readonly text: string;
	/** Bytes left out between head and tail; 0 when `text` is all there was. */
	readonly omitted: number;
}

/** Keeps the head and the tail of a text of any length in constant memory, cut at line ends where there are some near. */
export function createHeadTail(head = HEAD, tail = TAIL): { push(text: string): void; end(): Kept } {
	let first = "";
	let rest: string[] = [];
	let restLength = 0;
	let total = 0;
	const push = (text: string) => {
		total += Buffer.byteLength(text);
		const room = Math.max(0, head - first.length);
		first += text.slice(0, room);
		if (text.length <= room) return;
		rest.push(text.slice(room));
		restLength += text.length - room;
		if (restLength > 4 * tail) {
			// The join copies: a slice alone would keep the whole chunk that it was cut from in memory.
			rest = [Buffer.from(rest.join("").slice(-2 * tail)).toString()];
			restLength = rest[0]?.length ?? 0;
		}
	};
	const end = (): Kept => {
		const after = rest.join("");
		const seen = Buffer.byteLength(first) + Buffer.byteLength(after);
		if (after.length <= tail && seen === total) return { text: first + after, omitted: 0 };
		const top = cutAfterLine(first);
		const bottom = cutBeforeLine(after.slice(-tail));
		const omitted = total - Buffer.byteLength(top) - Buffer.byteLength(bottom);
		return { text: `${top}\n[… ${omitted} bytes left out …]\n${bottom}`, omitted };
	};
	return { push, end };
}

/** Longest line end given up so that no line is cut in two. */
const NEAR = 2048;

function cutAfterLine(text: string): string {
	const at = text.lastIndexOf("\n");
	return at >= 0 && text.length - at <= NEAR ? text.slice(0, at) : whole(text);
}

function cutBeforeLine(text: string): string {
	const at = text.indexOf("\n");
	return at >= 0 && at <= NEAR ? text.slice(at + 1) : whole(text);
}

/** Without the half of a surrogate pair that a cut may have left at either end. */
function whole(text: string): string {
	return text.replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
}
