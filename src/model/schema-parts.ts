import { asList, asName, asObject, type Json } from "./json.ts";

/** A node with the one that its `$ref` points to; what stands beside the reference wins. Only references inside count. */
export function resolveRef(given: Json, root: Json): Json {
	const { $ref, ...beside } = given;
	const path = asName($ref);
	if (path === undefined || !path.startsWith("#")) return beside;
	const steps = path
		.slice(1)
		.split("/")
		.filter((step) => step !== "")
		.map(unescapeStep);
	const target = steps.reduce<unknown>((at, step) => ownIn(asObject(at), step) ?? asList(at)[Number(step)], root);
	return { ...asObject(target), ...beside };
}

function ownIn(object: Json | undefined, key: string): unknown {
	return object && Object.hasOwn(object, key) ? object[key] : undefined;
}

function unescapeStep(step: string): string {
	return decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
}

function decoded(step: string): string {
	try {
		return decodeURIComponent(step);
	} catch {
		return step;
	}
}

/** One schema that asks for what all of them ask for, as far as that can be said. The first one's words count. */
export function mergeAll(parts: readonly Json[]): Json {
	// Without a prototype: a key may be called `__proto__`.
	const merged: Record<string, unknown> = Object.create(null);
	for (const part of parts)
		for (const [key, value] of Object.entries(part))
			if (value !== undefined)
				merged[key] = merged[key] === undefined ? value : (mergers.get(key)?.(merged[key], value) ?? merged[key]);
	return merged;
}

type Merger = (a: unknown, b: unknown) => unknown;

const mergers: ReadonlyMap<string, Merger> = new Map<string, Merger>([
	["properties", mergeProperties],
	["required", (a, b) => withoutDuplicates([...asList(a), ...asList(b)])],
	["enum", (a, b) => common(asList(a), asList(b)) ?? a],
	["type", (a, b) => common(namesOf(a), namesOf(b)) ?? a],
]);

function mergeProperties(a: unknown, b: unknown): Json {
	const [ours, theirs] = [asObject(a) ?? {}, asObject(b) ?? {}];
	const both = Object.keys(theirs).filter((key) => Object.hasOwn(ours, key));
	const merged = both.map((key) => [key, mergeAll([asObject(ours[key]) ?? {}, asObject(theirs[key]) ?? {}])] as const);
	return { ...ours, ...theirs, ...Object.fromEntries(merged) };
}

/** What is in both lists; undefined when nothing is. */
function common(a: readonly unknown[], b: readonly unknown[]): readonly unknown[] | undefined {
	const others = new Set(b);
	const both = a.filter((value) => others.has(value));
	return both.length === 0 ? undefined : both;
}

function namesOf(type: unknown): readonly string[] {
	return Array.isArray(type) ? type.map(String) : [String(type)];
}

const TYPES: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);

/** Keywords that speak of one type only. */
const TELLING: readonly (readonly [string, readonly string[]])[] = [
	["object", ["properties", "additionalProperties", "patternProperties", "required", "minProperties", "maxProperties"]],
	["array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]],
	["string", ["pattern", "format", "minLength", "maxLength", "contentEncoding"]],
	["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

/**
 * The types that a node allows: of its values where it lists them, whatever it says; else as it says; else as its other
 * keywords let one guess. Empty: anything.
 */
export function typesOf(schema: Json): readonly string[] {
	const said = namesOf(schema["type"] ?? []).filter((type) => TYPES.has(type));
	const values = "const" in schema ? [schema["const"]] : asList(schema["enum"]);
	if (values.length > 0) return typesOfValues(values, said);
	if (said.length > 0) return said;
	return TELLING.filter(([, keys]) => keys.some((key) => key in schema))
		.map(([type]) => type)
		.slice(0, 1);
}

const isNumeric = (type: string) => type === "integer" || type === "number";

function typesOfValues(values: readonly unknown[], said: readonly string[]): readonly string[] {
	const found = withoutDuplicates(values.map(typeOfValue));
	const numeric = found.every((type) => type !== "number") && !said.includes("number") ? "integer" : "number";
	return withoutDuplicates(found.map((type) => (isNumeric(type) ? numeric : type)));
}

function typeOfValue(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "array";
	return Number.isInteger(value) ? "integer" : typeof value;
}

/** A copy without some keywords. */
export function without(schema: Json, keys: readonly string[]): Json {
	return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

export function withoutDuplicates<T>(values: readonly T[]): T[] {
	return [...new Set(values)];
}
