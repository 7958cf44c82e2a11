import { useId, useState } from "preact/hooks";
import type { Attached } from "../shared/attachments.ts";
import { visible } from "../shared/visible.ts";
import { kindIcon, kindWords, thumbSrc } from "./attachment-look.ts";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What went with the person's words: a file opens in the editor, a picture or a text below. */
export const AttachedList = memo(({ attached }: { readonly attached: readonly Attached[] }) => {
	const [open, setOpen] = useState<number>();
	const id = useId();
	const shown = open === undefined ? undefined : attached[open];
	return (
		<div class="went-along" data-testid="went-along">
			<ul class="chips" aria-label={t("Attached")}>
				{attached.map((one, index) => (
					<li key={index} class={one.kind === "active" ? "attached offered" : "attached"}>
						<Sent
							one={one}
							shows={open === index}
							controls={id}
							show={() => setOpen(open === index ? undefined : index)}
						/>
					</li>
				))}
			</ul>
			{shown && (
				<div id={id}>
					<Content one={shown} />
				</div>
			)}
		</div>
	);
});

interface SentProps {
	readonly one: Attached;
	/** Its content stands below. */
	readonly shows: boolean;
	/** Id of the place where it does. */
	readonly controls: string;
	show(): void;
}

function Sent({ one, shows, controls, show }: SentProps) {
	const { post } = useHost();
	const { kind, name, path, line, failed } = one;
	const words = t("{0}: {1}", kindWords(kind), visible(name));
	const look = <Look one={one} />;
	if (failed !== undefined)
		return (
			<span class="attached-open failed" title={words}>
				{look}
			</span>
		);
	if (path !== undefined)
		return (
			<button
				type="button"
				class="attached-open"
				title={t("{0}. Click to open.", words)}
				aria-label={words}
				onClick={() => post({ type: "openFile", path, ...(line !== undefined && { line }) })}
			>
				{look}
			</button>
		);
	return (
		<button
			type="button"
			class="attached-open"
			title={words}
			aria-label={words}
			aria-expanded={shows}
			aria-controls={shows ? controls : undefined}
			onClick={show}
		>
			{look}
		</button>
	);
}

function Look({ one: { kind, name, path, picture, failed } }: Pick<SentProps, "one">) {
	const thumb = thumbSrc(picture?.thumb);
	return (
		<>
			{thumb === undefined ? (
				<Icon name={failed === undefined ? kindIcon(kind) : "warning"} />
			) : (
				<img class="attached-thumb" src={thumb} alt="" />
			)}
			<span class={path === undefined ? "attached-label" : "attached-label path"}>
				<Seen text={name} oneLine />
			</span>
			{failed !== undefined && (
				<span class="attached-why">
					<Seen text={failed} oneLine />
				</span>
			)}
		</>
	);
}

function Content({ one: { name, text, picture } }: Pick<SentProps, "one">) {
	const thumb = thumbSrc(picture?.thumb);
	if (thumb !== undefined) return <img class="went-picture" src={thumb} alt={visible(name)} />;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard.
		<pre class="result" tabIndex={0}>
			<Seen text={text} />
		</pre>
	);
}
