/** ECMA-48: a whole control sequence (CSI) or a short escape sequence; else a lone escape, or a control of 8 bits. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])|[\x1b\x80-\x9f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|[ -/]*)$/;
const MAX_HELD = 256;

/**
 * Colours; the cursor to somewhere on the screen; erasing in it or in the line; the cursor hidden, shown, kept and put
 * back; plain letters. Not what moves, inserts, deletes or repeats by a count: terminals do it as often as they are told,
 * and with a hundred million the window hangs.
 */
const HARMLESS: readonly RegExp[] = [
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	/^\x1b\[(?:\d{0,4}[;:]){0,31}\d{0,4}m$/,
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	/^\x1b\[\d{0,4}(?:[A-Gd]|(?:;\d{0,4})?[Hf])$/,
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	/^\x1b\[(?:[0-2]?[JK]|\?25[hl]|[su])$/,
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	/^\x1b(?:[78]|\(B)$/,
];

/**
 * Output for a terminal of the person's, chunk by chunk. What is harmless stays; the start of a sequence with a text in
 * it (OSC, DCS, SOS, PM, APC: clipboard, links, titles, what an editor takes for its own shell integration) is shown, so
 * that it is not carried out; other sequences are left out.
 */
export function createTamer(): (chunk: string) => string {
	let held = "";
	return (chunk) => {
		const text = held + chunk;
		const rest = UNFINISHED.exec(text.slice(-MAX_HELD))?.[0] ?? "";
		held = rest;
		return text.slice(0, text.length - rest.length).replace(SEQUENCE, tamed);
	};
}

function tamed(sequence: string): string {
	if (sequence.length === 1) return "␛";
	return HARMLESS.some((form) => form.test(sequence)) ? sequence : "";
}
