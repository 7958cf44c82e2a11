import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Call } from "../shared/reduce.ts";
import type { Scope } from "../shared/rule.ts";
import type { approvalWords } from "./approval-words.ts";
import { useHost } from "./host.ts";
import { StopAsking } from "./stop-asking.tsx";
import { t } from "./words.ts";

interface ChoicesProps {
	readonly call: Call;
	readonly words: ReturnType<typeof approvalWords>;
	readonly accept: RefObject<HTMLButtonElement | null>;
	readonly disabled: boolean;
	decide(verdict: "allow" | "deny", more?: { remember?: { offer: number; scope: Scope } }): void;
	onReject(): void;
}

/** The buttons under an approval. */
export function Choices({ call, words, accept, disabled, decide, onReject }: ChoicesProps) {
	const { post, chat } = useHost();
	const { offers = [] } = call;
	const { open } = words;
	return (
		<div class="buttons">
			<button
				type="button"
				class="button"
				ref={accept}
				data-testid="accept"
				aria-keyshortcuts="A Control+Enter"
				disabled={disabled}
				onClick={() => decide("allow")}
			>
				{words.accept} <Shortcut letter="A" />
			</button>
			<button
				type="button"
				class="button secondary"
				data-testid="reject"
				aria-keyshortcuts="R"
				disabled={disabled}
				onClick={onReject}
			>
				{words.reject} <Shortcut letter="R" />
			</button>
			{open && (
				<button
					type="button"
					class="button secondary"
					data-testid={open.op === "openPlan" ? "open-plan" : "open-diff"}
					aria-keyshortcuts="D"
					onClick={() => post({ type: open.op, chat, callId: call.id })}
				>
					{open.words} <Shortcut letter="D" />
				</button>
			)}
			{offers.length > 0 && (
				<StopAsking
					offers={offers}
					accept={words.accept}
					disabled={disabled}
					onPick={(remember) => decide("allow", { remember })}
				/>
			)}
		</div>
	);
}

/** For eyes: ears get it from `aria-keyshortcuts`. */
function Shortcut({ letter }: { readonly letter: string }) {
	return (
		<span class="kbd" aria-hidden="true">
			{letter}
		</span>
	);
}

interface RejectReasonProps {
	readonly words: ReturnType<typeof approvalWords>;
	onReject(reason: string): void;
	onCancel(): void;
}

/** Takes the place of the buttons while the person says why not. */
export function RejectReason({ words, onReject, onCancel }: RejectReasonProps) {
	const input = useRef<HTMLInputElement>(null);
	// At once, and not after the next frame: the person types on, and no letter may be lost.
	useLayoutEffect(() => input.current?.focus(), []);
	const reject = () => onReject(input.current?.value.trim() ?? "");
	return (
		<div class="reject">
			<input
				ref={input}
				type="text"
				class="text-input"
				data-testid="reject-reason"
				placeholder={words.why}
				aria-label={words.why}
				onKeyDown={(event) => {
					if (event.isComposing) return;
					if (event.key === "Enter") reject();
					if (event.key === "Escape") onCancel();
					if (event.key === "Enter" || event.key === "Escape") {
						event.preventDefault();
						event.stopPropagation();
					}
				}}
			/>
			<button type="button" class="button" data-testid="reject-confirm" onClick={reject}>
				{words.reject}
			</button>
			<button type="button" class="button secondary" onClick={onCancel}>
				{t("Back")}
			</button>
		</div>
	);
}
