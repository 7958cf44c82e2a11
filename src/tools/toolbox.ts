import type { AnyTool, Toolbox } from "../agent/tool.ts";
import { parseArgs, unknownTool } from "./parse.ts";
import { toolSpecs } from "./schema.ts";

/** A tool that no model is told of and that is taken all the same, since models call it out of habit. */
export interface Habit {
	readonly tool: AnyTool;
	/** Arguments for the tool, as JSON, where a call means it; undefined for every other call. */
	argsOf(name: string, args: string): string | undefined;
}

/** The tools that a chat's model may call. */
export function createToolbox(tools: readonly AnyTool[], habits: readonly Habit[] = []): Toolbox {
	const find = (name: string, args: string) => {
		for (const { tool, argsOf } of habits) {
			const own = argsOf(name, args);
			if (own !== undefined) return { tool, args: own };
		}
		return { tool: tools.find((each) => each.name === name), args };
	};
	return {
		specs: toolSpecs(tools),
		take(name, given) {
			const { tool, args } = find(name, given);
			if (!tool) return { refused: unknownTool(name, tools) };
			const parsed = parseArgs(tool, args);
			return parsed.ok ? { tool, input: parsed.input } : { refused: parsed.message };
		},
	};
}
