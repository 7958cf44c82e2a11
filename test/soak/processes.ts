import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { SoakPlace } from "./place.ts";

/** Processes of commands that still run, by their environment. Linux only: elsewhere there are none. */
function running({ mark }: SoakPlace): string[] {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => environmentOf(pid).includes(`KIMI_SOAK=${mark}\0`));
}

function environmentOf(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/environ`, "utf8");
	} catch {
		return "";
	}
}

/** Those that are left once they had a moment to end: SIGKILL is sent, the kernel takes its time. */
export async function leftovers(place: SoakPlace): Promise<string[]> {
	for (let tries = 0; tries < 100 && running(place).length > 0; tries++) await sleep(20);
	return running(place).map((pid) => `process ${pid} still runs: ${commandLine(pid)}`);
}

function commandLine(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
	} catch {
		return "?";
	}
}

/** What this process still has open of the soak's files, once what looks at them had a moment to end. Linux only. */
export async function openFiles(place: SoakPlace): Promise<string[]> {
	for (let tries = 0; tries < 100 && opened(place).length > 0; tries++) await sleep(20);
	return opened(place).map((path) => `${path} is still open`);
}

function opened({ folder }: SoakPlace): string[] {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc/self/fd")
		.map(targetOf)
		.filter((path) => path.startsWith(folder));
}

function targetOf(name: string): string {
	try {
		return readlinkSync(`/proc/self/fd/${name}`);
	} catch {
		// The one that the folder was read by.
		return "";
	}
}
