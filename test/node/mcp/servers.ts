import { fileURLToPath } from "node:url";
import { createMcpServer } from "../../../src/node/mcp/create.ts";
import { LIMITS, type McpLimits } from "../../../src/node/mcp/sdk.ts";
import type { McpFacts, McpHost, McpServer, McpServerConfig } from "../../../src/node/mcp/server.ts";

/** What a suite started, and what it said. */
export interface Started {
	readonly server: McpServer;
	/** Lines of its log. */
	readonly log: readonly string[];
	/** Its states, in order. */
	readonly states: readonly string[];
}

const started: McpServer[] = [];

/** A program that Node runs. `path` as `import.meta.resolve` gives it. */
export const node = (path: string, ...args: readonly string[]): Extract<McpServerConfig, { type: "stdio" }> => ({
	type: "stdio",
	command: process.execPath,
	args: [fileURLToPath(path), ...args],
	env: {},
});

export const fake = (mode = "") => node(import.meta.resolve("../../fake/mcp-server.ts"), mode);

export function create(config: McpServerConfig, host: Partial<McpHost> = {}, limits: Partial<McpLimits> = {}): Started {
	const log: string[] = [];
	const states: string[] = [];
	const server = createMcpServer(
		config,
		{
			roots: () => [],
			withhold: [],
			log: (line) => log.push(line),
			signIn: {
				open: () => Promise.resolve(false),
				load: () => Promise.resolve(undefined),
				save: () => Promise.resolve(),
			},
			...host,
		},
		{ ...LIMITS, again: [], ...limits },
	);
	server.onChanged(() => states.push(server.state.kind));
	started.push(server);
	return { server, log, states };
}

/** Started, and expected to run. */
export async function running(...args: Parameters<typeof create>): Promise<Started> {
	const made = create(...args);
	await made.server.start();
	factsOf(made.server);
	return made;
}

export function factsOf({ state }: McpServer): McpFacts {
	if (state.kind === "running" || state.kind === "asleep") return state;
	throw new Error(`It does not run: ${JSON.stringify(state)}`);
}

export const toolNames = (server: McpServer) => factsOf(server).tools.map(({ name }) => name);

/** Of `call`, where nothing is to end it. */
export const call = (server: McpServer, tool: string, args: Readonly<Record<string, unknown>> = {}) =>
	server.call(tool, args, new AbortController().signal, () => undefined);

/** Waits until it is so: a server says in its own time that something changed. */
export async function until(isSo: () => boolean, server: McpServer): Promise<void> {
	const changed = Promise.withResolvers<void>();
	const stop = server.onChanged(() => isSo() && changed.resolve());
	if (!isSo()) await changed.promise;
	stop();
}

/** For what no server tells of. The suite's own time limit ends it. */
export async function poll(isSo: () => boolean): Promise<void> {
	while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** To be called after each suite. */
export async function stopAll(): Promise<void> {
	await Promise.all(started.splice(0).map((server) => server.stop()));
}
