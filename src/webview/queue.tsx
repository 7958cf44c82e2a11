import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Attached } from "../shared/attachments.ts";
import type { QueuedMessage } from "../shared/event.ts";
import type { QueueChange } from "../shared/queue.ts";
import { visible } from "../shared/visible.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { IconButton } from "./icon-button.tsx";
import { queueKey } from "./keys.ts";
import { memo } from "./memo.ts";
import { queueNews, queueTitle, whenSaid } from "./queue-words.ts";
import { focusRow, useFocusKept } from "./row-focus.ts";
import { Spoken } from "./spoken.tsx";
import { t } from "./words.ts";

interface QueueProps {
	readonly queue: readonly QueuedMessage[];
	readonly running: boolean;
	/** A call waits for the person. */
	readonly asks: boolean;
}

/** What the person wrote and is not said yet, in order. */
export const Queue = memo(({ queue, running, asks }: QueueProps) => {
	const { post, chat } = useHost();
	const list = useRef<HTMLUListElement>(null);
	const [at, setAt] = useState("");
	const news = useNews(queue, at);
	const help = useId();
	useFocusKept(list, queue);
	// One row is in the order of Tab; the arrow keys go to the others.
	const stop = queue.some(({ id }) => id === at) ? at : queue[0]?.id;
	return (
		<>
			<Spoken id="queue-status">{news}</Spoken>
			{queue.length > 0 && (
				<section class="queue" data-testid="queue" aria-label={t("Queued messages")}>
					<div class="queue-head">
						<span class="queue-title">{queueTitle(queue, running)}</span>
						{!running && queue.some(({ held }) => !held) && (
							<button
								type="button"
								class="link"
								data-testid="queue-send"
								title={t("Send the next message and go on with the others")}
								onClick={() => post({ type: "sendQueued", chat })}
							>
								{t("Send")}
							</button>
						)}
					</div>
					<span id={help} hidden>
						{t(
							"Enter edits, Delete deletes, Alt with an arrow key moves, Space shows all of it, Ctrl+Enter sends it now.",
						)}
					</span>
					<ul ref={list}>
						{queue.map((message, index) => (
							<Row
								key={message.id}
								message={message}
								when={whenSaid(message, { running, asks })}
								isFirst={index === 0}
								isLast={index === queue.length - 1}
								tabbable={message.id === stop}
								help={help}
								onFocus={() => setAt(message.id)}
								onArrow={(by) => focusRow(list.current, message.id, by)}
							/>
						))}
					</ul>
				</section>
			)}
		</>
	);
});

/** The last change, for screen readers. */
function useNews(queue: readonly QueuedMessage[], at: string): string {
	const before = useRef(queue);
	const [news, setNews] = useState("");
	useEffect(() => {
		if (before.current !== queue) setNews(queueNews(before.current, queue, at));
		before.current = queue;
	}, [queue]);
	return news;
}

interface RowProps {
	readonly message: QueuedMessage;
	readonly when: string;
	readonly isFirst: boolean;
	readonly isLast: boolean;
	readonly tabbable: boolean;
	/** Id of the words on its keys. */
	readonly help: string;
	onFocus(): void;
	onArrow(by: -1 | 1): void;
}

function Row({ message, when, isFirst, isLast, tabbable, help, onFocus, onArrow }: RowProps) {
	const { post, chat, composer } = useHost();
	const [open, setOpen] = useState(false);
	const { id, text, attached, held } = message;
	const change = (what: QueueChange) => post({ type: "queue", chat, change: what });
	const act = {
		up: () => onArrow(-1),
		down: () => onArrow(1),
		moveUp: () => change({ do: "move", id, by: -1 }),
		moveDown: () => change({ do: "move", id, by: 1 }),
		delete: () => change({ do: "delete", id }),
		edit: () => composer.current?.edit(message),
		release: () => change({ do: "release", id }),
		send: () => post({ type: "sendQueued", chat, id }),
	};
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		const onText = (event.target as HTMLElement).dataset["part"] === "text";
		const action = queueKey(event, onText);
		if (!action) return;
		event.preventDefault();
		event.stopPropagation();
		act[action]();
	};
	const tabIndex = tabbable ? 0 : -1;
	return (
		<li class="queued" data-id={id} data-testid="queued" onKeyDown={onKeyDown} onFocusCapture={onFocus}>
			{when !== "" && <Icon name={held ? "edit" : "send"} class="queued-mark" />}
			<button
				type="button"
				class={open ? "queued-text open" : "queued-text"}
				data-part="text"
				aria-expanded={open}
				aria-describedby={help}
				tabIndex={tabIndex}
				onClick={() => setOpen(!open)}
			>
				{text}
			</button>
			{attached && attached.length > 0 && <Along attached={attached} />}
			{when !== "" && (
				<span class="queued-when" data-testid="queued-when">
					{when}
				</span>
			)}
			<Acts {...{ message, isFirst, isLast, tabIndex, act }} />
		</li>
	);
}

interface ActsProps extends Pick<RowProps, "message" | "isFirst" | "isLast"> {
	readonly tabIndex: number;
	readonly act: Readonly<Record<"send" | "edit" | "release" | "moveUp" | "moveDown" | "delete", () => void>>;
}

function Acts({ message: { held, steer }, isFirst, isLast, tabIndex, act }: ActsProps) {
	const icons = {
		send: "send",
		edit: held ? "discard" : "edit",
		up: "chevron-up",
		down: "chevron-down",
		delete: "trash",
	};
	const button = (part: keyof typeof icons, words: string, press: () => void, off?: boolean) => (
		<IconButton
			data-part={part}
			tabIndex={tabIndex}
			icon={icons[part]}
			words={words}
			aria-disabled={off}
			onClick={press}
		/>
	);
	return (
		<span class="queued-acts">
			{!steer && !held && button("send", t("Send now, at the next step"), act.send)}
			{held ? button("edit", t("Leave it as it was"), act.release) : button("edit", t("Edit"), act.edit)}
			{/* There also where they do nothing: a button that goes would take the focus with it. */}
			{button("up", t("Move up"), act.moveUp, isFirst)}
			{button("down", t("Move down"), act.moveDown, isLast)}
			{button("delete", t("Delete"), act.delete)}
		</span>
	);
}

/** How much goes along with a message. */
function Along({ attached }: { readonly attached: readonly Attached[] }) {
	const names = attached.map(({ name }) => visible(name)).join(", ");
	return (
		<span class="queued-along" title={t("With {0}", names)} data-testid="queued-along">
			<Icon name="attach" />
			<span aria-hidden="true">{attached.length}</span>
			<span class="sr">{t("With {0}", names)}</span>
		</span>
	);
}
