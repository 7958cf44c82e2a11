import { type ComponentChild, Fragment } from "preact";
import type { LiveState } from "../shared/live.ts";
import type { Turn } from "../shared/reduce.ts";
import { FailureCard } from "./failure.tsx";
import { Foot } from "./foot.tsx";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Notice } from "./notice.tsx";
import { Prompt, Steering } from "./prompt.tsx";
import { StepView } from "./step.tsx";
import { Told } from "./told.tsx";
import { saidBefore } from "./turn-summary.ts";
import { t } from "./words.ts";

interface TurnProps {
	readonly turn: Turn;
	/** For the turn that is under way only. */
	readonly live?: LiveState | undefined;
	readonly last: boolean;
	/** It was under way when the window closed. */
	readonly interrupted: boolean;
	/** Some file is not as it was before it. */
	readonly undoable: boolean;
	/** What no earlier turn says of what can't be put back; else empty. */
	readonly uncovered: string;
}

/** One prompt and all that came of it. */
export const TurnView = memo(({ turn, live, last, interrupted, undoable, uncovered }: TurnProps) => {
	const settled = turn.steps.at(-1)?.calls.every((call) => call.text !== undefined) !== false;
	const steps = live && settled ? [...turn.steps, undefined] : turn.steps;
	return (
		<section class={turn.steps.length > LONG ? "turn long" : "turn"} data-testid="turn" data-ended={turn.ended ?? ""}>
			<Prompt text={turn.prompt} turn={turn.seq} />
			{turn.note !== undefined && <Told note={turn.note} />}
			<h2 class="sr">{t("Kimi")}</h2>
			{/* One list: what is under way becomes the recorded step with the same key, in the same place. */}
			{steps.map((step, index) => (
				<Fragment key={index}>
					<Shortened turn={turn} index={index} />
					<Said turn={turn} index={index} />
					<StepView
						step={step}
						live={step ? undefined : live}
						running={index === turn.steps.length - 1 ? live?.running : undefined}
						reviewing={index === turn.steps.length - 1 ? live?.reviewing : undefined}
						open={live !== undefined && index >= turn.steps.length - 1}
						superseded={step?.complete === false && step.parts.length > 0 && index < steps.length - 1}
					/>
				</Fragment>
			))}
			<Shortened turn={turn} index={steps.length} />
			<Said turn={turn} index={steps.length} />
			{turn.failure && !live && <FailureCard failure={turn.failure} active={last && turn.ended !== undefined} />}
			{!live && <Ending {...{ turn, last, interrupted, undoable, uncovered }} />}
		</section>
	);
});

/** What was said between the step with this index and the one before it. */
function Said({ turn, index }: { readonly turn: Turn; readonly index: number }) {
	return saidBefore(turn, index).map((each) => (
		<Fragment key={each.seq}>
			{"text" in each && <Steering text={each.text} />}
			{each.note !== undefined && <Told note={each.note} />}
		</Fragment>
	));
}

/** That later requests have less of what is above, before the step with this index. */
function Shortened({ turn, index }: { readonly turn: Turn; readonly index: number }) {
	return (
		<>
			{turn.shed?.includes(index) && (
				<div class="line compacted" data-testid="shed">
					<Icon name="fold" /> {t("Kimi no longer sees all of the long results above. You do.")}
				</div>
			)}
			{turn.compacted?.includes(index) && (
				<div class="line compacted" data-testid="compacted">
					<Icon name="fold" />{" "}
					{t("The chat was shortened here: Kimi goes on from its own notes. You still see all of it.")}
				</div>
			)}
		</>
	);
}

/** Steps from which those out of sight are not laid out. */
const LONG = 40;

function Ending({ turn, last, interrupted, undoable, uncovered }: Omit<TurnProps, "live">) {
	const notice = pause(turn, last, interrupted);
	const ended = turn.ended !== undefined && turn.ended !== "failed" && !notice;
	return (
		<>
			{notice}
			{(ended || undoable || uncovered !== "") && <Foot {...{ turn, last, undoable, uncovered }} />}
		</>
	);
}

/** What stands where a turn could go on. */
function pause(turn: Turn, last: boolean, interrupted: boolean): ComponentChild {
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
	return null;
}
