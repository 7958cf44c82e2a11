import * as z from "zod/mini";
import type { ToolSpec } from "../agent/ports.ts";
import type { AnyTool } from "../agent/tool.ts";

/*
 * Moonshot's servers accept a part of JSON Schema: every node has a type, and limits are known to be refused by some
 * versions. So limits stand in the descriptions and are checked here; only these keywords are sent.
 */
const KEPT = new Set(["type", "description", "enum", "items", "properties", "required"]);

type Schema = Readonly<Record<string, unknown>>;

/** What a model is told of a tool; equal tools give equal bytes. */
export function toolSpec(tool: AnyTool): ToolSpec {
	const parameters = plain(z.toJSONSchema(tool.input, { io: "input" }));
	return { name: tool.name, description: tool.description.trim(), parameters, ...(tool.opaque && { opaque: true }) };
}

/** Sorted by name. */
export function toolSpecs(tools: readonly AnyTool[]): readonly ToolSpec[] {
	return tools.map(toolSpec).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function plain(schema: Schema): Schema {
	const entries = Object.entries(schema).filter(([key]) => KEPT.has(key));
	return Object.fromEntries(
		entries.map(([key, value]) => {
			if (key === "items") return [key, plain(value as Schema)];
			if (key !== "properties") return [key, value];
			const properties = Object.entries(value as Record<string, Schema>);
			return [key, Object.fromEntries(properties.map(([name, property]) => [name, plain(property)]))];
		}),
	);
}
