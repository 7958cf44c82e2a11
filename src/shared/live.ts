import type { ChatEvent } from "./event.ts";

/** What a chat is doing this moment: everything the log does not hold yet. */
export interface LiveState {
	/** When the request now under way was sent (ms since 1970); absent when none is. */
	readonly requestedAt?: number;
	/** When the first token of it came. */
	readonly firstAt?: number;
	/** Text and thinking streamed so far by the answer under way. */
	readonly text: string;
	readonly reasoning: string;
	/** The request failed and is made again by itself. */
	readonly waiting?: Omit<Extract<ChatEvent, { type: "waiting" }>, "type">;
	/** Since when (ms since 1970) the chat is being shortened. */
	readonly compactingSince?: number;
	/** Calls that the model is still spelling out, by their place in the answer. */
	readonly calling: readonly { readonly tool: string; readonly bytes: number }[];
	/** Start (ms since 1970) and latest output of the calls now running, by call id. */
	readonly running: Readonly<Record<string, { readonly at: number; readonly output: string }>>;
	/** How far the person is with a proposal, by call id. */
	readonly reviewing: Readonly<Record<string, Reviewing>>;
}

export type Reviewing = Omit<Extract<ChatEvent, { type: "reviewing" }>, "type" | "callId">;

export const idle: LiveState = { text: "", reasoning: "", calling: [], running: {}, reviewing: {} };

/** Characters of a running command's output that the view keeps. */
export const OUTPUT_TAIL = 8_000;

/** Pure companion of `reduce` for the events that are not kept. Recorded events clear what they replace. */
export function reduceLive(live: LiveState, event: ChatEvent): LiveState {
	switch (event.type) {
		case "requested":
			return { ...idle, running: live.running, requestedAt: event.at };
		case "answering":
			return { ...live, firstAt: event.at };
		case "waiting": {
			const { type: _type, ...waiting } = event;
			return { ...idle, running: live.running, waiting };
		}
		case "compacting":
			return { ...idle, running: live.running, ...(!event.over && { compactingSince: event.at }) };
		case "compacted":
		case "shed":
			return { ...idle, running: live.running };
		case "delta":
			return { ...live, [event.channel]: live[event.channel] + event.text };
		case "calling": {
			const calling = live.calling.slice();
			calling[event.index] = { tool: event.tool, bytes: event.bytes };
			return { ...live, calling };
		}
		case "running":
			return { ...live, running: { ...live.running, [event.callId]: { at: event.at, output: "" } } };
		case "output": {
			const call = live.running[event.callId];
			if (!call) return live;
			const output = (call.output + event.text).slice(-OUTPUT_TAIL);
			return { ...live, running: { ...live.running, [event.callId]: { ...call, output } } };
		}
		case "replied":
			return { ...idle, running: live.running };
		case "finished": {
			const { [event.callId]: _gone, ...running } = live.running;
			const { [event.callId]: _reviewed, ...reviewing } = live.reviewing;
			return { ...live, running, reviewing };
		}
		case "reviewing": {
			const { type: _type, callId, ...how } = event;
			return { ...live, reviewing: { ...live.reviewing, [callId]: how } };
		}
		case "ended":
			return idle;
		default:
			return live;
	}
}
