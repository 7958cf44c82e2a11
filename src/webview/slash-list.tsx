import { useEffect, useState } from "preact/hooks";
import { matchingSlash, type SlashRow } from "../shared/slash.ts";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { useSuggest } from "./suggest-list.tsx";
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

/** The list of commands that opens as the person types `/`. */
export function useSlash({ text, rows, off, fill, run }: SlashProps) {
	const [closed, setClosed] = useState(false);
	const found = off || closed ? [] : matchingSlash(rows, text);
	useEffect(() => {
		if (!text.startsWith("/")) setClosed(false);
	}, [text]);
	const suggest = useSuggest({
		name: "slash",
		label: t("Commands"),
		rows: found,
		query: text,
		keyOf: ({ name }) => name,
		draw,
		take({ name, takes }, { completes }) {
			const isWhole = text.slice(1).toLowerCase() === name.toLowerCase();
			if (!completes && (isWhole || takes === undefined)) run(`/${name}`);
			else fill(`/${name} `);
		},
		close: () => setClosed(true),
	});
	const hint = found.length > 0 ? t("Commands: {0}. Up and Down choose, Enter takes, Esc closes.", found.length) : "";
	return { ...suggest, hint };
}

function draw({ name, about, takes, own }: SlashRow) {
	return (
		<>
			<Icon name={own === "skill" ? "mortar-board" : own === "command" ? "file" : "terminal"} />
			<span class="menu-words">
				<span class="menu-name">
					/{name} {takes !== undefined && <span class="slash-takes">{takes}</span>}
				</span>
				<span class="menu-about">
					<Seen text={about} oneLine />
				</span>
			</span>
		</>
	);
}
