import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Session } from "../../src/agent/session.ts";
import { outline } from "../../src/shared/outline.ts";
import { type HostMessage, Packed } from "../../src/shared/protocol.ts";
import type { ChatRun } from "../../src/vscode/chat-run.ts";
import { ChatView } from "../../src/vscode/chat-view.ts";
import { viewHtml } from "../../src/vscode/view-html.ts";
import { longChat } from "../fake/long-chat.ts";
import { activeApp, until } from "./setup.ts";

describe("the page of the chat view", () => {
	it("runs one script by its nonce and takes nothing from anywhere else", () => {
		const webview = { cspSource: "https://own.example", asWebviewUri: (uri: vscode.Uri) => uri } as vscode.Webview;
		const page = () => viewHtml(webview, vscode.Uri.file("/extension"));
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
});

function unpacked(message: unknown): HostMessage {
	const packed = Packed.safeParse(message);
	return (packed.success ? JSON.parse(new TextDecoder().decode(packed.data.json)) : message) as HostMessage;
}

/** A view that is open, shows this chat, and keeps what it was sent. */
async function viewOf(session: Session): Promise<readonly HostMessage[]> {
	const app = await activeApp();
	const posted: HostMessage[] = [];
	let receive: (message: unknown) => unknown = () => undefined;
	const webview = {
		cspSource: "",
		asWebviewUri: (uri: vscode.Uri) => uri,
		onDidReceiveMessage: (listener: typeof receive) => {
			receive = listener;
		},
		postMessage: (message: unknown) => posted.push(unpacked(message)),
	};
	const view = new ChatView(vscode.Uri.file("/extension"), {
		handlers: {} as ConstructorParameters<typeof ChatView>[1]["handlers"],
		chat: () => Promise.resolve({ session } as ChatRun),
		viewState: () => app.viewState(),
		log: () => undefined,
	});
	view.resolveWebviewView({ visible: true, webview, onDidDispose: () => undefined } as unknown as vscode.WebviewView);
	await receive({ type: "ready" });
	return posted;
}

/** JSON has no undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the chat view", () => {
	it("is sent the outline of a chat, and again once the conversation went back; else what happened", async () => {
		const log = longChat({ chat: "long", turns: 3, steps: 60 });
		const session = new Session({ append: () => Promise.resolve({ ok: true, value: undefined }) }, log);
		const posted = await viewOf(session);
		const [first] = posted;
		assert.deepEqual(first?.type === "snapshot" && first.chat, plain(outline(session.chat)));
		await session.record({ type: "titled", title: "Another" });
		await until(() => posted.length === 2);
		assert.equal(posted[1]?.type, "events");
		await session.record({ type: "restored", turn: session.chat.turns[1]?.seq ?? -1, changes: [] });
		const [, , again] = posted;
		assert.deepEqual(again?.type === "snapshot" && again.chat, plain(outline(session.chat)));
	});
});
