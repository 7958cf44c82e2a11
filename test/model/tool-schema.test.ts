import assert from "node:assert/strict";
import fc from "fast-check";
import { normaliseSchema } from "../../src/model/tool-schema.ts";
import { offerOf, wireName } from "../../src/model/tools.ts";
import { tools } from "../../src/tools/index.ts";
import { toolSpecs } from "../../src/tools/schema.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Keywords of Moonshot's schema dialect that we use; limits and references are in it too, but known to be refused. */
const KNOWN = new Set([
	"type",
	"description",
	"enum",
	"items",
	"properties",
	"required",
	"additionalProperties",
	"anyOf",
	"default",
]);
const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** What a server that reads Moonshot's dialect would say of it. Written apart from the code that it checks. */
function* complaints(schema: Schema, at = "#", depth = 0): Generator<string> {
	if (depth > 30) yield `${at}: too deep`;
	for (const key of Object.keys(schema)) if (!KNOWN.has(key)) yield `${at}: ${key} is not known`;
	if ("anyOf" in schema === "type" in schema) yield `${at}: needs either a type or anyOf`;
	if ("type" in schema && !TYPES.includes(schema["type"] as string))
		yield `${at}: type ${JSON.stringify(schema["type"])}`;
	if ("enum" in schema) yield* complaintsOfValues(schema, at);
	const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
	for (const key of (schema["required"] ?? []) as string[])
		if (!Object.hasOwn(properties, key)) yield `${at}: requires ${key}, which is not there`;
	for (const each of inside(schema)) yield* complaints(each, `${at}/${Object.keys(each).join()}`, depth + 1);
}

function* complaintsOfValues({ enum: listed, type }: Schema, at: string): Generator<string> {
	const values = listed as unknown[];
	if (values.length === 0 || values.length > 1000) yield `${at}: ${values.length} values`;
	const wanted = type === "integer" ? "number" : type;
	if (values.some((value) => typeof value !== wanted)) yield `${at}: values are no ${String(type)}`;
}

function inside(schema: Schema): Schema[] {
	const { additionalProperties, anyOf = [], items, properties = {} } = schema;
	const single = [items, additionalProperties].filter((each) => typeof each === "object");
	return [...Object.values(properties as object), ...(anyOf as Schema[]), ...single] as Schema[];
}

const clean = (schema: Schema): Schema => {
	const done = normaliseSchema(schema);
	assert.deepEqual([...complaints(done)], []);
	assert.equal(done["type"], "object");
	assert.ok(done["properties"]);
	return done;
};
/** What becomes of one property. */
const property = (schema: unknown, root: Schema = {}): unknown =>
	(clean({ ...root, type: "object", properties: { x: schema } })["properties"] as Schema)["x"];

describe("a tool's schema", () => {
	it("of our own tools stays what it is", () => {
		for (const { parameters } of toolSpecs(tools)) assert.deepEqual(clean(parameters), parameters);
	});

	const cases: readonly (readonly [string, unknown, unknown])[] = [
		["a list of types", { type: ["string", "null"] }, { anyOf: [{ type: "string" }, { type: "null" }] }],
		["a list of one type", { type: ["string"] }, { type: "string" }],
		["nothing", {}, { anyOf: ["string", "number", "boolean", "object"].map((type) => ({ type })) }],
		["true", true, { anyOf: ["string", "number", "boolean", "object"].map((type) => ({ type })) }],
		[
			"properties alone",
			{ properties: { a: { type: "string" } } },
			{ type: "object", properties: { a: { type: "string" } } },
		],
		["items alone", { items: { type: "string" } }, { type: "array", items: { type: "string" } }],
		[
			"an array without items",
			{ type: "array" },
			{ type: "array", items: { anyOf: ["string", "number", "boolean", "object"].map((type) => ({ type })) } },
		],
		["values alone", { enum: ["a", "b", "a"] }, { type: "string", enum: ["a", "b"] }],
		["values of another type", { type: "string", enum: [1, 2] }, { type: "integer", enum: [1, 2] }],
		["numbers that are whole", { type: "number", enum: [1, 2] }, { type: "number", enum: [1, 2] }],
		[
			"values with null",
			{ type: ["string", "null"], enum: ["a", null] },
			{ anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
		],
		["a constant", { const: "on" }, { type: "string", enum: ["on"] }],
		["constants to choose from", { oneOf: [{ const: "a" }, { const: "b" }] }, { type: "string", enum: ["a", "b"] }],
		[
			"oneOf",
			{ oneOf: [{ type: "string" }, { type: "integer" }] },
			{ anyOf: [{ type: "string" }, { type: "integer" }] },
		],
		[
			"a type beside anyOf",
			{ type: "array", items: { type: "string" }, anyOf: [{ type: "array" }, { type: "null" }], description: "List." },
			{ description: "List.", anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] },
		],
		[
			"a union in a union",
			{ anyOf: [{ anyOf: [{ type: "string" }, { type: "null" }] }, { type: "null" }] },
			{ anyOf: [{ type: "string" }, { type: "null" }] },
		],
		["OpenAPI's nullable", { type: "string", nullable: true }, { anyOf: [{ type: "string" }, { type: "null" }] }],
		[
			"limits",
			{ type: "string", description: "A date.", format: "date", pattern: "^\\d+$", minLength: 3 },
			{ type: "string", description: 'A date. (format: "date"; pattern: "^\\\\d+$"; minLength: 3)' },
		],
		[
			"limits of a list of types",
			{ type: ["integer", "null"], minimum: 1 },
			{ description: "(minimum: 1)", anyOf: [{ type: "integer" }, { type: "null" }] },
		],
		[
			"noise",
			{ type: "string", title: "X", examples: ["a"], $comment: "c", readOnly: true, "x-y": 1 },
			{ type: "string" },
		],
		["a default", { type: "integer", default: 3 }, { type: "integer", default: 3 }],
		["a default of another type", { type: "integer", default: "3" }, { type: "integer" }],
		[
			"a map",
			{ type: "object", additionalProperties: { type: "number", minimum: 0 } },
			{ type: "object", additionalProperties: { type: "number", description: "(minimum: 0)" } },
		],
		[
			"a closed object",
			{ type: "object", properties: {}, additionalProperties: false },
			{ type: "object", properties: {}, additionalProperties: false },
		],
		[
			"a tuple",
			{ prefixItems: [{ type: "string" }, { type: "number" }] },
			{ type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } },
		],
		[
			"required keys that are not there",
			{ type: "object", properties: { a: { type: "string" } }, required: ["a", "b", "a"] },
			{ type: "object", properties: { a: { type: "string" } }, required: ["a"] },
		],
		[
			"allOf",
			{
				allOf: [
					{ type: "object", properties: { a: { type: "string" } }, required: ["a"] },
					{ properties: { a: { description: "A." }, b: { type: "integer" } }, required: ["b"] },
				],
			},
			{
				type: "object",
				properties: { a: { type: "string", description: "A." }, b: { type: "integer" } },
				required: ["a", "b"],
			},
		],
		[
			"a reference to nowhere",
			{ $ref: "https://example.com/x.json", description: "X." },
			{ description: "X.", anyOf: ["string", "number", "boolean", "object"].map((type) => ({ type })) },
		],
	];
	for (const [what, given, expected] of cases)
		it(`with ${what} is one that all servers read`, () => assert.deepEqual(property(given), expected));

	it("has what it refers to in place, with what stands beside", () => {
		const root = {
			$defs: { "a/b": { type: "string", description: "There." } },
			definitions: { n: { $ref: "#/$defs/a~1b" } },
		};
		assert.deepEqual(property({ $ref: "#/$defs/a~1b", description: "Here." }, root), {
			type: "string",
			description: "Here.",
		});
		assert.deepEqual(property({ $ref: "#/definitions/n" }, root), { type: "string", description: "There." });
	});

	it("that is inside of itself ends", () => {
		const tree = {
			type: "object",
			description: "A node.",
			properties: { children: { type: "array", items: { $ref: "#/$defs/tree" } } },
		};
		assert.deepEqual(property({ $ref: "#/$defs/tree" }, { $defs: { tree } }), {
			type: "object",
			description: "A node.",
			properties: { children: { type: "array", items: { type: "object", description: "A node." } } },
		});
		const knot = { allOf: [{ $ref: "#/$defs/knot" }, { $ref: "#/$defs/knot" }], type: "string" };
		assert.deepEqual(property({ $ref: "#/$defs/knot" }, { $defs: { knot } }), { type: "string" });
	});

	it("whose root is a union takes what any branch takes", () => {
		const schema = {
			description: "Either.",
			oneOf: [
				{ type: "object", properties: { a: { type: "string" } }, required: ["a"] },
				{ properties: { b: { type: "string" } }, required: ["b"] },
			],
		};
		const done = clean(schema);
		assert.deepEqual(done["properties"], { a: { type: "string" }, b: { type: "string" } });
		assert.equal("required" in done, false);
		assert.match(String(done["description"]), /^Either\. \(oneOf: /);
	});

	it("tells in words which keys need each other", () => {
		const given = { properties: { a: { type: "string" } }, anyOf: [{ required: ["a"] }, { required: ["b"] }] };
		assert.deepEqual(clean(given), {
			type: "object",
			description: '(anyOf: [{"required":["a"]},{"required":["b"]}])',
			properties: { a: { type: "string" } },
		});
	});

	it("of any other kind becomes an object", () => {
		for (const schema of [{}, { type: "string" }, { $schema: "x" }, { type: "array", items: {} }])
			assert.deepEqual(clean(schema), { type: "object", properties: {} });
	});

	it("that is huge is made smaller", () => {
		const deep = (levels: number): Schema =>
			levels === 0
				? { type: "string" }
				: { type: "object", properties: Object.fromEntries([..."abcdefgh"].map((key) => [key, deep(levels - 1)])) };
		const wide = {
			type: "object",
			properties: Object.fromEntries(
				Array.from({ length: 900 }, (_, n) => [`key${n}`, { type: "string", description: "x".repeat(300) }]),
			),
		};
		const well = (levels: number): Schema =>
			levels === 0 ? {} : { type: "object", properties: { a: well(levels - 1) } };
		for (const schema of [deep(5), wide, well(200)]) assert.ok(JSON.stringify(clean(schema)).length <= 120_000);
	});

	it("is made once, and equal ones give equal bytes", () => {
		const schema = { type: "object", properties: { a: { type: ["string", "null"] } } };
		assert.equal(normaliseSchema(schema), normaliseSchema(schema));
		assert.equal(JSON.stringify(normaliseSchema(structuredClone(schema))), JSON.stringify(normaliseSchema(schema)));
	});

	it("is one that all servers read, whatever it was, and stays as it is when done again", () => {
		const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
			schema: fc.oneof(
				{ maxDepth: 3 },
				fc.constant({}),
				fc.record(
					{
						type: fc.oneof(fc.constantFrom(...TYPES, "any"), fc.subarray(TYPES)),
						description: fc.constantFrom("", "D."),
						enum: fc.array(fc.constantFrom<unknown>("a", "b", 1, 1.5, true, null, []), { maxLength: 4 }),
						const: fc.constantFrom<unknown>("a", 2, null, {}),
						properties: fc.dictionary(fc.constantFrom("a", "b", "__proto__", "toString"), tie("schema"), {
							maxKeys: 3,
						}),
						required: fc.subarray(["a", "b", "toString"]),
						additionalProperties: fc.oneof(fc.boolean(), tie("schema")),
						items: fc.oneof(tie("schema"), fc.array(tie("schema"), { maxLength: 2 })),
						anyOf: fc.array(tie("schema"), { maxLength: 3 }),
						oneOf: fc.array(tie("schema"), { maxLength: 2 }),
						allOf: fc.array(tie("schema"), { maxLength: 2 }),
						$ref: fc.constantFrom("#", "#/properties/a", "#/$defs/none", "x"),
						minimum: fc.integer(),
						nullable: fc.boolean(),
						default: fc.constantFrom<unknown>("a", 1, null),
					},
					{ requiredKeys: [] },
				),
			),
		}));
		fc.assert(
			fc.property(schema, (given) => {
				const once = clean(given);
				assert.deepEqual(normaliseSchema(structuredClone(once)), once);
			}),
			{ numRuns: 500 },
		);
	});
});

describe("the tools of a request", () => {
	const spec = (name: string, more: object = {}) => ({ name, description: name, parameters: {}, ...more });
	const LEGAL = /^[A-Za-z_][A-Za-z0-9_-]{2,63}$/;

	it("have names that all servers allow, unlike each other, and have their own back", () => {
		const names = ["a.b", "a_b", "ab", "1st tool", "größe", "x".repeat(80), `${"x".repeat(80)}y`, "", "Read"];
		const { tools: offered, names: back, specs } = offerOf(names.map((name) => spec(name)));
		const wire = offered.map((tool) => tool.function.name);
		for (const name of wire) assert.match(name, LEGAL);
		assert.equal(new Set(wire).size, names.length);
		assert.deepEqual(
			wire.map((name) => back.get(name) ?? name),
			names,
		);
		assert.deepEqual(
			specs.map(({ name }) => name),
			wire,
		);
		assert.equal(wire.at(-1), "Read");
	});

	it("keep their name on the wire when other tools come or go", () => {
		assert.equal(wireName("a.b"), offerOf([spec("x.y"), spec("a.b")]).tools[1]?.function.name);
	});

	it("are at most 128: those of MCP servers go first", () => {
		const foreign = Array.from({ length: 127 }, (_, n) => spec(`Amcp${n}`, { foreign: true }));
		const { tools: offered, left } = offerOf([...foreign, spec("Bash"), spec("Edit")]);
		assert.deepEqual([offered.length, left], [128, ["Amcp126"]]);
		assert.deepEqual(
			offered.slice(-2).map((tool) => tool.function.name),
			["Bash", "Edit"],
		);
	});

	const deep = (wrap: (inner: unknown) => unknown, levels = 20_000) => {
		let schema: unknown = { type: "string" };
		for (let n = 0; n < levels; n++) schema = wrap(schema);
		return schema;
	};
	const many = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}${n}`);
	const hostile: readonly (readonly [name: string, schema: unknown])[] = [
		["a keyword __proto__", JSON.parse('{"__proto__":{"type":"string"},"properties":{"a":{"__proto__":{"x":1}}}}')],
		["a property __proto__", JSON.parse('{"properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}')],
		["a reference to a prototype", { properties: { a: { $ref: "#/constructor" }, b: { $ref: "#/__proto__" } } }],
		["a reference that is no text", { properties: { a: { $ref: "#/$defs/%E0" } } }],
		["20,000 levels of not", { properties: { a: deep((not) => ({ not })) } }],
		["20,000 levels of allOf", { properties: { a: deep((inner) => ({ allOf: [inner] })) } }],
		["20,000 levels of properties", deep((a) => ({ type: "object", properties: { a } }))],
		["no schema at all", null],
		["a list", [1]],
	];
	for (const [name, schema] of hostile)
		it(`of an MCP server with ${name} are offered, and the others with them`, () => {
			const odd = spec("odd", { foreign: true, parameters: schema as Schema });
			const { tools: offered } = offerOf([spec("Read"), odd]);
			assert.deepEqual(
				offered.map((tool) => tool.function.name),
				["Read", "odd"],
			);
			const parameters = JSON.parse(JSON.stringify(offered[1]?.function.parameters)) as Schema;
			assert.deepEqual([...complaints(parameters)], []);
		});

	it("keep a property called __proto__", () => {
		const schema = JSON.parse(
			'{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}',
		);
		assert.equal(
			JSON.stringify(normaliseSchema(schema)),
			'{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}',
		);
	});

	it("with huge lists cost no more than their length", () => {
		const lists = { allOf: [{ enum: many(200_000, "a") }, { enum: many(200_000, "b") }] };
		const wide = Object.fromEntries(many(100_000, "p").map((name) => [name, { type: "string" }]));
		const clean = normaliseSchema({ type: "object", properties: { lists, ...wide } });
		assert.deepEqual([...complaints(clean)], []);
	}).timeout(10_000);

	it("are offered once where a name comes twice", () => {
		const { tools: offered } = offerOf([spec("Read", { description: "first" }), spec("Read")]);
		assert.deepEqual(
			offered.map((tool) => tool.function.description),
			["first"],
		);
	});
});
