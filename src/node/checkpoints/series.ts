import type { Blobs } from "./blobs.ts";
import { type Difference, differenceOf } from "./differences.ts";
import { openRepository, type Repository } from "./repository.ts";
import { type Memory, type Tree, takeTree } from "./snapshots.ts";
import type { Use } from "./use.ts";

/** A snapshot that was taken. */
export interface Kept {
	readonly tree: Tree;
	readonly repository: Repository;
}

/** Snapshots of one workspace, one after the other. Nothing here throws; a string is the sentence why there is none. */
export interface Series {
	/** The workspace as it is at the time of the call, or a little later. */
	take(): Promise<Kept | string>;
	/** Reads what changed into the store, so that the next one is quick; does nothing when that was done just now. */
	warm(): void;
	difference(before: Tree, after: Kept): Promise<Difference | string>;
}

/** A workspace that can't be read is tried again after this. */
const REST_MS = 5 * 60_000;
const WARM_MS = 10_000;

export function createSeries(options: {
	readonly root: Promise<string>;
	readonly folder: string;
	readonly git?: string;
	readonly blobs: Blobs;
	readonly use: Use;
	readonly signal: AbortSignal;
}): Series {
	const memory: Memory = { id: undefined };
	let opened: Promise<Repository | string> | undefined;
	let running: Promise<Kept | string> | undefined;
	let waiting: Promise<Kept | string> | undefined;
	/** When the last one ended, and what went wrong then. */
	let last = { at: Number.NEGATIVE_INFINITY, trouble: undefined as string | undefined };

	const run = async (): Promise<Kept | string> => {
		if (options.signal.aborted) return "The workspace was closed.";
		if (last.trouble !== undefined && performance.now() - last.at < REST_MS) return last.trouble;
		const taken = await attempt().catch(wordsOf);
		last = { at: performance.now(), trouble: typeof taken === "string" ? taken : undefined };
		return taken;
	};
	const attempt = async (): Promise<Kept | string> => {
		await options.use.begin();
		const root = await options.root;
		opened ??= openRepository(root, options.folder, options);
		const repository = await opened;
		if (typeof repository === "string") {
			opened = undefined;
			return repository;
		}
		let taken = await takeTree(repository, memory, root);
		if ("why" in taken && !taken.final && !options.signal.aborted) {
			// An index that another version left, or one whose objects are gone: what it knows is found out anew.
			memory.id = undefined;
			await repository.forget();
			taken = await takeTree(repository, memory, root);
		}
		if (!("why" in taken)) return { tree: taken, repository };
		return taken.final ? taken.why : `git could not read it: ${taken.why}`;
	};
	const start = (): Promise<Kept | string> => {
		waiting = undefined;
		running = run().finally(() => {
			running = undefined;
		});
		return running;
	};
	const take = () => {
		// One that runs already may have read a file before it changed.
		if (running !== undefined) waiting ??= running.then(start);
		return waiting ?? start();
	};
	return {
		take,
		warm() {
			if (running === undefined && performance.now() - last.at > WARM_MS) void take();
		},
		async difference(before, after) {
			const found = await differenceOf({ ...after, blobs: options.blobs }, before, after.tree).catch(wordsOf);
			// Where a tree is gone it is written anew.
			if (typeof found === "string") memory.id = undefined;
			return found;
		},
	};
}

function wordsOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
