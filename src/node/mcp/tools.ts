import { createHash } from "node:crypto";
import type { Tool } from "@modelcontextprotocol/client";
import type { ForeignTool } from "../../agent/foreign-tool.ts";
import { withoutMarks } from "../../shared/quoted.ts";
import { runs } from "../../shared/visible.ts";
import type { McpServer, McpServerConfig, McpTool } from "./server.ts";

const MAX_TOOLS = 512;
const MAX_NAME = 128;
const MAX_TITLE = 200;
const MAX_DESCRIPTION = 4_000;
/** Characters of one schema, as JSON, and of all that a server's tools say: each request to the model has them. */
const MAX_SCHEMA = 50_000;
const MAX_TOTAL = 300_000;
const MAX_LEVELS = 100;

/**
 * What a server says of itself, for person and model alike: no longer than `max`, and nothing in it that is not seen. In
 * one line unless it may have `lines`.
 */
export function said(text: string, max: number, lines: "lines" | "line" = "line"): string {
	const cut = text.slice(0, max);
	return runs(lines === "lines" ? cut : cut.replace(/\s+/g, " "))
		.flatMap((run) => (run.hidden ? [] : [run.text]))
		.join("")
		.trim();
}

/** The tools of a list in a form that can be relied on, sorted by name. `log` is told what is left out. */
export function readTools(listed: readonly Tool[], log: (line: string) => void): readonly McpTool[] {
	const tools = new Map<string, McpTool>();
	for (const tool of listed) {
		const name = said(tool.name, MAX_NAME);
		if (name === "" || name !== tool.name) log(`A tool is left out for its name: ${JSON.stringify(name)}.`);
		else if (!tools.has(name)) tools.set(name, readTool(tool, log));
	}
	const sorted = [...tools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
	const fitting = fittingOf(sorted);
	if (fitting.length < sorted.length) log(`It has ${sorted.length} tools: only the first ${fitting.length} are taken.`);
	return fitting;
}

function fittingOf(tools: readonly McpTool[]): readonly McpTool[] {
	let left = MAX_TOTAL;
	const isOver = ({ description, inputSchema }: McpTool, at: number) => {
		left -= description.length + JSON.stringify(inputSchema).length;
		return left < 0 || at >= MAX_TOOLS;
	};
	const end = tools.findIndex(isOver);
	return end < 0 ? tools : tools.slice(0, end);
}

function readTool(tool: Tool, log: (line: string) => void): McpTool {
	const { name, annotations } = tool;
	const title = said(tool.title ?? annotations?.title ?? "", MAX_TITLE);
	const inputSchema = readSchema(tool.inputSchema);
	if (!inputSchema) log(`What ${name} takes is too long or too deep to be read: it is offered without.`);
	return {
		name,
		...(title !== "" && { title }),
		description: said(tool.description ?? "", MAX_DESCRIPTION, "lines"),
		inputSchema: inputSchema ?? { type: "object" },
		...(annotations?.readOnlyHint === true && { readOnly: true }),
		...(annotations?.destructiveHint === true && { destructive: true }),
	};
}

/** Without marks of chat templates: it stands before all messages. Undefined: it is too long or too deep to be read. */
export function readSchema(schema: object): McpTool["inputSchema"] | undefined {
	try {
		const json = JSON.stringify(schema);
		return json.length <= MAX_SCHEMA && !isDeep(schema, MAX_LEVELS) ? JSON.parse(withoutMarks(json)) : undefined;
	} catch {
		// Thousands of levels: JSON itself gives up.
		return undefined;
	}
}

/** What one reads can be too deep for the next, whose stack is fuller. */
function isDeep(value: unknown, levels: number): boolean {
	if (typeof value !== "object" || value === null) return false;
	return levels === 0 || Object.values(value).some((each) => isDeep(each, levels - 1));
}

/**
 * What the person's word on a server is bound to. Of the configuration as it is written, before secrets are filled in:
 * it goes on record.
 * @param folder that it belongs to: `./server.js` is another program elsewhere
 */
export function configId(config: McpServerConfig, folder: string | undefined): string {
	return fingerprint(folder ?? null, config);
}

/**
 * The tools of a server that runs, or will at the next call, for the agent.
 * @param name what the person calls it
 * @param id of its configuration
 */
export function foreignTools(name: string, id: string, server: McpServer): readonly ForeignTool[] {
	const { state } = server;
	if (state.kind !== "running" && state.kind !== "asleep") return [];
	return state.tools.map(({ name: tool, title = "", description: words, inputSchema, readOnly }) => {
		const description = words === "" ? title : words;
		return {
			server: name,
			name: tool,
			description,
			inputSchema,
			...(readOnly && { saysItReads: true }),
			// A tool that describes itself in other words tomorrow is not the one that was allowed.
			from: fingerprint(id, description, inputSchema, readOnly ?? false),
			call: (args, signal, progress) => server.call(tool, args, signal, progress),
		};
	});
}

/** Of all that is to stay the same to the letter. */
export function fingerprint(...parts: readonly unknown[]): string {
	return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
