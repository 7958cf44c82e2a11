import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

interface PromptProps {
	readonly text: string;
	/** `seq` of its turn. */
	readonly turn: number;
}

/** What the person said, and what can be done with it again. */
export function Prompt({ text, turn }: PromptProps) {
	const { post, chat } = useHost();
	return (
		<div class="prompt">
			<h2 class="sr">{t("You")}</h2>
			<button
				type="button"
				class="icon-button again restore"
				data-testid="restore"
				title={t("Restore to here")}
				aria-label={t("Restore to here")}
				onClick={() => post({ type: "restore", chat, turn })}
			>
				<Icon name="discard" />
			</button>
			<Again text={text} />
			<div class="bubble">{text}</div>
		</div>
	);
}

/** What they said in the middle of the turn: it has no place of its own to go back to. */
export function Steering({ text }: Pick<PromptProps, "text">) {
	return (
		<div class="prompt steering" data-testid="steering">
			<h2 class="sr">{t("You")}</h2>
			<Again text={text} />
			<div class="bubble">{text}</div>
		</div>
	);
}

function Again({ text }: Pick<PromptProps, "text">) {
	const { composer } = useHost();
	return (
		<button
			type="button"
			class="icon-button again"
			title={t("Use this prompt again")}
			aria-label={t("Use this prompt again")}
			onClick={() => composer.current?.fill(text)}
		>
			<Icon name="edit" />
		</button>
	);
}
