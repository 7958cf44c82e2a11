import type { TargetedKeyboardEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { Preview } from "../shared/preview.ts";
import type { Question, QuestionAnswer } from "../shared/questions.ts";
import type { Call } from "../shared/reduce.ts";
import { useFocusOnArrival } from "./arrival.ts";
import { answerOf, type DraftAnswer, entered, isAnswered, NO_ANSWER, nextOpen, pick, say } from "./draft-answers.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { type QuestionAction, questionKey } from "./keys.ts";
import { memo } from "./memo.ts";
import { QuestionView } from "./question.tsx";
import { Recovered } from "./recovered.tsx";
import { Whole } from "./whole.tsx";
import { t } from "./words.ts";

interface QuestionsProps {
	readonly call: Call;
	readonly preview: Extract<Preview, { kind: "questions" }>;
}

/** What Kimi asks, and the person's answers, by mouse or by keyboard alone. */
export const Questions = memo(({ call, preview: { questions } }: QuestionsProps) => {
	const { post, chat, composer } = useHost();
	const [drafts, setDrafts] = useState<readonly DraftAnswer[]>(questions.map(() => NO_ANSWER));
	const [sent, setSent] = useState(false);
	const first = useRef<HTMLInputElement>(null);
	const focusedAt = useFocusOnArrival(first);
	const heading = useId();

	const answer = (answers: QuestionAnswer[]) => {
		if (sent) return;
		setSent(true);
		post({ type: "answer", chat, callId: call.id, answers });
		composer.current?.focus();
	};
	const act = (card: HTMLElement, action: Step, here: Here) => {
		const next = pressed(action, here, questions, drafts);
		setDrafts(next);
		const open = action === "next" ? nextOpen(next, here.at) : here.at;
		if (open === undefined) answer(next.map(answerOf));
		else stops(card, open)[stopAfter(action, here)]?.focus();
	};
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		const here = placeOf(event);
		const action = questionKey(event, here?.stop.type === "text", Date.now() - focusedAt.current);
		if (!action) return;
		if (action === "leave") composer.current?.focus();
		else if (action !== "wait") {
			// The buttons have keys of their own.
			if (!here) return;
			act(event.currentTarget, action, here);
		}
		event.preventDefault();
		event.stopPropagation();
	};

	return (
		<section
			class="card approval"
			data-testid="questions"
			data-call={call.id}
			aria-labelledby={heading}
			onKeyDown={onKeyDown}
		>
			<Whole>
				<div class="card-title" id={heading}>
					<Icon name="question" class="tool-icon" />
					<span class="approval-title">{t("Kimi asks you")}</span>
					{call.recovered && <Recovered />}
				</div>
				{questions.map((question, at) => (
					<QuestionView
						key={at}
						question={question}
						at={at}
						draft={drafts[at] ?? NO_ANSWER}
						disabled={sent}
						first={at === 0 ? first : undefined}
						onPick={(option) => setDrafts(changed(drafts, at, (draft) => pick(question, draft, option)))}
						onSay={(words) => setDrafts(changed(drafts, at, (draft) => say(question, draft, words)))}
					/>
				))}
			</Whole>
			<Buttons
				sent={sent}
				whole={drafts.every(isAnswered)}
				onAnswer={() => answer(drafts.map(answerOf))}
				onLeave={() => answer([])}
			/>
		</section>
	);
});

interface ButtonsProps {
	readonly sent: boolean;
	readonly whole: boolean;
	onAnswer(): void;
	onLeave(): void;
}

function Buttons({ sent, whole, onAnswer, onLeave }: ButtonsProps) {
	return (
		<div class="buttons">
			<button type="button" class="button" data-testid="answer" disabled={sent || !whole} onClick={onAnswer}>
				{t("Answer")}
			</button>
			<button type="button" class="button secondary" data-testid="leave-to-kimi" disabled={sent} onClick={onLeave}>
				{t("Let Kimi decide")}
			</button>
		</div>
	);
}

/** Where a key was pressed: a stop of a question, which is an option or own words. */
interface Here {
	readonly at: number;
	readonly stop: HTMLInputElement;
	readonly index: number;
}

function placeOf({ target, currentTarget }: TargetedKeyboardEvent<HTMLElement>): Here | undefined {
	if (!(target instanceof HTMLInputElement)) return undefined;
	const at = Number(target.closest<HTMLElement>("[data-question]")?.dataset["question"] ?? -1);
	const index = stops(currentTarget, at).indexOf(target);
	return index < 0 ? undefined : { at, stop: target, index };
}

function stops(card: HTMLElement, question: number): HTMLInputElement[] {
	return [...card.querySelectorAll<HTMLInputElement>(`[data-question="${question}"] [data-stop]`)];
}

type Step = Exclude<QuestionAction, "leave" | "wait">;

/** As radio buttons do, the option that the arrows lead to is picked; check boxes are not. */
function pressed(
	action: Step,
	{ at, index }: Here,
	questions: readonly Question[],
	drafts: readonly DraftAnswer[],
): readonly DraftAnswer[] {
	const question = questions[at];
	if (!question) return drafts;
	if (action === "next") return changed(drafts, at, (draft) => entered(question, draft, index));
	const option = typeof action === "object" ? action.pick : question.multiple ? -1 : index + STEPS[action];
	if (option < 0 || option >= question.options.length) return drafts;
	return changed(drafts, at, (draft) => pick(question, draft, option));
}

const STEPS = { up: -1, down: 1 } as const;

/** The stop that a key leads to, in the question that it leads to. */
function stopAfter(action: Step, { index }: Here): number {
	if (action === "next") return 0;
	return typeof action === "object" ? action.pick : index + STEPS[action];
}

function changed(
	drafts: readonly DraftAnswer[],
	at: number,
	change: (draft: DraftAnswer) => DraftAnswer,
): readonly DraftAnswer[] {
	return drafts.map((each, index) => (index === at ? change(each) : each));
}
