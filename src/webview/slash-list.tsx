import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { matchingSlash, type SlashRow } from "../shared/slash.ts";
import { Icon } from "./icon.tsx";
import { type Key, slashKey } from "./keys.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

interface SlashProps {
	/** What stands in the composer. */
	readonly text: string;
	readonly rows: readonly SlashRow[];
	/** Nothing is to be offered. */
	readonly off: boolean;
	fill(text: string): void;
	run(text: string): void;
}

/** The list of commands that opens as the person types `/`. The focus stays in the composer. */
export function useSlash({ text, rows, off, fill, run }: SlashProps) {
	const id = useId();
	const [picked, setPicked] = useState(0);
	const [closed, setClosed] = useState(false);
	const found = off || closed ? [] : matchingSlash(rows, text);
	useEffect(() => setPicked(0), [text]);
	useEffect(() => {
		if (!text.startsWith("/")) setClosed(false);
	}, [text]);
	const at = Math.min(picked, found.length - 1);
	const row = found[at];

	const take = ({ name, takes }: SlashRow, now: boolean) => {
		const isWhole = text.slice(1).toLowerCase() === name.toLowerCase();
		if (now && (isWhole || takes === undefined)) run(`/${name}`);
		else fill(`/${name} `);
	};
	/** True: the key was for the list. */
	const onKey = (event: TargetedKeyboardEvent<HTMLTextAreaElement> & Key): boolean => {
		const action = row && slashKey(event);
		if (!row || !action) return false;
		event.preventDefault();
		event.stopPropagation();
		if (action === "close") setClosed(true);
		else if (action === "up" || action === "down")
			setPicked((at + (action === "down" ? 1 : found.length - 1)) % found.length);
		else take(row, action === "run");
		return true;
	};
	const aria = {
		"aria-autocomplete": "list" as const,
		...(row && { "aria-controls": id, "aria-activedescendant": optionId(id, at) }),
	};
	const list = row ? <SlashList id={id} rows={found} at={at} take={(one) => take(one, true)} /> : null;
	const hint = row ? t("Commands: {0}. Up and Down choose, Enter takes, Esc closes.", found.length) : "";
	return { list, aria, hint, onKey };
}

function optionId(id: string, at: number): string {
	return `${id}-${at}`;
}

interface ListProps {
	readonly id: string;
	readonly rows: readonly SlashRow[];
	readonly at: number;
	take(row: SlashRow): void;
}

function SlashList({ id, rows, at, take }: ListProps) {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [at]);
	return (
		<div
			ref={box}
			id={id}
			class="menu slash"
			role="listbox"
			aria-label={t("Commands")}
			// It scrolls, so that it has to be reachable by keyboard.
			tabIndex={0}
			data-testid="slash"
		>
			{rows.map((row, index) => (
				// biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the composer, which names the active one.
				// biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the composer's.
				<div
					key={row.name}
					id={optionId(id, index)}
					class="menu-item"
					role="option"
					aria-selected={index === at}
					data-testid={`slash-${row.name}`}
					// The composer keeps the focus.
					onMouseDown={(event) => event.preventDefault()}
					onClick={() => take(row)}
				>
					<Icon name={row.own === "skill" ? "mortar-board" : row.own === "command" ? "file" : "terminal"} />
					<span class="menu-words">
						<span class="menu-name">
							/{row.name} {row.takes !== undefined && <span class="slash-takes">{row.takes}</span>}
						</span>
						<span class="menu-about">
							<Seen text={row.about} oneLine />
						</span>
					</span>
				</div>
			))}
		</div>
	);
}
