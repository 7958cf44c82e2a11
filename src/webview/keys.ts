/** What of a keyboard event decides; a DOM `KeyboardEvent` fits. */
export interface Key {
	readonly key: string;
	readonly shiftKey: boolean;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
	/** An input method is composing: its Enter picks a word and must not send. */
	readonly isComposing: boolean;
	/** 229 is what Safari and old engines report for a key that an input method swallowed. */
	readonly keyCode?: number;
}

interface ComposerState {
	readonly empty: boolean;
	readonly running: boolean;
	/** A queued message is rewritten in it. */
	readonly rewriting?: boolean;
	/** There is no text in it, and chips stand above. */
	readonly chips?: boolean;
}

/** `now`: said at the next step, where `send` waits for the end of the turn. */
type ComposerAction = "send" | "now" | "stop" | "cancel" | "older" | "newer" | "chips";

/** Undefined leaves the key to the text area. */
export function composerKey(key: Key, state: ComposerState): ComposerAction | undefined {
	if (key.isComposing || key.keyCode === 229) return undefined;
	const bare = !key.ctrlKey && !key.metaKey && !key.altKey;
	if (key.key === "Enter" && !key.shiftKey && !key.altKey) return bare ? "send" : "now";
	if (key.key === "Escape" && bare) return onEscape(state);
	if (!bare || key.shiftKey || !state.empty) return undefined;
	return key.key === "Backspace" && state.chips ? "chips" : RECALLS.get(key.key);
}

const RECALLS: ReadonlyMap<string, ComposerAction> = new Map([
	["ArrowUp", "older"],
	["ArrowDown", "newer"],
]);

function onEscape({ rewriting, running }: ComposerState): ComposerAction | undefined {
	if (rewriting) return "cancel";
	return running ? "stop" : undefined;
}

type SuggestAction = "up" | "down" | "take" | "complete" | "close";

/** Keys while a list stands above the composer. */
export function suggestKey(key: Key): SuggestAction | undefined {
	return isPlain(key) ? SUGGEST_KEYS.get(key.key) : undefined;
}

/** No modifier, and no input method that composes. */
function isPlain(key: Key): boolean {
	if (key.isComposing || key.keyCode === 229) return false;
	return !key.shiftKey && !key.ctrlKey && !key.metaKey && !key.altKey;
}

const SUGGEST_KEYS: ReadonlyMap<string, SuggestAction> = new Map([
	["ArrowUp", "up"],
	["ArrowDown", "down"],
	["Enter", "take"],
	["Tab", "complete"],
	["Escape", "close"],
]);

type ChipAction = "before" | "after" | "first" | "last" | "remove" | "leave";

/** Keys on a chip above the composer; Enter presses it. */
export function chipKey(key: Key): ChipAction | undefined {
	return isPlain(key) ? CHIP_KEYS.get(key.key) : undefined;
}

const CHIP_KEYS: ReadonlyMap<string, ChipAction> = new Map([
	["ArrowLeft", "before"],
	["ArrowRight", "after"],
	["Home", "first"],
	["End", "last"],
	["Delete", "remove"],
	["Backspace", "remove"],
	["ArrowDown", "leave"],
	["Escape", "leave"],
]);

export type TranscriptAction = "before" | "after" | "first" | "last" | "leave" | "outAfter" | "outBefore";

/** Keys in the chat, on what has none of its own. `out…`: where the item with the focus has no further stop. */
export function transcriptKey(key: Key): TranscriptAction | undefined {
	if (key.key === "Tab" && !key.ctrlKey && !key.metaKey && !key.altKey) return key.shiftKey ? "outBefore" : "outAfter";
	return isPlain(key) ? TRANSCRIPT_KEYS.get(key.key) : undefined;
}

const TRANSCRIPT_KEYS: ReadonlyMap<string, TranscriptAction> = new Map([
	["ArrowUp", "before"],
	["ArrowDown", "after"],
	["Home", "first"],
	["End", "last"],
	["Escape", "leave"],
]);

type QueueAction = "up" | "down" | "moveUp" | "moveDown" | "delete" | "edit" | "send";

/** Keys in a row of the queue. `onText`: on the message itself, and not on one of its buttons. */
export function queueKey(key: Key, onText: boolean): QueueAction | undefined {
	if (key.isComposing || key.shiftKey) return undefined;
	const command = key.ctrlKey || key.metaKey;
	if (key.altKey) return command ? undefined : MOVES.get(key.key);
	if (key.key === "Enter" && onText) return command ? "send" : "edit";
	return command ? undefined : onText ? ROW_KEYS.get(key.key) : ARROWS.get(key.key);
}

const MOVES: ReadonlyMap<string, QueueAction> = new Map([
	["ArrowUp", "moveUp"],
	["ArrowDown", "moveDown"],
]);

const ARROWS: ReadonlyMap<string, QueueAction> = new Map([
	["ArrowUp", "up"],
	["ArrowDown", "down"],
]);

const ROW_KEYS: ReadonlyMap<string, QueueAction> = new Map([...ARROWS, ["Delete", "delete"], ["Backspace", "delete"]]);

type ApprovalAction = "accept" | "reject" | "diff" | "leave" | "wait";

/**
 * Keys while an approval card has the focus. `onButton` leaves Enter to the button that has it. `asked` says how many
 * milliseconds the card has had the focus: a key that was meant for the composer must not decide, nor press a button.
 */
export function approvalKey(key: Key, onButton: boolean, asked: number): ApprovalAction | undefined {
	if (key.isComposing || key.altKey || key.shiftKey || key.key === "Tab") return undefined;
	if (key.key === "Escape") return "leave";
	if (asked < SETTLE_MS) return "wait";
	const command = key.ctrlKey || key.metaKey;
	if (key.key === "Enter") return command || !onButton ? "accept" : undefined;
	return command ? undefined : LETTERS.get(key.key.toLowerCase());
}

/** `pick`: the option at this place; past the last one, own words. */
export type QuestionAction = { readonly pick: number } | "next" | "up" | "down" | "leave" | "wait";

/**
 * Keys on a card with questions. `typing`: in own words, which digits belong to. `asked` as for `approvalKey`. A key that
 * is left alone presses the button that has the focus.
 */
export function questionKey(key: Key, typing: boolean, asked: number): QuestionAction | undefined {
	if (key.isComposing || key.altKey || key.shiftKey || key.key === "Tab") return undefined;
	if (key.key === "Escape") return "leave";
	if (asked < SETTLE_MS && !typing) return "wait";
	if (key.key === "Enter") return "next";
	if (key.ctrlKey || key.metaKey) return undefined;
	if (!typing && /^[1-9]$/.test(key.key)) return { pick: Number(key.key) - 1 };
	return STEPS.get(key.key);
}

const STEPS: ReadonlyMap<string, "up" | "down"> = new Map([
	["ArrowUp", "up"],
	["ArrowDown", "down"],
]);

const LETTERS: ReadonlyMap<string, ApprovalAction> = new Map([
	["a", "accept"],
	["r", "reject"],
	["d", "diff"],
]);

/** How long a card that took the focus by itself ignores keys. */
const SETTLE_MS = 600;
