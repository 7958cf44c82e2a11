import type { ComponentChildren } from "preact";
import type { Attached } from "../shared/attachments.ts";
import { AttachedList } from "./attached.tsx";
import { useHost } from "./host.ts";
import { IconButton } from "./icon-button.tsx";
import { t } from "./words.ts";

interface PromptProps {
	readonly text: string;
	readonly attached: readonly Attached[] | undefined;
	/** `seq` of its turn. */
	readonly turn: number;
}

/** What the person said, and what can be done with it again. */
export function Prompt({ text, attached, turn }: PromptProps) {
	const { post, chat } = useHost();
	return (
		<Said attached={attached}>
			<Again
				id="edit"
				icon="edit"
				words={t("Edit and send again")}
				on={() => post({ type: "editPrompt", chat, turn })}
			/>
			<Again id="fork" icon="repo-forked" words={t("Fork from here")} on={() => post({ type: "fork", chat, turn })} />
			<Again
				id="restore"
				icon="discard"
				words={t("Restore to here")}
				on={() => post({ type: "restore", chat, turn })}
			/>
			<div class="bubble">{text}</div>
		</Said>
	);
}

/** What they said in the middle of the turn: it has no place of its own to go back to. */
export function Steering({ text, attached }: Omit<PromptProps, "turn">) {
	const { composer } = useHost();
	return (
		<Said attached={attached} steers>
			<Again id="use" icon="edit" words={t("Use this prompt again")} on={() => composer.current?.fill(text)} />
			<div class="bubble">{text}</div>
		</Said>
	);
}

interface SaidProps extends Pick<PromptProps, "attached"> {
	readonly steers?: boolean;
	readonly children: ComponentChildren;
}

function Said({ attached = [], steers = false, children }: SaidProps) {
	return (
		<div class={steers ? "said steering" : "said"} {...(steers && { "data-testid": "steering" })}>
			<h2 class="sr">{t("You")}</h2>
			<div class="prompt">{children}</div>
			{attached.length > 0 && <AttachedList attached={attached} />}
		</div>
	);
}

interface AgainProps {
	readonly id: string;
	readonly icon: string;
	readonly words: string;
	on(): void;
}

function Again({ id, on, ...look }: AgainProps) {
	return <IconButton class={`icon-button again ${id}`} data-testid={id} onClick={on} {...look} />;
}
