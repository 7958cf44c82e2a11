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
}

type ComposerAction = "send" | "stop" | "older" | "newer";

/** Undefined leaves the key to the text area. */
export function composerKey(key: Key, state: ComposerState): ComposerAction | undefined {
	if (key.isComposing || key.keyCode === 229) return undefined;
	const bare = !key.ctrlKey && !key.metaKey && !key.altKey;
	if (key.key === "Enter" && !key.shiftKey && !key.altKey) return "send";
	if (key.key === "Escape" && bare) return state.running ? "stop" : undefined;
	if (!bare || key.shiftKey || !state.empty) return undefined;
	return key.key === "ArrowUp" ? "older" : key.key === "ArrowDown" ? "newer" : undefined;
}

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

const LETTERS: ReadonlyMap<string, ApprovalAction> = new Map([
	["a", "accept"],
	["r", "reject"],
	["d", "diff"],
]);

/** How long a card that took the focus by itself ignores keys. */
const SETTLE_MS = 600;
