import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/** Where one soak lives. All paths are absolute; what the agent works on is `root`. */
export interface SoakPlace {
	readonly folder: string;
	readonly root: string;
	readonly log: string;
	/** What happened to files, and what was found wrong, by whoever knows at that moment. */
	readonly journal: string;
	/** The folder for temporary files of all processes of the soak. */
	readonly temporary: string;
	/** What each process of a command has in its environment as `KIMI_SOAK`. */
	readonly mark: string;
}

/** Marks of commands that ran: each writes a file of its own here, and no tool touches them. */
export const MARKS = "marks";

/**
 * One thing that happened beside the log. `at`: size of the log then, so that it is known what was on disk before.
 * `write`: the agent is about to give a file this text (null: to delete it), `written` or `unwritten`: how that went.
 * `person`: the person did. `edited`: they changed the proposal of a call to this text.
 */
export type Entry =
	| { readonly kind: "write" | "person"; readonly path: string; readonly text: string | null; readonly at: number }
	| { readonly kind: "written" | "unwritten"; readonly path: string }
	| { readonly kind: "edited"; readonly callId: string; readonly text: string }
	| { readonly kind: "wrong"; readonly what: string };

export function placeAt(folder: string): SoakPlace {
	const at = (name: string) => join(folder, name);
	const files = { log: at("chat.jsonl"), journal: at("journal.jsonl") };
	return { folder, root: at("project"), ...files, temporary: at("tmp"), mark: folder };
}

/** A new one, with files to work on. */
export function makePlace(): SoakPlace {
	const place = placeAt(realpathSync(mkdtempSync(join(tmpdir(), "kimi-soak-"))));
	for (const folder of [join(place.root, "src"), join(place.root, MARKS), place.temporary])
		mkdirSync(folder, { recursive: true });
	for (const [name, text] of initialFiles) writeFileSync(join(place.root, name), text);
	writeFileSync(place.journal, "");
	return place;
}

const FILES = 14;

/** Text by name. Every line is the only one of its kind, so that it can be named. */
export const initialFiles: ReadonlyMap<string, string> = new Map(
	Array.from({ length: FILES }, (_, n) => {
		const lines = Array.from(
			{ length: 12 + n * 4 },
			(_each, line) => `export const part${n}Line${line} = ${n * 1000 + line};`,
		);
		return [`src/part${n}.ts`, `${lines.join("\n")}\n`];
	}),
);

export function logSize({ log }: SoakPlace): number {
	return statSync(log, { throwIfNoEntry: false })?.size ?? 0;
}

export function note({ journal }: SoakPlace, entry: Entry): void {
	appendFileSync(journal, `${JSON.stringify(entry)}\n`);
}

export function journalOf({ journal }: SoakPlace): Entry[] {
	const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
	return lines.map((line) => JSON.parse(line) as Entry);
}

/** Every file of the workspace by its name, but the marks of commands and what git keeps. */
export function treeOf({ root }: SoakPlace): Map<string, string> {
	const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const names = entries.map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll("\\", "/"));
	const own = names.filter((name) => !name.startsWith(`${MARKS}/`)).sort();
	return new Map(own.map((name) => [name, readFileSync(join(root, name), "utf8")]));
}

/** What each command left behind: a line for every time that it ran, with the size that the log had. */
export function marksOf({ root }: SoakPlace): Map<string, number[]> {
	const read = (name: string) =>
		readFileSync(join(root, MARKS, name), "utf8")
			.split("\n")
			.slice(0, -1)
			.map(Number);
	return new Map(readdirSync(join(root, MARKS)).map((name) => [name, read(name)]));
}

/**
 * A process died: what became of the writes that it was at shows on disk. To be called before anybody writes again.
 * Returns how many copies it left beside files, whose place they did not take any more; they are gone then.
 */
export function settleWrites(place: SoakPlace): number {
	const open = new Map<string, string | null>();
	for (const entry of journalOf(place)) {
		if (entry.kind === "write") open.set(entry.path, entry.text);
		if (entry.kind === "written" || entry.kind === "unwritten") open.delete(entry.path);
	}
	const now = treeOf(place);
	const copies = [...now.keys()].filter((name) => /(^|\/)\.kimi-[0-9a-f]{12}\.tmp$/.test(name));
	for (const name of copies) rmSync(join(place.root, name));
	for (const [path, text] of open)
		note(place, { kind: (now.get(path) ?? null) === text ? "written" : "unwritten", path });
	return copies.length;
}
