import { resolve } from "node:path";
import type { FileFailure, Place, Result } from "../agent/ports.ts";
import { createIgnored } from "./ignore.ts";
import { absolute, isFolder, isInside, nameOf, pathTrouble, realTrouble, resolveLinks, sameBelow } from "./place.ts";

/** The folders that tools work in, real; the first one is where relative names begin. */
type Tops = readonly [string, ...string[]];

interface Found {
	readonly place: Place;
	/** The first folder as it was named, and real. */
	readonly root: string;
	readonly first: string;
}

/** Where paths lead, and which of them may be used: asked by everything that takes a path. */
export interface Places {
	/** As `Files.root`. */
	readonly root: string | undefined;
	/** As `Files.place`. */
	place(path: string): Promise<Result<Place, FileFailure>>;
	/**
	 * A path that was placed before, once more, just before it is used. Refused: what is outside and was not granted, what
	 * `.kimiignore` names, and what leads elsewhere by now.
	 */
	reach(path: string): Promise<Result<Place, FileFailure>>;
	/** As `Files.grant`. */
	grant(path: string): void;
	/** The folders of the workspace, real; none where none is open. */
	tops(): Promise<Result<readonly string[], FileFailure>>;
	/** Whether `.kimiignore` names a real path, for many of them at one moment. */
	ignoring(): Promise<(path: string) => boolean>;
}

/** @param folders all of the workspace at this moment; `root` counts whether it is among them or not */
export function createPlaces(root: string | undefined, folders: () => readonly string[] = () => []): Places {
	const granted = new Set<string>();
	const tops = async (first: string): Promise<Result<Tops, FileFailure>> => {
		const real = await resolveLinks(first);
		if (!real.ok) return real;
		const others = await Promise.all(folders().map((folder) => resolveLinks(folder)));
		return { ok: true, value: [real.value, ...others.flatMap((each) => (each.ok ? [each.value] : []))] };
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
		const name = isInside(root, given) ? nameOf(root, given) : ".";
		return { ok: true, value: { place: await describe(all.value, real.value, name), root, first: all.value[0] } };
	};
	return {
		root,
		async place(path) {
			const found = await find(path);
			return found.ok ? { ok: true, value: found.value.place } : found;
		},
		grant: (path) => void granted.add(resolve(path)),
		async reach(path) {
			const found = await find(path);
			if (!found.ok) return found;
			const { place } = found.value;
			const { inside, ignored, path: real } = place;
			if (!inside && ![...granted].some((top) => isInside(top, real))) return fail("outside", OUTSIDE);
			if (ignored) return fail("denied", IGNORED);
			return real === asReal(found.value, path) ? { ok: true, value: place } : fail("changed", ELSEWHERE);
		},
		tops: async () => (root === undefined ? { ok: true, value: [] } : tops(root)),
		async ignoring() {
			const all = root === undefined ? undefined : await tops(root);
			const looks = (all?.ok ? all.value : []).map((top) => ({ top, isIgnored: createIgnored(top) }));
			return (path) => looks.some(({ top, isIgnored }) => isInside(top, path) && isIgnored(nameOf(top, path)));
		},
	};
}

const OUTSIDE = "It is outside the workspace.";
const IGNORED = "A .kimiignore file names it, so tools leave it alone.";
const ELSEWHERE = "It leads elsewhere than when it was looked at: a link took its place. Nothing was touched.";

/** The path that it has if no link is on the way below the workspace folder, which may be opened through one itself. */
function asReal({ root, first }: Found, path: string): string {
	return isInside(root, path) ? absolute(nameOf(root, path), first) : path;
}

/** @param given the name below the first folder before links were followed: a rule may name a link */
async function describe(tops: Tops, real: string, given: string): Promise<Place> {
	const [first] = tops;
	for (const top of tops) {
		const path = isInside(top, real) ? real : await sameBelow(top, real);
		if (path === undefined) continue;
		const look = createIgnored(top);
		const isIgnored = look(nameOf(top, path)) || (top === first ? look : createIgnored(first))(given);
		return { path, name: nameOf(first, path), inside: true, ...(isIgnored && { ignored: true }) };
	}
	return { path: real, name: (await isFolder(real)) && !/[\\/]$/.test(real) ? `${real}/` : real, inside: false };
}

function fail(code: FileFailure["code"], message: string): { ok: false; failure: FileFailure } {
	return { ok: false, failure: { code, message } };
}
