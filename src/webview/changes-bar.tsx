import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ChangedFile } from "../shared/protocol.ts";
import { ChangedFileRow } from "./changed-file.tsx";
import { countFiles, sumLines } from "./changes.ts";
import { Counts } from "./counts.tsx";
import { useHost } from "./host.ts";
import { Icon } from "./icon.tsx";
import { useLeaveToComposer } from "./leave-to-composer.ts";
import { memo } from "./memo.ts";
import { t } from "./words.ts";

interface ChangesBarProps {
	/** At least one. */
	readonly files: readonly ChangedFile[];
}

/** What was changed and waits for the person: review, keep or undo all of it, or file by file. */
export const ChangesBar = memo(({ files }: ChangesBarProps) => {
	const { post, chat } = useHost();
	const [open, setOpen] = useState(false);
	const [asking, setAsking] = useState(false);
	const bar = useRef<HTMLElement>(null);
	const list = useId();
	// It goes with its last file.
	useLeaveToComposer(bar);
	const undo = useFocusBack(asking);
	const onYes = () => {
		setAsking(false);
		post({ type: "undoChanges", chat });
	};
	return (
		<section class="changes" data-testid="changes" aria-label={t("Changed files to review")} ref={bar}>
			{asking ? (
				<Question count={files.length} onYes={onYes} onNo={() => setAsking(false)} />
			) : (
				<div class="changes-head">
					<button
						type="button"
						class="changes-toggle"
						data-testid="changes-toggle"
						aria-expanded={open}
						aria-controls={list}
						onClick={() => setOpen(!open)}
					>
						<Icon name="chevron-right" class="twist" />
						<span>{countFiles(files.length)}</span>
						<Counts {...sumLines(files)} />
					</button>
					<Actions count={files.length} undo={undo} onUndo={() => setAsking(true)} />
				</div>
			)}
			<Files id={list} files={files} open={open} />
		</section>
	);
});

/** The button that asked has the focus again when the question goes and leaves it nowhere. */
function useFocusBack(asking: boolean): RefObject<HTMLButtonElement | null> {
	const button = useRef<HTMLButtonElement>(null);
	const before = useRef(asking);
	useLayoutEffect(() => {
		if (before.current && !asking && document.activeElement === document.body) button.current?.focus();
		before.current = asking;
	}, [asking]);
	return button;
}

interface ActionsProps {
	readonly count: number;
	readonly undo: RefObject<HTMLButtonElement | null>;
	onUndo(): void;
}

/** For all files at once. */
function Actions({ count, undo, onUndo }: ActionsProps) {
	const { post, chat } = useHost();
	return (
		<div class="changes-acts">
			<button
				type="button"
				class="link"
				data-testid="changes-review"
				title={t("Review")}
				aria-label={t("Review")}
				onClick={() => post({ type: "reviewChanges", chat })}
			>
				<Icon name="diff-multiple" class="narrow" />
				<span class="wide">{t("Review")}</span>
			</button>
			<button
				type="button"
				class="link"
				data-testid="changes-keep"
				title={t("Keep all")}
				aria-label={t("Keep all")}
				onClick={() => post({ type: "keepChanges", chat })}
			>
				<All count={count} all={t("Keep all")} one={t("Keep")} />
			</button>
			<button
				type="button"
				class="link"
				data-testid="changes-undo"
				title={t("Undo all")}
				aria-label={t("Undo all")}
				ref={undo}
				onClick={onUndo}
			>
				<All count={count} all={t("Undo all")} one={t("Undo")} />
			</button>
		</div>
	);
}

/** The short word where there is only one file, or little room. */
function All({ count, all, one }: { readonly count: number; readonly all: string; readonly one: string }) {
	if (count === 1) return one;
	return (
		<>
			<span class="wide">{all}</span>
			<span class="narrow">{one}</span>
		</>
	);
}

interface QuestionProps {
	readonly count: number;
	onYes(): void;
	onNo(): void;
}

/** Undo loses work, so it asks first; in place, since the person looks here. */
function Question({ count, onYes, onNo }: QuestionProps) {
	const no = useRef<HTMLButtonElement>(null);
	const words = useId();
	// On the harmless answer: a second Enter that was meant for the first button undoes nothing.
	useLayoutEffect(() => no.current?.focus(), []);
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
		if (event.key !== "Escape") return;
		event.preventDefault();
		event.stopPropagation();
		onNo();
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: a fieldset brings a look and a form of its own.
		<div
			class="changes-head question"
			role="group"
			aria-labelledby={words}
			data-testid="changes-question"
			onKeyDown={onKeyDown}
			onFocusOut={(event) => {
				const to = event.relatedTarget;
				if (to instanceof Node && !event.currentTarget.contains(to)) onNo();
			}}
		>
			<span id={words}>{count === 1 ? t("Undo 1 file?") : t("Undo {0} files?", count)}</span>
			<button
				type="button"
				class="link"
				data-testid="changes-undo-yes"
				// The second half of a double click was not meant as an answer.
				onClick={(event) => event.detail < 2 && onYes()}
			>
				{t("Yes")}
			</button>
			<button type="button" class="link" data-testid="changes-undo-no" ref={no} onClick={onNo}>
				{t("No")}
			</button>
		</div>
	);
}

interface FilesProps extends ChangesBarProps {
	readonly id: string;
	readonly open: boolean;
}

function Files({ id, files, open }: FilesProps) {
	const list = useRef<HTMLUListElement>(null);
	const follow = useNextRow(list, files);
	const shown = useShown(open, files.length);
	return (
		<ul id={id} class="changes-list" ref={list} hidden={!open} {...follow}>
			{open && files.slice(0, shown).map((file) => <ChangedFileRow key={file.path} file={file} />)}
		</ul>
	);
}

/** Rows that are put in the page in one frame. */
const PAGE = 60;

/** How many rows are in the page: more from frame to frame, so that a long list opens at once. */
function useShown(open: boolean, total: number): number {
	const [shown, setShown] = useState(PAGE);
	useEffect(() => {
		if (!open || shown >= total) return;
		const frame = requestAnimationFrame(() => setShown(shown + PAGE));
		return () => cancelAnimationFrame(frame);
	}, [open, shown, total]);
	return shown;
}

/** A row goes when its file is kept or undone: the focus goes on to the same button of the row that takes its place. */
function useNextRow(list: RefObject<HTMLUListElement | null>, files: readonly ChangedFile[]) {
	const at = useRef<{ readonly row: number; readonly act: string }>(undefined);
	useLayoutEffect(() => {
		const lost = document.activeElement === document.body && document.hasFocus();
		if (!at.current || !lost || !list.current) return;
		const { row, act } = at.current;
		const rows = list.current.children;
		rows[Math.min(row, rows.length - 1)]?.querySelector<HTMLElement>(`[data-act="${act}"]`)?.focus();
	}, [files]);
	return {
		onFocusIn({ target }: FocusEvent) {
			if (!(target instanceof HTMLElement)) return;
			const { act } = target.dataset;
			const row = target.closest("li");
			at.current = act && row ? { row: [...(list.current?.children ?? [])].indexOf(row), act } : undefined;
		},
		onFocusOut({ relatedTarget: to }: FocusEvent) {
			// A button that is taken out of the page leaves to nowhere.
			if (to instanceof Node && !list.current?.contains(to)) at.current = undefined;
		},
	};
}
