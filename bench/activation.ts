import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "./place.ts";
import { median } from "./stats.ts";
import type { Figures } from "./targets.ts";

const PROCESSES = 5;

/**
 * Left by the host suite that measures inside VS Code: an object with some of the `host.*` figures of `targets.ts`,
 * without that prefix.
 */
const hostFile = path.join(root, "out", "bench-host.json");

export async function measureActivation(): Promise<Figures> {
	const all: number[] = [];
	for (let n = 0; n < PROCESSES; n++) all.push(await load());
	return { "activation.load": median(all), ...insideVsCode() };
}

async function load(): Promise<number> {
	const args = ["--disable-warning=ExperimentalWarning", path.join(import.meta.dirname, "load.ts")];
	const { stdout } = await promisify(execFile)(process.execPath, args);
	return Number(stdout);
}

function insideVsCode(): Figures {
	if (!existsSync(hostFile)) return {};
	const figures = JSON.parse(readFileSync(hostFile, "utf8")) as Record<string, number>;
	return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`host.${name}`, value]));
}
