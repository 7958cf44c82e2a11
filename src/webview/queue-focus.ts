import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { QueuedMessage } from "../shared/event.ts";
import { useHost } from "./host.ts";

/**
 * Whoever stands in a row stands there still when the row moves, in the one after it when it goes, and in the composer
 * when that was the last.
 */
export function useFocusKept(list: RefObject<HTMLElement | null>, queue: readonly QueuedMessage[]): void {
	const { composer } = useHost();
	const before = useRef(queue);
	// While this renders the rows are those of before.
	const stood = standing(list.current);
	useLayoutEffect(() => {
		const old = before.current;
		before.current = queue;
		if (!stood || list.current?.contains(document.activeElement)) return;
		const place = neighbour(old, queue, stood.id);
		const row = rows(list.current).find(({ dataset }) => dataset["id"] === place);
		const same = row?.querySelector<HTMLElement>(`[data-part="${stood.part}"]`);
		const there = same ?? row?.querySelector<HTMLElement>("[data-part]");
		if (there) there.focus();
		else composer.current?.focus();
	});
}

/** The id of the message that takes the place of this one; undefined: none is left. */
export function neighbour(
	before: readonly QueuedMessage[],
	after: readonly QueuedMessage[],
	id: string,
): string | undefined {
	if (after.some((message) => message.id === id)) return id;
	const at = before.findIndex((message) => message.id === id);
	return after[Math.max(0, Math.min(at, after.length - 1))]?.id;
}

/** Moves the focus from row to row. */
export function focusRow(list: HTMLElement | null, id: string, by: -1 | 1): void {
	const all = rows(list);
	const at = all.findIndex(({ dataset }) => dataset["id"] === id);
	all[at + by]?.querySelector<HTMLElement>("[data-part]")?.focus();
}

function rows(list: HTMLElement | null): HTMLElement[] {
	return [...(list?.querySelectorAll<HTMLElement>("[data-id]") ?? [])];
}

function standing(list: HTMLElement | null): { readonly id: string; readonly part: string } | undefined {
	const focused = document.activeElement;
	if (!(focused instanceof HTMLElement) || !list?.contains(focused)) return undefined;
	const id = focused.closest<HTMLElement>("[data-id]")?.dataset["id"];
	return id === undefined ? undefined : { id, part: focused.dataset["part"] ?? "" };
}
