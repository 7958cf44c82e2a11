import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Elapsed } from "./clock.tsx";
import { duration } from "./format.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { useWholeStep } from "./whole-step.ts";
import { t } from "./words.ts";

interface ThinkingProps {
	readonly text: string;
	/** `seq` of its step, where only the outline of that is there. */
	readonly outline?: number | undefined;
	/** Still going on. */
	readonly active: boolean;
	/** ms since 1970, while it goes on. */
	readonly since?: number;
	/** How long it took, once that is known. */
	readonly ms?: number;
}

/** One quiet line that opens. The text is in the page only while it is open. */
export const Thinking = memo(({ text, outline, active, since, ms }: ThinkingProps) => {
	const [open, setOpen] = useState(false);
	useWholeStep(outline, open);
	const took = useRef<number>(undefined);
	if (!active && since !== undefined) took.current ??= Date.now() - since;
	const known = ms ?? took.current;
	const body = useRef<HTMLElement>(null);
	useLayoutEffect(() => {
		if (active && body.current) body.current.scrollTop = body.current.scrollHeight;
	}, [text, open, active]);
	return (
		<div class="thinking" data-testid="thinking" data-active={active}>
			<button type="button" class="line" aria-expanded={open} onClick={() => setOpen(!open)}>
				<span class={active ? "shimmer" : ""}>{active ? t("Thinking…") : past(known)}</span>
				{active && since !== undefined && <Elapsed since={since} after={1000} />}
				<Icon name="chevron-right" class="twist" />
			</button>
			{open && outline === undefined && (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
				<section class="thoughts" ref={body} tabIndex={0} aria-label={t("Thinking")}>
					<Seen text={text} />
				</section>
			)}
		</div>
	);
});

function past(ms: number | undefined): string {
	if (ms === undefined) return t("Thought");
	return ms < 1000 ? t("Thought briefly") : t("Thought for {0}", duration(ms));
}
