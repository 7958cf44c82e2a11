import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useHost } from "./host.ts";

/** What a row of a list shows; its element has the id as `data-id`. */
interface Row {
	readonly id: string;
}

/**
 * Whoever stands in a row stands there still when the row moves, in the one after it when it goes, and in the composer
 * when that was the last.
 */
export function useFocusKept(list: RefObject<HTMLElement | null>, shown: readonly Row[]): void {
	const { composer } = useHost();
	const before = useRef(shown);
	// While this renders the rows are those of before.
	const stood = standing(list.current);
	useLayoutEffect(() => {
		const old = before.current;
		before.current = shown;
		if (!stood || list.current?.contains(document.activeElement)) return;
		const place = neighbour(old, shown, stood.id);
		const row = rows(list.current).find(({ dataset }) => dataset["id"] === place);
		const same = row?.querySelector<HTMLElement>(`[data-part="${stood.part}"]`);
		const there = same ?? row?.querySelector<HTMLElement>("[data-part]");
		if (there) there.focus();
		else composer.current?.focus();
	});
}

/** The id of the row that takes the place of this one; undefined: none is left. */
export function neighbour(before: readonly Row[], after: readonly Row[], id: string): string | undefined {
	if (after.some((row) => row.id === id)) return id;
	const at = before.findIndex((row) => row.id === id);
	return after[Math.max(0, Math.min(at, after.length - 1))]?.id;
}

/** Moves the focus from row to row. */
export function focusRow(list: HTMLElement | null, id: string, by: -1 | 1): void {
	const all = rows(list);
	const at = all.findIndex(({ dataset }) => dataset["id"] === id);
	focusIn(all[at + by]);
}

export function focusEnd(list: HTMLElement | null, end: "first" | "last"): void {
	focusIn(rows(list).at(end === "first" ? 0 : -1));
}

function focusIn(row: HTMLElement | undefined): void {
	row?.querySelector<HTMLElement>("[data-part]")?.focus();
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
