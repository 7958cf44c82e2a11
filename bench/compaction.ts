import { runTurn } from "../src/agent/loop.ts";
import { Session } from "../src/agent/session.ts";
import { createModel } from "../src/model/chat-model.ts";
import { habits, tools } from "../src/tools/index.ts";
import { createToolbox } from "../src/tools/toolbox.ts";
import { startEndpoint } from "../test/fake/endpoint.ts";
import type { ScriptedReply, WireRequest } from "../test/fake/endpoint-reply.ts";
import { benchCtx } from "./ctx.ts";
import { fieldsOf, prefixShare } from "./prefix.ts";
import type { Figures, Group } from "./targets.ts";

const WINDOW = 131_072;
/** A thought of some length, so that leaving out results is not enough. */
const THOUGHT = "I look at the next part of the file and see what it has to do with the task at hand. ".repeat(40);

export const compactionGroup: Group = {
	name: "compaction",
	title: "A chat that is shortened, with a window of 131,072 tokens",
	rows: [
		{
			id: "compaction.prefix",
			what: "request for notes, served from the prefix",
			unit: "%",
			digits: 1,
			means: "Share of its messages that the request before it began with, byte for byte, tools being equal too.",
			must: { least: 95 },
		},
	],
};

/** A task that reads on and on until the chat is shortened with notes: how the request for them is served. */
export async function measureCompaction(): Promise<Figures> {
	const bodies: Buffer[] = [];
	let share: number | undefined;
	const server = await startEndpoint({
		script: (request) => {
			bodies.push(Buffer.from(request.raw));
			const [before, last] = bodies.slice(-2);
			if (!isForNotes(request)) return share === undefined ? next(bodies.length, request) : { text: "Done." };
			share = before && last ? served(before, last) : 0;
			return { text: "I read the most of the lock file." };
		},
	});
	try {
		await work(server.url);
	} finally {
		await server.close();
	}
	if (share === undefined) throw new Error("The chat was never shortened.");
	return { "compaction.prefix": 100 * share };
}

function isForNotes({ body }: WireRequest): boolean {
	return /Write notes for yourself/.test(body.messages.at(-1)?.content ?? "");
}

function next(count: number, { raw }: WireRequest): ScriptedReply {
	const args = { path: "package-lock.json", offset: 1 + count * 40, limit: 40 };
	const usage = { prompt_tokens: Math.ceil(raw.length / 4), completion_tokens: Math.ceil(THOUGHT.length / 4) + 40 };
	return { reasoning: THOUGHT, calls: [{ tool: "Read", args }], usage };
}

/** Share of the messages of a request that the one before it began with; 0 where the tools differ. */
function served(before: Buffer, last: Buffer): number {
	const lengthOf = (body: Buffer) => {
		const place = fieldsOf(body).get("messages");
		return place ? place.to - place.from : 0;
	};
	return (prefixShare(before, last) * lengthOf(before)) / lengthOf(last);
}

async function work(url: string): Promise<void> {
	const session = new Session({ append: async () => ({ ok: true, value: undefined }) });
	await session.record({ type: "opened", version: 1, chat: "bench", system: "You are an agent." });
	const id = "kimi-k2-thinking";
	const model = createModel({
		endpoint: { preset: "custom", name: "bench", baseUrl: url },
		model: id,
		server: { id, contextTokens: WINDOW },
		clocks: { firstByteMs: 60_000, idleMs: 60_000, stallMs: 60_000 },
	});
	const toolbox = createToolbox(tools, habits);
	const person = { mode: () => "ask" as const, grants: () => [], approve: async () => ({ verdict: "deny" as const }) };
	const pause = () => Promise.resolve();
	const env = { model, toolbox, ctx: benchCtx(), limits: {}, pause, ...person };
	const end = await runTurn(session, "Read the lock file.", env, new AbortController().signal);
	if (end.reason !== "done") throw new Error(`The turn ended as ${end.reason}.`);
}
