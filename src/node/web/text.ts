const TEXT = /^(text|message)\/|\+(json|xml|yaml)$/;
/** Of `application/`. */
const TEXT_APPLICATIONS = new Set(
	"json json5 jsonl jsonlines ndjson x-ndjson xml xml-dtd xhtml yaml x-yaml toml javascript x-javascript ecmascript typescript x-sh sql graphql rtf x-tex".split(
		" ",
	),
);
/** A server that gives no type, or only says that there are bytes: the bytes themselves are looked at. */
const UNSAID = new Set(["", "application/octet-stream", "binary/octet-stream", "application/unknown"]);

export function isTextType(type: string): boolean {
	return TEXT.test(type) || UNSAID.has(type) || TEXT_APPLICATIONS.has(type.replace(/^application\//, ""));
}

/** `text/html; charset=utf-8` in its parts, in lower case. */
export function mediaType(header: string | undefined): { readonly type: string; readonly charset?: string } {
	const [type = "", ...rest] = (header ?? "").toLowerCase().split(";");
	const [charset] = rest.flatMap((each) => /^\s*charset\s*=\s*["']?([^"'\s]+)/.exec(each)?.[1] ?? []);
	return { type: type.trim(), ...(charset !== undefined && { charset }) };
}

/** Bytes in which HTML says its own encoding. */
const HEAD_BYTES = 1024;
/** Bytes of a body that are looked through for what no text has. */
const SNIFFED = 64 * 1024;

/** The body as text, or undefined when it is none. `cut`: its end may lie inside of a character. */
export function decode(bytes: Buffer, type: string, charset: string | undefined, cut: boolean): string | undefined {
	const head = bytes.toString("latin1", 0, HEAD_BYTES);
	const label = markOf(bytes) ?? charset ?? (/html|xml/.test(type) || type === "" ? saidIn(head) : undefined);
	const text = decoded(bytes, label, cut);
	return text.slice(0, SNIFFED).includes("\0") ? undefined : text;
}

/** A byte-order mark wins over all that is said. */
function markOf(bytes: Buffer): string | undefined {
	if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
	return bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : undefined;
}

function saidIn(head: string): string | undefined {
	return /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([^"'\s/>;]+)|^<\?xml[^>]{0,100}?encoding\s*=\s*["']([^"']+)/i
		.exec(head)
		?.slice(1)
		.find((each) => each !== undefined);
}

function decoded(bytes: Buffer, label: string | undefined, cut: boolean): string {
	try {
		return new TextDecoder(label).decode(bytes, { stream: cut });
	} catch {
		// Not an encoding that anybody knows.
		return new TextDecoder().decode(bytes, { stream: cut });
	}
}
