import { COMPACT_AT, compactionPoint, contextSize, stepTokens, windowOf } from "../shared/context-size.ts";
import type { Chat, Step } from "../shared/reduce.ts";
import type { Shed } from "../shared/shortened.ts";
import { tokensIn } from "../shared/tokens.ts";
import type { ToolSpec } from "./ports.ts";
import type { RetryEnv } from "./retry.ts";

/** What the person wants when they have a chat shortened. */
export interface CompactWish {
	/** What is to be kept, in their words; empty: nothing in particular. */
	readonly keep: string;
}

export interface RoomEnv extends RetryEnv {
	/** Percent of the model's window from which a chat is shortened before it is sent; `COMPACT_AT` unless told. */
	readonly compactAt?: number;
	/** Takes the person's wish to shorten the chat, if there is one. */
	readonly compactWish?: () => CompactWish | undefined;
}

/** How much of the model's window a chat takes. All in tokens. */
export interface Room {
	/** The chat as it would be sent now. */
	readonly size: number;
	/** System prompt and tools of it. */
	readonly fixed: number;
	/** What fits the model; 0: unknown. */
	readonly window: number;
	/** The size from which the chat is shortened; 0 without a window. */
	readonly point: number;
	/** What its messages may have once it was shortened: half of what fits, with all the rest. */
	readonly after: number;
}

/** What a chat keeps that the person shortens long before it is full: their words above all. Share of the window, or tokens where it is not known. */
const KEPT_SHARE = 1 / 32;
const KEPT_TOKENS = 4000;
/** A window that we were told wrongly must not leave nothing at all. */
const LEAST_AFTER = 1500;
const LEAST_OF_ALL = 200;

/** `refused`: the request as it is now was too long, whatever is known of the window. */
export function roomOf(chat: Chat, { model, toolbox, compactAt = COMPACT_AT }: RoomEnv, refused = false): Room {
	const { tokens: size, fixed } = contextSize(chat, toolTokens(toolbox.specs));
	const known = windowOf(chat, model.name, model.contextTokens);
	const window = refused ? Math.min(known || size, size) : known;
	const point = compactionPoint(window, compactAt);
	const half = Math.min(window || size, size) / 2 - fixed;
	const least = Math.min(Math.max(LEAST_AFTER, window * KEPT_SHARE), point - fixed);
	const after = Math.max(half, window === 0 ? KEPT_TOKENS : least, LEAST_OF_ALL);
	return { size, fixed, window, point, after };
}

const known = new WeakMap<readonly ToolSpec[], number>();

function toolTokens(specs: readonly ToolSpec[]): number {
	const tokens = known.get(specs) ?? tokensIn(JSON.stringify(specs));
	known.set(specs, tokens);
	return tokens;
}

/** The steps that a request has, oldest first. */
export function sentSteps({ turns, compaction }: Chat): Step[] {
	const from = compaction?.keptFrom ?? 0;
	return turns.flatMap((turn) => turn.steps.filter((step) => step.seq >= from));
}

export function tokensOf(steps: readonly Step[], sheds: readonly Shed[] | undefined): number {
	return steps.reduce((sum, step) => sum + stepTokens(step, sheds), 0);
}
