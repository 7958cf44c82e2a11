import type { Attached } from "../../shared/attachments.ts";
import { plainText } from "../../tools/page/readable.ts";

/** Characters that are looked at: no more of a page is ever sent, and the host stands still meanwhile. */
const MOST = 400_000;

/** What of a page goes along, see `Attached`. */
export function pageText(text: string): Pick<Attached, "text" | "size"> {
	const shown = plainText(text.slice(0, MOST)).text;
	return { text: shown, ...(text.length > MOST && { size: text.length }) };
}
