import type { App } from "../app.ts";
import type { OpHandlers } from "../chat-view.ts";

type ReviewOp = "openPlan" | "reviewChanges" | "keepChanges" | "undoChanges" | "undoTask" | "restore" | "undoRestore";

/** What the view's buttons for changes and checkpoints do. */
export function reviewHandlers({ restores }: App): Pick<OpHandlers, ReviewOp> {
	const later = () => undefined;
	return {
		openPlan: later,
		reviewChanges: later,
		keepChanges: later,
		undoChanges: later,
		undoTask: ({ chat, turn }) => restores.undoTask(chat, turn),
		restore: ({ chat, turn }) => restores.restore(chat, turn),
		undoRestore: ({ chat }) => restores.undoRestore(chat),
	};
}
