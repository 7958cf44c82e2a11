import type { QueuedMessage } from "../shared/event.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

/** Asks natively for files. What else can be attached is found by `@`. */
export function Attach() {
	const { post } = useHost();
	return (
		<button
			type="button"
			class="icon-button"
			data-testid="attach"
			title={t("Attach files. Type @ for more, or drag files here with Shift held.")}
			aria-label={t("Attach files")}
			onClick={() => post({ type: "pickFiles" })}
		>
			<Icon name="attach" />
		</button>
	);
}

interface KeepProps {
	readonly rewriting: QueuedMessage | undefined;
	send(now: boolean): void;
}

/** Puts what was written into the queue. */
export function Keep({ rewriting, send }: KeepProps) {
	const words = rewriting ? t("Save (Enter)") : t("Queue (Enter)");
	return (
		<button
			type="button"
			class="send"
			data-testid="queue-add"
			title={words}
			aria-label={words}
			onClick={() => send(false)}
		>
			<Icon name={rewriting ? "check" : "list-ordered"} />
		</button>
	);
}

export function Stop() {
	const { post, chat } = useHost();
	return (
		<button
			type="button"
			class="send stop"
			data-testid="stop"
			title={t("Stop (Esc)")}
			aria-label={t("Stop")}
			onClick={() => post({ type: "stop", chat })}
		>
			<Icon name="debug-stop" />
		</button>
	);
}

export function Send({ enabled, send }: { readonly enabled: boolean; send(): void }) {
	return (
		<button
			type="button"
			class="send"
			data-testid="send"
			title={t("Send (Enter)")}
			aria-label={t("Send")}
			aria-disabled={!enabled}
			onClick={send}
		>
			<Icon name="arrow-up" />
		</button>
	);
}
