import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useHost } from "./host.ts";

/** Takes the focus when the card appears, unless that would take it from someone who types. */
export function useFocusOnArrival(target: RefObject<HTMLElement | null>): RefObject<number> {
	const { composer } = useHost();
	const at = useRef(0);
	useEffect(() => {
		// Without the focus in this view, asking for it would take it out of the person's editor.
		if (!document.hasFocus() || composer.current?.isBusy()) return;
		at.current = Date.now();
		target.current?.focus({ preventScroll: true });
	}, []);
	return at;
}
