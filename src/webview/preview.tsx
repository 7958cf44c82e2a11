import type { Preview } from "../shared/event.ts";
import { Diff } from "./diff.tsx";
import { Icon } from "./icon.tsx";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** Everything that a plan shows of itself, whole and wrapped. */
export function PreviewBody({ preview, whole }: { readonly preview: Preview; readonly whole?: boolean }) {
	switch (preview.kind) {
		case "diff":
			return (
				<>
					{preview.warning && (
						<div class="warning">
							<Icon name="warning" class="wait" />
							<span>
								<Seen text={preview.warning} />
							</span>
						</div>
					)}
					<Diff diff={preview.diff} whole={whole === true} />
				</>
			);
		case "files":
			return (
				<>
					{preview.files.map((file) => (
						<PreviewBody key={file.path} preview={file} whole={whole === true} />
					))}
				</>
			);
		case "plan":
			return (
				<pre class="result">
					<Seen text={preview.text} />
				</pre>
			);
		case "command":
			return <Command command={preview.command} cwd={preview.cwd} />;
		case "text":
			return (
				<pre class="result">
					<Seen text={preview.text} />
				</pre>
			);
	}
}

function Command({ command, cwd }: { readonly command: string; readonly cwd: string }) {
	return (
		<div class="command">
			<pre>
				<Seen text={command} />
			</pre>
			{cwd !== "" && (
				<div class="cwd">
					{t("in")}{" "}
					<span class="path">
						<Seen text={cwd} oneLine />
					</span>
				</div>
			)}
		</div>
	);
}

/** `+3 −1`, with words for a screen reader. */
export function Counts({ preview }: { readonly preview: Preview | undefined }) {
	if (preview?.kind !== "diff") return null;
	return (
		<span class="counts">
			<span class="sr">{t("{0} lines added, {1} removed", preview.added, preview.removed)}</span>
			<span aria-hidden="true">
				<span class="plus">+{preview.added}</span> <span class="minus">−{preview.removed}</span>
			</span>
		</span>
	);
}
