import type { Failure } from "../shared/failure.ts";
import { knownTokens, toMessages } from "./context.ts";
import type { Model, ModelRequest, Reply } from "./ports.ts";
import type { Session } from "./session.ts";
import type { Toolbox } from "./tool.ts";
import { uniqueIds } from "./unique-ids.ts";

/** Whom to ask, with which tools. */
export interface AskEnv {
	readonly model: Model;
	readonly toolbox: Toolbox;
}

export interface Answered {
	readonly reply: Reply;
	readonly failure?: Failure;
}

/** The next request of a chat: all of it, and nothing that depends on anything else. */
export function nextRequest(session: Session, { toolbox }: AskEnv): ModelRequest {
	const { chat } = session;
	return { system: chat.system, tools: toolbox.specs, messages: toMessages(chat), chat: chat.id };
}

/** One request; its answer is on record afterwards, as far as it came. */
export async function askModel(session: Session, env: AskEnv, signal: AbortSignal): Promise<Answered> {
	// Nothing else tells it where a turn goes on or is tried again.
	await session.record(({ untold: note }) => (note === undefined ? undefined : { type: "noted", note }));
	const clock = stopwatch();
	const asked = nextRequest(session, env);
	const known = knownTokens(session.chat, asked.messages);
	const request = known === undefined ? asked : { ...asked, knownTokens: known };
	session.show({ type: "requested", at: Date.now() });
	let end: Answered | undefined;
	for await (const delta of env.model.stream(request, signal)) {
		if (delta.kind === "end") {
			end = delta;
			continue;
		}
		if (clock.mark(delta.kind === "reasoning")) session.show({ type: "answering", at: Date.now() });
		if (delta.kind === "calling") {
			const { index, tool, bytes } = delta;
			session.show({ type: "calling", index, tool, bytes });
		} else session.show({ type: "delta", channel: delta.kind, text: delta.text });
	}
	const { reply, failure } = end ?? noEnd(env.model);
	const { finish, complete, model, usage, repairs } = reply;
	const parts = uniqueIds(reply.parts, session.chat);
	const mended = repairs && { repairs: [...repairs] };
	// What was said is kept even when it failed: the person saw it, or paid for it. Else there is nothing to keep.
	if (parts.length > 0 || usage || !failure)
		await session.record({ type: "replied", parts, usage, finish, complete, model, ...clock.read(), ...mended });
	if (reply.advice !== undefined) session.show({ type: "advice", text: reply.advice });
	return { reply: { ...reply, parts }, failure };
}

function noEnd(model: Model): Answered {
	return {
		reply: { parts: [], finish: null, complete: false, model: model.name },
		failure: { code: "internal", message: "The model adapter ended without a last word. Please report this." },
	};
}

/** Milliseconds of an answer: all of it, to its first token, and of thinking. */
function stopwatch() {
	const from = performance.now();
	let first: number | undefined;
	let thinkingFrom: number | undefined;
	let thinkingTo: number | undefined;
	return {
		/** True for the first token. */
		mark(isThinking: boolean): boolean {
			const now = performance.now();
			const isFirst = first === undefined;
			first ??= now;
			if (isThinking) {
				thinkingFrom ??= now;
				thinkingTo = now;
			}
			return isFirst;
		},
		read() {
			const since = (to: number | undefined, start = from) => (to === undefined ? undefined : Math.round(to - start));
			return {
				ms: Math.round(performance.now() - from),
				firstMs: since(first),
				thinkingMs: thinkingFrom === undefined ? undefined : since(thinkingTo, thinkingFrom),
			};
		},
	};
}
