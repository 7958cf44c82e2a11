import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { rgPath } from "@vscode/ripgrep";
import { type Ctx, isRefusal, type Outcome, type Plan, type Refusal } from "../../src/agent/tool.ts";
import type { Web } from "../../src/agent/web.ts";
import { createFiles } from "../../src/node/files.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import { createShell } from "../../src/node/shell.ts";
import { createWeb } from "../../src/node/web/web.ts";
import type { TodoItem } from "../../src/shared/event.ts";
import { habits, tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";

const toolbox = createToolbox(tools, habits);

/** A real folder with the real ports on it; remembers what the model has seen, as the chat's state does. */
export interface Workspace {
	readonly root: string;
	readonly ctx: Ctx;
	path(name: string): string;
	put(name: string, content: string | Uint8Array): void;
	bytes(name: string): Buffer;
	text(name: string): string;
	has(name: string): boolean;
	/** Checks the arguments and plans; a refusal of either comes back as one. */
	plan(tool: string, args: unknown): Promise<Plan | Refusal>;
	/** Plans, expecting that it works. */
	planned(tool: string, args: unknown): Promise<Plan>;
	/** Plans, expecting a refusal, and gives its words. */
	refused(tool: string, args: unknown): Promise<string>;
	/** Plans and runs. */
	call(tool: string, args: unknown): Promise<Outcome>;
	run(plan: Plan, signal?: AbortSignal): Promise<Outcome>;
	dispose(): void;
}

export function openWorkspace(
	files: Readonly<Record<string, string | Uint8Array>> = {},
	web: Web = createWeb(),
): Workspace {
	const root = realpathSync(mkdtempSync(join(tmpdir(), "kimi-tools-")));
	const seen: Record<string, string> = {};
	let todo: readonly TodoItem[] = [];
	let cwd = ".";
	const places = createPlaces(root);
	const ports = {
		files: createFiles(places),
		shell: createShell(),
		search: createSearch({ rgPath, places }),
		web,
	};
	const ctx: Ctx = {
		...ports,
		seen,
		get todo() {
			return todo;
		},
		get cwd() {
			return cwd;
		},
	};
	const path = (name: string) => join(root, name);
	const space: Workspace = {
		root,
		ctx,
		path,
		put(name, content) {
			mkdirSync(dirname(path(name)), { recursive: true });
			writeFileSync(path(name), content);
		},
		bytes: (name) => readFileSync(path(name)),
		text: (name) => readFileSync(path(name), "utf8"),
		has: (name) => existsSync(path(name)),
		async plan(name, args) {
			const taken = toolbox.take(name, typeof args === "string" ? args : JSON.stringify(args));
			return "refused" in taken ? taken : taken.tool.plan(taken.input, ctx, new AbortController().signal);
		},
		async planned(name, args) {
			const plan = await space.plan(name, args);
			if (isRefusal(plan)) throw new Error(`refused: ${plan.refused}`);
			return plan;
		},
		async refused(name, args) {
			const plan = await space.plan(name, args);
			if (!isRefusal(plan)) throw new Error(`not refused: ${plan.title}`);
			return plan.refused;
		},
		call: async (name, args) => space.run(await space.planned(name, args)),
		async run(plan, signal = new AbortController().signal) {
			const outcome = await plan.run(signal, () => {});
			Object.assign(seen, outcome.details?.seen);
			todo = outcome.details?.todo ?? todo;
			cwd = outcome.details?.cwd ?? cwd;
			return outcome;
		},
		dispose: () => rmSync(root, { recursive: true, force: true }),
	};
	for (const [name, content] of Object.entries(files)) space.put(name, content);
	return space;
}
