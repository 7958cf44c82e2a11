import { t } from "./words.ts";

/** The mark of a call that the server sent as text. */
export function Recovered() {
	return (
		<span
			class="badge"
			data-testid="recovered"
			title={t("The server sent this call as plain text and Kimi K2 Agent read it from there, so it always asks.")}
		>
			{t("recovered")}
		</span>
	);
}
