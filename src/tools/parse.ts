import type * as z from "zod/mini";
import type { AnyTool } from "../agent/tool.ts";
import { findJsonTrouble } from "./json.ts";
import { nearest } from "./nearest.ts";
import { toolSpec } from "./schema.ts";

/** Arguments that fit the tool's schema, or a sentence that tells the model what to send instead. */
export type Parsed =
	| {
			readonly ok: true;
			/** What this tool's schema gave, for this tool's `plan`. */
			readonly input: unknown;
	  }
	| { readonly ok: false; readonly message: string };

/** Reads a call's arguments as they are: what is malformed is refused and explained, never repaired. */
export function parseArgs(tool: AnyTool, args: string): Parsed {
	const read = readArgs(tool.name, args);
	if (!read.ok) return read;
	const value = read.input;
	const parsed = tool.input.safeParse(value);
	if (parsed.success) return { ok: true, input: parsed.data };
	const sentences = parsed.error.issues.slice(0, MAX_SENTENCES).map((issue) => sentence(issue, value, tool));
	return { ok: false, message: `${tool.name} was not run. ${sentences.join(" ")}` };
}

/** The same before it is known what they should be: one object. */
export function readArgs(name: string, args: string): Read {
	const json = args.trim() === "" ? { ok: true as const, value: {} } : parseJson(args);
	if (!json.ok) return { ok: false, message: `The arguments of ${name} are not valid JSON: ${json.message}` };
	const { value } = json;
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return { ok: false, message: `The arguments of ${name} must be one JSON object, not ${kindOf(value)}.` };
	return { ok: true, input: value };
}

type Read = { readonly ok: true; readonly input: object } | Extract<Parsed, { ok: false }>;

/** What a call of a tool that does not exist is answered with. */
export function unknownTool(name: string, tools: readonly AnyTool[]): string {
	const names = tools.map((tool) => tool.name).sort();
	const guess = meant(name, names);
	const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
	return `There is no tool ${JSON.stringify(name.slice(0, 100))}.${hint} The tools are: ${names.join(", ")}.`;
}

const MAX_SENTENCES = 5;

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

function parseJson(text: string): Json {
	try {
		return { ok: true, value: JSON.parse(text) };
	} catch (error) {
		const trouble = findJsonTrouble(text);
		if (!trouble) return { ok: false, message: `${(error as Error).message}. Send the call again.` };
		const { at, what } = trouble;
		const near = JSON.stringify(text.slice(Math.max(0, at - 20), at + 20).toWellFormed());
		const place = at >= text.length ? `after ${text.length} characters` : `at character ${at + 1}, near ${near},`;
		return { ok: false, message: `${place} ${what}. Nothing was run: send the call again as one JSON object.` };
	}
}

type Issue = z.core.$ZodIssue;

function sentence(issue: Issue, input: object, tool: AnyTool): string {
	if (issue.code === "unrecognized_keys") return unknownKeys(issue, tool);
	const key = `\`${pathOf(issue.path)}\``;
	const given = valueAt(input, issue.path);
	const node = nodeAt(tool, issue.path);
	const wanted = wantedBy(issue, node);
	const about = node?.description === undefined ? "" : ` (${node.description.replace(/\.$/, "")})`;
	if (given === undefined) return `${key} is missing: give ${wanted}${about}.`;
	if (given === null) return `${key} is null: give ${wanted}, or leave it out if it is optional.`;
	return `${key} must be ${wanted}, not ${kindOf(given)}.`;
}

function unknownKeys(issue: Extract<Issue, { code: "unrecognized_keys" }>, tool: AnyTool): string {
	const known = Object.keys(nodeAt(tool, issue.path)?.properties ?? {});
	const where = issue.path.length === 0 ? "" : ` of \`${pathOf(issue.path)}\``;
	const sentences = issue.keys.slice(0, MAX_SENTENCES).map((name) => {
		const [guess] = nearest(name, known, 1);
		const all = known.map((each) => `\`${each}\``).join(", ");
		const hint = guess === undefined ? `it takes ${all}.` : `did you mean \`${guess}\`?`;
		return `\`${name.slice(0, 60)}\` is no argument${where}: ${hint}`;
	});
	return sentences.join(" ");
}

interface Node {
	readonly type?: string;
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Node>>;
	readonly items?: Node;
}

function nodeAt(tool: AnyTool, path: readonly PropertyKey[]): Node | undefined {
	let node: Node | undefined = toolSpec(tool).parameters;
	for (const key of path) node = typeof key === "number" ? node?.items : node?.properties?.[String(key)];
	return node;
}

/** Types of JSON Schema, for a model. */
export const WORDS: Readonly<Record<string, string>> = {
	string: "a string",
	boolean: "true or false",
	integer: "a whole number",
	number: "a number",
	array: "a list",
	object: "an object",
};

function wantedBy(issue: Issue, node: Node | undefined): string {
	switch (issue.code) {
		case "invalid_type":
			return WORDS[node?.type ?? issue.expected] ?? issue.expected;
		case "invalid_value":
			return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
		case "too_small":
			return `at least ${issue.minimum}`;
		case "too_big":
			return `at most ${issue.maximum}`;
		default:
			return "a value that fits";
	}
}

export function kindOf(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "an object";
	if (typeof value !== "string") return String(value);
	return value.length > 40 ? "a string" : `the string ${JSON.stringify(value)}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

function pathOf(path: readonly PropertyKey[]): string {
	return path.map((key, at) => (typeof key === "number" ? `[${key}]` : `${at > 0 ? "." : ""}${String(key)}`)).join("");
}

/** What other agents call our tools, as models that were trained with them may. */
const SYNONYMS: Readonly<Record<string, RegExp>> = {
	Bash: /shell|terminal|command|exec|run/,
	Edit: /replace|patch|modify|update_file/,
	Grep: /search|ripgrep|codebase/,
	Glob: /find|list|^ls$|tree/,
	NotebookEdit: /notebook|cell/,
	Read: /open|view|cat$/,
	Todo: /update_plan|task/,
	Write: /create|save/,
};

function meant(name: string, names: readonly string[]): string | undefined {
	const lower = name.toLowerCase();
	// Another agent's `update_plan` keeps a list; our Plan asks.
	const isOther = lower === "update_plan" || lower.includes("notebook");
	const inside = isOther ? undefined : names.find((each) => lower.includes(each.toLowerCase()));
	return inside ?? nearest(name, names, 1)[0] ?? names.find((each) => SYNONYMS[each]?.test(lower));
}
