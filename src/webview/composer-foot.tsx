import type { QueuedMessage } from "../shared/event.ts";
import type { ViewState } from "../shared/protocol.ts";
import type { Chat } from "../shared/reduce.ts";
import { useHost } from "./host.ts";
import { IconButton } from "./icon-button.tsx";
import { Meter } from "./meter.tsx";
import { ModeMenu } from "./mode-menu.tsx";
import { t } from "./words.ts";

export const NOW = /Mac/.test(navigator.platform) ? "⌘Enter" : "Ctrl+Enter";

interface FootProps {
	readonly view: ViewState;
	readonly chat: Chat;
	/** There is something to stop: what is written waits for that. */
	readonly busy: boolean;
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
export function ComposerFoot({ view, chat, busy, ready, rewriting, attaches, hint, send }: FootProps) {
	const { post, chat: id } = useHost();
	const queues = busy && ready;
	return (
		<div class="composer-foot">
			<ModeMenu mode={view.mode} />
			{/* Asks natively for files. What else can be attached is found by `@`. */}
			{attaches && (
				<IconButton
					icon="attach"
					words={t("Attach files")}
					title={t("Attach files. Type @ for more, or drag files here with Shift held.")}
					data-testid="attach"
					onClick={() => post({ type: "pickFiles" })}
				/>
			)}
			<span class="composer-hint" role="status">
				{hint || hintFor(rewriting, queues && view.running)}
			</span>
			<Meter chat={chat} contextTokens={view.contextTokens} compactAt={view.compactAt} />
			{(rewriting || queues) && (
				<IconButton
					class="send"
					icon={rewriting ? "check" : "list-ordered"}
					words={rewriting ? t("Save (Enter)") : t("Queue (Enter)")}
					data-testid="queue-add"
					onClick={() => send(false)}
				/>
			)}
			{busy && (
				<IconButton
					class="send stop"
					icon="debug-stop"
					words={t("Stop")}
					title={t("Stop (Esc)")}
					data-testid="stop"
					onClick={() => post({ type: "stop", chat: id })}
				/>
			)}
			{!busy && !rewriting && (
				<IconButton
					class="send"
					icon="arrow-up"
					words={t("Send")}
					title={t("Send (Enter)")}
					data-testid="send"
					aria-disabled={!ready}
					onClick={() => send(false)}
				/>
			)}
		</div>
	);
}

function hintFor(rewriting: QueuedMessage | undefined, queues: boolean): string {
	if (rewriting) return t("Editing. Enter saves, Esc cancels.");
	return queues ? t("{0}: at the next step", NOW) : "";
}
