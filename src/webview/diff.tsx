import { useState } from "preact/hooks";
import { visible } from "../shared/visible.ts";
import { type DiffLine, diffLines } from "./diff-lines.ts";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** Rows that are put in the page at once; more on demand. */
const PAGE = 400;

const signs = { added: "+", removed: "−", same: " ", gap: "⋯", note: " " } as const;

/** For ears: a screen reader hears neither the colour nor the sign. */
function spoken(kind: DiffLine["kind"]): string {
	return kind === "added" ? t("added") : kind === "removed" ? t("removed") : "";
}

interface DiffProps {
	/** Of the file. */
	readonly path: string;
	readonly diff: string;
	/** Starts with all of it, as an approval has to. */
	readonly whole?: boolean;
}

/** A diff in one column, wrapped, so that nothing is off screen. */
export const Diff = memo(({ path, diff, whole = false }: DiffProps) => {
	const lines = diffLines(diff);
	const [shown, setShown] = useState(whole ? lines.length : PAGE);
	const left = lines.length - shown;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
		<section class="diff" aria-label={t("Changes in {0}", visible(path))} tabIndex={0}>
			{lines.slice(0, shown).map((line, index) => (
				<div key={index} class={`diff-line ${line.kind}`}>
					<span class="diff-number" aria-hidden="true">
						{line.number}
					</span>
					<span class="diff-sign" aria-hidden="true">
						{signs[line.kind]}
					</span>
					<span class="diff-text">
						{spoken(line.kind) !== "" && <span class="sr">{spoken(line.kind)} </span>}
						<Seen text={line.text} />
					</span>
				</div>
			))}
			{left > 0 && (
				<button type="button" class="link more" onClick={() => setShown(lines.length)}>
					{t("Show {0} more lines", left)}
				</button>
			)}
		</section>
	);
});
