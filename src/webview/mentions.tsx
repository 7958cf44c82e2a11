import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MentionRow } from "../shared/attachments.ts";
import { kindIcon } from "./attachment-look.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { type Mention, mentionAt, segments } from "./mention-query.ts";
import { Seen } from "./seen.tsx";
import type { State } from "./store.ts";
import { type Taken, useSuggest } from "./suggest-list.tsx";
import { typeIn } from "./type-in.ts";
import { t } from "./words.ts";

interface MentionsProps {
	readonly area: RefObject<HTMLTextAreaElement | null>;
	/** What the host found last. */
	readonly found: State["mentions"];
	/** Nothing is to be offered. */
	readonly off: boolean;
}

/** Rows that are drawn: who looks for more types on. */
const MAX_ROWS = 50;

/** The list of things to attach that opens as the person types `@`. */
export function useMentions({ area, found, off }: MentionsProps) {
	const { post } = useHost();
	const { asking, look, close } = useAsking(area, off);
	const query = asking?.query ?? "";
	const rows = asking && found.id >= asking.first ? found.rows.slice(0, MAX_ROWS) : [];
	/** What is on screen answers to less than was typed. */
	const isLate = found.id !== asking?.id;
	const isMeant = ({ label }: MentionRow) => !isLate || label.toLowerCase().includes(query.toLowerCase());
	/** The person took the first row of the answer to this question before it came. */
	const awaited = useRef(0);

	const take = (row: MentionRow) => {
		if (!area.current || !asking) return;
		if (row.wanted) post({ type: "attach", wanted: row.wanted });
		area.current.setSelectionRange(asking.at, area.current.selectionEnd);
		typeIn(area.current, row.more === undefined ? `@${row.label} ` : `@${row.more}`);
	};
	useEffect(() => {
		const [first] = rows;
		if (first && !isLate && awaited.current === found.id) take(first);
	}, [found]);
	const suggest = useSuggest({
		name: "mention",
		label: t("What to attach"),
		rows,
		query: asking?.id,
		keyOf: ({ kind, label, detail }) => `${kind} ${label} ${detail}`,
		draw,
		take(row: MentionRow, { chosen }: Taken) {
			if (chosen || isMeant(row)) take(row);
			else awaited.current = asking?.id ?? 0;
		},
		close,
	});
	const hint = rows.length > 0 ? t("To attach: {0}. Up and Down choose, Enter takes, Esc closes.", rows.length) : "";
	return { ...suggest, hint, look };
}

interface Asking extends Mention {
	/** Of the question to the host. */
	readonly id: number;
	/** Of the first one since the list opened: what came before is not about this. */
	readonly first: number;
}

/** What is being named in the text, from the key that began it until the caret leaves it; each key asks the host. */
function useAsking(area: RefObject<HTMLTextAreaElement | null>, off: boolean) {
	const { post } = useHost();
	const [asking, setAsking] = useState<Asking>();
	const last = useRef(0);
	/** Where the `@` stands of which the person closed the list. */
	const closed = useRef<number | undefined>(undefined);
	const named = () => {
		const { value = "", selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
		return off || selectionStart !== selectionEnd ? undefined : mentionAt(value, selectionStart);
	};
	/** After something was typed. */
	const look = () => {
		const now = named();
		if (now?.at !== closed.current) closed.current = undefined;
		if (!now || now.at === closed.current) return setAsking(undefined);
		if (now.at === asking?.at && now.query === asking.query) return;
		const id = ++last.current;
		post({ type: "mention", id, query: now.query });
		setAsking({ ...now, id, first: asking?.first ?? id });
	};
	useEffect(() => {
		if (!asking) return;
		const onMove = () => {
			if (named()?.at !== asking.at) setAsking(undefined);
		};
		document.addEventListener("selectionchange", onMove);
		return () => document.removeEventListener("selectionchange", onMove);
	}, [asking]);
	const close = () => {
		closed.current = asking?.at;
		setAsking(undefined);
	};
	return { asking: off ? undefined : asking, look, close };
}

function draw({ kind, label, detail, marks }: MentionRow) {
	return (
		<>
			<Icon name={kindIcon(kind)} />
			<span class="mention-words">
				<span class="mention-name path">
					{segments(label, marks).map(({ text, hit }, index) =>
						hit ? (
							<b key={index}>
								<Seen text={text} oneLine />
							</b>
						) : (
							<Seen key={index} text={text} oneLine />
						),
					)}
				</span>{" "}
				<span class="mention-detail path">
					<Seen text={detail} oneLine />
				</span>
			</span>
		</>
	);
}
