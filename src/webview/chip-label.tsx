import type { AttachmentRow } from "../shared/attachments.ts";
import { kindWords } from "./attachment-look.ts";
import { Seen } from "./seen.tsx";

interface ChipLabelProps extends Pick<AttachmentRow, "kind" | "label" | "path"> {
	/** Said by screen readers after the label. */
	readonly more?: string;
}

/** The words on a chip. What its icon says a screen reader says. */
export function ChipLabel({ kind, label, path, more }: ChipLabelProps) {
	return (
		<>
			<span class="sr">{kindWords(kind)}: </span>
			<span class={path === undefined ? "attached-label" : "attached-label path"}>
				<Seen text={label} oneLine />
			</span>
			{more !== undefined && <span class="sr"> {more}</span>}
		</>
	);
}
