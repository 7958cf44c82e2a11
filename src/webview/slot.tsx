import type { ComponentChild } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import { SightContext } from "./sight.ts";

interface SlotProps {
	/** Pixels that its content will take, as far as one can tell without it; absent: it is in the page from the start. */
	readonly estimate: number | undefined;
	/** Its content stays in the page wherever it is. */
	readonly stays: boolean;
	content(): ComponentChild;
}

/**
 * A piece of a long chat. Out of sight only its height is in the page: however long the chat is, the page is not. What
 * the person did something with stays: what they opened, selected, or have the focus on.
 */
export function Slot({ estimate, stays, content }: SlotProps) {
	const sight = useContext(SightContext);
	const box = useRef<HTMLDivElement>(null);
	/** Pixels in place of the content; undefined: it is there. */
	const [gone, setGone] = useState(estimate);
	useLayoutEffect(() => {
		const element = box.current;
		if (!element) return;
		return sight.watch(element, (isNear, height) => {
			if (isNear) setGone(undefined);
			else if (!isHeld(element)) setGone((before) => before ?? height);
		});
	}, [sight]);
	const isThere = stays || gone === undefined;
	return (
		<div class="slot" ref={box} style={isThere ? "" : { height: `${gone}px` }}>
			{isThere && content()}
		</div>
	);
}

const OPENED = '[aria-expanded="true"], details[open]';

function isHeld(slot: Element): boolean {
	const selection = document.getSelection();
	const isSelected = selection?.isCollapsed === false && selection.containsNode(slot, true);
	return isSelected || slot.contains(document.activeElement) || slot.querySelector(OPENED) !== null;
}
