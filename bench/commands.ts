import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Figures } from "./targets.ts";

const LINE = "0123456789012345678901234567890123456789012345678";
const MIB = 1024 * 1024;

interface Flood {
	readonly ms: number;
	/** Bytes. */
	readonly grown: number;
	/** Milliseconds. */
	readonly blocked: number;
}

/** What commands that print without end do to the process that reads them. */
export async function measureCommands(): Promise<Figures> {
	const big = await flood(`yes ${LINE} | head -c 100000000`, 60_000);
	const endless = await flood("yes", 10_000);
	return {
		"flood.ms": big.ms,
		"flood.memory": big.grown / MIB,
		"flood.blocked": big.blocked,
		"yes.memory": endless.grown / MIB,
		"yes.blocked": endless.blocked,
	};
}

async function flood(line: string, ms: number): Promise<Flood> {
	const args = ["--disable-warning=ExperimentalWarning", path.join(import.meta.dirname, "flood.ts"), line, String(ms)];
	const { stdout } = await promisify(execFile)(process.execPath, args);
	return JSON.parse(stdout) as Flood;
}
