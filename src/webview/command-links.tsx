import type { Call } from "../shared/reduce.ts";
import { titleWords } from "./call-look.ts";
import { useHost } from "./host.ts";
import { t } from "./words.ts";

/** Where a command that runs, or ran, can be watched, read and gone on with. */
export function CommandLinks({ call }: { readonly call: Call }) {
	const { post, chat } = useHost();
	if (call.preview?.kind !== "command") return null;
	const at = { chat, callId: call.id };
	// By name: a screen reader lists the links of all cards.
	const of = (words: string) => `${words}: ${titleWords(call)}`;
	const terminal = t("Show terminal");
	const over = t("Take over in a terminal");
	const log = t("Open full output");
	return (
		<div class="command-links">
			<button
				type="button"
				class="link"
				aria-label={of(terminal)}
				onClick={() => post({ type: "showTerminal", ...at })}
			>
				{terminal}
			</button>
			<button
				type="button"
				class="link"
				title={t("Types the command into a terminal of yours and leaves running it to you")}
				aria-label={of(over)}
				onClick={() => post({ type: "takeOver", ...at })}
			>
				{over}
			</button>
			{call.details?.log !== undefined && (
				<button type="button" class="link" aria-label={of(log)} onClick={() => post({ type: "openLog", ...at })}>
					{log}
				</button>
			)}
		</div>
	);
}
