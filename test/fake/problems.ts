import type { Problem, Problems, ProblemWatch } from "../../src/agent/problems.ts";

/** An editor's language service that says what a test tells it to. */
export class FakeProblems implements Problems {
	found: readonly Problem[] = [];
	/** Files that it looked at before it was asked to. */
	readonly known = new Set<string>();
	/** Its words once files were written; absent: it has none. */
	afterwards: (() => readonly Problem[]) | undefined;
	/** Files that have a service by their end. */
	served = ".ts";
	readonly watched: (readonly string[])[] = [];
	open = 0;

	now(): readonly Problem[] {
		return this.found;
	}

	watch(paths: readonly string[]): Promise<ProblemWatch | undefined> {
		const served = paths.filter((path) => path.endsWith(this.served));
		if (served.length === 0) return Promise.resolve(undefined);
		this.watched.push(served);
		this.open++;
		return Promise.resolve({
			known: new Set(served.filter((path) => this.known.has(path))),
			settled: (signal: AbortSignal) => {
				if (!signal.aborted) this.found = this.afterwards?.() ?? this.found;
				return Promise.resolve();
			},
			end: () => void this.open--,
		});
	}
}

export function problem(path: string, line: number, message: string, more: Partial<Problem> = {}): Problem {
	return { path, line, message, severity: "error", source: "ts", code: "2304", ...more };
}
