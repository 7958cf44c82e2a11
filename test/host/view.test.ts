import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Session } from "../../src/agent/session.ts";
import type { Recorded } from "../../src/shared/event.ts";
import { outline } from "../../src/shared/outline.ts";
import { type HostMessage, Packed } from "../../src/shared/protocol.ts";
import type { ChatRun } from "../../src/vscode/chat-run.ts";
import { ChatView } from "../../src/vscode/chat-view.ts";
import { elsewhereHtml, viewHtml } from "../../src/vscode/view-html.ts";
import { longChat } from "../fake/long-chat.ts";
import { activeApp, until } from "./setup.ts";

const webview = { cspSource: "https://own.example", asWebviewUri: (uri: vscode.Uri) => uri } as vscode.Webview;
const extension = vscode.Uri.file("/extension");
const pages: Readonly<Record<string, () => string>> = {
	"the page of the chat view": () => viewHtml(webview, extension),
	"the page in the side bar while the chat is in an editor": () => elsewhereHtml(webview, extension, "back"),
};

for (const [name, page] of Object.entries(pages))
	it(`${name} runs one script by its nonce and takes nothing from anywhere else`, () => {
		const html = page();
		const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
		const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
		assert.deepEqual(policy.split("; "), [
			"default-src 'none'",
			`script-src 'nonce-${nonce}'`,
			"style-src https://own.example",
			"font-src https://own.example",
			"img-src https://own.example data:",
			"base-uri 'none'",
			"form-action 'none'",
		]);
		assert.deepEqual(
			html.match(/<script[^>]*>/g)?.map((tag) => tag.includes(`nonce="${nonce}"`)),
			[true],
		);
		assert.doesNotMatch(html, / style=| on\w+=/);
		assert.equal(page().includes(nonce), false);
	});

function unpacked(message: unknown): HostMessage {
	const packed = Packed.safeParse(message);
	return (packed.success ? JSON.parse(new TextDecoder().decode(packed.data.json)) : message) as HostMessage;
}

/** Where a chat can be shown, without a page in it. */
class Place {
	readonly visible = true;
	/** What its page was sent. */
	readonly posted: HostMessage[] = [];
	/** Its page says this. */
	says: (message: unknown) => unknown = () => undefined;
	#closed: () => void = () => undefined;
	readonly webview = {
		...webview,
		html: "",
		onDidReceiveMessage: (listener: typeof this.says) => {
			this.says = listener;
		},
		postMessage: (message: unknown) => this.posted.push(unpacked(message)),
	};

	onDidDispose(listener: () => void): void {
		this.#closed = listener;
	}

	dispose(): void {
		this.#closed();
	}
}

/** A view in the side bar that shows this chat, and what it logs. */
async function viewOf(session: Session) {
	const app = await activeApp();
	const side = new Place();
	const log: string[] = [];
	const view = new ChatView(extension, {
		handlers: {} as ConstructorParameters<typeof ChatView>[1]["handlers"],
		chat: () => Promise.resolve({ session } as ChatRun),
		viewState: () => app.viewState(),
		log: (message) => log.push(message),
	});
	view.resolveWebviewView(side as unknown as vscode.WebviewView);
	await side.says({ type: "ready" });
	return { view, side, log };
}

const sessionOf = (log: readonly Recorded[]) =>
	new Session({ append: () => Promise.resolve({ ok: true, value: undefined }) }, log);

/** JSON has no undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the chat view", () => {
	it("is sent the outline of a chat, and again once the conversation went back; else what happened", async () => {
		const log = longChat({ chat: "long", turns: 3, steps: 60 });
		const session = sessionOf(log);
		const { posted } = (await viewOf(session)).side;
		const [first] = posted;
		assert.deepEqual(first?.type === "snapshot" && first.chat, plain(outline(session.chat)));
		await session.record({ type: "titled", title: "Another" });
		await until(() => posted.length === 2);
		assert.equal(posted[1]?.type, "events");
		await session.record({ type: "restored", turn: session.chat.turns[1]?.seq ?? -1, changes: [] });
		const [, , again] = posted;
		assert.deepEqual(again?.type === "snapshot" && again.chat, plain(outline(session.chat)));
	});

	it("goes to an editor and comes back at the button in the side bar, with a snapshot each time", async () => {
		const { view, side, log } = await viewOf(sessionOf(longChat({ chat: "long", turns: 1, steps: 1 })));
		const panel = new Place();
		view.moveTo(panel as unknown as vscode.WebviewPanel);
		await panel.says({ type: "ready" });
		await side.says(/postMessage\("(\w+)"\)/.exec(side.webview.html)?.[1]);
		await side.says({ type: "ready" });
		assert.deepEqual(
			[view.panel, panel.posted.map(({ type }) => type), side.posted.map(({ type }) => type), log],
			[undefined, ["snapshot"], ["snapshot", "snapshot"], []],
		);
	});
});
