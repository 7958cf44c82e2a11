import type { Call, Chat, Turn } from "../../shared/reduce.ts";

/** A call as the guard against loops compares it. */
export interface Look {
	readonly call: Call;
	/** `seq` of its step. */
	readonly step: number;
	/** Tool and arguments by value: equal calls, equal keys. */
	readonly key: string;
	/** Equal results, equal texts: without what was said after it, and without the time where it is a command's. */
	readonly result: string;
}

/** Calls that are looked back at. */
const MOST = 120;

/**
 * The calls with a result that come before `call`, oldest first: since the prompt, the person's last word, the last pause,
 * and since results or more were left out of what the model reads: it has to look at things again.
 */
export function pastOf(chat: Chat, call: Call): readonly Look[] {
	return before(chat, call)
		.filter((each) => each.call.text !== undefined)
		.map((each) => lookOf(each.call, each.step));
}

/** It is like an earlier one, which may have no result yet. */
export function isAgain(chat: Chat, call: Call): boolean {
	const key = keyOf(call);
	return before(chat, call).some((each) => each.call.tool === call.tool && lookOf(each.call, each.step).key === key);
}

function before({ turns }: Chat, call: Call): readonly Pick<Look, "call" | "step">[] {
	const turn = turns.at(-1);
	if (!turn) return [];
	const found: Pick<Look, "call" | "step">[] = [];
	for (const { seq: step, calls } of stepsThatCount(turn).toReversed()) {
		const own = calls.findIndex(({ id }) => id === call.id);
		for (const each of calls.slice(0, own < 0 ? calls.length : own).toReversed()) found.push({ call: each, step });
		if (found.length >= MOST) break;
	}
	return found.slice(0, MOST).reverse();
}

export function keyOf({ tool, args }: Pick<Call, "tool" | "args">): string {
	return `${tool} ${byValue(args)}`;
}

export function resultOf(call: Call, text: string): string {
	return isCommand(call) ? text.replace(TIMES, "·") : text;
}

export function isCommand({ effects = [] }: Call): boolean {
	return effects.some((effect) => "exec" in effect);
}

function stepsThatCount({ steps, compacted, shed, steered, pausedAt = -1 }: Turn) {
	const from = Math.max(pausedAt, steered?.at(-1)?.seq ?? -1);
	return steps.slice(Math.max(compacted?.at(-1) ?? 0, shed?.at(-1) ?? 0)).filter(({ seq }) => seq > from);
}

/** A call that changes is another object: each is read once. */
const looks = new WeakMap<Call, Look>();

function lookOf(call: Call, step: number): Look {
	const known = looks.get(call);
	if (known) return known;
	const { text = "", details } = call;
	const look = {
		call,
		step,
		key: keyOf(call),
		result: resultOf(call, text.slice(0, text.length - (details?.said ?? 0))),
	};
	looks.set(call, look);
	return look;
}

/** Durations, dates and times of day: they differ from run to run of a command that does the same. Linear on long digits. */
const TIMES =
	/(?<!\d)(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\d\d:\d\d:\d\d|\d{1,12}(?:\.\d{1,12})?\s?(?:[mnµu]?s|secs?|seconds?|min(?:ute)?s?)\b)/g;

function byValue(args: string): string {
	try {
		return JSON.stringify(withoutWords(JSON.parse(args)), sorted);
	} catch {
		// No JSON, or too deep.
		return args;
	}
}

/** What a command is said to be for changes nothing of what it does, nor do blanks around it. */
function withoutWords(value: unknown): unknown {
	if (typeof value !== "object" || value === null || !("command" in value)) return value;
	const { command } = value;
	return { ...value, command: typeof command === "string" ? command.trim() : command, description: undefined };
}

function sorted(_key: string, value: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
