import type { App } from "../app.ts";
import type { OpHandlers } from "../chat-view.ts";

type ReviewOp = "openPlan" | "reviewChanges" | "keepChanges" | "undoChanges" | "undoTask" | "restore" | "undoRestore";

/** What the view's buttons for changes and checkpoints do. */
export function reviewHandlers(_app: App): Pick<OpHandlers, ReviewOp> {
	const later = () => undefined;
	return {
		openPlan: later,
		reviewChanges: later,
		keepChanges: later,
		undoChanges: later,
		undoTask: later,
		restore: later,
		undoRestore: later,
	};
}
