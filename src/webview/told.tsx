import { useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What the model was told besides the person's own words and the results: one quiet line that opens. */
export const Told = memo(({ note }: { readonly note: string }) => {
	const [open, setOpen] = useState(false);
	const text = note.trim();
	return (
		<div class="told" data-testid="told">
			<button type="button" class="line" aria-expanded={open} onClick={() => setOpen(!open)}>
				<Icon name="info" />
				<span class="told-words">
					{t("Kimi was told:")} {!open && <Seen text={text.split("\n", 1)[0] ?? ""} oneLine />}
				</span>
				<Icon name="chevron-right" class="twist" />
			</button>
			{open && (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
				<pre class="result" tabIndex={0}>
					<Seen text={text} />
				</pre>
			)}
		</div>
	);
});
