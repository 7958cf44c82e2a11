import { useId, useState } from "preact/hooks";
import type { Attached } from "../shared/attachments.ts";
import { translated } from "../shared/said.ts";
import { visible } from "../shared/visible.ts";
import { chipWords, kindIcon, thumbSrc } from "./attachment-look.ts";
import { ChipLabel } from "./chip-label.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

/** What went with the person's words: a file opens in the editor, a picture below. */
export const AttachedList = memo(({ attached }: { readonly attached: readonly Attached[] }) => {
	const [open, setOpen] = useState<number>();
	const id = useId();
	const shown = open === undefined ? undefined : attached[open];
	const picture = thumbSrc(shown?.picture?.thumb);
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
			{shown && picture !== undefined && <img id={id} class="went-picture" src={picture} alt={visible(shown.name)} />}
		</div>
	);
});

interface SentProps {
	readonly one: Attached;
	/** Its picture stands below. */
	readonly shows: boolean;
	/** Id of that. */
	readonly controls: string;
	show(): void;
}

function Sent({ one, shows, controls, show }: SentProps) {
	const { post } = useHost();
	const { kind, name, tokens, path, line, picture, failed } = one;
	const words = chipWords({ kind, detail: name, tokens });
	const thumb = thumbSrc(picture?.thumb);
	const label = <ChipLabel kind={kind} label={name} {...(path !== undefined && { path })} />;
	if (failed !== undefined)
		return (
			<span class="attached-open failed" title={words}>
				<Icon name="warning" /> {label}
				<span class="attached-why">
					<Seen text={translated(failed, t)} oneLine />
				</span>
			</span>
		);
	if (thumb !== undefined)
		return (
			<button
				type="button"
				class="attached-open"
				title={words}
				aria-expanded={shows}
				aria-controls={shows ? controls : undefined}
				onClick={show}
			>
				<img class="attached-thumb" src={thumb} alt="" /> {label}
			</button>
		);
	if (path === undefined)
		return (
			<span class="attached-open" title={words}>
				<Icon name={kindIcon(kind)} /> {label}
			</span>
		);
	return (
		<button
			type="button"
			class="attached-open"
			title={t("{0}. Click to open.", words)}
			onClick={() => post({ type: "openFile", path, ...(line !== undefined && { line }) })}
		>
			<Icon name={kindIcon(kind)} /> {label}
		</button>
	);
}
