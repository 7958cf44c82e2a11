import type { ChangedFile } from "../shared/protocol.ts";
import { visible } from "../shared/visible.ts";
import { insteadOfCounts, kindOf } from "./changes.ts";
import { Counts } from "./counts.tsx";
import { FilePath } from "./file-path.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
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
			{file.edited && (
				<span class="change-edited" title={t("You edited this file after Kimi did")}>
					<Icon name="person" />
					<span class="sr">{t("edited by you")}</span>
					<span class="wide" aria-hidden="true">
						{t("edited by you")}
					</span>
				</span>
			)}
			{file.unsure && !file.edited && (
				<span class="change-edited" title={t("It changed after Kimi was cut off, so it may be your work")}>
					<Icon name="question" />
					<span class="sr">{t("maybe yours")}</span>
					<span class="wide" aria-hidden="true">
						{t("maybe yours")}
					</span>
				</span>
			)}
			<span class="change-end">
				{instead ? <span class="dim">{instead}</span> : <Counts added={file.added} removed={file.removed} />}
				<span class="change-acts">
					<button
						type="button"
						class="icon-button"
						data-act="keep"
						data-testid="change-keep"
						title={t("Keep")}
						aria-label={t("Keep {0}", name)}
						onClick={() => post({ type: "keepChanges", chat, path })}
					>
						<Icon name="check" />
					</button>
					<button
						type="button"
						class="icon-button"
						data-act="undo"
						data-testid="change-undo"
						title={t("Undo")}
						aria-label={t("Undo {0}", name)}
						onClick={() => post({ type: "undoChanges", chat, path })}
					>
						<Icon name="discard" />
					</button>
				</span>
			</span>
		</li>
	);
});
