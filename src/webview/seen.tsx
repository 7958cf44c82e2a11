import { runs } from "../shared/visible.ts";
import { memo } from "./memo.ts";

interface SeenProps {
	readonly text: string;
	readonly oneLine?: boolean;
}

/** Text from a stranger with every unseen character made visible. */
export const Seen = memo(({ text, oneLine }: SeenProps) =>
	runs(text, oneLine).map((run, index) =>
		run.hidden ? (
			<mark class="unseen" key={index}>
				{run.text}
			</mark>
		) : (
			run.text
		),
	),
);
