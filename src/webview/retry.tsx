import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveState } from "../shared/live.ts";
import { translated } from "../shared/said.ts";
import { elapsed } from "./format.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { useLeaveToComposer } from "./leave-to-composer.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

type Waiting = NonNullable<LiveState["waiting"]>;

/** A request failed and is made again by itself: why, when, and how not to wait for it. */
export function RetryCard({ waiting }: { readonly waiting: Waiting }) {
	const { post, chat } = useHost();
	const { attempt, of, failure } = waiting;
	const left = useCountdown(waiting);
	const card = useRef<HTMLDivElement>(null);
	useLeaveToComposer(card);
	return (
		<div class="card retry" data-testid="retry" data-code={failure.code} ref={card}>
			<div class="card-title">
				<Icon name="sync" class="warn" />
				<span>
					<Seen text={translated(failure.message, t)} />
				</span>
			</div>
			<p class="why">
				{left > 0 ? t("Trying again in {0}.", elapsed(left)) : t("Trying again now.")}{" "}
				{t("Try {0} of {1}. Nothing is lost.", attempt, of)}
			</p>
			<div class="buttons">
				<button type="button" class="button" data-testid="retry-now" onClick={() => post({ type: "retryNow", chat })}>
					{t("Retry now")}
				</button>
				<button
					type="button"
					class="button secondary"
					data-testid="retry-cancel"
					onClick={() => post({ type: "stop", chat })}
				>
					{t("Cancel")}
				</button>
			</div>
		</div>
	);
}

/** Milliseconds until then, rounded up to whole seconds. The host's clock may go wrong here: it may be another machine. */
function useCountdown({ at, until }: Waiting): number {
	const total = until - at;
	const [end] = useState(() => {
		const age = Date.now() - at;
		return Date.now() + total - (age >= 0 && age <= total ? age : 0);
	});
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 250);
		return () => clearInterval(timer);
	}, []);
	return Math.max(0, Math.ceil((end - now) / 1000)) * 1000;
}
