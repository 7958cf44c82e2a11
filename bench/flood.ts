// Runs a command line through the shell and prints what that did to this process. Arguments: the line, milliseconds.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createShell } from "../src/node/shell.ts";

const SAMPLE_MS = 20;

const [line = "", limit = "0"] = process.argv.slice(2);
const logs = await mkdtemp(path.join(tmpdir(), "kimi-k2-bench-"));
const shell = createShell({ logs });
const run = (command: string, timeoutMs: number) =>
	shell.run(command, { cwd: logs, timeoutMs, signal: new AbortController().signal, onOutput: () => undefined });
// Code that is not warm, and buffers that are made once, are no growth.
await run("head -c 4000000 /dev/zero | tr '\\0' '\\n'", 60_000);
const before = process.memoryUsage().rss;
let peak = before;
const sample = setInterval(() => {
	peak = Math.max(peak, process.memoryUsage().rss);
}, SAMPLE_MS);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const from = performance.now();
await run(line, Number(limit));
const ms = performance.now() - from;
delay.disable();
clearInterval(sample);
await shell.close();
await rm(logs, { recursive: true });
process.stdout.write(JSON.stringify({ ms, grown: peak - before, blocked: delay.percentile(99) / 1e6 }));
