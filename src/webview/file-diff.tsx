import { useId, useState } from "preact/hooks";
import type { DiffPreview } from "../shared/preview.ts";
import { visible } from "../shared/visible.ts";
import { startsOpen, tagOf } from "./changes.ts";
import { Counts } from "./counts.tsx";
import { Diff } from "./diff.tsx";
import { FilePath } from "./file-path.tsx";
import { Icon } from "./icon.tsx";
import { memo } from "./memo.ts";
import { Seen } from "./seen.tsx";
import { t } from "./words.ts";

interface FileDiffProps {
	readonly file: DiffPreview;
	/** All lines at once, as an approval has to. */
	readonly whole: boolean;
}

/** The warning first: it is what the person has to know before they look at lines. */
export function FileDiff({ file, whole }: FileDiffProps) {
	return (
		<>
			{file.warning && (
				<div class="warning" data-testid="warning">
					<Icon name="warning" class="wait" />
					<span>
						<Seen text={file.warning} />
					</span>
				</div>
			)}
			{file.diff === "" ? (
				<p class="no-lines">{t("No lines change.")}</p>
			) : (
				<Diff path={file.path} diff={file.diff} whole={whole} />
			)}
		</>
	);
}

interface FileDiffsProps {
	readonly files: readonly DiffPreview[];
	readonly whole: boolean;
}

/** Several files, each with its own diff to open and close. */
export function FileDiffs({ files, whole }: FileDiffsProps) {
	const open = startsOpen(files);
	return (
		<div class="files">
			{files.map((file, index) => (
				<FileSection key={file.path} file={file} whole={whole} startOpen={open[index] === true} />
			))}
		</div>
	);
}

const FileSection = memo(({ file, whole, startOpen }: FileDiffProps & { readonly startOpen: boolean }) => {
	const [open, setOpen] = useState(startOpen);
	const body = useId();
	const tag = tagOf(file);
	return (
		<div class="file-section" data-testid="file" data-path={file.path}>
			<button
				type="button"
				class="file-head"
				title={visible(file.path)}
				aria-expanded={open}
				aria-controls={body}
				onClick={() => setOpen(!open)}
			>
				<Icon name="chevron-right" class="twist" />
				<span class="file-name path">
					<FilePath path={file.path} from={file.from} />
				</span>
				{tag && <span class="tag">{tag}</span>}
				{file.warning && !open && <Icon name="warning" class="wait" />}
				<Counts added={file.added} removed={file.removed} />
			</button>
			<div id={body} class="file-body" hidden={!open}>
				{open && <FileDiff file={file} whole={whole} />}
			</div>
		</div>
	);
});
