import { useEffect, useState } from "preact/hooks";
import type { SendingRow } from "../shared/protocol.ts";
import { Elapsed } from "./clock.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Spoken } from "./spoken.tsx";
import { t } from "./words.ts";

/** Most is read before anybody looks: what comes and goes at once would only flicker, and be read out. */
const LATE_MS = 400;
/** Waiting is told in seconds from here on. */
const LONG_MS = 2000;

/** Messages that were sent and are not said yet, since what goes with them is still read. Each can be taken back. */
export function Sending({ rows }: { readonly rows: readonly SendingRow[] }) {
	const isLate = useLate(rows.length > 0);
	const [first] = isLate ? rows : [];
	return (
		<>
			<Spoken id="sending-status">{first && t("Still reading the attachments. Escape takes the message back.")}</Spoken>
			{first && (
				<section class="queue" data-testid="sending" aria-label={t("Reading attachments…")}>
					<div class="queue-head">
						<Icon name="loading" class="dim" spin />
						<span class="queue-title">{t("Reading attachments…")}</span>
						<Elapsed since={first.at} after={LONG_MS} />
					</div>
					<ul>
						{rows.map((row) => (
							<Row key={row.id} row={row} />
						))}
					</ul>
				</section>
			)}
		</>
	);
}

/** Whether it has been so for a while. */
function useLate(isSo: boolean): boolean {
	const [isLate, setLate] = useState(false);
	useEffect(() => {
		setLate(false);
		const timer = isSo ? setTimeout(() => setLate(true), LATE_MS) : undefined;
		return () => clearTimeout(timer);
	}, [isSo]);
	return isSo && isLate;
}

function Row({ row: { id, text, count } }: { readonly row: SendingRow }) {
	const { post, chat } = useHost();
	const [open, setOpen] = useState(false);
	return (
		<li class="queued">
			<button
				type="button"
				class={open ? "queued-text open" : "queued-text"}
				aria-expanded={open}
				onClick={() => setOpen(!open)}
			>
				{text}
			</button>
			{count > 0 && (
				<span class="queued-along" title={t("Attachments: {0}", count)}>
					<Icon name="attach" />
					<span aria-hidden="true">{count}</span>
					<span class="sr">{t("Attachments: {0}", count)}</span>
				</span>
			)}
			<button type="button" class="link unsend" data-testid="unsend" onClick={() => post({ type: "unsend", chat, id })}>
				{t("Cancel")}
			</button>
		</li>
	);
}
