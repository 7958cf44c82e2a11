import type { AnyTool } from "../agent/tool.ts";
import { bashTool } from "./bash.ts";
import { bashOutputTool } from "./bash-output.ts";
import { editTool } from "./edit.ts";
import { fetchTool } from "./fetch.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { killBashTool } from "./kill-bash.ts";
import { patchArgs } from "./patch/habit.ts";
import { patchTool } from "./patch/patch.ts";
import { planTool } from "./plan.ts";
import { readTool } from "./read.ts";
import { taskTool } from "./task.ts";
import { todoTool } from "./todo.ts";
import type { Habit } from "./toolbox.ts";
import { writeTool } from "./write.ts";

/** All tools of the model, sorted by name: their order is part of the prompt's bytes. */
export const tools: readonly AnyTool[] = [
	bashTool,
	bashOutputTool,
	editTool,
	fetchTool,
	globTool,
	grepTool,
	killBashTool,
	planTool,
	readTool,
	taskTool,
	todoTool,
	writeTool,
];

/** Those of an explorer: they only read. */
export const explorerTools: readonly AnyTool[] = [globTool, grepTool, readTool];

/** What is taken besides. */
export const habits: readonly Habit[] = [{ tool: patchTool, argsOf: patchArgs }];
