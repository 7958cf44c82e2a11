import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";

/** Whether a process still runs; one that ended and was not yet collected by its parent does not. */
export function runs(pid: string): boolean {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false;
	}
}

/** Waits for the kernel to carry out a SIGKILL that was sent: it takes no time that a test could name. */
export async function ended(pid: string): Promise<void> {
	assert.match(pid, /^\d+$/);
	while (runs(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}
