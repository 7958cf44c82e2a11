const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
/** How brackets change the depth. */
const STEP = new Map([
	[0x5b, 1],
	[0x7b, 1],
	[0x5d, -1],
	[0x7d, -1],
]);

/** Bytes of each top-level field of a JSON object, as they stand in the body. */
export function fieldsOf(body: Buffer): Map<string, { readonly from: number; readonly to: number }> {
	const fields = new Map<string, { from: number; to: number }>();
	let depth = 0;
	let from = 1;
	const close = (to: number) => {
		const head = /^\s*"(\w+)"\s*:\s*/.exec(body.toString("utf8", from, Math.min(to, from + 200)));
		if (head?.[1]) fields.set(head[1], { from: from + Buffer.byteLength(head[0]), to });
		from = to + 1;
	};
	for (let at = 0; at < body.length; at++) {
		const byte = body[at] ?? 0;
		if (byte === QUOTE) at = endOfString(body, at);
		else depth += STEP.get(byte) ?? 0;
		if (depth === 0 || (byte === COMMA && depth === 1)) close(at);
		if (depth === 0) break;
	}
	return fields;
}

function endOfString(body: Buffer, start: number): number {
	let at = start + 1;
	while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
	return at;
}

/**
 * Share of a request that the next one begins with, byte for byte: its messages without the closing bracket, which is
 * where new ones are added. 0 when the tools differ, since chat templates put them first.
 */
export function prefixShare(earlier: Buffer, later: Buffer): number {
	const [a, b] = [fieldsOf(earlier), fieldsOf(later)];
	const end = (a.get("messages")?.to ?? 0) - 1;
	const same = commonPrefix(earlier.subarray(0, end), later);
	return tools(earlier, a).equals(tools(later, b)) && end > 0 ? same / end : 0;
}

function tools(body: Buffer, fields: ReturnType<typeof fieldsOf>): Buffer {
	const place = fields.get("tools");
	return place ? body.subarray(place.from, place.to) : Buffer.alloc(0);
}

function commonPrefix(a: Buffer, b: Buffer): number {
	const length = Math.min(a.length, b.length);
	if (a.compare(b, 0, length, 0, length) === 0) return length;
	let at = 0;
	while (at < length && a[at] === b[at]) at++;
	return at;
}
