import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { useHost } from "./host.ts";
import { type TranscriptAction, transcriptKey } from "./keys.ts";

/*
 * The chat is one stop of the Tab key, however long it is: arrows go from message to message, and Tab through what the one
 * with the focus has. Works on the page itself: which part of a long chat is in it changes all the time.
 */

/** What stands in the chat, one below the other. A slot without content is a part that is out of sight. */
const ITEMS = ".said, .md, .thinking, .tool, .card, .notice, .told, .foot, .hello, .slot:empty";
/** Parts with keys of their own. */
const OWN_KEYS = "input, textarea, select, pre, .thoughts, [role=menu], [role=radiogroup], .approval";
const STOPS = 'button:not(:disabled), a[href], input, textarea, summary, [tabindex="0"]';
/** Frames that a part out of sight has to come into the page. */
const PATIENCE = 30;
/** Characters of a message that a screen reader is told when the focus comes to it. */
const SPOKEN = 500;

/** `box`: the chat, which scrolls. */
export function useRoving(box: RefObject<HTMLElement | null>): void {
	const { composer } = useHost();
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const onKeyDown = (event: KeyboardEvent) => {
			const from = event.target;
			if (event.defaultPrevented || !(from instanceof Element)) return;
			const action = actionOf(event, from, element);
			if (action === "leave") composer.current?.focus();
			else if (action && move(element, from, action)) event.preventDefault();
		};
		element.addEventListener("keydown", onKeyDown);
		return () => element.removeEventListener("keydown", onKeyDown);
	}, []);
}

function actionOf(event: KeyboardEvent, from: Element, box: Element): TranscriptAction | undefined {
	const action = transcriptKey(event);
	const isOut = action === "outAfter" || action === "outBefore";
	return isOut || from === box || !from.closest(OWN_KEYS) ? action : undefined;
}

function move(box: HTMLElement, from: Element, action: Exclude<TranscriptAction, "leave">): boolean {
	return action === "outAfter" || action === "outBefore" ? leave(box, from, action) : go(box, from, action);
}

type Move = Exclude<TranscriptAction, "leave" | "outAfter" | "outBefore">;

/** False: there is nothing to go to, and the key keeps its meaning. */
function go(box: HTMLElement, from: Element, to: Move): boolean {
	const items = itemsOf(box);
	const here = items.findIndex((item) => item.contains(from));
	const target = to === "first" ? items[0] : to === "last" ? items.at(-1) : items[nextIndex(items, here, to)];
	if (!target) return false;
	focusItem(box, target, to === "before" || to === "last" ? "last" : "first");
	return true;
}

/** From the chat itself the first key leads to its end, where the news is. */
function nextIndex(items: readonly HTMLElement[], here: number, move: "after" | "before"): number {
	if (here < 0) return items.length - 1;
	const next = here + (move === "after" ? 1 : -1);
	return next < 0 || next >= items.length ? here : next;
}

/** Of items inside of others the outer ones count: a card is one thing. */
function itemsOf(box: HTMLElement): readonly HTMLElement[] {
	const all = [...box.querySelectorAll<HTMLElement>(ITEMS)];
	return all.filter((item) => !item.parentElement?.closest(ITEMS));
}

function focusItem(box: HTMLElement, item: HTMLElement, end: "first" | "last", left = PATIENCE): void {
	if (!item.matches(".slot:empty")) {
		focus(item);
		return;
	}
	item.scrollIntoView({ block: end === "last" ? "end" : "start" });
	if (left === 0) return;
	requestAnimationFrame(() => {
		const inside = itemsOf(box).filter((each) => item.contains(each));
		focusItem(box, inside.at(end === "last" ? -1 : 0) ?? item, end, left - 1);
	});
}

/** What can be pressed in a card has the focus; a message has it as a whole. */
function focus(item: HTMLElement): void {
	const isMessage = item.matches(".said, .md");
	const target = isMessage ? item : (item.querySelector<HTMLElement>(STOPS) ?? item);
	if (target === item) {
		item.tabIndex = -1;
		item.setAttribute("role", "article");
		item.setAttribute("aria-label", (item.textContent ?? "").trim().slice(0, SPOKEN));
	}
	target.focus({ preventScroll: true });
	target.scrollIntoView({ block: "nearest" });
}

/** Past the last stop of an item Tab leaves the chat, and before the first one. False: it goes on inside. */
function leave(box: HTMLElement, from: Element, action: "outAfter" | "outBefore"): boolean {
	const isAfter = action === "outAfter";
	const item = itemsOf(box).find((each) => each.contains(from));
	const inside = item ? stopsIn(item).filter((stop) => stop !== from && isBeyond(from, stop, isAfter)) : [];
	if (inside.length > 0) return false;
	const outside = stopsIn(document.body).filter((stop) => !box.contains(stop) && isBeyond(box, stop, isAfter));
	const target = outside.at(isAfter ? 0 : -1);
	target?.focus();
	return target !== undefined;
}

function isBeyond(from: Element, stop: Element, isAfter: boolean): boolean {
	const place = from.compareDocumentPosition(stop);
	return (place & (isAfter ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING)) !== 0;
}

function stopsIn(root: Element): readonly HTMLElement[] {
	const all = [...root.querySelectorAll<HTMLElement>(STOPS)];
	return all.filter((stop) => stop.tabIndex >= 0 && stop.checkVisibility({ visibilityProperty: true }));
}
