import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Session } from "../src/agent/session.ts";
import { FileLog, readLog } from "../src/node/log.ts";
import { mean, median, quarters, repeat, timed } from "./stats.ts";
import type { Figures } from "./targets.ts";

const CALLS = 1000;
const FILES = 200;
const EVENTS_PER_CALL = 4;

export async function measureLog(): Promise<Figures> {
	const folder = await mkdtemp(path.join(tmpdir(), "kimi-k2-bench-"));
	try {
		const file = path.join(folder, "chat.jsonl");
		const calls = await write(file);
		const { size } = await stat(file);
		const reopened = await repeat(5, () => reopen(file));
		return {
			"log.append": (mean(calls) / EVENTS_PER_CALL) * 1000,
			"log.growth": quarters(calls),
			"log.size": size / 1e6,
			"log.resume": median(reopened),
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** Milliseconds of the events of each call. */
async function write(file: string): Promise<number[]> {
	const log = new FileLog(file);
	const session = new Session(log);
	await session.record({ type: "opened", version: 1, chat: "bench", system: "x".repeat(3000) });
	await session.record({ type: "prompted", text: "Go." });
	const all: number[] = [];
	for (let n = 0; n < CALLS; n++) all.push(await timed(() => oneCall(session, n)));
	await session.record({ type: "ended", reason: "done" });
	await log.close();
	return all;
}

async function oneCall(session: Session, n: number): Promise<void> {
	const [callId, name] = [`functions.Read:${n}`, `src/file-${n % FILES}.ts`];
	await session.record({
		type: "replied",
		parts: [
			{ kind: "reasoning", text: `I look at the next file, number ${n}. `.repeat(8), key: "reasoning_content" },
			{ kind: "call", id: callId, tool: "Read", args: JSON.stringify({ path: name }) },
		],
		usage: { inputTokens: 1000, outputTokens: 50 },
		finish: "tool_calls",
		complete: true,
		model: "kimi-k2-bench",
		ms: 1,
	});
	await session.record({ type: "planned", callId, tool: "Read", title: `Read ${name}`, effects: [{ read: name }] });
	await session.record({
		type: "decided",
		callId,
		verdict: "allow",
		by: "policy",
		reason: "Reads inside the workspace.",
	});
	const text = `${n}\texport const value = compute("some text");\n`.repeat(64);
	const details = { seen: { [name]: String(n).padStart(64, "0") } };
	await session.record({ type: "finished", callId, failed: false, text, details, ms: 1 });
}

async function reopen(file: string): Promise<void> {
	const content = await readLog(file);
	if (!content.ok) throw new Error(content.failure.message);
	const session = new Session(new FileLog(file, content.value.bytes), content.value.events);
	const steps = session.chat.turns[0]?.steps.length;
	if (steps !== CALLS) throw new Error(`The log was reopened with ${steps} steps.`);
}
