import { useEffect, useState } from "preact/hooks";
import type { LiveState } from "../shared/live.ts";
import { elapsed } from "./format.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** A request failed and is made again by itself: why, when, and how not to wait for it. */
export function RetryCard({ waiting }: { readonly waiting: NonNullable<LiveState["waiting"]> }) {
	const { post } = useHost();
	const { attempt, of, until, failure } = waiting;
	const left = useCountdown(until);
	return (
		<div class="card retry" data-testid="retry" data-code={failure.code}>
			<div class="card-title">
				<Icon name="sync" class="warn" />
				<span>
					<Seen text={failure.message} />
				</span>
			</div>
			<p class="why">
				{left > 0 ? t("Trying again in {0}.", elapsed(left)) : t("Trying again now.")}{" "}
				{t("Try {0} of {1}. Nothing is lost.", attempt, of)}
			</p>
			<div class="buttons">
				<button type="button" class="button" data-testid="retry-now" onClick={() => post({ type: "retryNow" })}>
					{t("Retry now")}
				</button>
				<button
					type="button"
					class="button secondary"
					data-testid="retry-cancel"
					onClick={() => post({ type: "stop" })}
				>
					{t("Cancel")}
				</button>
			</div>
		</div>
	);
}

/** Milliseconds until then, rounded up to whole seconds. */
function useCountdown(until: number): number {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		setNow(Date.now());
		const timer = setInterval(() => setNow(Date.now()), 250);
		return () => clearInterval(timer);
	}, [until]);
	return Math.max(0, Math.ceil((until - now) / 1000)) * 1000;
}
