import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import type { LiveState, Reviewing } from "../shared/live.ts";
import type { Call, Step } from "../shared/reduce.ts";
import { Approval } from "./approval.tsx";
import { Elapsed } from "./clock.tsx";
import { Markdown } from "./markdown-view.tsx";
import { memo } from "./memo.ts";
import { Questions } from "./questions.tsx";
import { RetryCard } from "./retry.tsx";
import { Thinking } from "./thinking.tsx";
import { CallingRow, LostCall, ToolCard } from "./tool-card.tsx";
import { t } from "./words.ts";

interface StepProps {
	/** The recorded step; absent while its answer is under way. */
	readonly step?: Step | undefined;
	/** The answer under way. */
	readonly live?: LiveState | undefined;
	readonly running?: LiveState["running"] | undefined;
	readonly reviewing?: LiveState["reviewing"] | undefined;
	readonly open: boolean;
	/** Its answer broke off and was asked for again. */
	readonly superseded?: boolean;
}

/**
 * One request and what came of it. The answer under way and the recorded step are the same component with the same
 * keys inside, so that nothing is built again, or closed, at the moment the answer is complete.
 */
export const StepView = memo(({ step, live, running, reviewing, open, superseded }: StepProps) => (
	<div class="step">
		{step && superseded ? (
			<Superseded step={step} />
		) : step ? (
			recorded(step, { running, reviewing, open })
		) : live ? (
			underWay(live)
		) : null}
	</div>
));

/** What came of an answer that broke off is out of the way of the one that replaced it, and not lost. */
function Superseded({ step }: { readonly step: Step }) {
	const [open, setOpen] = useState(false);
	return (
		<details class="superseded" data-testid="superseded" onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{t("This answer broke off and was asked again")}</summary>
			{open && recorded(step, { open: false })}
		</details>
	);
}

type Moving = Pick<StepProps, "running" | "reviewing" | "open">;

function recorded(step: Step, { running, reviewing, open }: Moving): ComponentChild[] {
	const outline = step.outline ? step.seq : undefined;
	return step.parts.map((part, index) => {
		const place = step.parts.slice(0, index).filter((other) => other.kind === part.kind).length;
		if (part.kind === "call") {
			const call = step.calls.find((one) => one.id === part.id);
			if (!call) return <LostCall key={part.id} tool={part.tool} />;
			const { id } = part;
			const moving = { running: running?.[id], reviewing: reviewing?.[id], open };
			return <CallView key={id} call={call} outline={outline} {...moving} />;
		}
		const text = part.text.trim();
		if (text === "") return null;
		if (part.kind === "text") return <Markdown key={`text${place}`} text={part.text} done />;
		return <Thinking key={`reasoning${place}`} text={text} active={false} outline={outline} {...took(step)} />;
	});
}

function took(step: Step): { readonly ms?: number } {
	return step.thinkingMs === undefined ? {} : { ms: step.thinkingMs };
}

interface CallViewProps {
	readonly call: Call;
	readonly outline: number | undefined;
	readonly running: LiveState["running"][string] | undefined;
	readonly reviewing: Reviewing | undefined;
	readonly open: boolean;
}

function CallView({ call, outline, running, reviewing, open }: CallViewProps) {
	const asks = call.state === "asking" && call.joined === undefined && open;
	if (asks && call.preview?.kind === "questions") return <Questions call={call} preview={call.preview} />;
	return asks ? (
		<Approval call={call} reviewing={reviewing} />
	) : (
		<ToolCard call={call} outline={outline} running={running} open={open} />
	);
}

function underWay(live: LiveState): ComponentChild[] {
	const calling = live.calling.filter(Boolean);
	const thinks = live.reasoning.trim() !== "";
	const started = thinks || live.text.trim() !== "" || calling.length > 0;
	if (live.waiting) return [<RetryCard key={`retry${live.waiting.attempt}`} waiting={live.waiting} />];
	if (live.compactingSince !== undefined)
		return [
			<div key="compacting" class="waiting line" data-testid="compacting">
				<span class="shimmer">{t("Shortening the chat, so that the model has room…")}</span>
				<Elapsed since={live.compactingSince} after={1000} />
			</div>,
		];
	if (!started)
		return [
			<div key="waiting" class="waiting line" data-testid="waiting">
				<span class="shimmer">{t("Waiting for the model…")}</span>
				{live.requestedAt !== undefined && <Elapsed since={live.requestedAt} after={1000} />}
			</div>,
		];
	const since = live.firstAt ?? live.requestedAt;
	return [
		thinks && (
			<Thinking
				key="reasoning0"
				text={live.reasoning.trim()}
				active={live.text === "" && calling.length === 0}
				{...(since === undefined ? {} : { since })}
			/>
		),
		live.text.trim() !== "" && <Markdown key="text0" text={live.text} done={false} />,
		...calling.map((call, index) => <CallingRow key={`calling${index}`} tool={call.tool} size={call.bytes} />),
	];
}
