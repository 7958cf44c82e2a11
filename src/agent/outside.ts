import type { Effect } from "../shared/event.ts";
import type { Grant } from "../shared/rule.ts";

/** Whether a path, as effects name it, leads out of the workspace: those are absolute and real. */
export function isOutside(path: string): boolean {
	return path.startsWith("/") || path.startsWith("\\") || /^[A-Za-z]:/.test(path);
}

/** The paths outside that a call reads or writes. */
export function outsideOf(effects: readonly Effect[]): readonly string[] {
	const paths = effects.flatMap((effect) =>
		"read" in effect ? [effect.read] : "write" in effect ? [effect.write] : [],
	);
	return paths.filter(isOutside);
}

/** Files there are processes and devices: `/proc/self/environ` holds the keys of this very process. */
export function isOfSystem(path: string): boolean {
	// A disk in memory, with ordinary files.
	return isBelowAny(["/proc", "/sys", "/dev"], path) && !isBelowAny(["/dev/shm"], path);
}

/** Whether it is in one of these folders, or is one. */
export function isBelowAny(folders: readonly string[], path: string): boolean {
	return folders.some((folder) => isBelow(folder, path));
}

/** The rule that opens a path outside. */
export function grantFor(path: string, grants: readonly Grant[]): Grant | undefined {
	return grants.find(({ rule }) => "folder" in rule && isBelow(rule.folder, path));
}

/** A disk, what is right below it, and where systems keep disks and people's folders: of these, each is too much. */
const WIDE: readonly RegExp[] = [
	/^(|[a-z]:)(\/[^/]*)?$/,
	/\/(home|users)(\/[^/]+)?$/,
	/^\/(mnt|net|volumes|private|system|var\/mnt)(\/[^/]+)?$/,
	/^\/(media|(var\/)?run\/media|system\/volumes)(\/[^/]+){0,2}$/,
	/^(\/private)?\/var\/root$/,
];

/**
 * The folder that a person may open along with a path that is in it, or that it is (with a slash at its end). None where
 * that would be all of a disk or of a person's own files.
 * @param home real path of the person's own folder
 */
export function folderToOffer(path: string, home: string | undefined): string | undefined {
	const end = path.length - Number(/[\\/]$/.test(path));
	const folder = end < path.length ? path.slice(0, end) : path.replace(/[\\/][^\\/]*$/, "");
	const plain = folder.replaceAll("\\", "/").toLowerCase();
	const isWide = WIDE.some((each) => each.test(plain)) || (home !== undefined && isBelow(folder, home));
	return isWide ? undefined : folder;
}

/** Compares whole segments; both paths are real. */
function isBelow(folder: string, path: string): boolean {
	const [top, below] = [folder, path].map((each) => each.replace(/[\\/]$/, ""));
	return below === top || (below ?? "").startsWith(`${top}${top?.includes("\\") ? "\\" : "/"}`);
}
