import type { App } from "../app.ts";
import type { ChatRun } from "../chat-run.ts";
import type { OpHandlers } from "../chat-view.ts";

type ReviewOp = "openPlan" | "reviewChanges" | "keepChanges" | "undoChanges" | "undoTask" | "restore" | "undoRestore";

/** What the view's buttons for changes and checkpoints do. */
export function reviewHandlers({ restores, changes, chats, approvals }: App): Pick<OpHandlers, ReviewOp> {
	const withRun = (chat: string, use: (run: ChatRun) => Promise<void>) => {
		const found = chats.runs.find(({ session }) => session.chat.id === chat);
		return found && use(found);
	};
	return {
		openPlan: ({ chat, callId }) => approvals.openPlan({ chat, call: callId }),
		reviewChanges: ({ path }) => changes.editor.open(path),
		keepChanges: ({ chat, path }) => withRun(chat, (run) => changes.decisions.keep(run, path)),
		undoChanges: ({ chat, path }) => withRun(chat, (run) => changes.decisions.undo(run, path)),
		undoTask: ({ chat, turn }) => restores.undoTask(chat, turn),
		restore: ({ chat, turn }) => restores.restore(chat, turn),
		undoRestore: ({ chat }) => restores.undoRestore(chat),
	};
}
