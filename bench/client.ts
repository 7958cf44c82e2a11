import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Seen } from "./endpoint.ts";
import { ripgrep, root } from "./place.ts";
import { countEdits, makeProject } from "./project.ts";

/** The product as people run it, or the floor below it. */
export type Client = "agent" | "floor";

export interface Run extends Seen {
	/** Milliseconds from the start of the process to its first request, and to its last. */
	readonly coldStart: number;
	readonly total: number;
	/** Edits found on disk afterwards. */
	readonly edits: number;
	/** Calls whose result was no failure, as the client's own events tell; the floor has none. */
	readonly succeeded: number;
	/** Times that it made what it sends shorter, from the same events. */
	readonly shortened: number;
}

const quiet = ["--disable-warning=ExperimentalWarning"];

/** Lets a client do a number of calls on a fresh project, and says what the endpoint saw. */
export async function runClient(client: Client, calls: number): Promise<Run> {
	const home = await mkdtemp(path.join(tmpdir(), "kimi-k2-bench-"));
	const project = path.join(home, "project");
	const endpoint = fork(path.join(import.meta.dirname, "endpoint.ts"), [String(calls)], { execArgv: quiet });
	try {
		await makeProject(project);
		const url = `http://127.0.0.1:${await portOf(endpoint)}/v1`;
		const startedAt = process.hrtime.bigint();
		const child = start(client, calls, url, project, home);
		endpoint.send({ client: child.pid });
		const events = eventsIn(await outputOf(client, child));
		endpoint.send({ report: true });
		const [seen] = (await once(endpoint, "message")) as [Seen];
		const since = (at: string) => Number(BigInt(at) - startedAt) / 1e6;
		const times = { coldStart: since(seen.firstRequestAt), total: since(seen.lastRequestAt) };
		const succeeded = events.filter(({ type, failed }) => type === "finished" && failed === false).length;
		const shortened = events.filter(({ type }) => type === "shed" || type === "compacted").length;
		return { ...seen, ...times, edits: await countEdits(project), succeeded, shortened };
	} finally {
		endpoint.kill();
		await rm(home, { recursive: true });
	}
}

/** The port that a server process of ours tells first. */
export async function portOf(server: ChildProcess): Promise<number> {
	const [{ port }] = (await once(server, "message")) as [{ port: number }];
	return port;
}

function start(client: Client, calls: number, url: string, project: string, home: string): ChildProcess {
	const agent = ["--json", "--yes", "--workspace", project, "--endpoint", url, "--model", "kimi-k2-bench"];
	const args =
		client === "agent"
			? [path.join(root, "dist", "headless.mjs"), ...agent, "--max-steps", String(calls + 100), "Go."]
			: [path.join(import.meta.dirname, "floor.mjs"), url, project];
	const env = { ...process.env, KIMI_K2_STATE: path.join(home, "state"), BENCH_RG: ripgrep, NODE_OPTIONS: "" };
	return spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Reads what it prints, as a terminal or a pipe would: else it waits. */
async function outputOf(client: Client, child: ChildProcess): Promise<string> {
	const pieces: string[] = [];
	let words = "";
	child.stdout?.setEncoding("utf8").on("data", (text: string) => pieces.push(text));
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		words += text;
	});
	const [code] = (await once(child, "close")) as [number | null];
	if (code !== 0) throw new Error(`The ${client} ended with ${code}. Its last words:\n${words.slice(-4000)}`);
	return pieces.join("");
}

function eventsIn(output: string): readonly { readonly type: string; readonly failed?: boolean }[] {
	const lines = output.split("\n").filter((line) => line.startsWith("{"));
	return lines.map((line) => JSON.parse(line) as { readonly type: string; readonly failed?: boolean });
}
