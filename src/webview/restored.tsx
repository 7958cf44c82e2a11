import { useRef } from "preact/hooks";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { useLeaveToComposer } from "./leave-to-composer.ts";
import { t } from "./words.ts";

/** The end of a chat that was put back, until the next prompt: what happened, and how to take it back. */
export function RestoredNotice({ words }: { readonly words: string }) {
	const { post, chat } = useHost();
	const notice = useRef<HTMLDivElement>(null);
	// It goes when it is undone.
	useLeaveToComposer(notice);
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
