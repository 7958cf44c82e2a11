import type { Effect, Mode, Verdict } from "../shared/event.ts";
import type { Grant, Scope } from "../shared/rule.ts";
import type { CommandLine } from "./commands/command-line.ts";
import { protectedReason, secretReason } from "./protected.ts";

/** A call with its plan, as policies see it. */
export interface PlannedCall {
	readonly tool: string;
	readonly effects: readonly Effect[];
	/** What is known of the command line that it would run. */
	readonly command?: CommandLine;
	/** Read from markup that leaked into the text. */
	readonly recovered?: boolean;
}

export interface PolicyState {
	readonly mode: Mode;
	/** What the person allowed, in the order in which they did. */
	readonly grants: readonly Grant[];
}

export interface Ruling {
	readonly verdict: Verdict;
	/** In words, for the card and for `--dry-run`. */
	readonly reason: string;
}

/** One idea: an answer, or undefined to leave it to the next. */
export type Policy = (call: PlannedCall, state: PolicyState) => Ruling | undefined;

const writes = (call: PlannedCall) => call.effects.flatMap((effect) => ("write" in effect ? [effect.write] : []));
const readsOf = (call: PlannedCall) => call.effects.flatMap((effect) => ("read" in effect ? [effect.read] : []));
const onlyReads = (call: PlannedCall) => call.effects.every((effect) => "read" in effect);
const onlyPlans = (call: PlannedCall) => call.effects.length > 0 && call.effects.every((effect) => "plan" in effect);
const onlyEdits = (call: PlannedCall) => call.effects.every((effect) => "read" in effect || "write" in effect);
const isOutside = (path: string) => path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.startsWith("\\\\");

/** Asks for the first path that has a reason, in a sentence made of both. */
function firstAsked(paths: readonly string[], reasonOf: (path: string) => string | undefined, so: string) {
	for (const path of paths) {
		const reason = reasonOf(path);
		if (reason !== undefined) return { verdict: "ask", reason: `${path} ${reason}, ${so}.` } as const;
	}
	return undefined;
}

const outside: Policy = (call) => {
	const path = call.effects.flatMap((e) => ("read" in e ? [e.read] : "write" in e ? [e.write] : [])).find(isOutside);
	return path === undefined ? undefined : { verdict: "deny", reason: `${path} is outside the workspace.` };
};

const planReadsOnly: Policy = (call, { mode }) => {
	if (mode !== "plan" || onlyReads(call)) return undefined;
	if (onlyPlans(call)) return { verdict: "ask", reason: "Nothing is done before you accept the plan." };
	const reason =
		"Plan mode reads only: it changes no file and runs no command before the person accepted a plan from the Plan tool.";
	return { verdict: "deny", reason };
};

/** Text can be made to look like a call by whatever the model has read. */
const recovered: Policy = (call) =>
	call.recovered
		? { verdict: "ask", reason: "The server sent this call as text, so it always asks: check that you want it." }
		: undefined;

const protectedFiles: Policy = (call) => firstAsked(writes(call), protectedReason, "so a change to it always asks");

/** Whether a file may hold secrets by its name: then its text leaves the machine only after the person was asked. */
export const isSecret = (path: string): boolean => secretReason(path) !== undefined;

const secretFiles: Policy = (call) => firstAsked(readsOf(call), secretReason, "and the model's server would see it");

const reads: Policy = (call) =>
	onlyReads(call) ? { verdict: "allow", reason: "It only reads inside the workspace." } : undefined;

const plans: Policy = (call) =>
	onlyPlans(call)
		? { verdict: "allow", reason: "A plan changes nothing; what it leads to is decided on its own." }
		: undefined;

const WHERE: Readonly<Record<Scope, string>> = {
	chat: "in this chat",
	workspace: "in this workspace",
	always: "everywhere",
};

const allowedEdits: Policy = (call, { grants }) => {
	const grant = onlyEdits(call) ? grants.find(({ rule }) => "edits" in rule) : undefined;
	return grant && { verdict: "allow", reason: `You allowed edits ${WHERE[grant.scope]}.` };
};

/** A line to the letter; else each of its programs either only reads or begins with words that were allowed. */
const allowedCommands: Policy = (call, { grants }) => {
	const [effect] = call.effects;
	if (call.effects.length !== 1 || !effect || !("exec" in effect)) return undefined;
	const exact = grants.find(({ rule }) => "command" in rule && rule.command === effect.exec);
	if (exact) return { verdict: "allow", reason: `You allowed this command ${WHERE[exact.scope]}.` };
	if (!call.command || !("commands" in call.command)) return undefined;
	const needed = call.command.commands.filter(({ trouble }) => trouble !== undefined);
	if (needed.length === 0) return { verdict: "allow", reason: "It only reads inside the workspace." };
	const found = needed.map(({ words }) =>
		grants.find(({ rule }) => "words" in rule && rule.words.every((word, at) => word === words[at])),
	);
	const [first] = found;
	if (!first || !("words" in first.rule) || found.includes(undefined)) return undefined;
	return {
		verdict: "allow",
		reason: `You allowed commands that begin with “${first.rule.words.join(" ")}” ${WHERE[first.scope]}.`,
	};
};

const modes: Policy = (call, { mode }) => {
	if (onlyEdits(call) && (mode === "edits" || mode === "trusted"))
		return { verdict: "allow", reason: "This mode applies edits inside the workspace at once." };
	const known = call.effects.every((effect) => "read" in effect || "write" in effect || "exec" in effect);
	return known && mode === "trusted" ? { verdict: "allow", reason: "Trusted mode runs commands unasked." } : undefined;
};

const ask: Policy = (call) => ({ verdict: "ask", reason: whyAsk(call) });

function whyAsk({ effects, command }: PlannedCall): string {
	if (!effects.some((effect) => "exec" in effect)) return "Edits ask before they are written.";
	if (!command) return "Commands ask before they run.";
	return "trouble" in command ? command.trouble : (command.commands.find(({ trouble }) => trouble)?.trouble ?? "");
}

/** In order; the first answer wins and the last one asks. */
const policies: readonly Policy[] = [
	outside,
	planReadsOnly,
	recovered,
	protectedFiles,
	secretFiles,
	reads,
	plans,
	allowedEdits,
	allowedCommands,
	modes,
	ask,
];

/** Whether a planned call may run: pure, and the only place that says so. */
export function rule(call: PlannedCall, state: PolicyState): Ruling {
	for (const policy of policies) {
		const answer = policy(call, state);
		if (answer) return answer;
	}
	return { verdict: "ask", reason: "No rule covers it." };
}
