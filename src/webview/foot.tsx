import type { Turn } from "../shared/reduce.ts";
import { countFiles } from "./changes.ts";
import { Counts } from "./counts.tsx";
import { duration } from "./format.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { IconButton } from "./icon-button.tsx";
import { Seen } from "./seen.tsx";
import { turnSummary } from "./turn-summary.ts";
import { t } from "./words.ts";

interface FootProps {
	readonly turn: Turn;
	readonly last: boolean;
	/** Undoing it would do something. */
	readonly undoable: boolean;
	/** What of its changes can't be told or put back, as far as no earlier turn says it; else empty. */
	readonly uncovered: string;
}

/** The end of a turn: what it took and changed, and the way back. */
export function Foot({ turn, last, undoable, uncovered }: FootProps) {
	const { post, chat } = useHost();
	const { files, lines, steps, ms, answer } = turnSummary(turn);
	return (
		<>
			{uncovered !== "" && (
				<p class="uncovered" data-testid="uncovered">
					<Icon name="info" />
					<span>
						<Seen text={uncovered} />
					</span>
				</p>
			)}
			<div class="foot" data-testid="turn-foot">
				<span class="foot-facts">
					{turn.ended === "stopped" && <span>{t("Stopped")}</span>}
					{ms !== undefined && <span>{duration(ms)}</span>}
					{steps > 1 && <span>{t("{0} steps", steps)}</span>}
					{files > 0 && (
						<span>
							{countFiles(files)} {lines && <Counts {...lines} />}
						</span>
					)}
				</span>
				{undoable && (
					<button
						type="button"
						class={last ? "undo-task" : "undo-task older"}
						data-testid="undo-task"
						title={t("Undo task: put all files back to before it")}
						aria-label={t("Undo task")}
						onClick={() => post({ type: "undoTask", chat, turn: turn.seq })}
					>
						<Icon name="discard" /> <span class="wide">{t("Undo task")}</span>
					</button>
				)}
				{answer !== "" && (
					<IconButton icon="copy" words={t("Copy answer")} onClick={() => post({ type: "copy", text: answer })} />
				)}
			</div>
		</>
	);
}
