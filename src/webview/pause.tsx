import type { Turn } from "../shared/reduce.ts";
import { Fixes } from "./fixes.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { pauseWords } from "./pause-words.ts";
import { t } from "./words.ts";

interface PauseProps {
	readonly turn: Turn;
	/** Only the last turn can go on. */
	readonly last: boolean;
}

/** A turn that waits for the person's word before it goes on. */
export function Pause({ turn, last }: PauseProps) {
	const isLoop = turn.ended === "looping";
	return (
		<div class="card pause" data-testid="pause" data-reason={turn.limit?.of ?? turn.ended}>
			<div class="card-title">
				<Icon name={isLoop ? "sync-ignored" : "debug-pause"} class="wait" />
				<span>{pauseWords(turn)}</span>
			</div>
			{last && <p class="why">{isLoop ? LOOP_WHY() : LIMIT_WHY()}</p>}
			{last && <PauseButtons turn={turn} isLoop={isLoop} />}
		</div>
	);
}

const LOOP_WHY = () =>
	t("It was told, and it did not help. Nothing is lost: let it try once more, or say what to do instead.");
const LIMIT_WHY = () => t("Nothing is lost. Continue lets the task take the same amount again.");

function PauseButtons({ turn, isLoop }: { readonly turn: Turn; readonly isLoop: boolean }) {
	const { post, chat, composer } = useHost();
	const isSetting = turn.limit !== undefined && turn.limit.of !== "steps";
	return (
		<Fixes fixes={isSetting ? ["resume", "raiseLimit"] : ["resume"]} goesOn>
			{isLoop && (
				<button
					type="button"
					class="button secondary"
					data-testid="pause-say"
					onClick={() => composer.current?.focus()}
				>
					{t("Say something")}
				</button>
			)}
			<button
				type="button"
				class="button secondary"
				data-testid="pause-stop"
				onClick={() => post({ type: "stop", chat })}
			>
				{t("Stop")}
			</button>
		</Fixes>
	);
}
