import type { Failure, FailureCode } from "../shared/failure.ts";
import type { Fix } from "../shared/protocol.ts";
import { Fixes } from "./fixes.tsx";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What helps against each failure, the likeliest first. */
const remedies: Readonly<Record<FailureCode, readonly Fix[]>> = {
	aborted: [],
	"no-endpoint": ["pickEndpoint"],
	"bad-endpoint": ["editUrl", "pickEndpoint"],
	unreachable: ["retry", "editUrl", "pickEndpoint"],
	cut: ["retry"],
	timeout: ["retry"],
	redirected: ["editUrl", "pickEndpoint"],
	"not-api": ["editUrl", "pickEndpoint"],
	auth: ["setKey", "pickEndpoint"],
	forbidden: ["setKey", "pickModel", "pickEndpoint"],
	"no-credit": ["pickEndpoint", "retry"],
	"rate-limit": ["retry", "pickEndpoint"],
	overloaded: ["retry", "pickEndpoint"],
	"no-model": ["pickModel"],
	"not-found": ["editUrl", "pickEndpoint"],
	context: ["newChat"],
	"content-filter": ["newChat"],
	rejected: ["retry", "pickModel", "showLog"],
	empty: ["retry", "pickModel"],
	incomplete: ["retry"],
	limit: ["resume"],
	storage: ["retry", "showLog"],
	internal: ["retry", "showLog"],
};

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
					<Seen text={failure.message} />
				</span>
			</div>
			{detail !== "" && (
				<details class="detail">
					<summary>{t("Details")}</summary>
					<pre>
						<Seen text={detail} />
					</pre>
				</details>
			)}
			{active && <Fixes fixes={remedies[failure.code]} />}
		</div>
	);
}
