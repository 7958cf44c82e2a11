import { useLayoutEffect, useRef } from "preact/hooks";
import type { QueuedMessage } from "../shared/event.ts";
import { useHost } from "./host.ts";

interface Composing {
	readonly text: string;
	setText(text: string): void;
	/** The same, with the focus. */
	fill(text: string): void;
	/** What was set aside, as the host knows it: counts for a view that was just built. */
	readonly aside: string | undefined;
}

interface Rewriting {
	/** What stands in the composer is this message. */
	readonly message: QueuedMessage | undefined;
	/** The person wants to rewrite this one. */
	begin(message: QueuedMessage): void;
	/** Back to its place in the queue; without a text as it was. `now`: to be said at once. */
	end(text?: string, now?: boolean): void;
}

/**
 * A queued message back in the composer. The host holds it meanwhile, so that nobody says it; what stood in the composer
 * comes back afterwards, also in a view that was built anew meanwhile.
 */
export function useRewriting(queue: readonly QueuedMessage[], { text, setText, fill, aside }: Composing): Rewriting {
	const { post, chat } = useHost();
	const held = queue.find((message) => message.held);
	const state = useRef({ wanted: "", ended: "", aside: (held && aside) || "" });
	const before = useRef(held?.id);
	const now = state.current;
	const message = held && held.id !== now.ended ? held : undefined;
	const release = (id: string, rewritten?: string) =>
		post({
			type: "queue",
			chat,
			change: { do: "release", id, ...(rewritten !== undefined && { text: rewritten }) },
		});
	const put = (words: string) => {
		now.aside = words;
		post({ type: "setAside", text: words });
	};
	const take = () => {
		const words = now.aside;
		put("");
		return words;
	};
	useLayoutEffect(() => {
		const was = before.current;
		before.current = held?.id;
		if (held && held.id === now.wanted) {
			if (was === undefined) put(text);
			now.wanted = "";
			fill(held.text);
		} else if (!held && was !== undefined && was !== now.ended) {
			// It was deleted or let go from its row.
			setText(take());
		}
	}, [held?.id]);
	return {
		message,
		begin(wanted) {
			if (message && message.id !== wanted.id) release(message.id, text.trim());
			now.ended = "";
			now.wanted = wanted.id;
			if (message?.id === wanted.id) return fill(text === "" ? wanted.text : text);
			post({ type: "queue", chat, change: { do: "hold", id: wanted.id } });
		},
		end(rewritten, atOnce = false) {
			if (!message) return;
			now.ended = message.id;
			release(message.id, rewritten);
			if (atOnce) post({ type: "sendQueued", chat, id: message.id });
			setText(take());
		},
	};
}
