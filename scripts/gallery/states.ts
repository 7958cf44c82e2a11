/** A state of the view as docs/gallery.md tells of it. Without `width` it is 300 px wide. */
export interface State {
	readonly scene: string;
	readonly words: string;
	readonly width?: number;
	/** As VS Code's zoom: the page has `width` of its pixels, each so many times as large. */
	readonly zoom?: number;
}

const at = (scene: string, words: string, more: Partial<State> = {}): State => ({ scene, words, ...more });

/** All of them, by what the person is about. */
export const states: Readonly<Record<string, readonly State[]>> = {
	"The first minutes": [
		at("first-run", "Nothing is set up: one screen with all ways to Kimi."),
		at("first-run-found", "Servers that answer on this machine come first."),
		at("empty", "A new chat."),
		at("demo", "The offline demo says that it is a script and no model."),
		at("no-folder", "No folder is open: Kimi can chat, and says what it can't."),
		at("untrusted", "Restricted Mode: the agent is off until the workspace is trusted."),
	],
	"While Kimi works": [
		at("waiting", "The first token is waited for, with the time that it takes."),
		at("thinking", "Thinking is one quiet line that opens."),
		at("streaming", "An answer comes."),
		at("calling", "A call is being spelled out."),
		at("running", "A command runs, with its last lines."),
		at("todo", "The plan stands above the box while it lives."),
		at("exploring", "Explorers read on the side."),
		at("explored", "What they found, folded."),
		at("queue", "Messages wait in a queue, one of them for the next step."),
		at("queue-waits", "After Stop the queue waits for you."),
		at("compacting", "The chat is being shortened."),
		at("compacted", "It was shortened, and the task goes on."),
	],
	"What you decide": [
		at("ask-edit", "An edit, as a diff, before it is written."),
		at("ask-create", "A new file."),
		at("ask-delete", "A file would be deleted."),
		at("ask-rename", "A file would be renamed."),
		at("ask-loss", "Most of a file would be gone: the card says so."),
		at("ask-files", "Several files at once, all or nothing."),
		at("ask-reviewed", "Some hunks are decided in the diff editor."),
		at("ask-cell", "A cell of a notebook."),
		at("ask-command", "A command, with what one does not see in it made visible."),
		at("ask-allow", "What could be allowed from now on."),
		at("ask-mcp", "A call of an MCP server, with all that would be sent."),
		at("question", "Kimi asks, with answers to pick from; own words are always possible."),
		at("questions", "Several questions at once, some of them answered."),
		at("questions-answered", "What you answered, opened."),
		at("ask-plan", "A plan to accept, change or refuse."),
		at("ask-plan-edited", "The plan, changed by you."),
		at("plan-accepted", "An accepted plan becomes the task list."),
		at("limit", "A limit was reached: the task pauses with a choice."),
		at("looping", "The task goes in circles and pauses."),
	],
	"What was done": [
		at("finished", "A finished task."),
		at("tools", "Calls are rows that open."),
		at("mcp", "What an MCP server answered."),
		at("mcp-done", "A call of an MCP server, opened."),
		at("renamed", "A symbol was renamed by the language's own service."),
		at("recovered", "A call that the server leaked as text was read all the same, marked."),
		at("rejected", "What you refused, and what failed."),
		at("changes", "What waits for review, in one line."),
		at("changes-one", "One file."),
		at("changes-open", "The list of files."),
		at("changes-sure", "Undo asks first."),
		at("changes-many", "Many files."),
		at("undo-task", "Everything can be put back."),
		at("restored", "Files are as they were before."),
		at("restored-conversation", "The conversation, too."),
	],
	"What goes with your words": [
		at("attached", "Chips: what will be sent, each removable."),
		at("attached-peek", "A chip, opened."),
		at("attached-many", "Many of them."),
		at("attached-offered", "The editor in front is offered."),
		at("mention", "`@` lists what can be attached."),
		at("mention-found", "… and finds files while you type."),
		at("attached-said", "What went along stands under the message."),
		at("attached-picture", "A picture."),
		at("sending", "A page takes its time: until it is read, the message can be taken back."),
		at("attached-mute", "Attached, and nothing said: it asks for words first."),
		at("attached-queued", "A message that waits keeps its own."),
	],
	"When something is wrong": [
		at("error", "The endpoint refused: the button mends it."),
		at("unreachable", "Nothing answers at the address, as when one is offline."),
		at("retrying", "The next try, with a countdown."),
		at("interrupted", "The window closed in the middle: the task can go on."),
	],
	"Every width, script and size": [
		at("long-names", "Very long names."),
		at("right-to-left", "Text from right to left."),
		at("finished", "260 pixels wide.", { width: 260 }),
		at("ask-edit", "900 pixels wide.", { width: 900 }),
		at("ask-edit", "At 200 % zoom.", { width: 240, zoom: 2 }),
	],
};
