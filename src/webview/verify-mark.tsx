import type { ViewState } from "../shared/protocol.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

type State = NonNullable<ViewState["verified"]> | "unknown";

/** Told apart by shape, since not everybody sees the colours and high contrast has none. */
const icons: Readonly<Record<State, string>> = {
	ready: "pass",
	repairs: "wrench",
	unsuitable: "error",
	unknown: "question",
};

function words(state: State): string {
	switch (state) {
		case "ready":
			return t("Verified: ready. Click for the report.");
		case "repairs":
			return t("Verified: works with repairs. Click for the report.");
		case "unsuitable":
			return t("Verified: not suitable for agent work. Click for the report.");
		case "unknown":
			return t("Not verified. Click to try whether this endpoint suits an agent.");
	}
}

/** What Verify found of the endpoint and model in use; the way to the report, or to the first run. */
export function VerifyMark({ verified }: { readonly verified: ViewState["verified"] }) {
	const { post } = useHost();
	const state = verified ?? "unknown";
	return (
		<button
			type="button"
			class={`crumb verify-mark ${state}`}
			data-testid="header-verify"
			title={words(state)}
			aria-label={words(state)}
			onClick={() => post({ type: "fix", fix: "verify" })}
		>
			<Icon name={icons[state]} />
		</button>
	);
}
