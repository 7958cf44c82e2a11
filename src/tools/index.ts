import type { AnyTool } from "../agent/tool.ts";
import { askTool } from "./ask.ts";
import { bashTool } from "./bash.ts";
import { bashOutputTool } from "./bash-output.ts";
import { editTool } from "./edit.ts";
import { fetchTool } from "./fetch.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { killBashTool } from "./kill-bash.ts";
import { notebookEditTool } from "./notebook-edit.ts";
import { patchArgs } from "./patch/habit.ts";
import { patchTool } from "./patch/patch.ts";
import { planTool } from "./plan.ts";
import { problemsTool } from "./problems.ts";
import { readTool } from "./read.ts";
import { symbolsReader, symbolsTool } from "./symbols.ts";
import { taskTool } from "./task.ts";
import { todoTool } from "./todo.ts";
import type { Habit } from "./toolbox.ts";
import { writeTool } from "./write.ts";

/** The tools of every host, sorted by name: their order is part of the prompt's bytes. */
export const tools: readonly AnyTool[] = [
	askTool,
	bashTool,
	bashOutputTool,
	editTool,
	fetchTool,
	globTool,
	grepTool,
	killBashTool,
	notebookEditTool,
	planTool,
	readTool,
	taskTool,
	todoTool,
	writeTool,
];

/** With those that need an editor. A host offers the same ones in every chat. */
export const editorTools: readonly AnyTool[] = [...tools, problemsTool, symbolsTool].sort((a, b) =>
	a.name < b.name ? -1 : 1,
);

/** Those of an explorer: they only read. */
export const explorerTools: readonly AnyTool[] = [globTool, grepTool, readTool];

/** With those that need an editor. */
export const editorExplorerTools: readonly AnyTool[] = [...explorerTools, symbolsReader];

/** What is taken besides. */
export const habits: readonly Habit[] = [{ tool: patchTool, argsOf: patchArgs }];
