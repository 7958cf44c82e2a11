import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../shared/reduce.ts";
import { alwaysLabel, callPreview, callTitle, toolIcon } from "./call-look.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { approvalKey } from "./keys.ts";
import { memo } from "./memo.ts";
import { Counts, PreviewBody } from "./preview.tsx";
import { Recovered } from "./recovered.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** Shows all of what would happen and takes the person's answer, by mouse or by keyboard alone. */
export const Approval = memo(({ call }: { readonly call: Call }) => {
	const { post, chat, composer } = useHost();
	const [rejecting, setRejecting] = useState(false);
	const [sent, setSent] = useState(false);
	const accept = useRef<HTMLButtonElement>(null);
	const focusedAt = useFocusOnArrival(accept);
	const heading = useId();
	const preview = callPreview(call);
	const isDiff = preview?.kind === "diff";

	const decide = (verdict: "allow" | "deny", more: { reason?: string; remember?: boolean } = {}) => {
		if (sent) return;
		setSent(true);
		post({ type: "decide", chat, callId: call.id, verdict, ...more });
		composer.current?.focus();
	};
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		if (event.target instanceof HTMLInputElement) return;
		const onButton = event.target instanceof HTMLButtonElement;
		const action = approvalKey(event, onButton, Date.now() - focusedAt.current);
		if (!action) return;
		event.preventDefault();
		event.stopPropagation();
		if (action === "accept") decide("allow");
		else if (action === "reject") setRejecting(true);
		else if (action === "diff" && isDiff) post({ type: "openDiff", chat, callId: call.id });
		else if (action === "leave") composer.current?.focus();
	};

	return (
		<section
			class="card approval"
			data-testid="approval"
			data-call={call.id}
			aria-labelledby={heading}
			onKeyDown={onKeyDown}
		>
			<div class="card-title" id={heading}>
				<Icon name={toolIcon(call.tool, call)} class="tool-icon" />
				<ApprovalTitle call={call} />
				{call.recovered && <Recovered />}
				<Counts preview={preview} />
			</div>
			{call.reason && (
				<p class="why">
					<Seen text={call.reason} />
				</p>
			)}
			{preview ? (
				<PreviewBody preview={preview} whole />
			) : (
				<pre class="result">
					<Seen text={call.args} />
				</pre>
			)}
			{rejecting ? (
				<RejectReason
					onReject={(reason) => decide("deny", reason === "" ? {} : { reason })}
					onCancel={() => {
						setRejecting(false);
						// The button is back in the page only after this render.
						requestAnimationFrame(() => accept.current?.focus());
					}}
				/>
			) : (
				<Choices call={call} accept={accept} disabled={sent} decide={decide} onReject={() => setRejecting(true)} />
			)}
		</section>
	);
});

/** Takes the focus when the card appears, unless that would take it from someone who types. */
function useFocusOnArrival(target: RefObject<HTMLButtonElement | null>): RefObject<number> {
	const { composer } = useHost();
	const at = useRef(0);
	useEffect(() => {
		// Without the focus in this view, asking for it would take it out of the person's editor.
		if (!document.hasFocus() || composer.current?.isBusy()) return;
		at.current = Date.now();
		target.current?.focus({ preventScroll: true });
	}, []);
	return at;
}

function ApprovalTitle({ call }: { readonly call: Call }) {
	const title = callTitle(call);
	// A command stands in full below: its title would only repeat it.
	if (callPreview(call)?.kind === "command") return <span class="approval-title">{t("Run this command?")}</span>;
	return (
		<span class="approval-title">
			<Seen text={title.verb} oneLine />{" "}
			<span class="path">
				<Seen text={title.target} oneLine />
			</span>
		</span>
	);
}

interface ChoicesProps {
	readonly call: Call;
	readonly accept: RefObject<HTMLButtonElement | null>;
	readonly disabled: boolean;
	decide(verdict: "allow" | "deny", more?: { remember?: boolean }): void;
	onReject(): void;
}

function Choices({ call, accept, disabled, decide, onReject }: ChoicesProps) {
	const { post, chat } = useHost();
	const always = alwaysLabel(call);
	const kind = callPreview(call)?.kind;
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
				{kind === "command" ? t("Run") : t("Accept")} <Shortcut letter="A" />
			</button>
			<button
				type="button"
				class="button secondary"
				data-testid="reject"
				aria-keyshortcuts="R"
				disabled={disabled}
				onClick={onReject}
			>
				{t("Reject")} <Shortcut letter="R" />
			</button>
			{kind === "diff" && (
				<button
					type="button"
					class="button secondary"
					data-testid="open-diff"
					aria-keyshortcuts="D"
					onClick={() => post({ type: "openDiff", chat, callId: call.id })}
				>
					{t("Open diff")} <Shortcut letter="D" />
				</button>
			)}
			{always && (
				<button
					type="button"
					class="link"
					data-testid="always-allow"
					disabled={disabled}
					onClick={() => decide("allow", { remember: true })}
				>
					{always}
				</button>
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
	onReject(reason: string): void;
	onCancel(): void;
}

function RejectReason({ onReject, onCancel }: RejectReasonProps) {
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
				placeholder={t("Tell Kimi why (optional)")}
				aria-label={t("Tell Kimi why (optional)")}
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
				{t("Reject")}
			</button>
			<button type="button" class="button secondary" onClick={onCancel}>
				{t("Back")}
			</button>
		</div>
	);
}
