import { useLayoutEffect, useRef } from "preact/hooks";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

/** The end of a chat that was put back, until the next prompt: what happened, and how to take it back. */
export function RestoredNotice({ words }: { readonly words: string }) {
	const { post, chat, composer } = useHost();
	const notice = useRef<HTMLDivElement>(null);
	useLayoutEffect(
		() => () => {
			// It goes when it is undone: whoever stood on its button stands in the composer then, and not nowhere.
			if (notice.current?.contains(document.activeElement)) composer.current?.focus();
		},
		[],
	);
	return (
		<div class="notice restored" data-testid="restored" role="note" ref={notice}>
			<Icon name="discard" />
			<span class="notice-words">{words}</span>
			<button
				type="button"
				class="button secondary"
				data-testid="undo-restore"
				onClick={() => post({ type: "undoRestore", chat })}
			>
				{t("Undo")}
			</button>
		</div>
	);
}
