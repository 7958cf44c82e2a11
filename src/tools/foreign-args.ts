import { kindOf, WORDS } from "./parse.ts";

type Schema = Readonly<Record<string, unknown>>;

/** A schema comes from a stranger and may be a maze: no more of it is looked at. */
const MAX_NODES = 2_000;
const MAX_DEPTH = 40;
const MAX_SENTENCES = 5;
const MAX_KEYS = 20;

/**
 * What is wrong with the arguments of a foreign tool, in sentences for the model; empty: nothing that shows here. Of its
 * schema only what is told plainly counts: types, listed values, and which keys there are. The server checks all of it
 * itself. No pattern of a stranger's is ever run.
 */
export function findMisfits(schema: Schema, args: object): readonly string[] {
	const search: Search = { left: MAX_NODES, depth: 0, found: [] };
	look(schema, args, "", search);
	return search.found.slice(0, MAX_SENTENCES);
}

interface Search {
	left: number;
	depth: number;
	readonly found: string[];
}

function look(schema: Schema, value: unknown, path: string, search: Search): void {
	search.left -= 1;
	if (search.left < 0 || search.depth > MAX_DEPTH || search.found.length >= MAX_SENTENCES) return;
	search.depth += 1;
	lookAtNode(schema, value, path, search);
	search.depth -= 1;
}

function lookAtNode(schema: Schema, value: unknown, path: string, search: Search): void {
	const branches = [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])];
	if (branches.length > 0) {
		lookAtBranches(branches, value, path, search);
		return;
	}
	const name = path === "" ? "The arguments" : `\`${path}\``;
	const types = [schema["type"] ?? []].flat().map(String);
	if (types.length > 0 && !types.some((type) => isOf(type, value))) {
		search.found.push(
			`${name} must be ${types.map((type) => WORDS[type] ?? type).join(" or ")}, not ${kindOf(value)}.`,
		);
		return;
	}
	const listed = "const" in schema ? [schema["const"]] : schema["enum"];
	if (Array.isArray(listed) && !listed.some((each) => JSON.stringify(each) === JSON.stringify(value)))
		search.found.push(`${name} must be one of ${JSON.stringify(listed.slice(0, MAX_KEYS))}, not ${kindOf(value)}.`);
	if (Array.isArray(value)) {
		for (const [at, each] of value.entries()) look(asSchema(schema["items"]), each, `${path}[${at}]`, search);
	} else if (typeof value === "object" && value !== null) lookAtKeys(schema, value, path, search);
}

/** One that fits is enough. Which one was meant is a guess: what is wrong is only told where there is a single one. */
function lookAtBranches(branches: readonly unknown[], value: unknown, path: string, search: Search): void {
	for (const branch of branches) {
		const own: Search = { ...search, found: [] };
		look(asSchema(branch), value, path, own);
		search.left = own.left;
		if (own.found.length === 0) return;
	}
	search.found.push(`${path === "" ? "The arguments" : `\`${path}\``} are none of the forms that the tool takes.`);
}

function lookAtKeys(schema: Schema, value: object, path: string, search: Search): void {
	const properties = asSchema(schema["properties"]);
	const at = (key: string) => (path === "" ? key : `${path}.${key}`);
	for (const key of listOf(schema["required"]).map(String)) {
		if (Object.hasOwn(value, key)) continue;
		const { description, type } = asSchema(Object.hasOwn(properties, key) ? properties[key] : undefined);
		const wanted = typeof type === "string" ? (WORDS[type] ?? type) : "a value";
		const about = typeof description === "string" ? ` (${description.slice(0, 200).replace(/\.$/, "")})` : "";
		search.found.push(`\`${at(key)}\` is missing: give ${wanted}${about}.`);
	}
	for (const [key, each] of Object.entries(value)) {
		if (Object.hasOwn(properties, key)) look(asSchema(properties[key]), each, at(key), search);
		else if (schema["additionalProperties"] === false) search.found.push(unknownKey(at(key), properties));
	}
}

function unknownKey(path: string, properties: Schema): string {
	const known = Object.keys(properties).slice(0, MAX_KEYS);
	const names = known.length === 0 ? "none" : known.map((key) => `\`${key}\``).join(", ");
	return `\`${path.slice(0, 60)}\` is no argument: it takes ${names}.`;
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
	string: (value) => typeof value === "string",
	number: (value) => typeof value === "number",
	integer: (value) => Number.isInteger(value),
	boolean: (value) => typeof value === "boolean",
	array: Array.isArray,
	object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
	null: (value) => value === null,
};

const isOf = (type: string, value: unknown) => !Object.hasOwn(KINDS, type) || KINDS[type]?.(value) === true;

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function asSchema(value: unknown): Schema {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
