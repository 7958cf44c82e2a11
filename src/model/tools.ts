import { createHash } from "node:crypto";
import type { ToolSpec } from "../agent/ports.ts";
import { normaliseSchema } from "./tool-schema.ts";

/** A tool as it goes over the wire. */
export interface WireTool {
	readonly type: "function";
	readonly function: {
		readonly name: string;
		readonly description: string;
		readonly parameters: Readonly<Record<string, unknown>>;
	};
}

/** The tools of a request as servers take them. */
export interface Offer {
	readonly tools: readonly WireTool[];
	/** The same as their specs, with the names and schemas of the wire. */
	readonly specs: readonly ToolSpec[];
	/** Our names by those on the wire, of tools that have another one there. */
	readonly names: ReadonlyMap<string, string>;
	/** Tools that are not offered, since a server takes no more of them. */
	readonly left: readonly string[];
}

/** Moonshot takes no more functions, and OpenAI neither. */
const MAX_TOOLS = 128;
const LEGAL = /^[A-Za-z_][A-Za-z0-9_-]{2,63}$/;
const MAX_NAME = 64;

const offers = new WeakMap<readonly ToolSpec[], Offer>();

/**
 * The offer for a list of tools, made once for each list: equal lists give equal bytes. Schemas are brought to the part
 * of JSON Schema that all servers know, names to what they allow. Of a name that comes twice the first counts; of too
 * many tools those of MCP servers go first.
 */
export function offerOf(specs: readonly ToolSpec[]): Offer {
	const known = offers.get(specs);
	if (known) return known;
	const offer = makeOffer(specs);
	offers.set(specs, offer);
	return offer;
}

function makeOffer(specs: readonly ToolSpec[]): Offer {
	const unique = specs.filter((spec, at) => specs.findIndex(({ name }) => name === spec.name) === at);
	const kept = new Set(
		[...unique.filter((spec) => !spec.foreign), ...unique.filter((spec) => spec.foreign)].slice(0, MAX_TOOLS),
	);
	const offered = unique.filter((spec) => kept.has(spec));
	const tools = offered.map(wireTool);
	return {
		tools,
		specs: tools.map((tool) => tool.function),
		names: new Map(offered.map(({ name }) => [wireName(name), name] as const).filter(([wire, name]) => wire !== name)),
		left: unique.filter((spec) => !kept.has(spec)).map(({ name }) => name),
	};
}

function wireTool({ name, description, parameters }: ToolSpec): WireTool {
	return { type: "function", function: { name: wireName(name), description, parameters: readable(parameters) } };
}

/** Schemas come from anybody: one that cannot be read must not cost the whole request. */
function readable(parameters: ToolSpec["parameters"]): Readonly<Record<string, unknown>> {
	try {
		return normaliseSchema(parameters);
	} catch {
		return { type: "object", properties: {} };
	}
}

/**
 * The name of a tool on the wire: its own, if all servers allow that; else what is left of it and a hash, so that it
 * needs no knowledge of the other tools, and a call of the past keeps its name when they change.
 */
export function wireName(name: string): string {
	if (LEGAL.test(name)) return name;
	// A call whose name never came still needs one: servers refuse the whole history otherwise.
	if (name === "") return "unnamed";
	const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
	const clean = name.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^(?=[^A-Za-z_])/, "_");
	return `${clean.slice(0, MAX_NAME - hash.length - 1)}_${hash}`;
}

const encoded = new WeakMap<readonly WireTool[], string>();

export function toolsJson(tools: readonly WireTool[]): string {
	const known = encoded.get(tools);
	if (known !== undefined) return known;
	const json = JSON.stringify(tools);
	encoded.set(tools, json);
	return json;
}
