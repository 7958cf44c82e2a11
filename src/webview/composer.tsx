import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useImperativeHandle, useRef } from "preact/hooks";
import { putAbove } from "../shared/compose.ts";
import type { QueuedMessage } from "../shared/event.ts";
import type { Op } from "../shared/protocol.ts";
import type { Chat } from "../shared/reduce.ts";
import { findSlash, readSlash, type SlashRow } from "../shared/slash.ts";
import { useAttaching } from "./attaching.tsx";
import { ComposerFoot, NOW } from "./composer-foot.tsx";
import { useComposeMessages, useRecall, useText } from "./composer-text.ts";
import { type ComposerHandle, useHost } from "./host.ts";
import { composerKey } from "./keys.ts";
import { memo } from "./memo.ts";
import { useRewriting } from "./rewriting.ts";
import { useSlash } from "./slash-list.tsx";
import { isBusy, type State } from "./store.ts";
import { t } from "./words.ts";

interface ComposerProps extends Pick<State, "view" | "compose" | "focus" | "mentions"> {
	readonly chat: Chat;
	readonly running: boolean;
}

/** Where the person writes, with what goes along. The text lives here; the host gets a copy of it as the draft. */
export const Composer = memo((props: ComposerProps) => {
	const { view, chat, running } = props;
	const busy = isBusy(props);
	const { post, chat: id, composer } = useHost();
	const area = useRef<HTMLTextAreaElement>(null);
	const { text, setText, fill, restore } = useText(area);
	const recall = useRecall(chat.turns, fill);
	const rewriting = useRewriting(chat.queue, { text, setText, fill, aside: view.aside });
	const off = view.workspace === "untrusted";
	// A queued message takes no more with it than it has.
	const isOff = off || rewriting.message !== undefined;
	const attaching = useAttaching({ area, view, mentions: props.mentions, off: isOff });
	const ready = text.trim() !== "" && !off && !attaching.reading;
	useHandle(composer, area, fill, rewriting.begin);
	useComposeMessages(props, (words) => fill(putAbove(words, area.current?.value ?? "")), restore);

	const send = (now: boolean, prompt = text.trim()) => {
		if (attaching.holdsBack(prompt) || prompt === "" || off) return;
		if (rewriting.message) return rewriting.end(prompt, now);
		post(opOf(prompt, { chat: id, running, now, rows: view.slash }));
		recall.reset();
		setText("");
	};
	const slash = useSlash({ text, rows: view.slash, off: isOff, fill, run: (command) => send(false, command) });
	const act = {
		send: () => send(false),
		now: () => send(true),
		stop: () => post({ type: "stop", chat: id }),
		cancel: () => rewriting.end(),
		older: () => recall.go("older"),
		newer: () => recall.go("newer"),
		chips: attaching.focusChips,
	};
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
		if (slash.onKey(event) || attaching.onKey(event)) return;
		const empty = text === "" || recall.isOn(text);
		const chips = text === "" && attaching.hasChips;
		const action = composerKey(event, { empty, running: busy, rewriting: rewriting.message !== undefined, chips });
		if (!action) return;
		event.preventDefault();
		event.stopPropagation();
		act[action]();
	};

	return (
		<div class="composer" data-running={running}>
			{slash.list ?? attaching.mentions.list}
			{attaching.chips}
			<textarea
				ref={area}
				aria-autocomplete="list"
				{...(slash.aria ?? attaching.mentions.aria)}
				data-testid="composer"
				rows={1}
				value={text}
				disabled={off}
				placeholder={busy ? t("Queue a message. Esc stops.") : t("Ask Kimi to build, fix or explain")}
				aria-label={t("Message to Kimi")}
				title={running ? t("Enter queues, {0} sends at the next step, Esc stops", NOW) : undefined}
				onInput={(event) => {
					setText(event.currentTarget.value);
					attaching.onInput();
				}}
				onPaste={attaching.onPaste}
				onKeyDown={onKeyDown}
			/>
			<ComposerFoot
				{...{ view, chat, busy, ready, send }}
				rewriting={rewriting.message}
				attaches={!isOff}
				hint={slash.hint || attaching.mentions.hint}
			/>
		</div>
	);
});

interface Sending {
	readonly chat: string;
	readonly running: boolean;
	readonly now: boolean;
	readonly rows: readonly SlashRow[];
}

/** What is asked of the host with these words. */
function opOf(text: string, { chat, running, now, rows }: Sending): Op {
	const slash = readSlash(text);
	if (slash && findSlash(rows, slash.name)) return { type: "slash", chat, ...slash, now };
	if (!running) return { type: "send", text };
	return { type: "queue", chat, change: { do: "add", text, ...(now && { steer: true }) } };
}

function useHandle(
	handle: RefObject<ComposerHandle | null>,
	area: RefObject<HTMLTextAreaElement | null>,
	fill: (text: string) => void,
	edit: (message: QueuedMessage) => void,
): void {
	useImperativeHandle(handle, () => ({
		fill,
		edit,
		focus: () => area.current?.focus(),
		isBusy: () => document.activeElement === area.current && area.current?.value !== "",
	}));
}
