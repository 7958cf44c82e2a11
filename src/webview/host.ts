import { createContext, type RefObject } from "preact";
import { useContext } from "preact/hooks";
import type { Mode, QueuedMessage } from "../shared/event.ts";
import type { Op } from "../shared/protocol.ts";

/** What other parts of the view ask of the composer. */
export interface ComposerHandle {
	fill(text: string): void;
	focus(): void;
	/** Takes a queued message back, to rewrite it in its place. */
	edit(message: QueuedMessage): void;
	/** The person is writing something right now. */
	isBusy(): boolean;
}

export interface Host {
	post(op: Op): void;
	/** The chat on screen. */
	readonly chat: string;
	/** `ViewState.afterPlan`. */
	readonly afterPlan: Mode;
	/** The folder is in Restricted Mode: nothing can be begun. */
	readonly restricted: boolean;
	readonly composer: RefObject<ComposerHandle | null>;
}

export const HostContext = createContext<Host>({
	post: () => undefined,
	chat: "",
	afterPlan: "ask",
	restricted: false,
	composer: { current: null },
});

export function useHost(): Host {
	return useContext(HostContext);
}
