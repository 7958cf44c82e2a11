import { Fragment } from "preact";
import type { LiveState } from "../shared/live.ts";
import type { Step, Turn } from "../shared/reduce.ts";
import { Icon } from "./icon.tsx";
import { InstructedLines } from "./instructed.tsx";
import { memo } from "./memo.ts";
import { Steering } from "./prompt.tsx";
import { Slot } from "./slot.tsx";
import { StepView } from "./step.tsx";
import { Told } from "./told.tsx";
import { saidBefore } from "./turn-summary.ts";
import { t } from "./words.ts";

/** Steps that come to the page, and leave it, together. */
const GROUP = 5;
/** The last groups of a recent turn are what a chat opens with. */
const FIRST = 3;

interface StepsProps {
	readonly turn: Turn;
	/** For the turn that is under way only. */
	readonly live: LiveState | undefined;
	/** Its end is in the page from the start. */
	readonly recent: boolean;
}

/** What came of a prompt, step by step. A turn may have a thousand of them. */
export function Steps({ turn, live, recent }: StepsProps) {
	const settled = turn.steps.at(-1)?.calls.every((call) => call.text !== undefined) !== false;
	const count = turn.steps.length + (live && settled ? 1 : 0);
	const groups = Math.ceil(count / GROUP);
	return (
		<>
			{Array.from({ length: groups }, (_, group) => {
				const end = (group + 1) * GROUP;
				return (
					<Group
						key={group}
						turn={turn}
						start={group * GROUP}
						end={Math.min(end, count)}
						live={end >= turn.steps.length ? live : undefined}
						followed={end < count}
						first={recent && group >= groups - FIRST}
					/>
				);
			})}
			<Between turn={turn} index={count} />
		</>
	);
}

interface GroupProps {
	readonly turn: Turn;
	readonly start: number;
	readonly end: number;
	readonly live: LiveState | undefined;
	/** A later step follows. */
	readonly followed: boolean;
	/** In the page from the start. */
	readonly first: boolean;
}

const Group = memo(({ turn, start, end, live, followed, first }: GroupProps) => {
	const lastStep = turn.steps.length - 1;
	/** One list: what is under way becomes the recorded step with the same key, in the same place. */
	const content = () =>
		Array.from({ length: end - start }, (_, at) => {
			const index = start + at;
			const step = turn.steps[index];
			return (
				<Fragment key={index}>
					<Between turn={turn} index={index} />
					<StepView
						step={step}
						live={step ? undefined : live}
						running={index === lastStep ? live?.running : undefined}
						reviewing={index === lastStep ? live?.reviewing : undefined}
						open={live !== undefined && index >= lastStep}
						superseded={step?.complete === false && step.parts.length > 0 && (followed || index < end - 1)}
					/>
				</Fragment>
			);
		});
	const estimate = first ? undefined : heightOf(turn.steps.slice(start, end));
	return <Slot estimate={estimate} stays={live !== undefined} content={content} />;
}, isSame);

const between = ["compacted", "shed", "noted", "steered", "instructed"] as const;

/** The turn is another one with each event; of it, a group shows its steps and what stands between them. */
function isSame(a: Readonly<GroupProps>, b: Readonly<GroupProps>): boolean {
	if (a.live !== b.live || a.followed !== b.followed || a.end !== b.end) return false;
	if (between.some((key) => a.turn[key] !== b.turn[key])) return false;
	const length = a.end - a.start;
	return Array.from({ length }, (_, at) => a.start + at).every((at) => a.turn.steps[at] === b.turn.steps[at]);
}

/** What happened before the step at this place, and was no step. */
function Between({ turn, index }: { readonly turn: Turn; readonly index: number }) {
	return (
		<>
			<Shortened turn={turn} index={index} />
			{saidBefore(turn, index).map((each) => (
				<Fragment key={each.seq}>
					{"text" in each && <Steering text={each.text} attached={each.attached} />}
					{"note" in each && each.note !== undefined && <Told note={each.note} />}
					{"files" in each && <InstructedLines files={each.files} />}
				</Fragment>
			))}
		</>
	);
}

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

/** Pixels of a line, and the characters on it, in a view of usual width. */
const LINE = 24;
const CHARACTERS = 60;

/** Pixels, guessed until they are seen. */
export function heightOf(steps: readonly Step[]): number {
	const parts = steps.flatMap((step) => step.parts);
	return parts.reduce((sum, part) => sum + (part.kind === "text" ? linesOf(part.text) : 1), 0) * LINE;
}

function linesOf(text: string): number {
	return text.split("\n").reduce((sum, line) => sum + Math.ceil(line.length / CHARACTERS), 0);
}
