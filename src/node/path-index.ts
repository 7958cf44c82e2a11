import { setImmediate } from "node:timers/promises";
import { matchPath, type Target, type Typed, targetOf, typedOf } from "./fuzzy.ts";

/** A path that fits, relative to the workspace with `/`. */
export interface FoundPath {
	readonly path: string;
	readonly isFolder: boolean;
	/** Places in `path`, sorted. */
	readonly marks: readonly number[];
}

/** What the search wants to know of a path beside its letters. */
export interface Taste {
	readonly limit: number;
	/** The person has it open, or had it lately: the smaller the nearer, from 0. */
	readonly rank?: ReadonlyMap<string, number>;
}

/** Milliseconds at a time that making an index takes of its process. */
const PIECE_MS = 10;
/** For a path that was used lately: as much as one better way to fit, and no more. */
const USED = 120;
/** Of two that fit as well the shorter one, which counts less than anything else. */
const LENGTH = 1 / 16;
const LONGEST = 500;

const NONE = targetOf("");

interface Hit {
	readonly at: number;
	readonly score: number;
}

/** The files of a workspace and the folders that they lie in, to be found by a few letters. */
export class PathIndex {
	readonly #targets: readonly Target[];
	readonly #files: number;

	private constructor(targets: readonly Target[], files: number) {
		this.#targets = targets;
		this.#files = files;
	}

	/** Makes room for others again and again. Undefined once `signal` aborts. */
	static async of(files: readonly string[], signal: AbortSignal): Promise<PathIndex | undefined> {
		const targets: Target[] = [];
		const folders = new Set<string>();
		const isDone = await inPieces(files, signal, (path) => {
			targets.push(targetOf(path));
			addFolders(path, folders);
		});
		if (!isDone || !(await inPieces(folders, signal, (path) => targets.push(targetOf(path))))) return undefined;
		return new PathIndex(targets, files.length);
	}

	/** The best that fit all of the words, best first; of no words those that the person used. */
	find(query: string, { limit, rank }: Taste): readonly FoundPath[] {
		const words = wordsOf(query);
		if (words.length === 0) return [];
		let best: Hit[] = [];
		let least = 0;
		for (let at = 0; at < this.#targets.length; at++) {
			const score = this.#score(at, words, least, rank);
			// Of those that fit as well the path decides, and not which came first: ripgrep lists them in any order.
			if (score === 0 || score < least) continue;
			best.push({ at, score });
			if (best.length < limit * 4) continue;
			best = this.#sorted(best).slice(0, limit);
			least = best.at(-1)?.score ?? 0;
		}
		return this.#sorted(best)
			.slice(0, limit)
			.map(({ at }) => this.#found(at, words));
	}

	#score(at: number, words: readonly Typed[], least: number, rank: Taste["rank"]): number {
		const target = this.#targets[at];
		if (!target) return 0;
		const used = rank?.get(target.path);
		const near = used === undefined ? 0 : USED / (1 + used / 10);
		// As many files as folders are called `test`: the file is what is meant more often.
		const more = near + (at < this.#files ? 1 : 0) - Math.min(target.path.length, LONGEST) * LENGTH;
		// Of several words each may be worth the most.
		const needed = words.length === 1 ? least - more : 0;
		let score = 0;
		for (const word of words) {
			const one = matchPath(target, word, needed);
			if (one === 0) return 0;
			score += one;
		}
		return Math.max(score / words.length + more, Number.MIN_VALUE);
	}

	#sorted(hits: readonly Hit[]): Hit[] {
		const path = ({ at }: Hit) => this.#targets[at]?.path ?? "";
		return hits.toSorted((a, b) => b.score - a.score || (path(a) < path(b) ? -1 : 1));
	}

	#found(at: number, words: readonly Typed[]): FoundPath {
		const target = this.#targets[at] ?? NONE;
		const marks: number[] = [];
		for (const word of words) matchPath(target, word, 0, marks);
		const sorted = [...new Set(marks)].sort((a, b) => a - b);
		return { path: target.path, isFolder: at >= this.#files, marks: sorted };
	}
}

async function inPieces(
	paths: Iterable<string>,
	signal: AbortSignal,
	take: (path: string) => unknown,
): Promise<boolean> {
	let until = performance.now() + PIECE_MS;
	for (const path of paths) {
		take(path);
		if (performance.now() < until) continue;
		await setImmediate();
		if (signal.aborted) return false;
		until = performance.now() + PIECE_MS;
	}
	return true;
}

function addFolders(path: string, folders: Set<string>): void {
	for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
		const folder = path.slice(0, end);
		if (folders.has(folder) || folder.endsWith("..")) return;
		folders.add(folder);
	}
}

function wordsOf(query: string): readonly Typed[] {
	const words = query.replaceAll("\\", "/").replace(/^\.\//, "").split(/\s+/);
	return words
		.map((word) => word.replace(/^\/+/, ""))
		.filter((word) => word !== "")
		.map(typedOf);
}
