import type { ComponentChild } from "preact";
import type { LiveState } from "../shared/live.ts";
import type { Turn } from "../shared/reduce.ts";
import { FailureCard } from "./failure.tsx";
import { Foot } from "./foot.tsx";
import { memo } from "./memo.ts";
import { Notice } from "./notice.tsx";
import { Pause } from "./pause.tsx";
import { pauseWords } from "./pause-words.ts";
import { Prompt } from "./prompt.tsx";
import { Slot } from "./slot.tsx";
import { heightOf, Steps } from "./steps.tsx";
import { Told } from "./told.tsx";
import { t } from "./words.ts";

interface TurnProps {
	readonly turn: Turn;
	/** For the turn that is under way only. */
	readonly live?: LiveState | undefined;
	readonly last: boolean;
	/** One of the last few. */
	readonly recent: boolean;
	/** It was under way when the window closed. */
	readonly interrupted: boolean;
	/** Some file is not as it was before it. */
	readonly undoable: boolean;
	/** What no earlier turn says of what can't be put back; else empty. */
	readonly uncovered: string;
}

/** Pixels of the end of a turn. */
const FOOT = 28;

/** One prompt and all that came of it. Out of sight the prompt is all that is there. */
export const TurnView = memo((props: TurnProps) => {
	const { turn, live, last, recent, interrupted, undoable, uncovered } = props;
	return (
		<section class="turn" data-testid="turn" data-ended={turn.ended ?? ""}>
			<Prompt text={turn.prompt} attached={turn.attached} turn={turn.seq} />
			{turn.note !== undefined && <Told note={turn.note} />}
			<h2 class="sr">{t("Kimi")}</h2>
			<Slot
				estimate={recent ? undefined : heightOf(turn.steps) + FOOT}
				stays={last}
				content={() => (
					<>
						<Steps turn={turn} live={live} recent={recent} />
						{turn.failure && !live && <FailureCard failure={turn.failure} active={last && turn.ended !== undefined} />}
						{!live && <Ending {...{ turn, last, interrupted, undoable, uncovered }} />}
					</>
				)}
			/>
		</section>
	);
});

function Ending({ turn, last, interrupted, undoable, uncovered }: Omit<TurnProps, "live" | "recent">) {
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
	return pauseWords(turn) === "" ? null : <Pause turn={turn} last={last} />;
}
