import type { Reading } from "./options.ts";
import { type Kind, kindOf, pathsIn } from "./values.ts";

/** Tests and actions that only look and print, with the kinds of their arguments. No `-exec`, `-delete`, `-fprint`, `-fls`. */
const PRIMARIES: ReadonlyMap<string, readonly Kind[]> = new Map(
	`
	( ) ! -not -a -and -o -or
	-true -false -print -print0 -ls -prune -quit -empty -readable -writable -executable -depth -mount -xdev -daystart
	-noleaf -nouser -nogroup
	-name:any -iname:any -path:any -ipath:any -wholename:any -iwholename:any -regex:any -iregex:any -lname:any
	-regextype:word -type:list -xtype:list -size:size -perm:mode -user:word -group:word -printf:any
	-maxdepth:number -mindepth:number -mtime:number -mmin:number -atime:number -amin:number -ctime:number -cmin:number
	-links:number -inum:number -uid:number -gid:number
	-newer:file -anewer:file -cnewer:file -samefile:file -newermt:any`
		.split(/\s+/)
		.filter((word) => word !== "")
		.map((word) => {
			const [name = "", kind] = word.split(":");
			return [name, kind === undefined ? [] : [kindOf(kind)]];
		}),
);

/** `find` reads its words in its own way: paths, and from the first test on an expression. Links are not followed. */
export function readFind(words: readonly string[]): Reading {
	const rest = words.slice(words.findIndex((word) => word !== "-H" && word !== "-P"));
	const expression = rest.findIndex((word) => /^[-(!,)]/.test(word));
	const folders = expression < 0 ? rest : rest.slice(0, expression);
	const tests = rest.slice(folders.length);
	const paths: string[] = [];
	const read = (kind: Kind, value: string | undefined): boolean => {
		const found = value === undefined ? undefined : pathsIn(kind, value);
		paths.push(...(found ?? []));
		return found !== undefined;
	};
	const odd = folders.find((folder) => !read("path", folder));
	if (odd !== undefined) return { unknown: `with \`${odd}\`` };
	for (let name = tests.shift(); name !== undefined; name = tests.shift()) {
		const kinds = PRIMARIES.get(name);
		if (!kinds?.every((kind) => read(kind, tests.shift()))) return { unknown: `with \`${name}\`` };
	}
	return { paths };
}
