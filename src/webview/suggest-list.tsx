import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type Key, suggestKey } from "./keys.ts";

interface SuggestProps<Row> {
	/** In the test ids: of the list, and with `-` and the row's key of a row. */
	readonly name: string;
	readonly label: string;
	/** None: there is no list. */
	readonly rows: readonly Row[];
	/** What the rows answer to: with another one the first row is the picked one again. */
	readonly query: unknown;
	keyOf(row: Row): string;
	draw(row: Row): ComponentChildren;
	take(row: Row, how: Taken): void;
	close(): void;
}

export interface Taken {
	/** Tab: the person has more to say to it. */
	readonly completes: boolean;
	/** They picked this very row; else it is only the first. */
	readonly chosen: boolean;
}

/** A list above the composer of what may be meant with what is typed. The focus stays in the composer. */
export function useSuggest<Row>({ rows, query, take, close, ...look }: SuggestProps<Row>) {
	const id = useId();
	/** By its key: more rows may come before and after it. */
	const [picked, setPicked] = useState<string>();
	useEffect(() => setPicked(undefined), [query]);
	const found = picked === undefined ? -1 : rows.findIndex((one) => look.keyOf(one) === picked);
	const at = Math.max(0, found);
	const row = rows[at];
	const go = (to: number) => {
		const next = rows[to % rows.length];
		if (next) setPicked(look.keyOf(next));
	};

	/** True: the key was for the list. */
	const onKey = (event: TargetedKeyboardEvent<HTMLTextAreaElement> & Key): boolean => {
		const action = row && suggestKey(event);
		if (!row || !action) return false;
		event.preventDefault();
		event.stopPropagation();
		if (action === "close") close();
		else if (action === "up") go(at + rows.length - 1);
		else if (action === "down") go(at + 1);
		else take(row, { completes: action === "complete", chosen: found !== -1 });
		return true;
	};
	const aria = row && { "aria-controls": id, "aria-activedescendant": optionId(id, at) };
	const pick = (one: Row) => take(one, { completes: false, chosen: true });
	const list = row ? <SuggestList {...look} id={id} rows={rows} at={at} take={pick} /> : null;
	return { list, aria, onKey };
}

function optionId(id: string, at: number): string {
	return `${id}-${at}`;
}

interface ListProps<Row> extends Pick<SuggestProps<Row>, "name" | "label" | "rows" | "keyOf" | "draw"> {
	readonly id: string;
	readonly at: number;
	take(row: Row): void;
}

function SuggestList<Row>({ id, name, label, rows, at, keyOf, draw, take }: ListProps<Row>) {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [at]);
	return (
		<div
			ref={box}
			id={id}
			class="menu suggest"
			role="listbox"
			aria-label={label}
			// It scrolls, so that it has to be reachable by keyboard.
			tabIndex={0}
			data-testid={name}
		>
			{rows.map((row, index) => (
				// biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the composer, which names the active one.
				// biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the composer's.
				<div
					key={keyOf(row)}
					id={optionId(id, index)}
					class="menu-item"
					role="option"
					aria-selected={index === at}
					data-testid={`${name}-${keyOf(row)}`}
					// The composer keeps the focus.
					onMouseDown={(event) => event.preventDefault()}
					onClick={() => take(row)}
				>
					{draw(row)}
				</div>
			))}
		</div>
	);
}
