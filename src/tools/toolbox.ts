import type { AnyTool, Toolbox } from "../agent/tool.ts";
import { parseArgs, unknownTool } from "./parse.ts";
import { toolSpecs } from "./schema.ts";

/** The tools that a chat's model may call. */
export function createToolbox(tools: readonly AnyTool[]): Toolbox {
	return {
		specs: toolSpecs(tools),
		take(name, args) {
			const tool = tools.find((each) => each.name === name);
			if (!tool) return { refused: unknownTool(name, tools) };
			const parsed = parseArgs(tool, args);
			return parsed.ok ? { tool, input: parsed.input } : { refused: parsed.message };
		},
	};
}
