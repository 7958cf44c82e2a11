import type { ToolSpec } from "../../agent/ports.ts";
import { createIds } from "../../agent/unique-ids.ts";
import type { CallPart } from "../../shared/message.ts";
import { asList, asObject, asText, isJson, parseJson } from "../json.ts";
import type { Found } from "./found.ts";

/** What servers take for an id. */
const ID = /^[\w.:-]{1,64}$/;

/**
 * Calls as parts of an answer, in order. What can't be told stays as it is for the toolbox to refuse, so that the model
 * reads what was wrong: a name that no tool has, arguments that are no JSON.
 */
export function toParts(found: readonly Found[], tools: readonly ToolSpec[]): CallPart[] {
	const unique = createIds();
	return found.map((call) => {
		const spelled = call.id.replace(/\s+/g, "");
		const args = toJson(call.args);
		const id = unique(ID.test(spelled) && /[:.]/.test(spelled) ? spelled : "");
		return { kind: "call", id, tool: toolOf(spelled, args, tools), args, recovered: true };
	});
}

/**
 * `functions.NAME:N`, `NAME:N`, `NAME`, or a name behind other dots. A bare counter means the one tool whose keys fit
 * the arguments; if several do, it means none. Never a name that a server would refuse in the history.
 */
function toolOf(id: string, args: string, tools: readonly ToolSpec[]): string {
	const name = id.replace(/:\d*$/, "");
	const last = name.split(".").at(-1) ?? "";
	const known = [name, last].find((each) => tools.some((tool) => tool.name === each));
	if (known !== undefined) return known;
	if (/^(functions[.:]?)?\d*$/.test(name)) {
		const fitting = tools.filter((tool) => fits(args, tool));
		return fitting.length === 1 ? (fitting[0]?.name ?? "") : "";
	}
	return name
		.replace(/^functions[.:]/, "")
		.replace(/[^\w-]+/g, "_")
		.replace(/^[^a-z]+/i, "")
		.slice(0, 64);
}

function fits(args: string, { parameters }: ToolSpec): boolean {
	const given = asObject(parseJson(args));
	const allowed = asObject(parameters["properties"]) ?? {};
	if (!given) return false;
	const required = asList(parameters["required"]).flatMap((key) => asText(key) ?? []);
	return required.every((key) => key in given) && Object.keys(given).every((key) => key in allowed);
}

/** Models write line feeds and tabs into JSON strings as they are; nothing else is ever mended. */
function toJson(args: string): string {
	if (isJson(args)) return args;
	const escaped = escapeControls(args);
	return isJson(escaped) ? escaped : args;
}

function escapeControls(args: string): string {
	let out = "";
	let inString = false;
	let escaped = false;
	for (const char of args) {
		if (inString && char < " ") out += JSON.stringify(char).slice(1, -1);
		else out += char;
		if (char === '"' && !escaped) inString = !inString;
		escaped = inString && char === "\\" && !escaped;
	}
	return out;
}
