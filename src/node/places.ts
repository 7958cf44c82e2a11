import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, parse, resolve } from "node:path";
import { isOfSystem } from "../agent/outside.ts";
import type { FileFailure, Place, Result } from "../agent/ports.ts";
import { protectedReason, secretReason } from "../agent/protected.ts";
import { createIgnored } from "./ignore.ts";
import { absolute, isFolder, isInside, nameOf, pathTrouble, realTrouble, resolveLinks, sameBelow } from "./place.ts";

/** A folder of the workspace: as it was opened, and real. */
interface Top {
	readonly named: string;
	readonly real: string;
}

/** The first one is where relative names begin. */
type Tops = readonly [Top, ...Top[]];

interface Found {
	readonly place: Place;
	readonly first: Top;
}

/** Where paths lead, and which of them may be used: asked by everything that takes a path. */
export interface Places {
	/** As `Files.root`. */
	readonly root: string | undefined;
	/** As `Files.home`. */
	readonly home: string | undefined;
	/** As `Files.place`. */
	place(path: string): Promise<Result<Place, FileFailure>>;
	/**
	 * A path that was placed before, once more, just before it is used. Refused: what is outside and was not granted, what
	 * `.kimiignore` names, and what leads elsewhere by now.
	 */
	reach(path: string): Promise<Result<Place, FileFailure>>;
	/** As `Files.grant`. */
	grant(path: string): () => void;
	/** The folders of the workspace, real; none where none is open. */
	tops(): Promise<Result<readonly string[], FileFailure>>;
	/** Whether a real path is kept from searches, by `.kimiignore` or as the system's, for many of them at one moment. */
	ignoring(): Promise<(path: string) => boolean>;
}

/** @param folders all of the workspace at this moment; `root` counts whether it is among them or not */
export function createPlaces(root: string | undefined, folders: () => readonly string[] = () => []): Places {
	const granted = new Set<{ readonly top: string }>();
	const tops = async (first: string): Promise<Result<Tops, FileFailure>> => {
		const real = await resolveLinks(first);
		if (!real.ok) return real;
		const others = folders().filter((folder) => folder !== first);
		const found = await Promise.all(others.map(async (named) => ({ named, real: await resolveLinks(named) })));
		const usable = found.flatMap((each) => (each.real.ok ? [{ named: each.named, real: each.real.value }] : []));
		return { ok: true, value: [{ named: first, real: real.value }, ...usable] };
	};
	/** With the first folder: what is looked at for one path is looked at once. */
	const find = async (path: string): Promise<Result<Found, FileFailure>> => {
		const trouble = pathTrouble(path);
		if (trouble !== undefined) return fail("other", trouble);
		if (root === undefined) return fail("outside", "No folder is open.");
		const given = absolute(path, root);
		const [all, real] = await Promise.all([tops(root), resolveLinks(given)]);
		if (!all.ok) return all;
		if (!real.ok) return real;
		const odd = realTrouble(real.value);
		if (odd !== undefined) return fail("other", odd);
		return { ok: true, value: { place: await describe(all.value, real.value, given), first: all.value[0] } };
	};
	return {
		root,
		home: realHome(),
		async place(path) {
			const found = await find(path);
			return found.ok ? { ok: true, value: found.value.place } : found;
		},
		grant(path) {
			const grant = { top: resolve(path) };
			granted.add(grant);
			return () => void granted.delete(grant);
		},
		async reach(path) {
			const found = await find(path);
			if (!found.ok) return found;
			const { place } = found.value;
			const { inside, ignored, path: real } = place;
			if (isOfSystem(real)) return fail("denied", OF_SYSTEM);
			if (!inside && ![...granted].some(({ top }) => isInside(top, real))) return fail("outside", OUTSIDE);
			if (ignored !== undefined) return fail("denied", `It ${ignored}, so tools leave it alone.`);
			return real === asReal(found.value.first, path) ? { ok: true, value: place } : fail("changed", ELSEWHERE);
		},
		async tops() {
			if (root === undefined) return { ok: true, value: [] };
			const all = await tops(root);
			return all.ok ? { ok: true, value: all.value.map(({ real }) => real) } : all;
		},
		async ignoring() {
			const all = root === undefined ? undefined : await tops(root);
			const looks = (all?.ok ? all.value : []).map(({ real }) => ({ top: real, look: createIgnored(real) }));
			const outside = lookOutside();
			return (path) => {
				const here = looks.filter(({ top }) => isInside(top, path));
				if (isOfSystem(path)) return true;
				if (here.length === 0) return outside(path) !== undefined;
				return here.some(({ top, look }) => look(nameOf(top, path)) !== undefined);
			};
		},
	};
}

function realHome(): string | undefined {
	try {
		return realpathSync(homedir());
	} catch {
		return undefined;
	}
}

const OUTSIDE = "It is outside the workspace.";
const OF_SYSTEM = "It belongs to the system and is no file.";
const ELSEWHERE = "It leads elsewhere than when it was looked at: a link took its place. Nothing was touched.";

/** The path that it has if no link is on the way below the workspace folder, which may be opened through one itself. */
function asReal({ named, real }: Top, path: string): string {
	return isInside(named, path) ? absolute(nameOf(named, path), real) : path;
}

async function describe(tops: Tops, real: string, given: string): Promise<Place> {
	const below = isOfSystem(real) ? [] : await Promise.all(tops.map((top) => pathBelow(top.real, real)));
	const path = below.find((each, at) => each !== undefined && isNamedBelow(tops[at]?.real ?? "", each));
	const why = reasonIn(tops, [...new Set(below.flatMap((each) => each ?? []))], given);
	if (path !== undefined)
		return { path, name: nameOf(tops[0].real, path), inside: true, ...(why !== undefined && { ignored: why }) };
	const ignored = why ?? lookOutside()(real);
	const name = (await isFolder(real)) && !/[\\/]$/.test(real) ? `${real}/` : real;
	return { path: real, name, inside: false, ...(ignored !== undefined && { ignored }) };
}

/**
 * Whether the name below a folder of the workspace says all: of `hooks/x` in a folder that is itself `.git` it does not.
 * Such a file counts as outside, where whole paths are what is asked for. What only lies in a `.config` is plain.
 */
function isNamedBelow(top: string, path: string): boolean {
	const own = nameOf(top, path);
	// Of the folder itself it is what it says of what is in it: one that is called like a file is none.
	const [name, whole] = own === "." ? ["x", join(path, "x")] : [own, path];
	return (
		protectedReason(`${basename(top)}/${name}`) === protectedReason(name) && secretReason(whole) === secretReason(name)
	);
}

async function pathBelow(top: string, real: string): Promise<string | undefined> {
	return isInside(top, real) ? real : sameBelow(top, real);
}

/** What any folder of the workspace says of these paths, or of the one that was given: a rule may name a link. */
function reasonIn(tops: Tops, paths: readonly string[], given: string): string | undefined {
	for (const top of tops) {
		const namesBelow = (folder: string, all: readonly string[]) =>
			all.filter((path) => isInside(folder, path)).map((path) => nameOf(folder, path));
		const names = [...namesBelow(top.real, [...paths, given]), ...namesBelow(top.named, [given])];
		const look = createIgnored(top.real);
		for (const name of new Set(names)) {
			const reason = look(name);
			if (reason !== undefined) return reason;
		}
	}
	return undefined;
}

/** Outside, where no folder is the top one, the rules of any folder above count. One look. */
function lookOutside(): (path: string) => string | undefined {
	const looks = new Map<string, ReturnType<typeof createIgnored>>();
	return (path) => {
		const { root } = parse(path);
		const look = looks.get(root) ?? createIgnored(root);
		looks.set(root, look);
		return look(nameOf(root, path));
	};
}

function fail(code: FileFailure["code"], message: string): { ok: false; failure: FileFailure } {
	return { ok: false, failure: { code, message } };
}
