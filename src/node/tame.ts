/** Controls that a terminal carries out in the midst of an escape sequence, which goes on after them. */
const BETWEEN = "[\\x00-\\x17\\x19\\x1c-\\x1f\\x7f]*";
const STRING = new RegExp(`\\x1b(?=${BETWEEN}(?:[\\]PX^_]|$))|[\\x90\\x98\\x9d-\\x9f]`, "g");
const UNFINISHED = new RegExp(`\\x1b${BETWEEN}$`);
const MAX_HELD = 64;

/**
 * Output for a terminal of the person's, chunk by chunk. Colours and cursor movements stay; sequences with a text in
 * them (OSC, DCS, SOS, PM, APC: clipboard, links, titles, what an editor takes for its own shell integration) are shown
 * instead of carried out.
 */
export function createTamer(): (chunk: string) => string {
	let held = "";
	return (chunk) => {
		const text = held + chunk;
		const rest = UNFINISHED.exec(text)?.[0] ?? "";
		held = rest.length <= MAX_HELD ? rest : "";
		return text.slice(0, text.length - held.length).replace(STRING, "␛");
	};
}
