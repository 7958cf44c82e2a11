import type { ChangedFile } from "../shared/protocol.ts";
import { visible } from "../shared/visible.ts";
import { insteadOfCounts, kindOf } from "./changes.ts";
import { Counts } from "./counts.tsx";
import { FilePath } from "./file-path.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { IconButton } from "./icon-button.tsx";
import { memo } from "./memo.ts";
import { t } from "./words.ts";

/** One file of the changes bar: its name opens the diff, and it can be kept or undone by itself. */
export const ChangedFileRow = memo(({ file }: { readonly file: ChangedFile }) => {
	const { post, chat } = useHost();
	const { path, from } = file;
	const kind = kindOf(file);
	const name = visible(from === undefined ? path : `${from} → ${path}`);
	const instead = insteadOfCounts(file);
	return (
		<li class="change" data-testid="change" data-path={path} data-kind={file.kind}>
			<span class={`change-kind ${file.kind}`} title={kind.word} aria-hidden="true">
				{kind.letter}
			</span>
			<button
				type="button"
				class="tool-target file"
				data-act="review"
				title={t("Review {0}", name)}
				onClick={() => post({ type: "reviewChanges", chat, path })}
			>
				<FilePath path={path} from={from} />
				<span class="sr">, {kind.word}</span>
			</button>
			{file.edited && <Yours icon="person" words={t("edited by you")} why={t("You edited this file after Kimi did")} />}
			{file.unsure && !file.edited && (
				<Yours
					icon="question"
					words={t("maybe yours")}
					why={t("It changed after Kimi was cut off, so it may be your work")}
				/>
			)}
			<span class="change-end">
				{instead ? <span class="dim">{instead}</span> : <Counts added={file.added} removed={file.removed} />}
				<span class="change-acts">
					<IconButton
						data-act="keep"
						data-testid="change-keep"
						icon="check"
						words={t("Keep {0}", name)}
						title={t("Keep")}
						onClick={() => post({ type: "keepChanges", chat, path })}
					/>
					<IconButton
						data-act="undo"
						data-testid="change-undo"
						icon="discard"
						words={t("Undo {0}", name)}
						title={t("Undo")}
						onClick={() => post({ type: "undoChanges", chat, path })}
					/>
				</span>
			</span>
		</li>
	);
});

interface YoursProps {
	readonly icon: string;
	readonly words: string;
	readonly why: string;
}

/** A mark that not all of it is Kimi's. Where there is little room the words are for screen readers only. */
function Yours({ icon, words, why }: YoursProps) {
	return (
		<span class="change-edited" title={why}>
			<Icon name={icon} />
			<span class="sr">{words}</span>
			<span class="wide" aria-hidden="true">
				{words}
			</span>
		</span>
	);
}
