import assert from "node:assert/strict";
import * as z from "zod/mini";
import { Profile, Settings } from "../../src/shared/settings.ts";
import { type Property, properties } from "./manifest.ts";

type Described = Pick<Property, "type" | "default" | "enum" | "minimum">;

interface Schema {
	readonly type?: string;
	readonly default?: unknown;
	readonly enum?: readonly string[];
	readonly const?: string;
	readonly minimum?: number;
	readonly anyOf?: readonly Schema[];
	readonly properties?: unknown;
}

/** zod writes a union of texts as `anyOf`; VS Code's settings know one `enum`. */
function values({ anyOf, enum: texts, const: text }: Schema): readonly string[] {
	return anyOf?.flatMap(values) ?? texts ?? (text === undefined ? [] : [text]);
}

function describeSchema(schema: Schema): Described {
	const texts = values(schema);
	return {
		type: schema.type ?? "string",
		default: schema.default,
		...(texts.length > 0 && { enum: texts }),
		...(schema.minimum !== undefined && { minimum: schema.minimum }),
	};
}

function pick({ type, default: value, enum: texts, minimum }: Property): Described {
	return { type, default: value, ...(texts && { enum: texts }), ...(minimum !== undefined && { minimum }) };
}

/** What two schemas of the same values have in common: the manifest explains more, zod bounds and seals more. */
function withoutWords(schema: unknown): unknown {
	const left = ["markdownDescription", "propertyNames", "additionalProperties"];
	return JSON.parse(
		JSON.stringify(schema, (key, value) =>
			left.includes(key) || (key === "maximum" && value === Number.MAX_SAFE_INTEGER) ? undefined : value,
		),
	);
}

describe("the settings in package.json", () => {
	it("stand in one order through all groups", () => {
		const orders = Object.values(properties).map(({ order }) => order);
		assert.deepEqual(
			orders,
			orders.map((_, index) => index + 1),
		);
	});

	it("have the keys, types, values and defaults of src/shared/settings.ts", () => {
		const schema: unknown = z.toJSONSchema(Settings, { io: "input" });
		const fields = Object.entries((schema as { properties: Record<string, Schema> }).properties);
		const expected = fields.map(([key, field]) => [`kimiK2.${key}`, describeSchema(field)]);
		const actual = Object.entries(properties).map(([key, property]) => [key, pick(property)]);
		assert.deepEqual(Object.fromEntries(actual), Object.fromEntries(expected));
	});

	it("describe a profile with the entries, types, values and defaults of src/shared/settings.ts", () => {
		const schema: unknown = z.toJSONSchema(Profile, { io: "input" });
		const { items } = properties["kimiK2.profiles"] ?? {};
		assert.deepEqual(withoutWords(items?.properties), withoutWords((schema as Schema).properties));
	});

	it("cannot be set by a workspace where they choose an endpoint or widen approval", () => {
		const guarded = [
			"endpoint",
			"baseUrl",
			"model",
			"mode",
			"profile",
			"profiles",
			"sandbox",
			"shell",
			"allowedCommands",
			"inlineCompletions",
			"completionProfile",
		].map((key) => `kimiK2.${key}`);
		const scopes = guarded.map((key) => [key, properties[key]?.scope]);
		assert.deepEqual(
			scopes,
			guarded.map((key) => [key, "application"]),
		);
	});
});
