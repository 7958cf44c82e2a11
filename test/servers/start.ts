import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { main } from "../../scripts/lib/process.ts";
import { Refusal } from "../../scripts/lib/setup.mjs";
import { home, type Server, servers } from "./servers.ts";
import { bring, lastLines, pythonOf } from "./setup.ts";

/** vLLM compiles and loads for more than a minute where others compute as well. */
const PATIENCE_MS = 300_000;

export interface RunningServer {
	/** The base URL, ending in /v1. */
	readonly url: string;
	/** Where the server's own output goes. */
	readonly log: string;
	close(): Promise<void>;
}

export function serverNamed(name: string): Server {
	const server = servers[name];
	if (server) return server;
	const known = Object.entries(servers).map(([each, { about }]) => `  ${each.padEnd(18)}${about}`);
	throw new Refusal(`Usage: node test/servers/start.ts SERVER [--port N] [-- FLAGS]\n${known.join("\n")}`);
}

/** Starts a server on the loopback and waits until it lists its model. Throws a Refusal that says why it can't. */
export async function startServer(name: string, port = 0, flags: readonly string[] = []): Promise<RunningServer> {
	const server = serverNamed(name);
	await bring(server.environment);
	const at = port === 0 ? await freePort() : port;
	const python = pythonOf(server.environment);
	const log = path.join(home, `${name}.log`);
	const out = fs.openSync(log, "w");
	// Standard input stays open: a server that reads it ends with us, whatever happens to us.
	const child = spawn(python, [...server.args(at), ...flags], {
		stdio: ["pipe", out, out],
		env: { ...process.env, ...server.env, PATH: `${path.dirname(python)}${path.delimiter}${process.env["PATH"]}` },
		// Of its own process group, so that the processes that it starts end with it.
		detached: process.platform !== "win32",
	});
	fs.closeSync(out);
	const running = { url: `http://127.0.0.1:${at}/v1`, log, close: () => end(child) };
	const ready = await answers(child, `${running.url}/models`);
	if (ready) return running;
	await running.close();
	throw new Refusal(`${name} does not run here. ${lastLines({ output: fs.readFileSync(log, "utf8") })}`);
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
	const until = Date.now() + PATIENCE_MS;
	while (child.exitCode === null && child.signalCode === null && Date.now() < until) {
		const response = await fetch(url).catch(() => undefined);
		await response?.body?.cancel();
		if (response?.ok) return true;
		await sleep(200);
	}
	return false;
}

async function end(child: ChildProcess): Promise<void> {
	const ended = new Promise((resolve) => child.once("exit", resolve));
	if (child.exitCode !== null || child.signalCode !== null) return;
	signal(child, "SIGTERM");
	const late = setTimeout(() => signal(child, "SIGKILL"), 10_000);
	await ended;
	clearTimeout(late);
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
	try {
		if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, name);
		else child.kill(name);
	} catch {
		// It has ended meanwhile.
	}
}

async function freePort(): Promise<number> {
	const holder = net.createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => holder.once("listening", resolve));
	const { port } = holder.address() as AddressInfo;
	await new Promise((resolve) => holder.close(resolve));
	return port;
}

/** The server of that name: one that runs already, or a new one for as long as it is asked. */
export async function using(name: string, at: string | undefined, use: (url: string) => Promise<void>): Promise<void> {
	if (at !== undefined) return use(at);
	const running = await startServer(name);
	try {
		await use(running.url);
	} finally {
		await running.close();
	}
}

/** `node test/servers/start.ts SERVER`: until Ctrl+C. */
async function serve(args: string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args,
		options: { port: { type: "string", default: "0" } },
		allowPositionals: true,
	});
	const [name = "", ...flags] = positionals;
	const running = await startServer(name, Number(values.port), flags);
	console.log(running.url);
	console.error(`${name} runs; its log is ${running.log}. Ctrl+C stops it.`);
	await new Promise((resolve) => {
		for (const each of ["SIGINT", "SIGTERM"] as const) process.once(each, resolve);
	});
	await running.close();
	return 0;
}

if (import.meta.main) await main(serve);
