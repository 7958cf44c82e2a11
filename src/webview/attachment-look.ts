import type { AttachmentRow } from "../shared/attachments.ts";
import { visible } from "../shared/visible.ts";
import { language, t } from "./words.ts";

type Kind = AttachmentRow["kind"];

const ICONS: Readonly<Record<Kind, string>> = {
	file: "file",
	folder: "folder",
	selection: "list-selection",
	symbol: "symbol-method",
	problems: "warning",
	terminal: "terminal",
	changes: "git-commit",
	page: "globe",
	text: "note",
	image: "file-media",
	active: "file-code",
};

/** A codicon's name. */
export function kindIcon(kind: Kind): string {
	return ICONS[kind];
}

interface Worded extends Pick<AttachmentRow, "kind" | "detail"> {
	readonly tokens?: number | undefined;
}

/** What a hover says of a chip. */
export function chipWords({ kind, detail, tokens }: Worded): string {
	const words = t("{0}: {1}", kindWords(kind), visible(detail));
	return tokens === undefined ? words : t("{0}, about {1} tokens", words, tokens.toLocaleString(language()));
}

export function kindWords(kind: Kind): string {
	switch (kind) {
		case "file":
			return t("File");
		case "folder":
			return t("Folder");
		case "selection":
			return t("Selection");
		case "symbol":
			return t("Symbol");
		case "problems":
			return t("Problems");
		case "terminal":
			return t("Terminal");
		case "changes":
			return t("Git changes");
		case "page":
			return t("Page");
		case "text":
			return t("Text");
		case "image":
			return t("Picture");
		case "active":
			return t("Editor in front");
	}
}

/** A thumbnail's address for an `img`; undefined for one that is no picture in itself: nothing is fetched. */
export function thumbSrc(thumb: string | undefined): string | undefined {
	return thumb !== undefined && /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$/.test(thumb)
		? thumb
		: undefined;
}
