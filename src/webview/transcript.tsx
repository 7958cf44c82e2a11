import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Hello } from "./hello.tsx";
import { Icon } from "./icon.tsx";
import { RestoredNotice } from "./restored.tsx";
import { restoredWords } from "./restored-words.ts";
import { useRoving } from "./roving.ts";
import { createSight, SightContext } from "./sight.ts";
import { isRunning, type State } from "./store.ts";
import { TurnView } from "./turn.tsx";
import { uncoveredWords, undoableTurns } from "./turn-summary.ts";
import { t } from "./words.ts";

/** Turns shown at first; older ones on demand. */
const PAGE = 100;
/** Turns that are likely to be seen when a chat opens, at its end. */
const RECENT = 3;
/** Pixels from the end that still count as being there. */
const NEAR = 32;

/** The chat on screen; another chat is another transcript. */
export function Transcript({ state }: { readonly state: State }) {
	const { turns } = state.chat;
	const [shown, setShown] = useState(PAGE);
	const box = useRef<HTMLDivElement>(null);
	const { pinned, jump } = useStickyEnd(box, turns.length);
	useRoving(box);
	const running = isRunning(state);
	const restored = restoredWords(state.chat);
	const sight = useMemo(() => createSight(box), []);
	useEffect(() => sight.close, [sight]);
	const hidden = Math.max(0, turns.length - shown);
	// Not with each change of a turn under way: its end is soon enough.
	const undoable = useMemo(() => undoableTurns(running ? [] : turns.slice(hidden)), [turns, hidden, running]);
	const uncovered = useMemo(() => uncoveredWords(turns), [turns]);
	return (
		<main class="transcript-frame">
			<div
				class="transcript"
				data-testid="transcript"
				ref={box}
				role="log"
				aria-live="off"
				aria-label={t("Chat")}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
				tabIndex={0}
			>
				{turns.length === 0 ? <Hello view={state.view} /> : <h1 class="sr">{state.chat.title}</h1>}
				{hidden > 0 && (
					<button type="button" class="link earlier" onClick={() => setShown(shown + PAGE)}>
						{t("Show {0} earlier", Math.min(hidden, PAGE))}
					</button>
				)}
				<SightContext.Provider value={sight}>
					{turns.slice(hidden).map((turn, index, list) => {
						const last = index === list.length - 1;
						return (
							<TurnView
								key={turn.seq}
								turn={turn}
								live={last && running ? state.live : undefined}
								last={last}
								recent={index >= list.length - RECENT}
								interrupted={last && state.view.interrupted}
								undoable={undoable.has(turn.seq)}
								uncovered={uncovered.get(turn.seq) ?? ""}
							/>
						);
					})}
				</SightContext.Provider>
				{restored && <RestoredNotice words={restored} />}
			</div>
			{!pinned && (
				<button type="button" class="jump" data-testid="jump" onClick={jump}>
					<Icon name="arrow-down" /> {t("Jump to latest")}
				</button>
			)}
		</main>
	);
}

/** Keeps the end in sight while it grows, until the person scrolls up; a new turn brings it back. */
function useStickyEnd(box: { readonly current: HTMLDivElement | null }, turns: number) {
	const [pinned, setPinned] = useState(true);
	const stays = useRef(true);
	const set = (value: boolean) => {
		stays.current = value;
		setPinned(value);
	};
	const toEnd = () => {
		if (box.current) box.current.scrollTop = box.current.scrollHeight;
	};
	useLayoutEffect(() => set(true), [turns]);
	useLayoutEffect(() => {
		if (stays.current) toEnd();
	});
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		let top = element.scrollTop;
		const atEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
		const onScroll = () => {
			// Growing and shrinking content scrolls too; only the person's way up lets go of the end.
			if (atEnd()) set(true);
			else if (element.scrollTop < top - 2) set(false);
			top = element.scrollTop;
		};
		// What was just opened should stay where it is.
		const onClick = () => requestAnimationFrame(() => set(atEnd()));
		const resized = new ResizeObserver(() => stays.current && toEnd());
		resized.observe(element);
		element.addEventListener("scroll", onScroll, { passive: true });
		element.addEventListener("click", onClick);
		return () => {
			resized.disconnect();
			element.removeEventListener("scroll", onScroll);
			element.removeEventListener("click", onClick);
		};
	}, []);
	return {
		pinned,
		jump: () => {
			set(true);
			toEnd();
		},
	};
}
