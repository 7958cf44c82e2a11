import { existsSync, realpathSync } from "node:fs";
import { isInside } from "../place.ts";
import type { Bounds, Hidden } from "./bounds.ts";
import { CACHES, LEFT_OUT_VARIABLES, NEEDED_OF_RUN, RUN_FOLDERS } from "./lists.ts";

/** Its own names for processes, messages and the host; gone with us; no way to type into our terminal; no rights. */
const ISOLATION = [
	"--unshare-user-try",
	"--unshare-pid",
	"--unshare-ipc",
	"--unshare-uts",
	"--unshare-cgroup-try",
	"--die-with-parent",
	"--new-session",
	"--cap-drop",
	"ALL",
];

/**
 * What changes the whole machine, to be read only: for root the rights of a file are enough to write to it, without any
 * capability, and the kernel runs what `kernel.core_pattern` names outside of all sandboxes. bubblewrap covers some of it
 * by itself, by version and by what `/proc` is outside.
 */
const MACHINE = ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi", "mtrr"].map((name) => `/proc/${name}`);

/** Absolute paths of ours, links resolved. */
export interface Scratch {
	/** What is /tmp inside. */
	readonly tmp: string;
	/** An empty file: unlike /dev/null, one that can be read, so that programs take what is hidden for unset. */
	readonly nothing: string;
}

interface Mount {
	readonly path: string;
	readonly args: readonly string[];
}

/**
 * Arguments of bubblewrap up to the program. Later mounts cover earlier ones, so the order is the policy: the disk as it
 * is, read-only; private folders; secrets that hold a folder of the workspace; the workspace, deeper paths over the ones
 * around them; the other secrets.
 */
export function bubblewrapArgs(bounds: Bounds, network: boolean, scratch: Scratch, cwd: string): string[] {
	const { writable, readOnly, anchored } = bounds;
	const empty = emptyFolders();
	const isAround = ({ path }: Hidden) => writable.some((folder) => isInside(path, folder));
	// What an empty folder covers needs no mount of its own, unless the workspace brings it back.
	const isSeen = ({ path }: Hidden) =>
		!empty.some((folder) => isInside(folder, path)) || writable.some((folder) => isInside(folder, path));
	const hidden = bounds.hidden.filter(isSeen);
	const around = hidden.filter(isAround);
	const others = hidden.filter((each) => !isAround(each));
	const cover = (each: Hidden) => hide(each, scratch);
	const mounts = [
		"--ro-bind / / --dev /dev --proc /proc".split(" "),
		...MACHINE.map((path) => ["--ro-bind-try", path, path]),
		...privateFolders(empty, writable, scratch),
		...byDepth(around.map(cover)),
		...byDepth([
			// What is a mount can't be renamed.
			...[...writable, ...anchored].map((path) => ({ path, args: ["--bind", path, path] })),
			...readOnly.map((path) => ({ path, args: ["--ro-bind", path, path] })),
		]),
		...byDepth(others.map(cover)),
		// Last: nothing can be mounted in them afterwards.
		...[...around, ...others].filter(({ folder }) => folder).map(({ path }) => ["--remount-ro", path]),
	];
	return [...ISOLATION, ...(network ? [] : ["--unshare-net"]), ...mounts.flat(), ...variables(), "--chdir", cwd, "--"];
}

/** A sort keeps the order of equals: what is read-only comes after what is writable. */
function byDepth(mounts: readonly Mount[]): (readonly string[])[] {
	const depth = ({ path }: Mount) => path.split("/").length;
	return mounts.toSorted((one, other) => depth(one) - depth(other)).map(({ args }) => args);
}

function hide({ path, folder }: Hidden, { nothing }: Scratch): Mount {
	return { path, args: folder ? ["--tmpfs", path] : ["--ro-bind", nothing, path] };
}

/** The first is /tmp. */
function emptyFolders(): string[] {
	const found = ["/tmp", "/var/tmp", ...RUN_FOLDERS]
		.filter((path) => existsSync(path))
		.map((path) => realpathSync(path));
	return [...new Set(found)];
}

function privateFolders(empty: readonly string[], writable: readonly string[], scratch: Scratch): string[][] {
	return [
		...empty.map((path, index) => {
			// The way to a workspace must not lead through links that an earlier command left in the scratch folder.
			const kept = index === 0 && !writable.some((folder) => isInside(path, folder));
			return kept ? ["--bind", scratch.tmp, path] : ["--tmpfs", path];
		}),
		...NEEDED_OF_RUN.map((path) => ["--ro-bind-try", path, path]),
	];
}

function variables(): string[] {
	const caches = Object.entries(CACHES).map(([name, folder]) => [name, `/tmp/.cache/${folder}`]);
	return [
		...LEFT_OUT_VARIABLES.flatMap((name) => ["--unsetenv", name]),
		...[["TMPDIR", "/tmp"], ["TMP", "/tmp"], ["TEMP", "/tmp"], ...caches].flatMap((each) => ["--setenv", ...each]),
	];
}
