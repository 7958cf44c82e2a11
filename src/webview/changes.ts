import type { DiffPreview } from "../shared/preview.ts";
import type { ChangedFile } from "../shared/protocol.ts";
import { shallowEqual } from "./memo.ts";
import { t } from "./words.ts";

/** The list as it was, wherever nothing changed: the host sends a new one each time, and what is equal needs no drawing. */
export function shareFiles(before: readonly ChangedFile[], after: readonly ChangedFile[]): readonly ChangedFile[] {
	if (after === before) return before;
	const known = new Map(before.map((file) => [file.path, file]));
	const shared = after.map((file) => {
		const old = known.get(file.path);
		return old && shallowEqual(old, file) ? old : file;
	});
	return shallowEqual(shared, before) ? before : shared;
}

interface Lines {
	readonly added: number;
	readonly removed: number;
}

/** Lines of all files together. */
export function sumLines(files: readonly Lines[]): Lines {
	return {
		added: files.reduce((sum, file) => sum + file.added, 0),
		removed: files.reduce((sum, file) => sum + file.removed, 0),
	};
}

export function countFiles(count: number): string {
	return count === 1 ? t("1 file") : t("{0} files", count);
}

/** What happened to a file, as one letter for eyes (those of VS Code's source control) and as a word for ears. */
export function kindOf({ kind }: Pick<ChangedFile, "kind">): { readonly letter: string; readonly word: string } {
	switch (kind) {
		case "created":
			return { letter: "A", word: t("new file") };
		case "deleted":
			return { letter: "D", word: t("deleted") };
		case "renamed":
			return { letter: "R", word: t("renamed") };
		case "changed":
		case "mode":
		case "binary":
			return { letter: "M", word: t("changed") };
	}
}

/** Said in place of counts, where no lines can be counted. */
export function insteadOfCounts({ kind }: Pick<ChangedFile, "kind">): string | undefined {
	if (kind === "mode") return t("permissions");
	return kind === "binary" ? t("binary") : undefined;
}

/** For a screen reader, when the number of files changes. */
export function changesStatus(files: readonly ChangedFile[]): string {
	if (files.length === 0) return "";
	return files.length === 1 ? t("1 changed file to review.") : t("{0} changed files to review.", files.length);
}

/** What a proposal does to a file besides changing lines; that it renames it shows in its path. */
export function tagOf(file: Pick<DiffPreview, "created" | "deleted" | "from">): string | undefined {
	if (file.deleted) return t("deleted");
	if (file.from !== undefined) return undefined;
	return file.created ? t("new file") : undefined;
}

/** Changed lines of several files that are put in the page at once; the files after those wait closed. */
const OPEN_LINES = 1_000;

/** Which files of a proposal start open: those with a warning, and the first ones, as far as they don't make it slow. */
export function startsOpen(files: readonly DiffPreview[]): readonly boolean[] {
	let lines = 0;
	return files.map(({ added, removed, warning }) => {
		lines += added + removed;
		return lines <= OPEN_LINES || warning !== undefined;
	});
}
