import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Turn } from "../shared/reduce.ts";
import { keepDraft } from "./draft.ts";
import { useHost } from "./host.ts";
import type { State } from "./store.ts";

/** What stands in the composer. The host gets a copy of it as the draft. */
export function useText(area: RefObject<HTMLTextAreaElement | null>) {
	const { post } = useHost();
	const [text, setState] = useState("");
	const draft = useMemo(() => keepDraft((value) => post({ type: "draft", text: value })), [post]);
	const setText = (value: string) => {
		setState(value);
		if (value === "") draft.flush(value);
		else draft.changed(value);
	};
	const fill = (value: string) => {
		setText(value);
		const element = area.current;
		if (!element) return;
		// Not after the next render: what is typed meanwhile would come before its end.
		element.value = value;
		element.focus();
		element.setSelectionRange(value.length, value.length);
	};
	useEffect(() => {
		const leave = () => area.current && draft.flush(area.current.value);
		window.addEventListener("pagehide", leave);
		return () => window.removeEventListener("pagehide", leave);
	}, [draft]);
	return { text, setText, fill, restore: setState };
}

/** Follows the host: a text to put here, a draft of another chat, a wish to have the focus. */
export function useComposeMessages(
	state: Pick<State, "compose" | "focus">,
	fill: (text: string) => void,
	restore: (text: string) => void,
): void {
	const { composer } = useHost();
	const seen = useRef({ compose: 0, focus: 0 });
	useLayoutEffect(() => {
		// The draft of a chat is the host's own: it need not be told of it, and nobody asked for the focus.
		const take = state.compose.focus ? fill : restore;
		if (state.compose.count !== seen.current.compose) take(state.compose.text);
		if (state.focus !== seen.current.focus) composer.current?.focus();
		seen.current = { compose: state.compose.count, focus: state.focus };
	}, [state.compose, state.focus]);
}

/** Up in an empty composer brings back the prompts of this chat, one by one. */
export function useRecall(turns: readonly Turn[], fill: (text: string) => void) {
	const place = useRef(0);
	const prompts = turns.flatMap(({ prompt, steered = [] }) => [prompt, ...steered.map(({ text }) => text)]);
	const at = (back: number) => prompts.at(-back) ?? "";
	return {
		/** The text is a recalled prompt as it was. */
		isOn: (text: string) => place.current > 0 && text === at(place.current),
		go(direction: "older" | "newer") {
			const next = place.current + (direction === "older" ? 1 : -1);
			if (next < 0 || next > prompts.length) return;
			place.current = next;
			fill(next === 0 ? "" : at(next));
		},
		reset() {
			place.current = 0;
		},
	};
}
