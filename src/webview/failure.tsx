import type { Failure } from "../shared/failure.ts";
import { remedies } from "../shared/remedies.ts";
import { translated } from "../shared/said.ts";
import { Fixes } from "./fixes.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

interface FailureProps {
	readonly failure: Failure;
	/** Only the last turn can be mended. */
	readonly active: boolean;
}

export function FailureCard({ failure, active }: FailureProps) {
	const detail = [failure.status && `HTTP ${failure.status}`, failure.detail].filter(Boolean).join("\n");
	return (
		<div class="card failure" data-testid="failure" data-code={failure.code}>
			<div class="card-title">
				<Icon name="error" class="bad" />
				<span>
					<Seen text={translated(failure.message, t)} />
				</span>
			</div>
			{active && isKept(failure) && (
				<p class="why">{t("Nothing is lost: your message and all work up to here are kept.")}</p>
			)}
			{detail !== "" && (
				<details class="detail">
					<summary>{t("Details")}</summary>
					<pre>
						<Seen text={detail} />
					</pre>
				</details>
			)}
			{active && (
				<Fixes fixes={remedies[failure.code].fixes} goesOn>
					{failure.link && <AccountButton link={failure.link} />}
				</Fixes>
			)}
		</div>
	);
}

/** Where the log itself can't be written, nobody can promise that. */
function isKept({ code }: Failure): boolean {
	return code !== "storage" && code !== "internal";
}

function AccountButton({ link }: { readonly link: string }) {
	const { post } = useHost();
	return (
		<button
			type="button"
			class="button secondary"
			data-testid="fix-account"
			title={link}
			onClick={() => post({ type: "openLink", href: link })}
		>
			{t("Open account page")}
		</button>
	);
}
