import type { QueuedMessage } from "../shared/event.ts";
import type { ViewState } from "../shared/protocol.ts";
import type { Chat } from "../shared/reduce.ts";
import { Attach, Keep, Send, Stop } from "./composer-buttons.tsx";
import { Meter } from "./meter.tsx";
import { ModeMenu } from "./mode-menu.tsx";
import { t } from "./words.ts";

export const NOW = /Mac/.test(navigator.platform) ? "⌘Enter" : "Ctrl+Enter";

interface FootProps {
	readonly view: ViewState;
	readonly chat: Chat;
	readonly running: boolean;
	/** What is written can be sent. */
	readonly ready: boolean;
	/** The queued message that is being rewritten. */
	readonly rewriting: QueuedMessage | undefined;
	readonly attaches: boolean;
	/** How to use the list that is open; else empty. */
	readonly hint: string;
	send(now: boolean): void;
}

/** Below the text: how it is meant, what it will cost, and the buttons. */
export function ComposerFoot({ view, chat, running, ready, rewriting, attaches, hint, send }: FootProps) {
	const queues = running && ready;
	return (
		<div class="composer-foot">
			<ModeMenu mode={view.mode} />
			{attaches && <Attach />}
			<span class="composer-hint" role="status">
				{hint || hintFor(rewriting, queues)}
			</span>
			<Meter chat={chat} contextTokens={view.contextTokens} compactAt={view.compactAt} />
			{rewriting || queues ? <Keep rewriting={rewriting} send={send} /> : null}
			{running && <Stop />}
			{!running && !rewriting && <Send enabled={ready} send={() => send(false)} />}
		</div>
	);
}

function hintFor(rewriting: QueuedMessage | undefined, queues: boolean): string {
	if (rewriting) return t("Editing. Enter saves, Esc cancels.");
	return queues ? t("{0}: at the next step", NOW) : "";
}
