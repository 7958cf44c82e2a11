import type { App } from "../app.ts";
import type { ChatRun } from "../chat-run.ts";
import type { OpHandlers } from "../chat-view.ts";

type ReviewOp =
	| "openPlan"
	| "reviewChanges"
	| "keepChanges"
	| "undoChanges"
	| "undoTask"
	| "restore"
	| "editPrompt"
	| "undoRestore";

/** What the view's buttons for changes and checkpoints do. */
export function reviewHandlers(app: App): Pick<OpHandlers, ReviewOp> {
	// The parts of the app are looked up when they are needed: the handlers are made while it is being put together.
	const withRun = (chat: string, use: (run: ChatRun) => Promise<void>) => {
		const found = app.chats.runs.find(({ session }) => session.chat.id === chat);
		return found && use(found);
	};
	return {
		openPlan: ({ chat, callId }) => app.approvals.openPlan({ chat, call: callId }),
		reviewChanges: ({ path }) => app.changes.editor.open(path),
		keepChanges: ({ chat, path }) => withRun(chat, (run) => app.changes.decisions.keep(run, path)),
		undoChanges: ({ chat, path }) => withRun(chat, (run) => app.changes.decisions.undo(run, path)),
		undoTask: ({ chat, turn }) => app.restores.undoTask(chat, turn),
		restore: ({ chat, turn }) => app.restores.restore(chat, turn),
		editPrompt: ({ chat, turn }) => app.restores.restore(chat, turn, true),
		undoRestore: ({ chat }) => app.restores.undoRestore(chat),
	};
}
