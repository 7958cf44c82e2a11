import type { Preview, SandboxKind } from "../shared/preview.ts";
import { Answers } from "./answers.tsx";
import { CallArgs } from "./call-args.tsx";
import { Exploration } from "./exploration.tsx";
import { FileDiff, FileDiffs } from "./file-diff.tsx";
import { Markdown } from "./markdown-view.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** Everything that a plan shows of itself, whole and wrapped. */
export function PreviewBody({ preview, whole = false }: { readonly preview: Preview; readonly whole?: boolean }) {
	switch (preview.kind) {
		case "diff":
			return <FileDiff file={preview} whole={whole} />;
		case "files":
			return <FileDiffs files={preview.files} whole={whole} />;
		case "plan":
			return (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
				<section class="plan-text" aria-label={t("Plan")} tabIndex={0}>
					<Markdown text={preview.text} done />
				</section>
			);
		case "command":
			return <Command preview={preview} />;
		case "task":
			return <Exploration preview={preview} />;
		case "questions":
			return <Answers preview={preview} />;
		case "call":
			return <CallArgs preview={preview} />;
		case "text":
			return (
				<pre class="result">
					<Seen text={preview.text} condense={whole} />
				</pre>
			);
	}
}

function Command({ preview }: { readonly preview: Extract<Preview, { kind: "command" }> }) {
	const { command, cwd, sandbox, background } = preview;
	return (
		<div class="command">
			<pre>
				<Seen text={command} condense />
			</pre>
			{cwd !== "" && (
				<div class="cwd">
					{t("in")}{" "}
					<span class="path">
						<Seen text={cwd} oneLine />
					</span>
				</div>
			)}
			{background && <div class="in-background">{t("It goes on in the background.")}</div>}
			{sandbox !== undefined && <div class="sandboxed">{SANDBOXED[sandbox]()}</div>}
		</div>
	);
}

const SANDBOXED: Readonly<Record<SandboxKind, () => string>> = {
	"no network": () => t("In the sandbox: writes only in the workspace, no network"),
	network: () => t("In the sandbox: writes only in the workspace, with network"),
};
