import type { HostMessage, Op } from "../../src/shared/protocol.ts";
import { mentioned } from "./attachments.ts";
import { scenes } from "./scenes.ts";

/** Plays the host for one scene: answers what it asks and keeps what the view asked for in `window.ops`. */
const name = new URLSearchParams(location.search).get("scene") ?? "finished";
const ops: Op[] = [];
/** The view's words in the page's language. */
const { words = {} } = window as { words?: Readonly<Record<string, string>> };

function deliver(messages: readonly HostMessage[]): void {
	for (const message of messages)
		window.postMessage(message.type === "snapshot" ? { ...message, words } : message, "*");
}

Object.assign(window, {
	ops,
	deliver,
	acquireVsCodeApi: () => ({
		postMessage(op: Op) {
			ops.push(op);
			if (op.type === "ready") deliver(scenes()[name] ?? []);
			if (op.type === "mention") deliver([{ type: "mentions", id: op.id, rows: mentioned[name] ?? [] }]);
		},
	}),
});
