import type { ExploredCall, Preview } from "../shared/preview.ts";
import { translatedTitle } from "../shared/said.ts";
import { Icon } from "./icon.tsx";
import { Markdown } from "./markdown-view.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What an explorer was asked, did and reported. */
export function Exploration({ preview }: { readonly preview: Extract<Preview, { kind: "task" }> }) {
	const { prompt, calls, report } = preview;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
		<section class="exploration" data-testid="exploration" aria-label={t("Exploration")} tabIndex={0}>
			<p class="exploration-prompt">
				<Seen text={prompt} condense />
			</p>
			{calls.length > 0 && <ExploredCalls calls={calls} />}
			{report !== undefined && <Markdown text={report} done />}
		</section>
	);
}

/** The calls of an explorer, each a quiet line. */
export function ExploredCalls({ calls }: { readonly calls: readonly ExploredCall[] }) {
	return (
		<ul class="explored" aria-label={t("What the explorer did")}>
			{calls.map(({ title, failed }, index) => (
				<li key={index} class={failed ? "failed" : ""}>
					<Icon name={failed ? "circle-slash" : iconOf(title)} class="dim" />
					<Seen text={translatedTitle(title, t)} oneLine />
				</li>
			))}
		</ul>
	);
}

/** By the verb that a title begins with. */
function iconOf(title: string): string {
	return title.startsWith("Read ") ? "file" : "search";
}
