import { lstat, readlink, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { FileFailure, Result } from "../agent/ports.ts";

/** Links followed by hand before a path counts as a loop; Linux itself stops at 40. */
const MAX_LINKS = 40;

/** Why a path is refused before the file system is asked, in words; undefined when it is fine. */
export function pathTrouble(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
	if (path === "") return "The path is empty.";
	if (path.includes("\0")) return "The path has a NUL character.";
	if (platform !== "win32") return undefined;
	const unified = path.replaceAll("/", "\\");
	if (unified.startsWith("\\\\")) return "Network and device paths are not allowed.";
	if (unified.replace(/^[A-Za-z]:/, "").includes(":")) return "Alternate data streams are not allowed.";
	// Windows opens the device whatever the folder or extension: `src\nul.txt` is the null device.
	const device = /(^|\\)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(\.[^\\]*)?(\\|$)/i;
	return device.test(unified) ? "Device names are not allowed." : undefined;
}

/** Absolute path for what a model or a person wrote: `~` is the home folder, the rest is relative to `root`. */
export function absolute(path: string, root: string): string {
	const home = path === "~" || path.startsWith("~/") || path.startsWith(`~${sep}`);
	return home ? join(homedir(), path.slice(1)) : resolve(root, path);
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

/** Compares whole segments; both paths are absolute with links resolved. */
export function isInside(root: string, path: string, platform: NodeJS.Platform = process.platform): boolean {
	// macOS and Windows volumes fold case unless somebody asked for more.
	const fold = (text: string) => (platform === "win32" || platform === "darwin" ? text.toLowerCase() : text);
	const [top, below] = [fold(root), fold(path)];
	return below === top || below.startsWith(top.endsWith(sep) ? top : top + sep);
}

/** Path relative to the workspace with `/`; `.` for the workspace itself. */
export function nameOf(root: string, path: string): string {
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
