import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useHost } from "./host.ts";

/** For a part that goes by itself: whoever stood in it stands in the composer then, and not nowhere. */
export function useLeaveToComposer(part: RefObject<HTMLElement | null>): void {
	const { composer } = useHost();
	useLayoutEffect(
		() => () => {
			if (part.current?.contains(document.activeElement)) composer.current?.focus();
		},
		[],
	);
}
