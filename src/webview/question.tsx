import type { RefObject } from "preact";
import { useId } from "preact/hooks";
import type { Question } from "../shared/questions.ts";
import { visible } from "../shared/visible.ts";
import type { DraftAnswer } from "./draft-answers.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

interface QuestionViewProps {
	readonly question: Question;
	/** Its place among the card's. */
	readonly at: number;
	readonly draft: DraftAnswer;
	readonly disabled: boolean;
	/** Gets the first option. */
	readonly first: RefObject<HTMLInputElement | null> | undefined;
	onPick(option: number): void;
	onSay(words: string): void;
}

/** One question with its options, and own words below. */
export function QuestionView({ question, at, draft, disabled, first, onPick, onSay }: QuestionViewProps) {
	const { options, multiple = false } = question;
	const id = useId();
	return (
		<fieldset class="question" data-testid={`question-${at}`} data-question={at} disabled={disabled}>
			<legend class="question-words">
				<Seen text={question.question} condense />
				{multiple && <span class="question-hint"> {t("(pick any number)")}</span>}
			</legend>
			{options.map(({ label, description }, option) => (
				<label key={option} class={draft.picked.includes(option) ? "question-option picked" : "question-option"}>
					<input
						type={multiple ? "checkbox" : "radio"}
						name={id}
						checked={draft.picked.includes(option)}
						aria-keyshortcuts={String(option + 1)}
						data-stop
						data-testid={`option-${at}-${option}`}
						ref={option === 0 ? first : undefined}
						onChange={() => onPick(option)}
					/>
					<span class="question-label">
						<Seen text={label} condense />
						{description !== undefined && description !== "" && (
							<span class="question-about">
								<Seen text={description} condense />
							</span>
						)}
					</span>
					<span class="kbd" aria-hidden="true">
						{option + 1}
					</span>
				</label>
			))}
			<input
				type="text"
				class="text-input"
				data-stop
				data-testid={`other-${at}`}
				placeholder={t("Something else…")}
				aria-label={t("Something else, in your own words: {0}", visible(question.question))}
				value={draft.other}
				onInput={(event) => onSay(event.currentTarget.value)}
			/>
		</fieldset>
	);
}
