import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { AttachmentRow } from "../shared/attachments.ts";
import { visible } from "../shared/visible.ts";
import { chipWords, kindIcon, thumbSrc } from "./attachment-look.ts";
import { ChipLabel } from "./chip-label.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { IconButton } from "./icon-button.tsx";
import { chipKey } from "./keys.ts";
import { focusEnd, focusRow, useFocusKept } from "./row-focus.ts";
import { Spoken } from "./spoken.tsx";
import { t } from "./words.ts";

interface ChipsProps {
	readonly rows: readonly AttachmentRow[];
	readonly list: RefObject<HTMLUListElement | null>;
	/** The text of a chip can stand in the message instead. */
	isInline(row: AttachmentRow): boolean;
	putInline(row: AttachmentRow): void;
}

/** What goes with the next words: all of it, and each can be taken away. One stop of Tab; arrow keys go on from there. */
export function Chips({ rows, list, isInline, putInline }: ChipsProps) {
	const { post, composer } = useHost();
	const [at, setAt] = useState("");
	const [peeked, setPeeked] = useState<string>();
	/** For screen readers. What is attached the host says, whoever did it. */
	const [news, setNews] = useState("");
	const help = useId();
	useFocusKept(list, rows);
	useLastInSight(list, rows.length);
	const stop = (rows.find(({ id }) => id === at) ?? rows.at(-1))?.id;
	const big = thumbSrc(rows.find(({ id }) => id === peeked)?.thumb);
	const remove = ({ id, label }: AttachmentRow) => {
		post({ type: "detach", id });
		setNews(t("No longer attached: {0}", visible(label)));
	};
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>, row: AttachmentRow) => {
		const action = chipKey(event);
		if (!action) return;
		event.preventDefault();
		event.stopPropagation();
		if (action === "remove") remove(row);
		else if (action === "leave") composer.current?.focus();
		else if (action === "first" || action === "last") focusEnd(list.current, action);
		else focusRow(list.current, row.id, action === "before" ? -1 : 1);
	};
	return (
		<>
			<Spoken id="chips-status">{news}</Spoken>
			{big !== undefined && <img class="chip-preview" src={big} alt="" />}
			{rows.length > 0 && (
				<>
					<span id={help} hidden>
						{t("Delete takes it away, arrow keys go to the others, Escape goes back to the message.")}
					</span>
					<ul ref={list} class="chips" aria-label={t("Goes with your message")} data-testid="chips">
						{rows.map((row) => (
							<li
								key={row.id}
								class={row.kind === "active" ? "attached offered" : "attached"}
								data-id={row.id}
								data-testid="attached"
								onKeyDown={(event) => onKeyDown(event, row)}
								onFocusCapture={() => {
									setAt(row.id);
									setPeeked(row.id);
								}}
								onBlurCapture={() => setPeeked(undefined)}
								onMouseEnter={() => setPeeked(row.id)}
								onMouseLeave={() => setPeeked(undefined)}
							>
								<Chip
									row={row}
									help={help}
									tabbable={row.id === stop}
									remove={() => remove(row)}
									{...(isInline(row) && { putInline })}
								/>
							</li>
						))}
					</ul>
				</>
			)}
		</>
	);
}

/** What was just added is seen, however many there are. */
function useLastInSight(list: RefObject<HTMLElement | null>, count: number): void {
	const before = useRef(0);
	useEffect(() => {
		if (count > before.current) list.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
		before.current = count;
	}, [count]);
}

interface ChipProps {
	readonly row: AttachmentRow;
	/** Id of the words on its keys. */
	readonly help: string;
	readonly tabbable: boolean;
	remove(): void;
	readonly putInline?: (row: AttachmentRow) => void;
}

function Chip({ row, help, tabbable, remove, putInline }: ChipProps) {
	const { post } = useHost();
	const { kind, label, detail, path, line } = row;
	const words = chipWords(row);
	const title = putInline ? t("{0}. Click to put it in the message.", words) : words;
	const thumb = thumbSrc(row.thumb);
	const press = () => {
		if (path !== undefined) post({ type: "openFile", path, ...(line !== undefined && { line }) });
		else putInline?.(row);
	};
	return (
		<>
			<button
				type="button"
				class="attached-open"
				data-part="open"
				title={kind === "active" ? t("{0}. It goes along unless you take it away.", words) : title}
				aria-describedby={help}
				tabIndex={tabbable ? 0 : -1}
				onClick={press}
			>
				{thumb === undefined ? <Icon name={kindIcon(kind)} /> : <img class="attached-thumb" src={thumb} alt="" />}
				<ChipLabel {...row} {...(detail !== label && { more: visible(detail) })} />
			</button>
			{putInline && (
				<IconButton
					{...FOR_POINTER}
					data-part="inline"
					icon="insert"
					words={t("Put it in the message")}
					onClick={() => putInline(row)}
				/>
			)}
			<IconButton
				{...FOR_POINTER}
				data-part="remove"
				icon="close"
				words={t("Take away {0}", visible(detail))}
				onClick={remove}
			/>
		</>
	);
}

/** Whoever writes goes on writing. Keys do the same on the chip itself. */
const FOR_POINTER = { tabIndex: -1, onMouseDown: (event: MouseEvent) => event.preventDefault() };
