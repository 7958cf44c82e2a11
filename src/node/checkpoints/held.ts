import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { FileState } from "../../shared/event.ts";
import { Rules } from "./rules.ts";
import type { Tree } from "./snapshots.ts";
import { isAlive } from "./use.ts";

/** Files that name the trees which commands that run began with, so that a later process finds them. */
const NAME = /^held-[0-9a-f]{16}$/;

const Held = z.object({
	/** It goes to git as an argument. */
	tree: z.string().check(z.regex(/^[0-9a-f]{40}$/)),
	leftOut: z.array(z.tuple([z.string(), z.object({ stamp: z.string(), state: z.optional(FileState) })])),
	rules: Rules,
	at: z.number(),
	/** Process that holds it; absent in files of earlier versions. */
	pid: z.optional(z.number()),
});

/** Returns the name of the file; null when the disk refuses. */
export async function holdTree(folder: string, { id, leftOut, rules, at }: Tree): Promise<string | null> {
	const name = `held-${randomBytes(8).toString("hex")}`;
	const held: z.infer<typeof Held> = { tree: id, leftOut: [...leftOut], rules, at, pid: process.pid };
	return writeFile(join(folder, name), JSON.stringify(held), { mode: 0o600 }).then(
		() => name,
		() => null,
	);
}

/** Undefined: it is not held any more, or a power cut left the file broken. */
export async function heldTree(folder: string, name: string): Promise<Tree | undefined> {
	const held = await read(folder, name);
	return held && { id: held.tree, leftOut: new Map(held.leftOut), rules: held.rules, at: held.at };
}

/** Whether another process holds it, and runs. */
export async function isHeldElsewhere(folder: string, name: string): Promise<boolean> {
	const pid = (await read(folder, name))?.pid;
	return pid !== undefined && pid !== process.pid && isAlive(pid);
}

async function read(folder: string, name: string): Promise<z.infer<typeof Held> | undefined> {
	if (!isHeld(name)) return undefined;
	try {
		const held = Held.safeParse(JSON.parse(await readFile(join(folder, name), "utf8")));
		return held.success ? held.data : undefined;
	} catch {
		return undefined;
	}
}

export async function releaseTree(folder: string, name: string): Promise<void> {
	if (isHeld(name)) await rm(join(folder, name), { force: true }).catch(() => undefined);
}

export function isHeld(name: string): boolean {
	return NAME.test(name);
}
