import { Fragment } from "preact";
import type { LiveState } from "../shared/live.ts";
import type { Turn } from "../shared/reduce.ts";
import { FailureCard } from "./failure.tsx";
import { duration } from "./format.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Notice } from "./notice.tsx";
import { StepView } from "./step.tsx";
import { turnSummary } from "./turn-summary.ts";
import { t } from "./words.ts";

interface TurnProps {
	readonly turn: Turn;
	/** For the turn that is under way only. */
	readonly live?: LiveState | undefined;
	readonly last: boolean;
	/** It was under way when the window closed. */
	readonly interrupted: boolean;
}

/** One prompt and all that came of it. */
export const TurnView = memo(({ turn, live, last, interrupted }: TurnProps) => {
	const settled = turn.steps.at(-1)?.calls.every((call) => call.text !== undefined) !== false;
	const steps = live && settled ? [...turn.steps, undefined] : turn.steps;
	return (
		<section class={turn.steps.length > LONG ? "turn long" : "turn"} data-testid="turn" data-ended={turn.ended ?? ""}>
			<Prompt text={turn.prompt} />
			<h2 class="sr">{t("Kimi")}</h2>
			{/* One list: what is under way becomes the recorded step with the same key, in the same place. */}
			{steps.map((step, index) => (
				<Fragment key={index}>
					{turn.compacted?.includes(index) && <Compacted />}
					<StepView
						step={step}
						live={step ? undefined : live}
						running={index === turn.steps.length - 1 ? live?.running : undefined}
						open={live !== undefined && index >= turn.steps.length - 1}
						superseded={step?.complete === false && step.parts.length > 0 && index < steps.length - 1}
					/>
				</Fragment>
			))}
			{turn.compacted?.includes(steps.length) && <Compacted />}
			{turn.failure && !live && <FailureCard failure={turn.failure} active={last && turn.ended !== undefined} />}
			{!live && <Ending turn={turn} last={last} interrupted={interrupted} />}
		</section>
	);
});

function Compacted() {
	return (
		<div class="line compacted" data-testid="compacted">
			<Icon name="fold" /> {t("The chat was shortened here: Kimi goes on from its own notes. You still see all of it.")}
		</div>
	);
}

/** Steps from which those out of sight are not laid out. */
const LONG = 40;

function Prompt({ text }: { readonly text: string }) {
	const { composer } = useHost();
	return (
		<div class="prompt">
			<h2 class="sr">{t("You")}</h2>
			<button
				type="button"
				class="icon-button again"
				title={t("Use this prompt again")}
				aria-label={t("Use this prompt again")}
				onClick={() => composer.current?.fill(text)}
			>
				<Icon name="edit" />
			</button>
			<div class="bubble">{text}</div>
		</div>
	);
}

function Ending({ turn, last, interrupted }: Omit<TurnProps, "live">) {
	if (last && (interrupted || turn.ended === "interrupted"))
		return (
			<Notice icon="debug-disconnect" fixes={["resume"]} goesOn>
				{t("This task was interrupted.")}
			</Notice>
		);
	if (turn.ended === "limit" && !turn.failure)
		return (
			<Notice icon="debug-pause" fixes={last ? ["resume"] : []} goesOn>
				{t("Paused: this task reached its limit of steps.")}
			</Notice>
		);
	return turn.ended && turn.ended !== "failed" ? <Foot turn={turn} /> : null;
}

function Foot({ turn }: { readonly turn: Turn }) {
	const { post } = useHost();
	const { files, added, removed, steps, ms, answer } = turnSummary(turn);
	return (
		<div class="foot" data-testid="turn-foot">
			<span class="foot-facts">
				{turn.ended === "stopped" && <span>{t("Stopped")}</span>}
				<span>{duration(ms)}</span>
				{steps > 1 && <span>{t("{0} steps", steps)}</span>}
				{files > 0 && (
					<span>
						{files === 1 ? t("1 file") : t("{0} files", files)} <span class="plus">+{added}</span>{" "}
						<span class="minus">−{removed}</span>
					</span>
				)}
			</span>
			{answer !== "" && (
				<button
					type="button"
					class="icon-button"
					title={t("Copy answer")}
					aria-label={t("Copy answer")}
					onClick={() => post({ type: "copy", text: answer })}
				>
					<Icon name="copy" />
				</button>
			)}
		</div>
	);
}
