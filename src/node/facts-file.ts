import { readFile, rename } from "node:fs/promises";
import { createFactStore, type FactStore, Facts, memorySource } from "../model/facts.ts";
import { replaceFile } from "./replace-file.ts";

/** What was learned of endpoints, in one JSON file: facts by key. */
export interface FactsFile {
	readonly store: FactStore;
	/** Resolves when all that was learned so far is on disk, or could not be written: facts are learned again. */
	saved(): Promise<void>;
}

/** Opens the file; a missing one is empty, a broken one is set aside as `.broken`. Never throws. */
export async function openFacts(path: string): Promise<FactsFile> {
	const known = await readFacts(path);
	if (known === undefined) await rename(path, `${path}.broken`).catch(() => undefined);
	const facts = known ?? new Map<string, Facts>();
	const pending: Change[] = [];
	let saving: Promise<void> = Promise.resolve();
	const source = memorySource(facts, (...change) => {
		pending.push(change);
		if (pending.length === 1) saving = saving.then(() => save(path, pending)).catch(() => undefined);
	});
	return { store: createFactStore(source), saved: () => saving };
}

type Change = readonly [key: string, more: Facts | undefined];

/** Undefined: there is a file, and it is broken. Single entries that do not fit are left out. */
async function readFacts(path: string): Promise<Map<string, Facts> | undefined> {
	const text = await readFile(path, "utf8").catch(() => "{}");
	try {
		const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
		const read = entries.map(([key, value]) => [key, Facts.safeParse(value)] as const);
		return new Map(read.flatMap(([key, facts]) => (facts.success ? [[key, facts.data]] : [])));
	} catch {
		return undefined;
	}
}

/** Lays all that is new over what another process wrote meanwhile: a whole new file takes the place of the old one. */
async function save(path: string, pending: Change[]): Promise<void> {
	const facts = (await readFacts(path)) ?? new Map<string, Facts>();
	const source = memorySource(facts);
	for (const [key, more] of pending.splice(0)) source.change(key, more);
	await replaceFile(path, `${JSON.stringify(Object.fromEntries(facts), undefined, "\t")}\n`);
}
