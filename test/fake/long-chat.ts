import { createHash } from "node:crypto";
import type { FileState, Recorded, Unstamped } from "../../src/shared/event.ts";
import type { Part } from "../../src/shared/message.ts";

export interface Shape {
	/** Its id, and its title. */
	readonly chat: string;
	readonly turns: number;
	/** Of each turn; one call each, and one more with the answer. */
	readonly steps: number;
}

/** What the last answer of such a chat ends with. */
export const LAST_WORDS = "That is the whole of it.";

export const promptOf = (turn: number) => `Task ${turn + 1}: make the totals of part ${turn + 1} right.`;

/**
 * The log of a long chat as real ones are: reads, edits with diffs, commands with output, searches, thinking before each
 * call, answers in Markdown with code, and a shortening now and then. The same arguments make the same log.
 */
export function longChat({ chat, turns, steps }: Shape): readonly Recorded[] {
	const log: Recorded[] = [];
	const add = (event: Unstamped) => log.push({ ...event, seq: log.length, at: START + log.length * 700 } as Recorded);
	add({ type: "opened", version: 1, chat, system: prose(40) });
	for (let turn = 0; turn < turns; turn++) {
		add({ type: "prompted", text: promptOf(turn) });
		for (let step = 0; step < steps; step++) {
			const n = turn * steps + step;
			const keptFrom = log.length + 1;
			if (n > 0 && n % SHORTENED === 0) add({ type: "compacted", summary: prose(60), keptFrom });
			addStep(add, n);
		}
		const isLast = turn === turns - 1;
		add(replied([{ kind: "text", text: answer(turn) + (isLast ? `\n${LAST_WORDS}\n` : "") }]));
		add({ type: "ended", reason: "done" });
	}
	add({ type: "titled", title: chat });
	return log;
}

/** Steps after which it is shortened for the model. */
const SHORTENED = 50;
const START = Date.UTC(2026, 0, 5, 9);

function addStep(add: (event: Unstamped) => void, n: number): void {
	const say = n % 5 === 4 ? [{ kind: "text", text: n % 20 === 4 ? answer(n) : said(n) } as const] : [];
	const call = calls[n % calls.length]?.(n) ?? read(n);
	const id = `call-${n}`;
	const { tool, args, result, failed = false, details, ...plan } = call;
	add(
		replied([
			{ kind: "reasoning", text: prose(4 + (n % 9)) },
			...say,
			{ kind: "call", id, tool, args: JSON.stringify(args) },
		]),
	);
	add({ type: "planned", callId: id, tool, ...plan });
	add({ type: "decided", callId: id, verdict: "allow", by: "policy", reason: "Allowed in this mode.", policy: "mode" });
	if (details?.changes) add({ type: "kept", callId: id, files: [] });
	add({ type: "finished", callId: id, failed, text: result, ms: 40 + (n % 7) * 130, ...(details && { details }) });
}

type Made = Omit<Extract<Unstamped, { type: "planned" }>, "type" | "callId"> & {
	readonly args: Readonly<Record<string, unknown>>;
	readonly result: string;
	readonly failed?: boolean;
	readonly details?: Extract<Unstamped, { type: "finished" }>["details"];
};

const calls: readonly ((n: number) => Made)[] = [read, edit, command, search, read, command];

function read(n: number): Made {
	const path = pathOf(n);
	const lines = Array.from({ length: 80 + (n % 90) }, (_, at) => `${at + 1}\t${code(n + at)}`);
	const details = { seen: { [path]: idOf(n) } };
	const title = `Read ${path}`;
	return { tool: "Read", title, args: { path }, effects: [{ read: path }], result: lines.join("\n"), details };
}

function edit(n: number): Made {
	const path = pathOf(n);
	const context = (at: number) => ` ${code(n + at)}`;
	const diff = [
		"@@ -10,12 +10,14 @@",
		...[0, 1, 2].map(context),
		...[3, 4, 5, 6].flatMap((at) => [`-${code(n + at)}`, `+${code(n + at + 1)}`]),
		...[7, 8].map((at) => `+${code(n + at)}`),
		...[9, 10, 11].map(context),
	].join("\n");
	return {
		tool: "Edit",
		title: `Edit ${path}`,
		args: { path, old_string: code(n), new_string: code(n + 1) },
		effects: [{ write: path }],
		preview: { kind: "diff", path, diff, added: 6, removed: 4 },
		result: `Edited ${path}.`,
		details: { seen: { [path]: idOf(n) }, changes: [{ path, before: state(n), after: state(n + 1) }] },
	};
}

function command(n: number): Made {
	const line = `npm test -- --grep "part ${n}"`;
	const tests = Array.from(
		{ length: 20 + (n % 60) },
		(_, at) => `  ✓ part ${n} adds up the items of cart ${at} (${at} ms)`,
	);
	return {
		tool: "Bash",
		title: `Run ${line}`,
		args: { command: line },
		effects: [{ exec: line }],
		preview: { kind: "command", command: line, cwd: "" },
		result: `${tests.join("\n")}\n\n${tests.length} passing\n`,
		failed: n % 12 === 2,
		details: { exitCode: n % 12 === 2 ? 1 : 0 },
	};
}

function search(n: number): Made {
	const args = { pattern: `total${n}`, path: "src" };
	const result = Array.from({ length: 10 + (n % 20) }, (_, at) => `${pathOf(n + at)}:${at * 7}:${code(n + at)}`);
	const title = `Search total${n} in src`;
	return { tool: "Grep", title, args, effects: [{ read: "src" }], result: result.join("\n") };
}

function replied(parts: Part[]): Unstamped {
	const usage = { inputTokens: 40_000, outputTokens: 300 };
	const thinkingMs = 1200;
	return {
		type: "replied",
		parts,
		usage,
		finish: "tool_calls",
		complete: true,
		model: "kimi-k2",
		ms: 2400,
		thinkingMs,
	};
}

const pathOf = (n: number) => `src/cart/part-${n % 120}/total-${n % 7}.ts`;
const code = (n: number) =>
	`\tconst total${n % 50} = items.reduce((sum, { price, count }) => sum + price * count, ${n});`;
const idOf = (n: number) => createHash("sha1").update(String(n)).digest("hex");
const state = (n: number): FileState => ({ id: idOf(n), mode: "file" });

function prose(sentences: number): string {
	return Array.from(
		{ length: sentences },
		(_, at) => `The function in part ${at} rounds each price before it adds them, so the sum may be off by a cent.`,
	).join(" ");
}

const said = (n: number) =>
	`The test of **part ${n}** still fails in \`${pathOf(n)}:${n % 90}\`: the discount is taken off before the items are added. I change the order.`;

function answer(n: number): string {
	return `## Part ${n}: what was wrong

The function \`total${n}()\` in \`${pathOf(n)}\` adds **all** items before the _discount_ is known. It is called from two places:

- the cart, in \`src/cart.ts:${n}\`;
- the invoice:
  1. in percent,
  2. or as an amount.

\`\`\`ts
export function total${n}(items: readonly Item[], coupon?: Coupon): number {
	const sum = items.reduce((all, { price, count }) => all + price * count, 0);
	return coupon ? round(sum * (1 - coupon.share / 100)) : round(sum);
}
\`\`\`

| case | before | after |
|:-----|-------:|------:|
| none | ${n}.00 | ${n}.00 |
| ten percent | ${n}.00 | ${n}.90 |
`;
}
