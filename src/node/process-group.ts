import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { tellGuard } from "./guard.ts";
import { inSystem } from "./shell-program.ts";

/** A killed process is reaped within this, unless the kernel holds it (a dead network drive); then nobody waits for it. */
export const REAP_MS = 100;

/** What runs now: it ends with this process, however that ends. */
const running = new Set<ChildProcess>();
let isWatching = false;

/** Until `forgetGroup`, its whole group is killed when this process exits or is killed. */
export function watchGroup(child: ChildProcess): void {
	if (!isWatching) process.once("exit", killAll);
	isWatching = true;
	running.add(child);
	if (child.pid !== undefined) tellGuard("begun", child.pid);
}

export function forgetGroup(child: ChildProcess): void {
	running.delete(child);
	if (child.pid !== undefined) tellGuard("ended", child.pid);
}

function killAll(): void {
	for (const child of running) {
		if (process.platform !== "win32") signalGroup(child, "SIGKILL");
		else if (child.pid !== undefined) spawnSync(taskkill(), treeOf(child.pid), { stdio: "ignore", windowsHide: true });
	}
}

/** Ends what a command left in its group when it ended itself. */
export async function endGroup(child: ChildProcess): Promise<void> {
	if (!signalGroup(child, "SIGTERM")) return;
	for (let waited = 0; waited < REAP_MS; waited += 10) {
		await new Promise((resolve) => setTimeout(resolve, 10));
		if (!signalGroup(child, 0)) return;
	}
	signalGroup(child, "SIGKILL");
}

/** Signals the whole group; false when nobody is left in it. */
export function signalGroup(child: ChildProcess, name: NodeJS.Signals | 0): boolean {
	if (child.pid === undefined) return false;
	if (process.platform === "win32") return killTree(child, child.pid, name);
	try {
		return process.kill(-child.pid, name);
	} catch {
		return false;
	}
}

function killTree(child: ChildProcess, pid: number, name: NodeJS.Signals | 0): boolean {
	if (child.exitCode !== null || child.signalCode !== null) return false;
	if (name === 0) return true;
	spawn(taskkill(), treeOf(pid), { stdio: "ignore", windowsHide: true }).on("error", () => {
		child.kill();
	});
	return true;
}

function taskkill(): string {
	return inSystem(process.env, "taskkill.exe");
}

function treeOf(pid: number): string[] {
	return ["/pid", String(pid), "/T", "/F"];
}
