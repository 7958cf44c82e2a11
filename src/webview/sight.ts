import { createContext, type RefObject } from "preact";

/** Pixels beyond what is seen of the chat that count as near: what the next turn of the wheel may bring. */
const MARGIN = 1200;

/** Tells what of a long chat is near the part that is seen. */
export interface Sight {
	/**
	 * Calls back soon, and whenever the element comes near or goes away, with its height in pixels. Returns the way to
	 * stop.
	 */
	watch(element: Element, moved: Moved): () => void;
	close(): void;
}

type Moved = (isNear: boolean, height: number) => void;

/** `box`: what scrolls; there once anything is watched. */
export function createSight(box: RefObject<Element | null>): Sight {
	const watched = new Map<Element, Moved>();
	let observer: IntersectionObserver | undefined;
	const look = (entries: readonly IntersectionObserverEntry[]) => {
		for (const { target, isIntersecting, boundingClientRect } of entries)
			watched.get(target)?.(isIntersecting, boundingClientRect.height);
	};
	return {
		watch(element, moved) {
			observer ??= new IntersectionObserver(look, { root: box.current, rootMargin: `${MARGIN}px 0px` });
			watched.set(element, moved);
			observer.observe(element);
			return () => {
				watched.delete(element);
				observer?.unobserve(element);
			};
		},
		close() {
			observer?.disconnect();
			observer = undefined;
		},
	};
}

/** Where nothing scrolls, all is near. */
export const SightContext = createContext<Sight>({ watch: () => () => undefined, close: () => undefined });
