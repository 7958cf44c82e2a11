/** What a language service of the editor says of a place in a file. */
export interface Problem {
	/** Absolute, as the editor names the file: to be placed before anybody is told of it. */
	readonly path: string;
	/** Counted from 1. */
	readonly line: number;
	readonly severity: "error" | "warning";
	/** The service's words, which may quote the file. */
	readonly message: string;
	/** Who says so, such as `ts` or `eslint`. */
	readonly source?: string;
	readonly code?: string;
}

/** The editor's language services. Most look at files only that have a tab in the editor. Never throws. */
export interface Problems {
	/** All errors and warnings that are reported now, of files on a disk. */
	now(): readonly Problem[];
	/**
	 * Files, absolute, are about to be written or are asked about. Undefined: no service looks at any of them, and nothing
	 * is to be waited for. To be ended.
	 */
	watch(paths: readonly string[]): Promise<ProblemWatch | undefined>;
}

export interface ProblemWatch {
	/** Which of them were looked at by now: what is reported of these is all that there is to report. */
	readonly known: ReadonlySet<string>;
	/** The files were written: resolves when services had their say on that, at the latest after 1.5 seconds, or on Stop. */
	settled(signal: AbortSignal): Promise<void>;
	end(): void;
}
