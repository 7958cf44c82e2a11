import { lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { protectedReason } from "../../agent/protected.ts";
import { isInside } from "../place.ts";
import {
	ALWAYS_KEPT,
	HOME_SECRETS,
	OFFLINE_SECRETS,
	OFFLINE_VARIABLES,
	SECRET_VARIABLES,
	SYSTEM_SECRETS,
} from "./lists.ts";

/** What a command in the sandbox may do with the disk. All are real paths, links resolved, and exist. */
export interface Bounds {
	/** The folders of the workspace. */
	readonly writable: readonly string[];
	/** In them, what may only be read: it says what runs outside of the sandbox, later. */
	readonly readOnly: readonly string[];
	/** Folders around some of that, themselves writable: not to be renamed, else a command could make the whole anew. */
	readonly anchored: readonly string[];
	/** What is not to be seen. */
	readonly hidden: readonly Hidden[];
}

export interface Hidden {
	readonly path: string;
	/** Else a file or a socket. */
	readonly folder: boolean;
}

export interface World {
	/** Absolute paths of the workspace's folders. */
	readonly folders: readonly string[];
	/** Home folders of the person: what the environment says, and what the system says. */
	readonly homes: readonly string[];
	/** More to hide: our own storage, the editor's. */
	readonly secrets: readonly string[];
	/** Commands have it. */
	readonly network: boolean;
	readonly env: NodeJS.ProcessEnv;
}

export type Refused = { readonly refused: string };

/** The disk as it is now, since a command may have made anything of the workspace. Makes the folders that must be there. */
export function boundsOf(world: World): Bounds | Refused {
	const writable = real(world.folders);
	if (writable.length === 0) return { refused: "The sandbox needs an open folder, and there is none." };
	const homes = real(world.homes);
	const exposed = writable.find((folder) => homes.some((home) => isInside(folder, home)));
	if (exposed !== undefined)
		return {
			refused: `The sandbox can't protect a workspace that holds your home folder (${exposed}): what starts with your shell and programs would be writable. Open a folder below it.`,
		};
	const readOnly: string[] = [];
	const around: string[] = [];
	for (const folder of writable) {
		const kept = keptOf(folder);
		if ("refused" in kept) return kept;
		const isOurs = (path: string) => writable.some((each) => isInside(each, path));
		readOnly.push(...kept.paths.filter(isOurs));
		around.push(...kept.around.filter(isOurs));
	}
	// A link may lead from one to the other, and what is only read stays so.
	const anchored = around.filter((path) => !readOnly.some((kept) => isInside(kept, path)));
	return { writable, readOnly, anchored, hidden: hiddenOf(world, homes) };
}

interface Kept {
	readonly paths: readonly string[];
	/** Folders that are not kept and hold some of them. */
	readonly around: readonly string[];
}

/** Protected files and folders of the root whose names begin with a dot, and those in such folders: `.github/workflows`. */
function keptOf(folder: string): Kept | Refused {
	for (const name of ALWAYS_KEPT) {
		const trouble = ensure(join(folder, name));
		if (trouble !== undefined) return { refused: trouble };
	}
	const dotted = namesIn(folder).filter((name) => name.startsWith(".") || /\.code-workspace$/i.test(name));
	const whole = dotted.filter(isKept);
	const partly = dotted.flatMap((name) => {
		const inner = isKept(name) ? [] : namesIn(join(folder, name)).map((each) => join(name, each));
		const kept = inner.filter(isKeptFolder);
		return kept.length === 0 ? [] : [{ name, kept }];
	});
	const paths = (names: readonly string[]) => real(names.map((name) => join(folder, name)));
	return {
		paths: paths([...whole, ...partly.flatMap(({ kept }) => kept)]),
		around: paths(partly.map(({ name }) => name)),
	};
}

const isKeptFolder = (name: string) => protectedReason(join(name, "any")) !== undefined;
const isKept = (name: string) => protectedReason(name) !== undefined || isKeptFolder(name);

/** A link could be replaced by a command, whatever it leads to: nothing can be mounted over the link itself. */
function ensure(path: string): string | undefined {
	try {
		if (lstatSync(path).isSymbolicLink())
			return `The sandbox can't protect ${path}, since it is a link. Put a real folder in its place, or set kimiK2.sandbox to "off".`;
	} catch {
		try {
			mkdirSync(path);
		} catch {
			// Where we can't make it, no command can either: they run as the same person.
		}
	}
	return undefined;
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function hiddenOf({ secrets, network, env }: World, homes: readonly string[]): readonly Hidden[] {
	const variables = network ? SECRET_VARIABLES : [...SECRET_VARIABLES, ...OFFLINE_VARIABLES];
	const system = network ? SYSTEM_SECRETS : [...SYSTEM_SECRETS, ...OFFLINE_SECRETS];
	const named = variables.flatMap((name) => (env[name] ?? "").split(delimiter)).filter(isAbsolute);
	const paths = real([...system, ...homes.flatMap((home) => inHome(home, env)), ...named, ...secrets]);
	// A variable that names the home folder or what it is in would leave nothing to work with.
	const fit = paths.filter((path) => !homes.some((home) => isInside(path, home)));
	return fit.map((path) => ({ path, folder: isFolder(path) }));
}

function inHome(home: string, env: NodeJS.ProcessEnv): string[] {
	const moved: readonly [string, string | undefined][] = [
		[".config/", env["XDG_CONFIG_HOME"]],
		[".local/share/", env["XDG_DATA_HOME"]],
		[".cache/", env["XDG_CACHE_HOME"]],
	];
	return HOME_SECRETS.flatMap((name) => {
		const elsewhere = moved.flatMap(([start, folder]) =>
			folder !== undefined && isAbsolute(folder) && name.startsWith(start)
				? [join(folder, name.slice(start.length))]
				: [],
		);
		return [join(home, name), ...elsewhere];
	});
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}

/** Those that exist, each once, shortest first. */
function real(paths: readonly string[]): string[] {
	const found = paths.flatMap((path) => {
		try {
			return [realpathSync(path)];
		} catch {
			return [];
		}
	});
	return [...new Set(found)].sort((one, other) => one.length - other.length);
}
