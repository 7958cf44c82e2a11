import { condensed, runs } from "../shared/visible.ts";
import { memo } from "./memo.ts";

interface SeenProps {
	readonly text: string;
	readonly oneLine?: boolean;
	/** Counts long runs of blanks, for what the person decides on. */
	readonly condense?: boolean;
}

/** Text from a stranger with every unseen character made visible. */
export const Seen = memo(({ text, oneLine, condense }: SeenProps) =>
	(condense ? condensed(text) : runs(text, oneLine)).map((run, index) =>
		run.hidden ? (
			<mark class="unseen" key={index}>
				{run.text}
			</mark>
		) : (
			run.text
		),
	),
);
