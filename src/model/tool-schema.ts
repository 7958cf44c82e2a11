import { asList, asName, asObject, type Json } from "./json.ts";
import { mergeAll, resolveRef, typesOf, without, withoutDuplicates } from "./schema-parts.ts";

/*
 * Tools come with any JSON Schema; servers read a part of it. Moonshot's part (the smallest that matters here) refuses
 * the whole request for a node without a type, a list of types, `oneOf`, `$ref` outside of `$defs`, a type beside
 * `anyOf` and more. What is lost is only told to the model: the tool itself checks what it gets.
 */

/** Moonshot takes 30 levels, 3,000 properties, 500 unions and 120,000 bytes; a union has two nodes at least. */
const MAX_DEPTH = 24;
const MAX_NODES = 1400;
const MAX_BYTES = 100_000;
const MAX_ENUM = 1000;

const cleaned = new WeakMap<Json, Json>();

/**
 * A tool's parameters in the part of JSON Schema that all servers read: every node has a type or is a union, nothing is
 * referred to, and limits stand in the descriptions. Equal schemas give equal bytes; the same object is done once.
 */
export function normaliseSchema(schema: Json): Json {
	const known = cleaned.get(schema);
	if (known) return known;
	const clean = withinBytes(schema);
	cleaned.set(schema, clean);
	return clean;
}

/** What would be too long is told with fewer levels. */
function withinBytes(schema: Json): Json {
	for (let depth = MAX_DEPTH; depth > 1; depth = Math.floor(depth / 2)) {
		const clean = root(schema, depth);
		if (JSON.stringify(clean).length <= MAX_BYTES) return clean;
	}
	return { type: "object", properties: {} };
}

function root(schema: Json, maxDepth: number): Json {
	const place: Place = { root: schema, depth: 0, maxDepth, open: [], count: { nodes: 0 } };
	const whole = flatten(schema, place);
	// A union cannot be the root: all that any branch takes is taken, and what each of them needs is told.
	const branches = branchesOf(whole).map((branch) => without(flatten(branch, place), ["required", "description"]));
	const clean = typed("object", mergeAll([{ ...whole, type: "object" }, ...branches]), place);
	return { ...clean, properties: clean["properties"] ?? {} };
}

/** Where in the schema a node stands. */
interface Place {
	readonly root: Json;
	readonly depth: number;
	readonly maxDepth: number;
	/** References that lead here: a second time they lead nowhere. */
	readonly open: readonly string[];
	readonly count: { nodes: number };
}

function node(schema: unknown, at: Place): Json {
	const given = asObject(schema) ?? {};
	const ref = asName(given["$ref"]);
	const place = { ...at, depth: at.depth + 1 };
	const isEndless = ref !== undefined && place.open.includes(ref);
	if (isEndless || place.depth > place.maxDepth || place.count.nodes > MAX_NODES) return stub(given, place);
	const flat = flatten(given, place);
	const inner = ref === undefined ? place : { ...place, open: [...place.open, ref] };
	const branches = branchesOf(flat);
	if (branches.length > 0) return union(flat, branches, inner);
	const types = flat["nullable"] === true ? withoutDuplicates([...typesOf(flat), "null"]) : typesOf(flat);
	if (types.length === 0) return describedBy(flat, { anyOf: ANY });
	if (types.length === 1) return typed(types[0] ?? "object", flat, inner);
	const plain = without(flat, TOLD);
	return describedBy(flat, unionOf(types.map((type) => typed(type, plain, inner))));
}

/** For a node of which nothing is known. */
const ANY: readonly Json[] = ["string", "number", "boolean", "object"].map((type) => ({ type }));

/** What is left of a node that is too deep, or inside of itself. */
function stub(given: Json, place: Place): Json {
	const target = asName(given["$ref"]) === undefined ? given : resolveRef(given, place.root);
	const type = typesOf(target)[0] ?? "object";
	const { description } = { ...target, ...given };
	return describedBy({ description }, type === "array" ? { type, items: { type: "object" } } : { type });
}

/** A node with what it refers to and with all that it must also be. */
function flatten(given: Json, place: Place): Json {
	place.count.nodes += 1;
	const ref = asName(given["$ref"]);
	const isEndless = ref !== undefined && place.open.includes(ref);
	if (isEndless || place.count.nodes > MAX_NODES) return without(given, ["$ref", "allOf"]);
	const inner = ref === undefined ? place : { ...place, open: [...place.open, ref] };
	const target = ref === undefined ? given : resolveRef(given, place.root);
	const parts = asList(target["allOf"]).map((part) => flatten(asObject(part) ?? {}, inner));
	const rest = without(target, ["allOf"]);
	return mergeAll([rest["$ref"] === undefined ? rest : flatten(rest, inner), ...parts]);
}

/** The branches of a union that say what a value is; those that only require something else are told in words. */
function branchesOf(schema: Json): readonly Json[] {
	const listed = [...asList(schema["anyOf"]), ...asList(schema["oneOf"])].map((each) => asObject(each) ?? {});
	const speaking = listed.filter((branch) => Object.keys(branch).some((key) => !SILENT.has(key)));
	return speaking.length === listed.length ? listed : [];
}

const SILENT: ReadonlySet<string> = new Set(["required", "not", "description", "title"]);

function union(schema: Json, branches: readonly Json[], place: Place): Json {
	const shared = without(schema, [...TOLD, "nullable"]);
	const nodes = branches.map((branch) => node(mergeAll([flatten(branch, place), shared]), place));
	if (schema["nullable"] === true) nodes.push({ type: "null" });
	return describedBy(without(schema, UNIONS), unionOf(nodes));
}

/** Unions inside of unions are one; branches that only list values of a type are one list. */
function unionOf(nodes: readonly Json[]): Json {
	const flat = nodes.flatMap(
		(each) => (each["anyOf"] && !each["description"] ? asList(each["anyOf"]) : [each]) as Json[],
	);
	const unique = [...new Map(flat.map((each) => [JSON.stringify(each), each])).values()];
	const [first] = unique;
	if (first && unique.length === 1) return first;
	const isList = unique.every((each) => each["type"] === first?.["type"] && each["enum"] && !each["description"]);
	if (first && isList)
		return { type: first["type"], enum: withoutDuplicates(unique.flatMap((each) => asList(each["enum"]))) };
	return { anyOf: unique };
}

type Builder = (schema: Json, place: Place) => Json;

/** What a node of a type keeps beside type and description. */
const builders: Readonly<Record<string, Builder>> = {
	object(schema, place) {
		const all = asObject(schema["properties"]);
		// More would not fit, and a schema with many more must not take seconds.
		const properties = all && Object.fromEntries(Object.entries(all).slice(0, MAX_NODES));
		const more = asObject(schema["additionalProperties"]);
		const required = asList(schema["required"]).filter((key) => properties && Object.hasOwn(properties, String(key)));
		return {
			...(properties && {
				properties: Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, node(each, place)])),
			}),
			...(schema["required"] !== undefined && { required: withoutDuplicates(required) }),
			...(more && Object.keys(more).length > 0 && { additionalProperties: node(more, place) }),
			...(schema["additionalProperties"] === false && { additionalProperties: false }),
		};
	},
	array(schema, place) {
		const tuple = [...asList(schema["prefixItems"]), ...asList(schema["items"])];
		if (tuple.length > 0) return { items: unionOf(tuple.map((each) => node(each, place))) };
		return { items: node(schema["items"], place) };
	},
};

/** Whether a value is of a type of JSON Schema. */
const isOf: Readonly<Record<string, (value: unknown) => boolean>> = {
	string: (value) => typeof value === "string",
	number: (value) => typeof value === "number",
	integer: (value) => Number.isInteger(value),
	boolean: (value) => typeof value === "boolean",
};

function typed(type: string, schema: Json, place: Place): Json {
	const values = "const" in schema ? [schema["const"]] : asList(schema["enum"]);
	const fitting = withoutDuplicates(values.filter((value) => isOf[type]?.(value))).slice(0, MAX_ENUM);
	const isDefault = "default" in schema && (isOf[type]?.(schema["default"]) ?? false);
	return describedBy(schema, {
		type,
		...builders[type]?.(schema, place),
		...(fitting.length > 0 && { enum: fitting }),
		...(isDefault && { default: schema["default"] }),
	});
}

/** Limits that servers do not know or refuse, in the order in which they are told. */
const LIMITS = [
	...["format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
	...["multipleOf", "minItems", "maxItems", "uniqueItems", "contains", "minProperties", "maxProperties"],
	...["propertyNames", "patternProperties", "dependentRequired", "not", "if", "then", "else"],
];
const UNIONS = ["anyOf", "oneOf"];
const TOLD = [...LIMITS, ...UNIONS, "description"];
const MAX_TOLD = 160;

function describedBy(schema: Json, clean: Json): Json {
	const told = [...LIMITS, ...UNIONS].filter((key) => schema[key] !== undefined && schema[key] !== false);
	const words = told.map((key) => `${key}: ${inBrief(schema[key])}`).join("; ");
	const given = asName(schema["description"]) ?? "";
	const description = words === "" ? given : `${given}${given === "" ? "" : " "}(${words})`;
	if (description === "") return clean;
	const { type, ...rest } = clean;
	return { ...(type !== undefined && { type }), description, ...rest };
}

function inBrief(value: unknown): string {
	try {
		return JSON.stringify(value).slice(0, MAX_TOLD);
	} catch {
		// Thousands of levels: JSON itself gives up.
		return "…";
	}
}
