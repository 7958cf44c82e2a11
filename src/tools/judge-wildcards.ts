import { join } from "node:path";
import { placeTrouble } from "./judge-place.ts";
import type { Looks } from "./looks.ts";

/** Entries of one folder, and what a wildcard may stand for. */
const MOST = 2000;

/** Absolute paths, those of listed folders with a slash at the end; or why they can't be told, as a sentence. */
type Paths = { readonly paths: readonly string[] } | { readonly trouble: string };

/**
 * What a path with wildcards may become in a folder, by the rules of every shell: letter case does not count, `**` is any
 * folders on the way, and links to folders are followed. An option is no path: what begins with a dash is trouble.
 */
export async function matchesOf(pattern: string, folder: string, looks: Looks): Promise<Paths> {
	// A list leaves out what it hides.
	if (await looks.hiding()) return { trouble: `\`${pattern}\` may stand for files that .kimiignore hides.` };
	const start = pattern.startsWith("/") ? "/" : folder;
	const names = pattern.split("/").filter((name) => name !== "" && name !== ".");
	let paths: readonly string[] = [start];
	for (const [at, name] of names.entries()) {
		const next = await step(paths, name, at === names.length - 1, looks);
		if ("trouble" in next) return next;
		({ paths } = next);
		if (paths.length > MOST) return { trouble: `\`${pattern}\` stands for more files than can be looked at.` };
	}
	const dashed = pattern.startsWith("*") && paths.find((path) => path.startsWith(join(start, "-")));
	return dashed ? { trouble: `\`${pattern}\` may become an option: there is ${dashed}.` } : { paths };
}

/** From folders to what has this name in them; `isLast`: else only to folders. */
async function step(folders: readonly string[], name: string, isLast: boolean, looks: Looks): Promise<Paths> {
	if (!name.includes("*")) return { paths: folders.map((folder) => join(folder, name)) };
	if (name === "**") return allBelow(folders, isLast, looks);
	const found: string[] = [];
	for (const folder of folders) {
		const listed = await entriesOf(folder, looks);
		if ("trouble" in listed) return listed;
		const fits = listed.names.filter((entry) => isMatch(name, entry.replace(/\/$/, "")));
		found.push(...fits.filter((entry) => isLast || entry.endsWith("/")).map((entry) => join(folder, entry)));
	}
	return { paths: found };
}

/** Folders with all folders below; `withFiles`: what is in them instead. */
async function allBelow(folders: readonly string[], withFiles: boolean, looks: Looks): Promise<Paths> {
	const queue = [...folders];
	const files: string[] = [];
	for (const folder of queue) {
		const listed = await entriesOf(folder, looks);
		if ("trouble" in listed) return listed;
		const entries = listed.names.map((entry) => join(folder, entry));
		files.push(...entries);
		queue.push(...entries.filter((entry) => entry.endsWith("/")));
		if (files.length + queue.length > MOST) return { trouble: "It stands for more files than can be looked at." };
	}
	return { paths: withFiles ? files : queue };
}

async function entriesOf(
	folder: string,
	looks: Looks,
): Promise<{ readonly names: readonly string[] } | { readonly trouble: string }> {
	if (looks.over !== undefined) return { trouble: looks.over };
	const placed = await looks.place(folder);
	if (!placed.ok) return { trouble: placed.failure.message };
	const trouble = placeTrouble(placed.value);
	if (trouble !== undefined) return { trouble };
	const { path, name } = placed.value;
	const listed = await looks.once(`list ${path}`, () => looks.ports.files.list(path));
	// Nothing there: the wildcard stays as it is written.
	if (!listed.ok) return listed.failure.code === "missing" ? { names: [] } : { trouble: listed.failure.message };
	if (listed.value.length > MOST) return { trouble: `${name} holds too many files to look at each.` };
	// Shells leave out what begins with a dot; programs of Windows, which expand for themselves, do not.
	const { kind } = looks.ports.shell;
	const all = kind === "powershell" || kind === "cmd";
	return { names: listed.value.filter((entry) => all || !entry.startsWith(".")) };
}

/** Each part between the stars at the first place where it fits. */
function isMatch(pattern: string, name: string): boolean {
	const [first = "", ...parts] = pattern.toLowerCase().split("*");
	const last = parts.pop() ?? "";
	const text = name.toLowerCase();
	if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
	let rest = text.slice(first.length, text.length - last.length);
	return parts.every((part) => {
		const at = rest.indexOf(part);
		rest = rest.slice(at + part.length);
		return at >= 0;
	});
}
