import type { Preview } from "../shared/preview.ts";
import { sumLines } from "./changes.ts";
import { t } from "./words.ts";

/** `+3 −1`, with words for a screen reader; nothing where no line changes. */
export function Counts({ added, removed }: { readonly added: number; readonly removed: number }) {
	if (added === 0 && removed === 0) return null;
	return (
		<span class="counts">
			<span class="sr">{t("{0} lines added, {1} removed", added, removed)}</span>
			<span aria-hidden="true">
				<span class="plus">+{added}</span> <span class="minus">−{removed}</span>
			</span>
		</span>
	);
}

/** The lines that a preview adds and removes, where it has any. */
export function PreviewCounts({ preview }: { readonly preview: Preview | undefined }) {
	if (preview?.kind === "diff") return <Counts added={preview.added} removed={preview.removed} />;
	return preview?.kind === "files" ? <Counts {...sumLines(preview.files)} /> : null;
}
