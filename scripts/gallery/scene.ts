import { idle } from "../../src/shared/live.ts";
import type { HostMessage, ViewState } from "../../src/shared/protocol.ts";
import { emptyChat } from "../../src/shared/reduce.ts";
import { type Item, opened, stamp } from "./log.ts";

const base: ViewState = {
	setup: false,
	presets: [],
	endpoint: "OpenRouter",
	model: "moonshotai/kimi-k2-thinking",
	demo: false,
	mode: "ask",
	afterPlan: "ask",
	workspace: "open",
	contextTokens: 262_144,
	compactAt: 80,
	draft: "",
	attachments: [],
	images: false,
	slash: [],
	running: false,
	interrupted: false,
	changes: [],
};

/** A chat with these events, as the host tells the view of it. */
export function scene(items: readonly Item[], view: Partial<ViewState> = {}): readonly HostMessage[] {
	const events = stamp([opened, ...items]);
	const running = items.length > 0 && items.at(-1)?.type !== "ended" && view.interrupted !== true;
	return [
		{ type: "snapshot", chat: emptyChat, live: idle, view: { ...base, running, ...view }, words: {} },
		...(items.length === 0 ? [] : [{ type: "events" as const, chat: "gallery", events }]),
	];
}
