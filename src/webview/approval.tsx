import type { TargetedKeyboardEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { Reviewing } from "../shared/live.ts";
import type { Call } from "../shared/reduce.ts";
import type { Scope } from "../shared/rule.ts";
import { translated } from "../shared/said.ts";
import { visible } from "../shared/visible.ts";
import { approvalWords, reviewProgress } from "./approval-words.ts";
import { useFocusOnArrival } from "./arrival.ts";
import { callPreview, callTitle, toolIcon } from "./call-look.ts";
import { tagOf } from "./changes.ts";
import { Choices, RejectReason } from "./choices.tsx";
import { PreviewCounts } from "./counts.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { approvalKey } from "./keys.ts";
import { memo } from "./memo.ts";
import { PreviewBody } from "./preview.tsx";
import { Recovered } from "./recovered.tsx";
import { Seen } from "./seen.tsx";
import { Whole } from "./whole.tsx";
import { t } from "./words.ts";

interface ApprovalProps {
	readonly call: Call;
	/** What the person did with it in the editor so far. */
	readonly reviewing?: Reviewing | undefined;
}

/** Shows all of what would happen and takes the person's answer, by mouse or by keyboard alone. */
export const Approval = memo(({ call, reviewing }: ApprovalProps) => {
	const { post, chat, composer, afterPlan } = useHost();
	const [rejecting, setRejecting] = useState(false);
	const [sent, setSent] = useState(false);
	const accept = useRef<HTMLButtonElement>(null);
	const focusedAt = useFocusOnArrival(accept);
	const heading = useId();
	const words = approvalWords(call, reviewing, afterPlan);

	const decide = (
		verdict: "allow" | "deny",
		more: { reason?: string; remember?: { offer: number; scope: Scope } } = {},
	) => {
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
		else if (action === "diff" && words.open) post({ type: words.open.op, chat, callId: call.id });
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
			<Whole>
				<div class="card-title" id={heading}>
					<Icon name={toolIcon(call.tool, call)} class="tool-icon" />
					<ApprovalTitle call={call} />
					{call.recovered && <Recovered />}
					<PreviewCounts preview={callPreview(call)} />
				</div>
				{call.reason && (
					<p class="why">
						<Seen text={translated(call.reason, t)} condense />
					</p>
				)}
				<Proposed call={call} progress={reviewProgress(call, reviewing)} />
			</Whole>
			{words.means && <p class="means">{words.means}</p>}
			{rejecting ? (
				<RejectReason
					words={words}
					onReject={(reason) => decide("deny", reason === "" ? {} : { reason })}
					onCancel={() => {
						setRejecting(false);
						// The button is back in the page only after this render.
						requestAnimationFrame(() => accept.current?.focus());
					}}
				/>
			) : (
				<Choices
					call={call}
					words={words}
					accept={accept}
					disabled={sent}
					decide={decide}
					onReject={() => setRejecting(true)}
				/>
			)}
		</section>
	);
});

function ApprovalTitle({ call }: { readonly call: Call }) {
	const title = callTitle(call);
	const preview = callPreview(call);
	// A command stands in full below: its title would only repeat it.
	if (preview?.kind === "command") return <span class="approval-title">{t("Run this command?")}</span>;
	if (preview?.kind === "plan") return <span class="approval-title">{t("Accept this plan?")}</span>;
	if (preview?.kind === "call")
		return <span class="approval-title">{t("Run {0} of {1}?", visible(preview.tool), visible(preview.server))}</span>;
	const diff = preview?.kind === "diff" ? preview : undefined;
	const tag = diff && tagOf(diff);
	return (
		<span class="approval-title">
			<Seen text={title.verb} oneLine />{" "}
			<span class="path">
				{diff?.from !== undefined && diff.path === title.path && (
					<>
						<Seen text={diff.from} oneLine /> →{" "}
					</>
				)}
				<Seen text={title.target} oneLine />
			</span>{" "}
			{tag && <span class="tag">{tag}</span>}
		</span>
	);
}

/** What is read of which file stands there as a whole. */
function isToldByTitle(call: Call): boolean {
	return call.tool === "Read" && call.title !== undefined;
}

function Proposed({ call, progress }: { readonly call: Call; readonly progress: string | undefined }) {
	const preview = callPreview(call);
	return (
		<>
			{progress && (
				<p class="progress" data-testid="review-progress">
					<Icon name="diff" /> {progress}
				</p>
			)}
			{preview && <PreviewBody preview={preview} whole />}
			{!preview && !isToldByTitle(call) && (
				<pre class="result">
					<Seen text={call.args} condense />
				</pre>
			)}
		</>
	);
}
