import type { Live, Recorded, TodoItem, Unstamped } from "../../src/shared/event.ts";
import type { Part } from "../../src/shared/message.ts";
import type { Rule } from "../../src/shared/rule.ts";

export type Item = Unstamped | Live;

/** Stamps events as the log does. */
export function stamp(items: readonly Item[], start = Date.now() - 90_000): readonly (Recorded | Live)[] {
	let seq = 0;
	const live = ["requested", "delta", "calling", "running", "output", "waiting", "compacting", "reviewing"];
	return items.map((item) =>
		live.includes(item.type) ? (item as Live) : ({ ...item, seq, at: start + 1500 * seq++ } as Recorded),
	);
}

export const opened: Item = {
	type: "opened",
	version: 1,
	chat: "gallery",
	workspace: "/home/ada/shop",
	system: "You are an agent.",
};

export const prompted = (text: string): Item => ({ type: "prompted", text });

export function replied(parts: readonly Part[], { input = 18_400, complete = true } = {}): Item {
	return {
		type: "replied",
		parts: [...parts],
		usage: {
			inputTokens: input,
			outputTokens: 640,
			cachedTokens: Math.round(input * 0.94),
			reasoningTokens: 210,
			cost: 0.0042,
		},
		finish: parts.some((part) => part.kind === "call") ? "tool_calls" : "stop",
		complete,
		model: "moonshotai/kimi-k2-thinking",
		ms: 5200,
		firstMs: 700,
		thinkingMs: 3900,
	};
}

export const think = (text: string): Part => ({ kind: "reasoning", text });
export const say = (text: string): Part => ({ kind: "text", text });
export const call = (id: string, tool: string, args: unknown = {}, recovered = false): Part => ({
	kind: "call",
	id,
	tool,
	args: JSON.stringify(args),
	...(recovered && { recovered }),
});

type Ended = Extract<Item, { type: "ended" }>;

export const ended = (reason: Ended["reason"], more: Partial<Ended> = {}): Item => ({
	type: "ended",
	reason,
	...more,
});

interface Ran {
	readonly text?: string;
	readonly failed?: boolean;
	readonly ms?: number;
	readonly todo?: readonly TodoItem[];
}

export function read(
	id: string,
	path: string,
	{ text = "1\texport {};\n", failed = false, ms = 12 }: Ran = {},
): Item[] {
	return [
		{ type: "planned", callId: id, tool: "Read", title: `Read ${path}`, effects: [{ read: path }] },
		{ type: "decided", callId: id, verdict: "allow", by: "policy", reason: "It only reads inside the workspace." },
		{ type: "finished", callId: id, failed, text, ms },
	];
}

export function grep(id: string, pattern: string, text: string): Item[] {
	return [
		{ type: "planned", callId: id, tool: "Grep", title: `Search for ${pattern}`, effects: [{ read: "." }] },
		{ type: "decided", callId: id, verdict: "allow", by: "policy", reason: "It only reads inside the workspace." },
		{ type: "finished", callId: id, failed: false, text, ms: 48 },
	];
}

const cartDiff = `@@ -12,9 +12,11 @@ export class Cart {
 	total(): number {
-		let sum = 0;
-		for (const line of this.lines) sum += line.price * line.quantity;
-		return sum;
+		// Prices are in cents: rounding happens once, at the end.
+		const sum = this.lines.reduce((cents, line) => cents + line.price * line.quantity, 0);
+		const discount = this.coupon === undefined ? 0 : Math.round(sum * this.coupon.share);
+		return Math.max(0, sum - discount);
 	}
 
 	isEmpty(): boolean {
@@ -40,4 +42,4 @@ export class Cart {
 	clear(): void {
-		this.lines = []
+		this.lines = [];
 	}
`;

export function edit(id: string, how: "ask" | "done" | "rejected" = "done"): Item[] {
	const path = "src/cart.ts";
	const diff = { kind: "diff" as const, path, diff: cartDiff, added: 5, removed: 4 };
	const asked: Item[] = [
		{ type: "planned", callId: id, tool: "Edit", title: `Edit ${path}`, effects: [{ write: path }], preview: diff },
		{ type: "decided", callId: id, verdict: "ask", by: "policy", reason: "Edits ask before they are written." },
	];
	const state = (blob: string) => ({ id: blob, mode: "file" as const });
	const changes = [{ path, before: state("a"), after: state("b") }];
	if (how === "ask") return asked;
	if (how === "rejected")
		return [
			...asked,
			{ type: "decided", callId: id, verdict: "deny", by: "person", reason: "Keep the loop, it is faster here." },
			{ type: "finished", callId: id, failed: true, text: "The person rejected it.", ms: 0 },
		];
	return [
		...asked,
		{ type: "decided", callId: id, verdict: "allow", by: "person", reason: "" },
		{
			type: "finished",
			callId: id,
			failed: false,
			text: "Edited src/cart.ts.",
			show: diff,
			details: { changes },
			ms: 31,
		},
	];
}

interface RanCommand {
	readonly text?: string;
	readonly offers?: Rule[];
}

export function bash(
	id: string,
	command: string,
	how: "ask" | "run" | "done" | "failed",
	{ text = "", offers }: RanCommand = {},
): Item[] {
	const items: Item[] = [
		{
			type: "planned",
			callId: id,
			tool: "Bash",
			title: `Run ${command.split("\n", 1)[0]}`,
			effects: [{ exec: command }],
			preview: { kind: "command", command, cwd: "/home/ada/shop" },
			...(offers && { offers }),
		},
		{ type: "decided", callId: id, verdict: "ask", by: "policy", reason: "Commands ask before they run." },
	];
	if (how === "ask") return items;
	items.push({ type: "decided", callId: id, verdict: "allow", by: "person", reason: "" });
	if (how === "run") items.push({ type: "running", callId: id, at: Date.now() - 7_000 });
	else items.push({ type: "finished", callId: id, failed: how === "failed", text, ms: 8_400 });
	return items;
}

export function todo(id: string, items: readonly TodoItem[]): Item[] {
	return [
		{ type: "planned", callId: id, tool: "Todo", title: "Update the plan", effects: [] },
		{ type: "decided", callId: id, verdict: "allow", by: "policy", reason: "" },
		{ type: "finished", callId: id, failed: false, text: "ok", details: { todo: [...items] }, ms: 1 },
	];
}
