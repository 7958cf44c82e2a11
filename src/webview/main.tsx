import { render } from "preact";
import type { HostMessage, Op } from "../shared/protocol.ts";
import { App } from "./app.tsx";
import { followLinks } from "./links.ts";
import { initial, parseHost, type State, update } from "./store.ts";

declare function acquireVsCodeApi(): { postMessage(message: Op): void };

const api = acquireVsCodeApi();
const post = (op: Op) => api.postMessage(op);

const root = document.getElementById("root") ?? document.body.appendChild(document.createElement("div"));
let state: State = initial;
let frame = 0;

function draw(): void {
	cancelAnimationFrame(frame);
	frame = 0;
	render(<App state={state} post={post} />, root);
	document.body.dataset["ready"] = "true";
}

function take(message: HostMessage): void {
	const before = state;
	state = update(state, message);
	if (state.stale && !before.stale) post({ type: "ready" });
	if (state === before || state.snapshots === 0) return;
	// A snapshot is drawn at once; what streams, once a frame.
	if (message.type === "snapshot") draw();
	else if (frame === 0) frame = requestAnimationFrame(draw);
}

window.addEventListener("message", (event: MessageEvent<unknown>) => {
	const message = parseHost(event.data);
	if (message) take(message);
});
followLinks(document, post);
post({ type: "ready" });
