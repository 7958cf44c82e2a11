import { spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { diffPreview } from "../src/agent/preview.ts";
import type { Ctx } from "../src/agent/tool.ts";
import { isRefusal } from "../src/agent/tool.ts";
import { createFiles } from "../src/node/files.ts";
import { createPlaces } from "../src/node/places.ts";
import { findRipgrep } from "../src/node/ripgrep.ts";
import { createSearch } from "../src/node/search.ts";
import { createShell } from "../src/node/shell.ts";
import { createWeb } from "../src/node/web/web.ts";
import { tools } from "../src/tools/index.ts";
import { createToolbox } from "../src/tools/toolbox.ts";
import { ripgrep } from "./place.ts";
import { median, p95, repeat } from "./stats.ts";
import type { Figures } from "./targets.ts";

const EDITS = 200;
const SEARCHES = 7;
const SEARCH_FILES = 3000;
const WARM_UP = 20;

export async function measureTools(): Promise<Figures> {
	const root = await realpath(await mkdtemp(path.join(tmpdir(), "kimi-k2-bench-")));
	try {
		return { ...(await measureEdit(root)), ...(await measureSearch(root)), ...(await measureDiff()) };
	} finally {
		await rm(root, { recursive: true });
	}
}

const toolbox = createToolbox(tools);
const signal = new AbortController().signal;

async function context(root: string): Promise<Ctx> {
	const rgPath = await findRipgrep([ripgrep]);
	const places = createPlaces(root);
	return {
		files: createFiles(places),
		shell: createShell(),
		search: createSearch({ rgPath, places }),
		web: createWeb(),
		seen: {},
		todo: [],
	};
}

/** A call as the loop carries it out, without policy and log. Returns what the model reads. */
async function call(ctx: Ctx, name: string, args: object): Promise<string> {
	const taken = toolbox.take(name, JSON.stringify(args));
	if ("refused" in taken) throw new Error(taken.refused);
	const plan = await taken.tool.plan(taken.input, ctx, signal);
	if (isRefusal(plan)) throw new Error(plan.refused);
	const outcome = await plan.run(signal, () => undefined);
	if (outcome.failed) throw new Error(outcome.text);
	return outcome.text;
}

async function measureEdit(root: string): Promise<Figures> {
	const ctx = await context(root);
	const lines = Array.from({ length: 300 }, (_, n) => `export const value${n} = ${n};`);
	await writeFile(path.join(root, "edited.ts"), `${lines.join("\n")}\n`);
	const edit = (n: number) => ({ path: "edited.ts", old_string: `value${n} =`, new_string: `changed${n} =` });
	const all = await repeat(EDITS, (round) => call(ctx, "Edit", edit(round)));
	const warm = all.slice(WARM_UP);
	return { "edit.median": median(warm), "edit.p95": p95(warm) };
}

async function measureSearch(root: string): Promise<Figures> {
	await makeHaystack(root);
	const ctx = await context(root);
	const figures: Record<string, number> = {};
	for (const [id, pattern] of Object.entries({ rare: "needle_\\d+", common: "common" })) {
		await plainRipgrep(root, pattern);
		const [ours, plain]: [number[], number[]] = [[], []];
		// Turn by turn, so that a busy moment of the machine meets both.
		for (let round = 0; round < SEARCHES; round++) {
			ours.push(...(await repeat(1, () => call(ctx, "Grep", { pattern }))));
			plain.push(...(await repeat(1, () => plainRipgrep(root, pattern))));
		}
		figures[`search.${id}`] = median(ours);
		figures[`search.${id}Rg`] = median(plain);
	}
	return figures;
}

/** 3,000 files of 8 KB with a hundred lines each; a word on every line, and another in one file of a hundred. */
async function makeHaystack(root: string): Promise<void> {
	const line = (n: number) => `\tconst value${n} = common(${n}, "some text that fills the line up to its end, ${n}");`;
	const text = Array.from({ length: 100 }, (_, n) => line(n)).join("\n");
	for (let index = 0; index < SEARCH_FILES; index++) {
		const folder = path.join(root, `part-${index % 50}`);
		await mkdir(folder, { recursive: true });
		const needle = index % 100 === 0 ? `// needle_${index}\n` : "";
		await writeFile(path.join(folder, `file-${index}.ts`), `${needle}${text}\n`);
	}
}

/** What anybody would run in a terminal; its output is read and dropped. */
function plainRipgrep(cwd: string, pattern: string): Promise<void> {
	const args = ["--no-config", "--color=never", "--line-number", "--", pattern, "."];
	return new Promise((resolve, reject) => {
		const child = spawn(ripgrep, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
		child.stdout.resume();
		child.once("error", reject);
		child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`rg ended with ${code}.`))));
	});
}

async function measureDiff(): Promise<Figures> {
	const lines = Array.from({ length: 10_000 }, (_, n) => `export const value${n} = compute(${n}, "some text");`);
	const join = (all: readonly string[]) => `${all.join("\n")}\n`;
	const old = join(lines);
	const edited = join(lines.map((line, n) => (n % 100 === 50 ? `${line} // edited` : line)));
	// 6,367 has no divisor in common with 10,000: every line is still there, and elsewhere.
	const shuffled = join(lines.map((_, n) => lines[(n * 6367) % lines.length] ?? ""));
	const rewritten = join(lines.map((line) => line.toUpperCase()));
	const few = await repeat(9, () => diffPreview("a.ts", old, edited));
	const worst = await repeat(6, (round) => diffPreview("a.ts", old, round % 2 === 0 ? shuffled : rewritten));
	return { "diff.edits": median(few), "diff.worst": Math.max(...worst) };
}
