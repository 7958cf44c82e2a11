import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ChatStore } from "../src/node/chat-store.ts";
import type { Unstamped } from "../src/shared/event.ts";
import { median, repeat, timed, watchLoop } from "./stats.ts";
import type { Figures, Group } from "./targets.ts";

const CHATS = 2000;
const TURNS = 3;
const CALLS = 4;

export const chatGroup: Group = {
	name: "chats",
	title: "The list of 2,000 chats, logs of 40 KB",
	rows: [
		{
			id: "chats.list",
			what: "list them",
			unit: "ms",
			digits: 0,
			means: "By a window that was just opened; each log is looked at for its size and time. Median.",
			must: { most: 200 },
		},
		{
			id: "chats.again",
			what: "list them again",
			unit: "ms",
			digits: 0,
			means: "One of them changed, and its log is read. Median.",
			must: { most: 200 },
		},
		{
			id: "chats.rebuilt",
			what: "without an index",
			unit: "ms",
			digits: 0,
			means: "Every log is read, checked and reduced: once, after the index was lost.",
		},
		{
			id: "chats.blocked",
			what: "longest block meanwhile",
			unit: "ms",
			digits: 1,
			means: "Of the event loop by our own work while all logs are read.",
			must: { most: 50 },
		},
	],
};

export async function measureChats(): Promise<Figures> {
	const folder = await mkdtemp(path.join(tmpdir(), "kimi-k2-bench-"));
	try {
		for (let n = 0; n < CHATS; n++) await writeFile(path.join(folder, `chat-${n}.jsonl`), logOf(n));
		const watch = watchLoop();
		const rebuilt = await timed(() => list(folder));
		const blocked = watch.stop();
		const cold = await repeat(9, () => list(folder));
		const store = new ChatStore(folder);
		await store.list();
		const again: number[] = [];
		for (let n = 0; n < 9; n++) {
			await store.rename(`chat-${n}`, `Another title ${n}`);
			again.push(await timed(() => store.list()));
		}
		return {
			"chats.list": median(cold),
			"chats.again": median(again),
			"chats.rebuilt": rebuilt,
			"chats.blocked": blocked,
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function list(folder: string): Promise<void> {
	const chats = await new ChatStore(folder).list();
	if (chats.length !== CHATS) throw new Error(`${chats.length} chats were listed.`);
}

/** A chat of some steps, each with a result of 3 KB. */
function logOf(n: number): string {
	const turns = Array.from({ length: TURNS }, (_, turn): Unstamped[] => [
		{ type: "prompted", text: `Chat ${n}: look at part ${turn} and say what the function does. `.repeat(3) },
		...Array.from({ length: CALLS }, (_, call) =>
			callOf(`Read:${turn}-${call}`, `src/part-${n}/file-${call}.ts`),
		).flat(),
		replyOf([{ kind: "text", text: "It adds two numbers. ".repeat(20) }]),
		{ type: "ended", reason: "done" },
	]);
	const events: Unstamped[] = [
		{ type: "opened", version: 1, chat: `chat-${n}`, system: "x".repeat(3000) },
		...turns.flat(),
	];
	return events.map((event, seq) => `${JSON.stringify({ ...event, seq, at: 1.7e12 + n * 1e6 + seq })}\n`).join("");
}

function callOf(callId: string, name: string): Unstamped[] {
	const text = `${callId}\texport const value = compute("some text");\n`.repeat(64);
	return [
		replyOf([{ kind: "call", id: callId, tool: "Read", args: JSON.stringify({ path: name }) }]),
		{ type: "planned", callId, tool: "Read", title: `Read ${name}`, effects: [{ read: name }] },
		{ type: "decided", callId, verdict: "allow", by: "policy", reason: "Reads inside the workspace." },
		{ type: "finished", callId, failed: false, text, details: { seen: { [name]: "0".repeat(64) } }, ms: 1 },
	];
}

function replyOf(parts: Extract<Unstamped, { type: "replied" }>["parts"]): Unstamped {
	const usage = { inputTokens: 1000, outputTokens: 50 };
	return { type: "replied", parts, usage, finish: "stop", complete: true, model: "kimi-k2-bench", ms: 1 };
}
