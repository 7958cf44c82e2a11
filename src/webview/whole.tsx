import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { t } from "./words.ts";

/** Lines of a box that are out of sight. */
interface Hidden {
	readonly above: number;
	readonly below: number;
}

const none: Hidden = { above: 0, below: 0 };

/**
 * All of what the person decides on. It scrolls where it does not fit, so that the buttons stay with it, and then says
 * above the buttons how much of it is out of sight: what is below a first screen of harmless lines must not be missed.
 */
export function Whole({ children }: { readonly children: ComponentChildren }) {
	const box = useRef<HTMLElement>(null);
	const content = useRef<HTMLDivElement>(null);
	const { above, below } = useHidden(box, content);
	const isCut = above + below > 0;
	// The line about it makes the card higher, after the chat was scrolled to its end.
	useLayoutEffect(() => {
		if (isCut) box.current?.closest(".approval")?.scrollIntoView({ block: "nearest" });
	}, [isCut]);
	return (
		<>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard. */}
			<section class="whole" data-testid="whole" ref={box} tabIndex={0} aria-label={t("What you decide on")}>
				<div class="whole-content" ref={content}>
					{children}
				</div>
			</section>
			{isCut && (
				<div class="whole-more" data-testid="whole-more">
					{above > 0 && <span>{t("Lines above: {0}", above)}</span>}
					{below > 0 && (
						<button
							type="button"
							class="link"
							data-testid="whole-below"
							onClick={() => box.current?.scrollBy({ top: box.current.clientHeight * 0.8 })}
						>
							<Icon name="arrow-down" /> {t("More lines below: {0}", below)}
						</button>
					)}
				</div>
			)}
		</>
	);
}

function useHidden(box: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>): Hidden {
	const [hidden, setHidden] = useState(none);
	useLayoutEffect(() => {
		const element = box.current;
		if (!element || !content.current) return;
		const look = () =>
			setHidden((before) => {
				const now = measure(element);
				return now.above === before.above && now.below === before.below ? before : now;
			});
		const resized = new ResizeObserver(look);
		resized.observe(element);
		resized.observe(content.current);
		element.addEventListener("scroll", look, { passive: true });
		return () => {
			resized.disconnect();
			element.removeEventListener("scroll", look);
		};
	}, []);
	return hidden;
}

/** Pixels that are a border or a rounding, and no text. */
const SLACK = 6;

function measure(box: HTMLElement): Hidden {
	const line = Number.parseFloat(getComputedStyle(box).lineHeight) || 18;
	const lines = (pixels: number) => (pixels <= SLACK ? 0 : Math.ceil(pixels / line));
	const left = box.scrollHeight - box.clientHeight - box.scrollTop;
	return { above: lines(box.scrollTop), below: lines(left) };
}
