import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, posix, resolve, win32 } from "node:path";
import type { FileFailure, Result } from "../agent/ports.ts";

/** Links followed by hand before a path counts as a loop; Linux itself stops at 40. */
const MAX_LINKS = 40;

type Platform = NodeJS.Platform;
const pathsOf = (platform: Platform) => (platform === "win32" ? win32 : posix);

/** Why a path is refused before the file system is asked, in words; undefined when it is fine. */
export function pathTrouble(path: string, platform: Platform = process.platform): string | undefined {
	if (path === "") return "The path is empty.";
	if (path.includes("\0")) return "The path has a NUL character.";
	return platform === "win32" ? windowsTrouble(path.replaceAll("/", "\\")) : undefined;
}

/** Windows opens the device whatever the folder or extension: `src\nul.txt` is the null device. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(\.|$)/i;
/** As the system makes them for long names: `PROGRA~1`, `GIT~1`, `ABCDEF~12.TXT`. */
const SHORT_NAME = /^[^.~]{1,7}~\d{1,6}(\.[^.]{0,3})?$/;

function windowsTrouble(path: string): string | undefined {
	if (path.startsWith("\\\\") || path.startsWith("\\??\\")) return "Network and device paths are not allowed.";
	if (/^[A-Za-z]:(?!\\)/.test(path)) return "A drive without a folder after it is not allowed: write the whole path.";
	const segments = path.replace(/^[A-Za-z]:/, "").split("\\");
	if (segments.some((segment) => segment.includes(":"))) return "Alternate data streams are not allowed.";
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	if (/[<>"|?*\x00-\x1f]/.test(path)) return 'Windows allows no control character and none of < > " | ? * in a name.';
	if (segments.some((segment) => DEVICE.test(segment))) return "Device names are not allowed.";
	// The system leaves them out: `.env. .` would be another file's name.
	const isTrimmed = (segment: string) => /[. ]$/.test(segment) && segment !== "." && segment !== "..";
	return segments.some(isTrimmed) ? "A name must not end in a dot or a blank." : undefined;
}

/**
 * Why a path whose links are resolved is refused. Windows gave the long names of what exists, so that what is left of
 * short ones might come to be another file's.
 */
export function realTrouble(path: string, platform: Platform = process.platform): string | undefined {
	if (platform !== "win32") return undefined;
	if (path.startsWith("\\\\")) return "Network and device paths are not allowed.";
	const short = path.split("\\").find((segment) => SHORT_NAME.test(segment));
	return short === undefined ? undefined : `${short} may be short for another name: write the long one.`;
}

/** Absolute path for what a model or a person wrote: `~` is the home folder, the rest is relative to `root`. */
export function absolute(path: string, root: string, platform: Platform = process.platform): string {
	const { join: joined, resolve: resolved, sep } = pathsOf(platform);
	const home = path === "~" || path.startsWith("~/") || path.startsWith(`~${sep}`);
	return home ? joined(homedir(), path.slice(1)) : resolved(root, path);
}

/**
 * Follows every link of an absolute path as far as it exists and keeps the rest; also links that lead nowhere yet, since
 * a write would follow them.
 */
export async function resolveLinks(path: string, links = MAX_LINKS): Promise<Result<string, FileFailure>> {
	try {
		return { ok: true, value: await realpath(path) };
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code !== "ENOENT" && code !== "ENOTDIR") return { ok: false, failure: failureOf(error) };
	}
	const parent = dirname(path);
	if (parent === path) return { ok: true, value: path };
	const above = await resolveLinks(parent, links);
	if (!above.ok) return above;
	const here = join(above.value, basename(path));
	const target = await linkTarget(here);
	if (target === undefined) return { ok: true, value: here };
	if (links === 0) return { ok: false, failure: { code: "other", message: "The path goes round in links." } };
	return resolveLinks(resolve(above.value, target), links - 1);
}

async function linkTarget(path: string): Promise<string | undefined> {
	try {
		return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Compares whole segments, letter by letter; both paths are absolute with links resolved. macOS and Windows give what
 * exists in its own letters, and a folder may be on a volume that tells `a` and `A` apart: `sameBelow` asks.
 */
export function isInside(root: string, path: string, platform: Platform = process.platform): boolean {
	const { sep } = pathsOf(platform);
	return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * The path as one below `root`, where one of the folders above it is the very folder `root` in other letters: a volume
 * that folds case where the system does not, as a USB stick on Linux. Undefined: none is.
 */
export async function sameBelow(root: string, path: string): Promise<string | undefined> {
	// As deep as the root: above it there is nothing to find, and below it is what is to be found.
	const depth = (text: string) => text.split(/[\\/]/).filter((segment) => segment !== "").length;
	let rest = "";
	let at = path;
	for (let left = depth(path) - depth(root); left > 0; left--) {
		rest = join(basename(at), rest);
		at = dirname(at);
	}
	if (at.toLowerCase() !== root.toLowerCase()) return undefined;
	const [top, found] = await Promise.all([identity(root), identity(at)]);
	if (top === undefined || found !== top) return undefined;
	return rest === "" ? root : join(root, rest);
}

async function identity(path: string): Promise<string | undefined> {
	const found = await stat(path, { bigint: true }).catch(() => undefined);
	// Some network drives number nothing: all of their folders would be the same.
	return found && found.ino !== 0n ? `${found.dev} ${found.ino}` : undefined;
}

/** Whether there is a folder, were it through a link. */
export async function isFolder(path: string): Promise<boolean> {
	return stat(path).then(
		(found) => found.isDirectory(),
		() => false,
	);
}

/** Path relative to the workspace with `/`; `.` for the workspace itself. Absolute on another drive. */
export function nameOf(root: string, path: string, platform: Platform = process.platform): string {
	const { relative, sep } = pathsOf(platform);
	const name = relative(root, path);
	return name === "" ? "." : sep === "/" ? name : name.replaceAll(sep, "/");
}

/** The system's error as one of ours. */
export function failureOf(error: unknown): FileFailure {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === "ENOENT" || code === "ENOTDIR") return { code: "missing", message: "There is no such file or folder." };
	if (code === "EISDIR") return { code: "directory", message: "It is a folder." };
	if (code === "EACCES" || code === "EPERM" || code === "EROFS")
		return { code: "denied", message: `The system denied access (${code}).` };
	if (code === "ELOOP") return { code: "other", message: "The path goes round in links." };
	return { code: "other", message: `The system said: ${message}` };
}
