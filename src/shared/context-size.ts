import { attachedTokens, IMAGE_TOKENS } from "./attached-text.ts";
import { instructionsText } from "./instructions.ts";
import type { Message, Part } from "./message.ts";
import type { Outline } from "./outline.ts";
import type { Chat, Step, Turn } from "./reduce.ts";
import { lastShortened, mostAttached, mostOf, type Shed, shedText } from "./shortened.ts";
import { tokensIn } from "./tokens.ts";

/** What the next request of a chat has, in tokens. */
export interface ContextSize {
	readonly tokens: number;
	/** The server counted all but its tail; else all of it is estimated. */
	readonly counted: boolean;
	/** System prompt and tools, in every request. */
	readonly fixed: number;
}

/** What a template puts around a message, and around a call. */
const AROUND = 5;

/** A server whose count is this much below our estimate counts something else, such as what it did not have cached. */
const BELIEVED = 0.5;

/** The last steps, whose tails correct the estimate; more would not follow the content. */
const CORRECTING = 40;
/** Tokens for which the estimate is taken to be right: a few small tails say little. */
const PRIOR = 1500;
const [LEAST_FACTOR, MOST_FACTOR] = [0.5, 2.5];

/**
 * The size of a chat as it would be sent now: what the server counted up to its last answer, and an estimate of what
 * came since, corrected by how wrong the estimates of this chat and model were before. From the log alone. `tools`:
 * tokens of the tools, where known; else what the first request had beside its prompt tells.
 */
export function contextSize(chat: Chat, tools = 0): ContextSize {
	const fixed = fixedTokens(chat, tools);
	const all = partsOf(chat);
	const estimate = fixed + sum(all);
	const last = lastCounted(chat);
	if (last?.usage) {
		const { inputTokens, outputTokens } = last.usage;
		const tail = sum(all.filter(({ seq }) => seq > last.seq)) + resultTokens(last, chat.shed);
		const told = inputTokens + outputTokens;
		if (told >= BELIEVED * (estimate - tail))
			return { tokens: Math.round(told + factorOf(chat) * tail), counted: true, fixed };
	}
	return { tokens: Math.round(fixed + factorOf(chat) * (estimate - fixed)), counted: false, fixed };
}

/** Tokens that came since the event with this `seq`: what was said, and steps. */
export function tokensSince(chat: Chat, seq: number): number {
	return sum(partsOf(chat).filter((piece) => piece.seq > seq));
}

/** Tokens of a step in a request: the answer and its results. */
export function stepTokens(step: Step, sheds: readonly Shed[] | undefined): number {
	return answerTokens(step) + resultTokens(step, sheds);
}

export function messageTokens(message: Message): number {
	if (message.role === "user") return AROUND + tokensIn(message.text) + (message.images?.length ?? 0) * IMAGE_TOKENS;
	if (message.role === "tool") return AROUND + tokensIn(message.text);
	return message.parts.reduce((all, part) => all + partTokens(part), AROUND);
}

/** A piece of a request, and the `seq` of the event that it comes from. */
interface Piece {
	readonly seq: number;
	readonly tokens: number;
}

function sum(pieces: readonly Piece[]): number {
	return pieces.reduce((all, { tokens }) => all + tokens, 0);
}

/** All that is sent beside system prompt and tools. */
function partsOf(chat: Chat): readonly Piece[] {
	const { compaction, shed, turns } = chat;
	const from = compaction?.keptFrom ?? 0;
	const opening = compaction ? [{ seq: compaction.seq, tokens: tokensOnce(compaction, compaction.summary) }] : [];
	return [...opening, ...turns.flatMap((turn, at) => turnPieces(turn, from, shed, turns[at + 1]?.seq))];
}

function turnPieces(
	turn: Turn,
	from: number,
	sheds: readonly Shed[] | undefined,
	next: number | undefined,
): readonly Piece[] {
	const sent = turn.steps.filter(({ seq, complete }) => complete && seq >= from);
	return [
		...saidIn(turn).filter(({ seq }) => seq >= from),
		...givenIn(turn, mostAttached(sheds, next)).filter(({ seq }) => seq >= from),
		...sent.map((step) => ({ seq: step.seq, tokens: stepTokens(step, sheds) })),
	];
}

const said = new WeakMap<Turn, readonly Piece[]>();

/** What the person said, and what the model was told. */
function saidIn(turn: Turn): readonly Piece[] {
	const known = said.get(turn);
	if (known) return known;
	const { seq, prompt, note = "", modeNote = "", noted = [], steered = [], instructed = [] } = turn;
	const texts = [
		{ seq, text: `${prompt}${note}${modeNote}` },
		...steered,
		...noted.map((each) => ({ ...each, text: each.note })),
		...instructed.map((each) => ({ ...each, text: instructionsText(each.files) })),
	];
	const pieces = texts.map((each) => ({ seq: each.seq, tokens: AROUND + tokensIn(each.text) }));
	said.set(turn, pieces);
	return pieces;
}

/** What went with the person's words. */
function givenIn({ seq, attached, steered = [] }: Turn, max = Number.POSITIVE_INFINITY): readonly Piece[] {
	return [{ seq, attached }, ...steered].flatMap((each) =>
		each.attached ? [{ seq: each.seq, tokens: attachedTokens(each.attached, max) }] : [],
	);
}

/** Tokens of all that went with the person's words and is sent. */
export function givenTokens({ turns, compaction }: Chat, sheds: readonly Shed[] | undefined): number {
	const from = compaction?.keptFrom ?? 0;
	const given = turns.flatMap((turn, at) => givenIn(turn, mostAttached(sheds, turns[at + 1]?.seq)));
	return sum(given.filter(({ seq }) => seq >= from));
}

/** The last step of which the server told, since the chat was shortened. Some servers send zeros instead of nothing. */
function lastCounted(chat: Chat): Step | undefined {
	const since = Math.max(lastShortened(chat), (chat.compaction?.keptFrom ?? 0) - 1);
	for (const { steps } of chat.turns.toReversed()) {
		const found = steps.findLast((step) => isCounted(step) && step.seq > since);
		if (found) return found;
	}
	return undefined;
}

function isCounted({ complete, usage }: Step): boolean {
	return complete && usage !== undefined && usage.inputTokens > 0;
}

/** Of the first request the server counted all, and we know the prompt. */
function fixedTokens({ system, turns }: Chat, tools: number): number {
	const estimate = 2 * AROUND + tokensIn(system) + tools;
	const [turn] = turns;
	const first = turn?.steps[0];
	if (!first || !isCounted(first) || turn.noted || turn.steered || turn.compacted?.[0] === 0) return estimate;
	const told =
		(first.usage?.inputTokens ?? 0) - sum([...saidIn(turn), ...givenIn(turn)].filter(({ seq }) => seq < first.seq));
	return told >= BELIEVED * estimate ? told : estimate;
}

/** How many tokens the server counted for one that was estimated, in what came between two of its answers. */
function factorOf({ turns, shed, model }: Chat): number {
	let [told, estimated] = [PRIOR, PRIOR];
	const from = correctingFrom(turns);
	for (const turn of turns) {
		const { steps, compacted = [], shed: cuts = [] } = turn;
		for (let at = steps.length - 1; at > 0; at--) {
			const [earlier, later] = [steps[at - 1], steps[at]];
			if (!earlier || !later || earlier.seq < from) break;
			if (compacted.includes(at) || cuts.includes(at)) continue;
			const actual = growth(earlier, later, model);
			// Of a result that was cut since, the whole was sent then.
			if (actual === undefined || mostOf(shed, earlier.seq) !== Infinity) continue;
			told += actual;
			const between = [...saidIn(turn), ...givenIn(turn)].filter(({ seq }) => seq > earlier.seq && seq < later.seq);
			estimated += sum(between) + resultTokens(earlier, shed);
		}
	}
	return Math.min(MOST_FACTOR, Math.max(LEAST_FACTOR, told / estimated));
}

/** Tokens of what came between two answers of the model that is asked now; undefined where the counts can't tell. */
function growth(earlier: Step, later: Step, model: string | undefined): number | undefined {
	if (!isCounted(earlier) || !isCounted(later) || earlier.model !== model || later.model !== model) return undefined;
	const [before, after] = [earlier.usage, later.usage];
	const actual = (after?.inputTokens ?? 0) - (before?.inputTokens ?? 0) - (before?.outputTokens ?? 0);
	return actual > 0 ? actual : undefined;
}

function correctingFrom(turns: Chat["turns"]): number {
	return turns.flatMap(({ steps }) => steps).at(-CORRECTING)?.seq ?? 0;
}

/** The `seq` of the first step that the size depends on: older ones are not sent any more. It only grows, but for a restore. */
export function countedFrom({ turns, compaction }: Chat): number {
	return Math.min(compaction?.keptFrom ?? 0, correctingFrom(turns));
}

const answers = new WeakMap<Step["parts"], number>();

export function answerTokens({ parts, outline }: Step): number {
	if (outline) return outline.answer;
	const known = answers.get(parts);
	if (known !== undefined) return known;
	const tokens = messageTokens({ role: "assistant", parts });
	answers.set(parts, tokens);
	return tokens;
}

function partTokens(part: Part): number {
	return part.kind === "call" ? AROUND + tokensIn(part.tool) + tokensIn(part.args) : tokensIn(part.text);
}

/** A call's text is new with each change of the call: what was counted stays right for it. */
const results = new WeakMap<Step["calls"][number], { readonly max: number; readonly tokens: number }>();

export function resultTokens({ seq, calls, outline }: Step, sheds: readonly Shed[] | undefined): number {
	const max = mostOf(sheds, seq);
	if (outline) return outlinedTokens(outline, max * calls.length);
	return calls.reduce((all, call) => {
		const known = results.get(call);
		if (known?.max === max) return all + known.tokens;
		const tokens = AROUND + tokensIn(shedText(call.text ?? "", max)) + tokensIn(call.note ?? "");
		results.set(call, { max, tokens });
		return all + tokens;
	}, 0);
}

/** What is cut later on can't be counted in a view that has no texts: in proportion. */
function outlinedTokens({ results, characters }: Outline, most: number): number {
	return most < characters ? Math.round((results * most) / characters) : results;
}

const once = new WeakMap<object, number>();

function tokensOnce(of: object, text: string): number {
	const known = once.get(of) ?? tokensIn(text);
	once.set(of, known);
	return known;
}

/** Percent of the window: what is left takes the largest results that a step may bring, and an answer. */
export const COMPACT_AT = 80;
/** Tokens that an answer needs at least: a thinking model with less ends before it has said anything. */
const ANSWER = 16_000;
/** What the estimate may be wrong by. */
const MARGIN = 1024;

/**
 * Tokens from which a chat is shortened before it is sent: `percent` of the window, and less where that would leave no
 * room for an answer. 0: the window is not known.
 */
export function compactionPoint(window: number, percent: number): number {
	const kept = Math.min(ANSWER, window / 4) + Math.min(MARGIN, window / 16);
	return Math.max(0, Math.floor(Math.min((window * percent) / 100, window - kept)));
}

/** The window of a model in tokens: `told` of it (0: nothing), or what it refused. 0: unknown. */
export function windowOf({ refused }: Chat, model: string, told: number): number {
	if (refused?.model !== model) return told;
	// A refusal far below what is known of the model was of something else.
	return told === 0 ? refused.tokens : refused.tokens > told / 2 ? Math.min(told, refused.tokens) : told;
}
