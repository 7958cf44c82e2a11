import { after, before, FILES, fileName, pattern } from "./project.ts";

/** The calls that the endpoint plays, in turns. No two of a run are equal, so no guard against loops may stop it. */
export const kinds = ["read", "edit", "grep", "shell"] as const;
export type Kind = (typeof kinds)[number];

export const kindOf = (step: number): Kind => kinds[step % kinds.length] ?? "read";

interface ScriptedCall {
	readonly tool: string;
	readonly args: Readonly<Record<string, unknown>>;
}

/** The call of a step, counted from 0. A file is read, then edited. */
function callOf(step: number): ScriptedCall {
	const round = Math.floor(step / kinds.length);
	// Another file each round, up to as many as there are.
	const file = (round * 7) % FILES;
	switch (kindOf(step)) {
		case "read":
			return { tool: "Read", args: { path: fileName(file) } };
		case "edit":
			return { tool: "Edit", args: { path: fileName(file), old_string: before(file), new_string: after(file) } };
		case "grep":
			return { tool: "Grep", args: { pattern: pattern(round) } };
		case "shell":
			return { tool: "Bash", args: { command: `echo step ${step}`, description: "Say where we are" } };
	}
}

const THOUGHT = "I look at the next file, change its one line, and see whether anything else depends on it. ";

/** The whole answer of one step as a server of Kimi streams it: thinking, then the call, then the usage. */
export function callStream(step: number): string {
	const { tool, args } = callOf(step);
	const spelled = JSON.stringify(args);
	const half = Math.floor(spelled.length / 2);
	const call = { index: 0, id: `functions.${tool}:${step}`, type: "function" };
	return stream([
		{ role: "assistant", content: "" },
		...[0, 1, 2].map((n) => ({ reasoning_content: `${THOUGHT}${step}.${n} ` })),
		{ tool_calls: [{ ...call, function: { name: tool, arguments: "" } }] },
		{ tool_calls: [{ index: 0, function: { arguments: spelled.slice(0, half) } }] },
		{ tool_calls: [{ index: 0, function: { arguments: spelled.slice(half) } }] },
	]);
}

export function lastStream(): string {
	return stream([{ role: "assistant", content: "" }, { content: "All " }, { content: "done." }], "stop");
}

function stream(deltas: readonly object[], finish = "tool_calls"): string {
	const usage = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 };
	return [
		...deltas.map((delta) => chunk({ choices: [{ index: 0, delta, finish_reason: null }] })),
		chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
		chunk({ choices: [], usage }),
		"data: [DONE]\n\n",
	].join("");
}

/** One event of a stream. */
export function chunk(fields: object): string {
	const head = { id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "kimi-k2-bench" };
	return `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
}
