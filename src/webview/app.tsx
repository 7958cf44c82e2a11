import type { TargetedKeyboardEvent } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Op } from "../shared/protocol.ts";
import { announcement, delay, failedCalls } from "./announce.ts";
import { changesStatus } from "./changes.ts";
import { ChangesBar } from "./changes-bar.tsx";
import { Composer } from "./composer.tsx";
import { FirstRun } from "./first-run.tsx";
import { Header } from "./header.tsx";
import { type ComposerHandle, type Host, HostContext } from "./host.ts";
import { Notices } from "./notice.tsx";
import { Plan } from "./plan.tsx";
import { Queue } from "./queue.tsx";
import { Sending } from "./sending.tsx";
import { Spoken } from "./spoken.tsx";
import { asking, isBusy, isRunning, type State } from "./store.ts";
import { Transcript } from "./transcript.tsx";
import { t } from "./words.ts";

interface AppProps {
	readonly state: State;
	/** Stays the same for the life of the view. */
	post(op: Op): void;
}

export function App({ state, post }: AppProps) {
	const composer = useRef<ComposerHandle>(null);
	const chat = state.chat.id;
	const { afterPlan } = state.view;
	const restricted = state.view.workspace === "untrusted";
	const host = useMemo<Host>(
		() => ({ post, chat, afterPlan, restricted, composer }),
		[post, chat, afterPlan, restricted],
	);
	const running = isRunning(state);
	const unfinished = state.chat.todo.some((item) => item.status !== "done");
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		if (event.key === "Escape" && isBusy(state) && !event.defaultPrevented) post({ type: "stop", chat });
	};
	return (
		<HostContext.Provider value={host}>
			{/* biome-ignore lint/a11y/noStaticElementInteractions: Escape stops the turn wherever the focus is. */}
			<div class="app" onKeyDown={onKeyDown}>
				<Spoken id="status">{announcement(state)}</Spoken>
				<Spoken id="delay">{delay(state)}</Spoken>
				<Spoken id="failed-calls">{failedCalls(state)}</Spoken>
				<Spoken id="changes-status">{changesStatus(state.view.changes)}</Spoken>
				<Spoken id="outcome">
					<span key={state.announced.count}>{state.announced.text}</span>
				</Spoken>
				{state.view.setup ? (
					<FirstRun presets={state.view.presets} found={state.view.found} />
				) : (
					<>
						<Header view={state.view} />
						<Transcript key={chat} state={state} />
						<section class="bottom" aria-label={t("Compose")}>
							<Notices view={state.view} />
							{state.view.changes.length > 0 && <ChangesBar key={chat} files={state.view.changes} />}
							{state.chat.todo.length > 0 && (running || unfinished) && <Plan items={state.chat.todo} />}
							<Queue key={`queue ${chat}`} queue={state.chat.queue} running={running} asks={asking(state).length > 0} />
							<Sending key={`sending ${chat}`} rows={state.view.sending ?? []} />
							<Composer
								view={state.view}
								chat={state.chat}
								compose={state.compose}
								focus={state.focus}
								mentions={state.mentions}
								running={running}
							/>
						</section>
					</>
				)}
			</div>
		</HostContext.Provider>
	);
}
