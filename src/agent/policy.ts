import type { Effect, Mode, Verdict } from "../shared/event.ts";
import type { Grant, Scope } from "../shared/rule.ts";
import { say } from "../shared/said.ts";
import type { Sentence } from "../shared/sentences.ts";
import { changesFolder, covers } from "./command-words.ts";
import { type CommandLine, isHarmless, type SimpleCommand } from "./commands/command-line.ts";
import { grantFor, isOfSystem, isOutside } from "./outside.ts";
import { protectedReason, secretReason } from "./protected.ts";

/** A call with its plan, as policies see it. */
export interface PlannedCall {
	readonly tool: string;
	readonly effects: readonly Effect[];
	/** What is known of the command line that it would run. */
	readonly command?: CommandLine;
	/** The folder that it would run in, relative to the workspace; absent: the workspace folder. */
	readonly cwd?: string;
	/** Read from markup that leaked into the text. */
	readonly recovered?: boolean;
	/** It is a question to the person. */
	readonly asks?: boolean;
}

export interface PolicyState {
	readonly mode: Mode;
	/** What the person allowed, in the order in which they did. */
	readonly grants: readonly Grant[];
}

interface Answer {
	readonly verdict: Verdict;
	/** In words, for the card and for `--dry-run`. */
	readonly reason: string;
}

export interface Ruling extends Answer {
	/** Name of the policy that gave it. */
	readonly policy: string;
}

/** One idea: an answer, or undefined to leave it to the next. */
type Policy = (call: PlannedCall, state: PolicyState) => Answer | undefined;

const writes = (call: PlannedCall) => call.effects.flatMap((effect) => ("write" in effect ? [effect.write] : []));
const readsOf = (call: PlannedCall) => call.effects.flatMap((effect) => ("read" in effect ? [effect.read] : []));
const onlyReads = (call: PlannedCall) => call.effects.every((effect) => "read" in effect);
const onlyPlans = (call: PlannedCall) => call.effects.length > 0 && call.effects.every((effect) => "plan" in effect);
const netOf = (call: PlannedCall) => call.effects.flatMap((effect) => ("net" in effect ? [effect.net] : []));
const onlyFetches = (call: PlannedCall) => call.effects.length > 0 && call.effects.every((effect) => "net" in effect);
const onlyEdits = (call: PlannedCall) => call.effects.every((effect) => "read" in effect || "write" in effect);

/** Asks for the first path that has a reason, in a sentence made of both. */
function firstAsked(paths: readonly string[], reasonOf: (path: string) => Sentence | undefined, so: Sentence) {
	for (const path of paths) {
		const reason = reasonOf(path);
		if (reason !== undefined) return { verdict: "ask", reason: say(so, say(reason, path)) } as const;
	}
	return undefined;
}

const outside: Policy = (call, { grants }) => {
	const system = [...readsOf(call), ...writes(call)].find(isOfSystem);
	if (system !== undefined)
		return { verdict: "deny", reason: say("{0} belongs to the system and is no file.", system) };
	const closed = writes(call).find((path) => isOutside(path) && !grantFor(path, grants));
	return closed === undefined ? undefined : { verdict: "deny", reason: say("{0} is outside the workspace.", closed) };
};

/** In every mode: to answer is all that it is about. */
const questions: Policy = (call) =>
	call.asks ? { verdict: "ask", reason: say("Kimi has a question for you.") } : undefined;

export type ForeignEffect = Extract<Effect, { tool: string }>;

/** The tool of a stranger's server that a call is about; undefined where it does anything else besides. */
function foreignOf({ effects }: PlannedCall): ForeignEffect | undefined {
	const [effect] = effects;
	return effects.length === 1 && effect && "tool" in effect ? effect : undefined;
}

const planReadsOnly: Policy = (call, { mode }) => {
	if (mode !== "plan" || onlyReads(call) || onlyFetches(call) || foreignOf(call)?.saysItReads) return undefined;
	if (onlyPlans(call)) return { verdict: "ask", reason: say("Nothing is done before you accept the plan.") };
	const reason = say(
		"Plan mode reads only: it changes no file and runs no command before the person accepted a plan from the Plan tool.",
	);
	return { verdict: "deny", reason };
};

/** Text can be made to look like a call by whatever the model has read. */
const recovered: Policy = (call) =>
	call.recovered
		? { verdict: "ask", reason: say("The server sent this call as text, so it always asks: check that you want it.") }
		: undefined;

const protectedFiles: Policy = (call) =>
	firstAsked(writes(call), protectedReason, "{0}, so a change to it always asks.");

/** Whether a file may hold secrets by its name: then its text leaves the machine only after the person was asked. */
export const isSecret = (path: string): boolean => secretReason(path) !== undefined;

const secretFiles: Policy = (call) =>
	firstAsked(readsOf(call), secretReason, "{0}, and the model's server would see it.");

/** A rule for a folder opens it for reading; what is written there asks like in mode Ask. */
const outsideFiles: Policy = (call, { grants }) => {
	const written = writes(call).find(isOutside);
	if (written !== undefined)
		return { verdict: "ask", reason: say("{0} is outside the workspace, so a change to it always asks.", written) };
	const read = readsOf(call).filter(isOutside);
	const closed = read.find((path) => !grantFor(path, grants));
	if (closed !== undefined)
		return { verdict: "ask", reason: say("{0} is outside the workspace, so reading it asks.", closed) };
	const [first] = read.flatMap((path) => grantFor(path, grants) ?? []);
	if (!first || !("folder" in first.rule) || !onlyReads(call)) return undefined;
	return {
		verdict: "allow",
		reason: say("You allowed to read files in {0} {1}.", first.rule.folder, WHERE[first.scope]),
	};
};

/** Such as a to-do list, or what a background command printed: its end, too, changes no file. */
const nothing: Policy = (call) =>
	call.effects.length === 0
		? { verdict: "allow", reason: say("It touches no file and starts no command.") }
		: undefined;

const reads: Policy = (call) =>
	onlyReads(call) ? { verdict: "allow", reason: say("It only reads inside the workspace.") } : undefined;

const plans: Policy = (call) =>
	onlyPlans(call)
		? { verdict: "allow", reason: say("A plan changes nothing; what it leads to is decided on its own.") }
		: undefined;

const WHERE: Readonly<Record<Scope, Sentence>> = {
	chat: "in this chat",
	workspace: "in this workspace",
	always: "everywhere",
};

const allowedEdits: Policy = (call, { grants }) => {
	const grant = onlyEdits(call) ? grants.find(({ rule }) => "edits" in rule) : undefined;
	return grant && { verdict: "allow", reason: say("You allowed edits {0}.", WHERE[grant.scope]) };
};

/** In every mode: what an address says goes to a stranger, and what a stranger says goes to the model. */
const network: Policy = (call, { grants }) => {
	let allowed: Answer | undefined;
	for (const origin of netOf(call)) {
		const grant = grants.find(({ rule: each }) => "origin" in each && each.origin === origin);
		if (!grant)
			return {
				verdict: "ask",
				reason: say("It connects to {0}, and what is asked for there can carry data out.", origin),
			};
		allowed ??= { verdict: "allow", reason: say("You allowed fetching from {0} {1}.", origin, WHERE[grant.scope]) };
	}
	return onlyFetches(call) ? allowed : undefined;
};

/** In every mode: nobody here knows what it does. In Plan mode only what the person takes to change nothing runs unasked. */
const foreign: Policy = (call, { mode, grants }) => {
	const effect = foreignOf(call);
	if (!effect) return undefined;
	const { server, tool, from } = effect;
	const grant = grants.find(
		({ rule: each }) =>
			"tool" in each &&
			(each.reads || mode !== "plan") &&
			each.server === server &&
			each.tool === tool &&
			each.from === from,
	);
	return grant && { verdict: "allow", reason: say("You allowed {0} of {1} {2}.", tool, server, WHERE[grant.scope]) };
};

/** A line to the letter; else each of its programs either only reads or begins with words that were allowed. */
const allowedCommands: Policy = (call, { grants }) => {
	const [effect] = call.effects;
	if (call.effects.length !== 1 || !effect || !("exec" in effect)) return undefined;
	const exact = grants.find(({ rule: each }) => "command" in each && isExactly(each, effect.exec, call.cwd));
	if (exact) return { verdict: "allow", reason: say("You allowed this command {0}.", WHERE[exact.scope]) };
	if (!call.command || !("commands" in call.command)) return undefined;
	if (isHarmless(call.command)) return { verdict: "allow", reason: say("It only reads inside the workspace.") };
	const needed = call.command.commands.filter(({ trouble }) => trouble !== undefined);
	const found = needed.map((command) => coveringGrant(command, grants));
	if (found.includes(undefined) || call.command.commands.some(({ words }) => changesFolder(words))) return undefined;
	const said = found.flatMap((each) => (each ? [say("“{0}” {1}", each.words.join(" "), WHERE[each.scope])] : []));
	return {
		verdict: "allow",
		reason: say("You allowed commands that begin with {0}.", [...new Set(said)].join(", and ")),
	};
};

const isExactly = (rule: { command: string; cwd?: string | undefined }, command: string, cwd = ".") =>
	rule.command === command && (rule.cwd ?? ".") === cwd;

function coveringGrant({ words }: SimpleCommand, grants: readonly Grant[]) {
	const covering = grants.flatMap(({ rule: each, scope }) => ("words" in each ? [{ words: each.words, scope }] : []));
	return covering.find((each) => covers(each.words, words));
}

const modes: Policy = (call, { mode }) => {
	if (onlyEdits(call) && (mode === "edits" || mode === "trusted"))
		return { verdict: "allow", reason: say("This mode applies edits inside the workspace at once.") };
	const known = call.effects.every((effect) => "read" in effect || "write" in effect || "exec" in effect);
	return known && mode === "trusted"
		? { verdict: "allow", reason: say("Trusted mode runs commands unasked.") }
		: undefined;
};

const ask = (call: PlannedCall): Answer => ({ verdict: "ask", reason: whyAsk(call) });

function whyAsk({ effects, command }: PlannedCall): string {
	const stranger = effects.find((effect) => "tool" in effect);
	if (stranger) return say("What it does is up to {0}, which is not part of Kimi K2 Agent.", stranger.server);
	if (effects.some((effect) => "unknown" in effect)) return say("What it would do can't be told beforehand.");
	if (!effects.some((effect) => "exec" in effect)) return say("Edits ask before they are written.");
	if (!command) return say("Commands ask before they run.");
	return "trouble" in command ? command.trouble : (command.commands.find(({ trouble }) => trouble)?.trouble ?? "");
}

/** Asks. */
const LAST = "None of these?";

/** In order, each by the question that it answers; the first answer wins. */
const policies: readonly (readonly [name: string, policy: Policy])[] = [
	["Is a file out of reach?", outside],
	["Is it a question for you?", questions],
	["Does Plan mode rule it out?", planReadsOnly],
	["Did the server send the call as text?", recovered],
	["Would it change a protected file?", protectedFiles],
	["Would it read a file that may hold secrets?", secretFiles],
	["Would it use a file outside the workspace?", outsideFiles],
	["Would it connect to the network?", network],
	["Did you allow the tool of its server?", foreign],
	["Does it touch nothing?", nothing],
	["Does it only read inside the workspace?", reads],
	["Does it only show a plan?", plans],
	["Did you allow edits?", allowedEdits],
	["Is the command harmless, or did you allow it?", allowedCommands],
	["Does the mode let it run?", modes],
];

/** Whether a planned call may run: pure, and the only place that says so. */
export function rule(call: PlannedCall, state: PolicyState): Ruling {
	for (const [policy, answerOf] of policies) {
		const answer = answerOf(call, state);
		if (answer) return { ...answer, policy };
	}
	return { ...ask(call), policy: LAST };
}

/** One policy that was looked at; without an answer it left the call to the next. */
export interface Look {
	readonly policy: string;
	readonly ruling?: Ruling;
}

/** How a ruling came about, also one that is on record. One of an older version is all that there is to tell. */
export function explain(ruling: Ruling): readonly Look[] {
	const names = [...policies.map(([name]) => name), LAST];
	const before = names.slice(0, Math.max(0, names.indexOf(ruling.policy)));
	return [...before.map((policy) => ({ policy })), { policy: ruling.policy, ruling }];
}
