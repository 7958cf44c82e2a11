import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createBlobs } from "../src/node/checkpoints/blobs.ts";
import { createCheckpoints, type WorkspaceCheckpoints } from "../src/node/checkpoints/checkpoints.ts";
import { sizeOf } from "../src/node/checkpoints/prune.ts";
import { createSeries, type Series } from "../src/node/checkpoints/series.ts";
import { createUse } from "../src/node/checkpoints/use.ts";
import { median, repeat, timed, watchLoop } from "./stats.ts";
import type { Figures, Group, Row } from "./targets.ts";

/** Files of the trees. */
const TREES = [1000, 10_000, 50_000] as const;
const FILES_IN_FOLDER = 100;
const CHANGED = 10;
const CAPTURED = 300;

function treeRows(files: number): readonly Row[] {
	const row = (id: string, what: string, means: string, more: Partial<Row> = {}): Row => ({
		id: `checkpoints.${files}.${id}`,
		what: `${files.toLocaleString("en")} files, ${what}`,
		unit: "ms",
		digits: 1,
		means,
		...more,
	});
	return [
		row("first", "first snapshot", "All files are read and kept, in the background.", { digits: 0 }),
		row("second", "second", "Nothing changed; a command waits for this, no request does. Median.", {
			...(files === 10_000 && { must: { most: 150 } }),
		}),
		row("changed", "ten changed", "The ten are kept. Median."),
		row("disk", "disk", "The storage after the first one.", { unit: "MB" }),
		row("blocked", "longest block", "Of our own event loop by our own work, first snapshot.", { must: { most: 50 } }),
	];
}

export const checkpointGroup: Group = {
	name: "checkpoints",
	title: "Checkpoints, files of 2 KB in folders of 100",
	rows: [
		...TREES.flatMap(treeRows),
		{
			id: "checkpoints.capture",
			what: "keep a file before an edit",
			unit: "ms",
			digits: 2,
			means: "Read, hash, write; a step may cost 2 ms. Median.",
			must: { most: 2 },
		},
	],
};

export async function measureCheckpoints(): Promise<Figures> {
	let figures: Figures = {};
	for (const files of TREES) figures = { ...figures, ...(await measureTree(files)) };
	return figures;
}

async function measureTree(files: number): Promise<Figures> {
	const folder = await mkdtemp(path.join(tmpdir(), "kimi-k2-bench-"));
	const [root, storage] = [path.join(folder, "work"), path.join(folder, "storage")];
	const stop = new AbortController();
	const blobs = createBlobs(storage);
	// Not `snapshot`, for which a command waits ten seconds at most.
	const use = createUse(storage, async () => undefined);
	const series = createSeries({ root: Promise.resolve(root), folder: storage, blobs, use, signal: stop.signal });
	try {
		for (let index = 0; index < files; index++) write(root, index, "first");
		const watch = watchLoop();
		const first = await timed(() => take(series));
		const blocked = watch.stop();
		const disk = await sizeOf(storage);
		const second = await repeat(5, () => take(series));
		const changed: number[] = [];
		for (let round = 0; round < 5; round++) {
			for (let index = 0; index < CHANGED; index++) write(root, index * 7, `round ${round}`);
			changed.push(await timed(() => take(series)));
		}
		return {
			[`checkpoints.${files}.first`]: first,
			[`checkpoints.${files}.second`]: median(second),
			[`checkpoints.${files}.changed`]: median(changed),
			[`checkpoints.${files}.disk`]: disk / 1e6,
			[`checkpoints.${files}.blocked`]: blocked,
			"checkpoints.capture": await measureCapture(createCheckpoints({ root, folder: storage }), root),
		};
	} finally {
		stop.abort();
		await rm(folder, { recursive: true });
	}
}

async function take(series: Series): Promise<void> {
	const taken = await series.take();
	if (typeof taken === "string") throw new Error(taken);
}

/** Milliseconds a file that was not kept before. */
async function measureCapture(checkpoints: WorkspaceCheckpoints, root: string): Promise<number> {
	const names = Array.from({ length: CAPTURED }, (_, index) =>
		write(root, index, `captured ${process.hrtime.bigint()}`),
	);
	return median(await repeat(CAPTURED, (index) => checkpoints.capture([names[index] ?? ""])));
}

function write(root: string, index: number, word: string): string {
	const name = `src/part-${Math.floor(index / FILES_IN_FOLDER)}/file-${index}.ts`;
	const file = path.join(root, name);
	if (index % FILES_IN_FOLDER === 0) mkdirSync(path.dirname(file), { recursive: true });
	const lines = Array.from({ length: 40 }, (_, line) => `export const step${line} = ${index * 31 + line}; // ${word}`);
	writeFileSync(file, `${lines.join("\n")}\n`);
	return name;
}
