import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { Preview } from "../shared/preview.ts";
import type { Call } from "../shared/reduce.ts";
import { visible } from "../shared/visible.ts";
import {
	callPreview,
	callTitle,
	decision,
	type Look,
	peek,
	stateIcon,
	stateWord,
	tail,
	toolIcon,
	toolVerb,
} from "./call-look.ts";
import { Elapsed } from "./clock.tsx";
import { CommandLinks } from "./command-links.tsx";
import { PreviewCounts } from "./counts.tsx";
import { ExploredCalls } from "./exploration.tsx";
import { FilePath } from "./file-path.tsx";
import { bytes, duration } from "./format.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { PreviewBody } from "./preview.tsx";
import { Recovered } from "./recovered.tsx";
import { Seen } from "./seen.tsx";
import { Told } from "./told.tsx";
import { useWholeStep } from "./whole-step.ts";
import { t } from "./words.ts";

interface Running {
	readonly at: number;
	readonly output: string;
}

interface ToolCardProps {
	readonly call: Call;
	/** `seq` of its step, where only the outline of that is there. */
	readonly outline: number | undefined;
	readonly running?: Running | undefined;
	/** The turn goes on: a call without a result is still on its way. */
	readonly open: boolean;
}

/** A call as one quiet row. What is behind it is put in the page when it is opened. */
export const ToolCard = memo(({ call, outline, running, open }: ToolCardProps) => {
	const [expanded, setExpanded] = useState(false);
	useWholeStep(outline, expanded);
	const body = useId();
	const look: Look = running && call.text === undefined ? "running" : call.state;
	const settled = call.text !== undefined || !open;
	return (
		<div class={`tool ${look}`} data-testid="tool-card" data-state={look} data-tool={call.tool}>
			<div class="tool-head">
				<button
					type="button"
					class="tool-toggle"
					aria-expanded={expanded}
					aria-controls={body}
					onClick={() => setExpanded(!expanded)}
				>
					<Icon name={toolIcon(call.tool, call)} class="tool-icon" />
					<Title call={call} />
					<span class="sr">, {settled && call.text === undefined ? t("not run") : stateWord(look)}</span>
				</button>
				<Target call={call} />
				{call.recovered && <Recovered />}
				<span class="tool-meta">
					<Counted call={call} look={look} />
					<Timing call={call} running={running} />
					<StateIcon look={look} settled={settled} joined={call.joined !== undefined} />
				</span>
			</div>
			{call.state === "denied" && call.joined === undefined && (
				<div class="tool-note">
					<Seen text={decision(call)} oneLine />
				</div>
			)}
			{look === "running" && running && <LiveOutput call={call} output={running.output} />}
			<div id={body} class="tool-body" hidden={!expanded}>
				{expanded && outline === undefined && <Body call={call} />}
			</div>
			{call.note !== undefined && <Told note={call.note} />}
		</div>
	);
});

/** A call that is part of an earlier one's proposal is counted, and decided on, there. */
function Counted({ call, look }: { readonly call: Call; readonly look: Look }) {
	if (call.joined !== undefined) return <span class="joined">{t("part of the edit above")}</span>;
	return look === "failed" ? null : <PreviewCounts preview={callPreview(call)} />;
}

function Title({ call }: { readonly call: Call }) {
	const title = callTitle(call);
	return (
		<>
			<span class="tool-verb">
				<Seen text={title.verb} oneLine />
			</span>
			{title.path === undefined && title.target !== "" && (
				<span class="tool-target">
					<Seen text={title.target} oneLine />
				</span>
			)}
		</>
	);
}

function Target({ call }: { readonly call: Call }) {
	const { post } = useHost();
	const { path } = callTitle(call);
	if (path === undefined) return null;
	return (
		<button
			type="button"
			class="tool-target file"
			title={t("Open {0}", visible(path))}
			aria-label={t("Open {0}", visible(path))}
			onClick={() => post({ type: "openFile", path })}
		>
			<FilePath path={path} />
		</button>
	);
}

function Timing({ call, running }: { readonly call: Call; readonly running: Running | undefined }) {
	if (call.text === undefined) return running ? <Elapsed since={running.at} after={1000} /> : null;
	// Short calls are noise: their time says nothing.
	return call.ms !== undefined && call.ms >= 500 ? <span class="clock">{duration(call.ms)}</span> : null;
}

interface StateIconProps {
	readonly look: Look;
	readonly settled: boolean;
	readonly joined: boolean;
}

function StateIcon({ look, settled, joined }: StateIconProps) {
	const shown = stateIcon(look);
	const waits = shown.spin || look === "asking";
	if (waits && settled) return <Icon name="circle-slash" class="dim" />;
	if (waits && joined) return null;
	return <Icon name={shown.name} class={shown.class} spin={shown.spin === true} />;
}

function LiveOutput({ call, output }: { readonly call: Call; readonly output: string }) {
	const isCommand = call.effects?.some((effect) => "exec" in effect) === true;
	if (!isCommand && output === "") return null;
	if (call.preview?.kind === "task") return <ExploredCalls calls={lines(tail(output)).map((title) => ({ title }))} />;
	return (
		<div class="tool-live">
			{output.trim() !== "" && (
				<pre class="output">
					<Seen text={tail(output)} />
				</pre>
			)}
			{isCommand && <CommandLinks call={call} />}
		</div>
	);
}

function lines(text: string): string[] {
	return text.split("\n").filter((line) => line !== "");
}

/** What came of the call adds nothing to its picture. */
function saysAll(preview: Preview | undefined): boolean {
	return preview !== undefined && preview.kind !== "command" && preview.kind !== "call";
}

function Body({ call }: { readonly call: Call }) {
	const preview = callPreview(call);
	const result = peek(call.text ?? "");
	const accepted = call.state === "denied" ? "" : decision(call);
	return (
		<>
			{accepted !== "" && <div class="tool-note">{accepted}</div>}
			{preview && <PreviewBody preview={preview} />}
			{call.text !== undefined && call.state !== "denied" && <CommandLinks call={call} />}
			{result.text !== "" && (!saysAll(preview) || (call.state === "failed" && preview?.kind !== "text")) && (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
				<pre class="result" tabIndex={0}>
					<Seen text={result.text} />
				</pre>
			)}
			{result.left > 0 && <div class="tool-note">{t("… and {0} more", bytes(result.left))}</div>}
			{!preview && result.text === "" && (
				<pre class="result">
					<Seen text={call.args} />
				</pre>
			)}
		</>
	);
}

/** A call that the model is still spelling out. */
export function CallingRow({ tool, size }: { readonly tool: string; readonly size: number }) {
	return (
		<ClosedRow tool={tool} state="calling" note={t("Writing arguments…")} noteClass="shimmer">
			<span class="clock">{bytes(size)}</span>
			<Icon name="loading" class="dim" spin />
		</ClosedRow>
	);
}

/** A call of an answer that was cut: it never ran. */
export function LostCall({ tool }: { readonly tool: string }) {
	return (
		<ClosedRow tool={tool} state="lost" note={t("Not run: the answer was cut off")}>
			<Icon name="circle-slash" class="dim" />
		</ClosedRow>
	);
}

interface ClosedRowProps {
	readonly tool: string;
	readonly state: "calling" | "lost";
	readonly note: string;
	readonly noteClass?: string;
	readonly children: ComponentChildren;
}

/** A call with nothing to look into. */
function ClosedRow({ tool, state, note, noteClass = "", children }: ClosedRowProps) {
	return (
		<div class={`tool ${state}`} data-testid="tool-card" data-state={state} data-tool={tool}>
			<div class="tool-head">
				<span class="tool-toggle">
					<Icon name={toolIcon(tool)} class="tool-icon" />
					<span class="tool-verb">
						<Seen text={toolVerb(tool)} oneLine />
					</span>
					<span class={`tool-target ${noteClass}`}>{note}</span>
				</span>
				<span class="tool-meta">{children}</span>
			</div>
		</div>
	);
}
