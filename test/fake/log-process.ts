import { execFileSync } from "node:child_process";
import { FileLog } from "../../src/node/log.ts";
import type { Recorded } from "../../src/shared/event.ts";

/*
 * A log in a process of its own, whose files may be forbidden to grow: a limit on the size of files is the one way to
 * have the system write half a line and fail, and it holds for a whole process. Asked and answering by messages.
 */
export type LogAsk = { append: Recorded } | { limit: number | null } | { close: true };

const [path = "", keep] = process.argv.slice(2);
const log = new FileLog(path, keep === undefined ? undefined : Number(keep));

async function answer(ask: LogAsk): Promise<boolean> {
	if ("append" in ask) return (await log.append(ask.append)).ok;
	if ("limit" in ask) {
		const size = ask.limit === null ? "unlimited" : String(ask.limit);
		execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${size}:`]);
	} else await log.close();
	return true;
}

process.on("message", (ask: LogAsk) => {
	void answer(ask).then((ok) => process.send?.(ok));
});
