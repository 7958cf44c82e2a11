import type { Wanted } from "../shared/attachments.ts";
import { visible } from "../shared/visible.ts";
import { readPicture } from "./pictures.ts";
import { t } from "./words.ts";

/** What comes of a file that was pasted or dropped: something to attach, or why not, in a sentence. */
type Intake = { readonly wanted: Wanted } | { readonly refused: string };

/** Bytes of a text that is worth sending; a model would see the beginning of a longer one. */
const MAX_TEXT = 1_000_000;
/** Bytes of a picture that is worth reading: far more than any camera writes. */
const MAX_READ = 60_000_000;

/** Of a file whose place on the disk a web page is not told: its content. `readsImages`: the model does. */
export async function readFile(file: File, readsImages: () => Promise<boolean>): Promise<Intake> {
	const name = visible(file.name);
	const isPicture = file.type.startsWith("image/") && file.type !== "image/svg+xml";
	if (isPicture && !(await readsImages())) return { refused: noImages() };
	if (file.size > (isPicture ? MAX_READ : MAX_TEXT)) return { refused: t("{0} is too large to attach.", name) };
	if (!isPicture) return readText(file, name);
	const picture = await readPicture(file).catch(() => undefined);
	if (!picture) return { refused: t("{0} can't be read as a picture.", name) };
	return { wanted: { kind: "image", name: file.name, picture } };
}

function noImages(): string {
	return t("This model reads no images, so nothing was attached. Another model may.");
}

async function readText(file: File, name: string): Promise<Intake> {
	// A folder has no bytes to read.
	const bytes = await file.arrayBuffer().catch(() => undefined);
	const text = bytes && decode(bytes);
	if (text === undefined) return { refused: t("{0} is no text file, so it was not attached.", name) };
	return { wanted: { kind: "text", name: file.name, text } };
}

function decode(bytes: ArrayBuffer): string | undefined {
	try {
		const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return text.includes("\0") ? undefined : text;
	} catch {
		return undefined;
	}
}
