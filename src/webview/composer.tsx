import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { QueuedMessage } from "../shared/event.ts";
import type { Op } from "../shared/protocol.ts";
import type { Chat, Turn } from "../shared/reduce.ts";
import { findSlash, readSlash, type SlashRow } from "../shared/slash.ts";
import { keepDraft } from "./draft.ts";
import { type ComposerHandle, useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { composerKey } from "./keys.ts";
import { memo } from "./memo.ts";
import { Meter } from "./meter.tsx";
import { ModeMenu } from "./mode-menu.tsx";
import { useRewriting } from "./rewriting.ts";
import { useSlash } from "./slash-list.tsx";
import type { State } from "./store.ts";
import { t } from "./words.ts";

interface ComposerProps extends Pick<State, "view" | "compose" | "focus"> {
	readonly chat: Chat;
	readonly running: boolean;
}

/** Where the person writes. The text lives here; the host gets a copy of it as the draft. */
export const Composer = memo((props: ComposerProps) => {
	const { view, chat, running } = props;
	const { post, chat: id, composer } = useHost();
	const area = useRef<HTMLTextAreaElement>(null);
	const { text, setText, fill, restore } = useText(area);
	const recall = useRecall(chat.turns, fill);
	const held = chat.queue.find((message) => message.held);
	const rewriting = useRewriting(held, { text, setText, fill, aside: view.aside });
	const off = view.workspace === "untrusted";
	const ready = text.trim() !== "" && !off;
	useHandle(composer, area, fill, rewriting.begin);
	useComposeMessages(props, fill, restore);

	const send = (now: boolean, prompt = text.trim()) => {
		if (prompt === "" || off) return;
		if (rewriting.message) {
			rewriting.end(prompt);
			if (now) post({ type: "sendQueued", chat: id, id: rewriting.message.id });
			return;
		}
		post(opOf(prompt, { chat: id, running, now, rows: view.slash }));
		recall.reset();
		setText("");
	};
	const isOff = off || rewriting.message !== undefined;
	const slash = useSlash({ text, rows: view.slash, off: isOff, fill, run: (command) => send(false, command) });
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
		if (slash.onKey(event)) return;
		const empty = text === "" || recall.isOn(text);
		const action = composerKey(event, { empty, running, rewriting: rewriting.message !== undefined });
		if (!action) return;
		event.preventDefault();
		event.stopPropagation();
		if (action === "send" || action === "now") send(action === "now");
		else if (action === "stop") post({ type: "stop", chat: id });
		else if (action === "cancel") rewriting.end();
		else recall.go(action);
	};

	return (
		<div class="composer" data-running={running}>
			{slash.list}
			<textarea
				ref={area}
				{...slash.aria}
				data-testid="composer"
				rows={1}
				value={text}
				disabled={off}
				placeholder={running ? t("Queue a message. Esc stops.") : t("Ask Kimi to build, fix or explain")}
				aria-label={t("Message to Kimi")}
				title={running ? t("Enter queues, {0} sends at the next step, Esc stops", NOW) : undefined}
				onInput={(event) => setText(event.currentTarget.value)}
				onKeyDown={onKeyDown}
			/>
			<div class="composer-foot">
				<ModeMenu mode={view.mode} />
				<span class="composer-hint" role="status">
					{slash.hint || hintFor(rewriting.message, running && ready)}
				</span>
				<Meter chat={chat} contextTokens={view.contextTokens} compactAt={view.compactAt} />
				{rewriting.message || (running && ready) ? <Keep rewriting={rewriting.message} send={send} /> : null}
				{running && <Stop />}
				{!running && !rewriting.message && <Send enabled={ready} send={() => send(false)} />}
			</div>
		</div>
	);
});

const NOW = /Mac/.test(navigator.platform) ? "⌘Enter" : "Ctrl+Enter";

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

function hintFor(rewriting: QueuedMessage | undefined, queues: boolean): string {
	if (rewriting) return t("Editing. Enter saves, Esc cancels.");
	return queues ? t("{0}: at the next step", NOW) : "";
}

interface KeepProps {
	readonly rewriting: QueuedMessage | undefined;
	send(now: boolean): void;
}

/** Puts what was written into the queue. */
function Keep({ rewriting, send }: KeepProps) {
	const words = rewriting ? t("Save (Enter)") : t("Queue (Enter)");
	return (
		<button
			type="button"
			class="send"
			data-testid="queue-add"
			title={words}
			aria-label={words}
			onClick={() => send(false)}
		>
			<Icon name={rewriting ? "check" : "list-ordered"} />
		</button>
	);
}

function Stop() {
	const { post, chat } = useHost();
	return (
		<button
			type="button"
			class="send stop"
			data-testid="stop"
			title={t("Stop (Esc)")}
			aria-label={t("Stop")}
			onClick={() => post({ type: "stop", chat })}
		>
			<Icon name="debug-stop" />
		</button>
	);
}

function Send({ enabled, send }: { readonly enabled: boolean; send(): void }) {
	return (
		<button
			type="button"
			class="send"
			data-testid="send"
			title={t("Send (Enter)")}
			aria-label={t("Send")}
			aria-disabled={!enabled}
			onClick={send}
		>
			<Icon name="arrow-up" />
		</button>
	);
}

function useText(area: RefObject<HTMLTextAreaElement | null>) {
	const { post } = useHost();
	const [text, setState] = useState("");
	const draft = useMemo(() => keepDraft((value) => post({ type: "draft", text: value })), [post]);
	const setText = (value: string) => {
		setState(value);
		if (value === "") draft.flush(value);
		else draft.changed(value);
	};
	const fill = (value: string) => {
		setText(value);
		const element = area.current;
		if (!element) return;
		// Not after the next render: what is typed meanwhile would come before its end.
		element.value = value;
		element.focus();
		element.setSelectionRange(value.length, value.length);
	};
	useEffect(() => {
		const leave = () => area.current && draft.flush(area.current.value);
		window.addEventListener("pagehide", leave);
		return () => window.removeEventListener("pagehide", leave);
	}, [draft]);
	return { text, setText, fill, restore: setState };
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

/** Follows the host: a text to put here, a draft of another chat, a wish to have the focus. */
function useComposeMessages(
	state: Pick<State, "compose" | "focus">,
	fill: (text: string) => void,
	restore: (text: string) => void,
): void {
	const { composer } = useHost();
	const seen = useRef({ compose: 0, focus: 0 });
	useLayoutEffect(() => {
		// The draft of a chat is the host's own: it need not be told of it, and nobody asked for the focus.
		const take = state.compose.focus ? fill : restore;
		if (state.compose.count !== seen.current.compose) take(state.compose.text);
		if (state.focus !== seen.current.focus) composer.current?.focus();
		seen.current = { compose: state.compose.count, focus: state.focus };
	}, [state.compose, state.focus]);
}

/** Up in an empty composer brings back the prompts of this chat, one by one. */
function useRecall(turns: readonly Turn[], fill: (text: string) => void) {
	const place = useRef(0);
	const prompts = turns.flatMap(({ prompt, steered = [] }) => [prompt, ...steered.map(({ text }) => text)]);
	const at = (back: number) => prompts.at(-back) ?? "";
	return {
		/** The text is a recalled prompt as it was. */
		isOn: (text: string) => place.current > 0 && text === at(place.current),
		go(direction: "older" | "newer") {
			const next = place.current + (direction === "older" ? 1 : -1);
			if (next < 0 || next > prompts.length) return;
			place.current = next;
			fill(next === 0 ? "" : at(next));
		},
		reset() {
			place.current = 0;
		},
	};
}
