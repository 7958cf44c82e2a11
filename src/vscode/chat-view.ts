import * as vscode from "vscode";
import type { MentionRow } from "../shared/attachments.ts";
import type { ChatEvent } from "../shared/event.ts";
import { OUTPUT_TAIL } from "../shared/live.ts";
import { findStep, outline, outlineEvent } from "../shared/outline.ts";
import { type HostMessage, Op, type OpOf, type Packed, type ViewState } from "../shared/protocol.ts";
import type { ChatRun } from "./chat-run.ts";
import { allWords } from "./in-words.ts";
import { elsewhereHtml, viewHtml } from "./view-html.ts";

/** A handler for each thing the webview can ask; the compiler points here when one is missing. */
export type OpHandlers = {
	readonly [T in Exclude<Op["type"], "ready" | "wholeStep">]: (op: OpOf<T>) => void | Promise<void>;
};

export interface ChatViewHost {
	readonly handlers: OpHandlers;
	/** The chat in front, opened if need be. */
	chat(): Promise<ChatRun>;
	viewState(): ViewState;
	log(message: string): void;
}

/** What the page in the side bar says when the chat is to come back. */
const BRING_BACK = "bringBack";

/** Milliseconds between two posts to the webview: at most 20 a second. */
const BATCH = 50;

/** Where the chat is shown: the view of the side bar, or a panel among the editors. */
type Surface = vscode.WebviewView | vscode.WebviewPanel;

/**
 * The chat's view. It is in one place at a time: a panel takes it over from the side bar, and gives it back when it is
 * closed, so that there is one composer. The host owns the state and the webview shows it: one that was hidden is built
 * anew and gets a snapshot, never the deltas that it missed.
 */
export class ChatView implements vscode.WebviewViewProvider {
	readonly #extension: vscode.Uri;
	readonly #host: ChatViewHost;
	/** Where the chat is now. */
	#view: Surface | undefined;
	#side: vscode.WebviewView | undefined;
	#panel: vscode.WebviewPanel | undefined;
	/** The webview asked for a snapshot and got one: deltas make sense to it. */
	#isFed = false;
	#queue: ChatEvent[] = [];
	#timer: NodeJS.Timeout | undefined;
	#watched: ChatRun | undefined;
	#unwatch: () => void = () => undefined;

	constructor(extension: vscode.Uri, host: ChatViewHost) {
		this.#extension = extension;
		this.#host = host;
	}

	resolveWebviewView(view: vscode.WebviewView): void {
		this.#side = view;
		view.webview.onDidReceiveMessage((message: unknown) => this.#receive(view, message));
		view.onDidDispose(() => {
			this.#side = undefined;
			this.#leave(view);
		});
		if (this.#panel) this.#pointElsewhere();
		else this.#enter(view);
	}

	/** Shows the chat in this panel, until it is closed. */
	moveTo(panel: vscode.WebviewPanel): void {
		const before = this.#panel;
		this.#panel = panel;
		panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(panel, message));
		panel.onDidDispose(() => {
			this.#leave(panel);
			if (this.#panel !== panel) return;
			this.#panel = undefined;
			if (this.#side) this.#enter(this.#side);
		});
		this.#pointElsewhere();
		this.#enter(panel);
		before?.dispose();
	}

	/** The panel that the chat is in; undefined: it is in the side bar. */
	get panel(): vscode.WebviewPanel | undefined {
		return this.#panel;
	}

	get visible(): boolean {
		return this.#view?.visible ?? false;
	}

	/** Number on the view's icon. */
	set badge(waiting: number) {
		if (!this.#side) return;
		const tooltip = vscode.l10n.t("Kimi K2 waits for you");
		this.#side.badge = waiting > 0 ? { value: waiting, tooltip } : undefined;
	}

	#enter(surface: Surface): void {
		this.#view = surface;
		this.#isFed = false;
		surface.webview.options = this.#options;
		surface.webview.html = viewHtml(surface.webview, this.#extension);
	}

	get #options(): vscode.WebviewOptions {
		const localResourceRoots = [vscode.Uri.joinPath(this.#extension, "dist")];
		return { enableScripts: true, enableForms: false, enableCommandUris: false, localResourceRoots };
	}

	#leave(surface: Surface): void {
		if (this.#view !== surface) return;
		this.#view = undefined;
		this.#isFed = false;
	}

	/** What the side bar shows meanwhile. */
	#pointElsewhere(): void {
		if (!this.#side) return;
		const { webview } = this.#side;
		webview.options = this.#options;
		webview.html = elsewhereHtml(webview, this.#extension, BRING_BACK);
	}

	/** Another chat is in front: show it whole. */
	show(run: ChatRun): void {
		this.#watch(run);
		if (this.#isFed) this.#snapshot();
	}

	refresh(): void {
		// What happened before comes before: a turn must not be over on screen while its end is still in the queue.
		this.#flush();
		this.#post({ type: "view", view: this.#host.viewState() });
	}

	focus(): void {
		this.#post({ type: "focus" });
	}

	compose(text: string): void {
		this.#post({ type: "compose", text });
	}

	/** What fits the words after an `@`. */
	mentions(id: number, rows: readonly MentionRow[]): void {
		this.#post({ type: "mentions", id, rows });
	}

	/** Read out by screen readers, as long as the view is visible. */
	announce(text: string): void {
		this.#post({ type: "announce", text });
	}

	async #receive(from: Surface, message: unknown): Promise<void> {
		if (from === this.#side && message === BRING_BACK) return this.#panel?.dispose();
		// The page of the other place may have said something before it went.
		if (from !== this.#view) return;
		const op = Op.safeParse(message);
		if (!op.success) return this.#host.log(`The view sent a message that does not fit: ${op.error.message}`);
		if (op.data.type === "ready") {
			this.#isFed = true;
			this.#watch(await this.#host.chat());
			return this.#snapshot();
		}
		if (op.data.type === "wholeStep") return this.#wholeStep(op.data);
		// The table has a handler of the right type for each op; TypeScript can't tie the two lookups together.
		const handler = this.#host.handlers[op.data.type] as (op: Op) => void | Promise<void>;
		await handler(op.data);
	}

	#watch(run: ChatRun): void {
		if (this.#watched === run) return;
		this.#unwatch();
		this.#watched = run;
		this.#queue = [];
		this.#unwatch = run.session.subscribe((event) => this.#enqueue(event));
	}

	#enqueue(event: ChatEvent): void {
		if (!this.#isFed || !this.visible) return;
		// What a turn began with is not in a view.
		if (event.type === "restored") {
			this.#snapshot();
			return;
		}
		const last = this.#queue.at(-1);
		if (last?.type === "delta" && event.type === "delta" && last.channel === event.channel)
			this.#queue[this.#queue.length - 1] = { ...last, text: last.text + event.text };
		else if (last?.type === "calling" && event.type === "calling" && last.index === event.index)
			this.#queue[this.#queue.length - 1] = event;
		else if (last?.type === "output" && event.type === "output" && last.callId === event.callId)
			// A command may print faster than anything could show it; the view keeps no more of it.
			this.#queue[this.#queue.length - 1] = { ...last, text: (last.text + event.text).slice(-OUTPUT_TAIL) };
		else this.#queue.push(outlineEvent(event));
		this.#timer ??= setTimeout(() => this.#flush(), BATCH);
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const events = this.#queue;
		this.#queue = [];
		const chat = this.#watched?.session.chat.id;
		if (events.length > 0 && chat !== undefined) this.#post({ type: "events", chat, events });
	}

	#snapshot(): void {
		const session = this.#watched?.session;
		if (!session) return;
		// What waits in the queue is part of the state already.
		this.#queue = [];
		const { chat, live } = session;
		const view = this.#host.viewState();
		this.#postPacked({ type: "snapshot", chat: outline(chat), live, view, ...allWords() });
	}

	#wholeStep({ chat, step: seq }: OpOf<"wholeStep">): void {
		const shown = this.#watched?.session.chat;
		const step = shown?.id === chat ? findStep(shown, seq) : undefined;
		if (step) this.#post({ type: "step", chat, step });
	}

	#postPacked(message: HostMessage): void {
		this.#post({ type: "packed", json: new TextEncoder().encode(JSON.stringify(message)) });
	}

	#post(message: HostMessage | Packed): void {
		if (this.#isFed) void this.#view?.webview.postMessage(message);
	}
}
