import type { Preview } from "../shared/preview.ts";
import { answerWords } from "../shared/questions.ts";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** Questions that are over, with what was said to them. */
export function Answers({ preview }: { readonly preview: Extract<Preview, { kind: "questions" }> }) {
	const { questions, answers } = preview;
	return (
		<dl class="answers" data-testid="answers">
			{questions.map((question, at) => {
				const said = answers?.[at] ? answerWords(question, answers[at]) : [];
				return (
					<div key={at}>
						<dt>
							<Seen text={question.question} condense />
						</dt>
						{said.length === 0 && <dd class="dim">{t("Not answered: Kimi decides")}</dd>}
						{said.map((words, index) => (
							<dd key={index}>
								<Icon name="arrow-small-right" class="dim" />
								<span>
									<Seen text={words} condense />
								</span>
							</dd>
						))}
					</div>
				);
			})}
		</dl>
	);
}
