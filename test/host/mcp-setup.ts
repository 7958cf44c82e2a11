import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import type { WireRequest } from "../fake/endpoint-reply.ts";
import { activeApp, until, workspacePath } from "./setup.ts";

/** The real server for files out of npm, let into the workspace. */
export function filesServer(...more: readonly string[]): object {
	const { extensionPath } = vscode.extensions.getExtension("kimi-k2-agent.kimi-k2-agent") ?? assert.fail();
	const program = `${extensionPath}/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js`;
	return { command: "node", args: [program, workspacePath(), ...more] };
}

/** Ends the servers of this workspace as a crash would: those that have its unique path among their words. */
export function killServers(): void {
	const all = execFileSync("ps", ["-axo", "pid=,args="], { encoding: "utf8" }).split("\n");
	const ours = all.filter((line) => line.includes("server-filesystem") && line.includes(workspacePath()));
	assert.ok(ours.length > 0);
	for (const line of ours) process.kill(Number.parseInt(line, 10), "SIGKILL");
}

export const workspaceFile = () => workspacePath(".vscode/mcp.json");

/** Files with these servers, gone afterwards with all that was said of them. */
export async function withServers(
	{ own, workspace }: { own?: object; workspace?: object },
	use: (app: App) => Promise<void>,
): Promise<void> {
	const app = await activeApp();
	const { files } = app.tools.mcp;
	try {
		if (own) await write(files.own, own);
		if (workspace) await write(workspaceFile(), workspace);
		await use(app);
	} finally {
		await rm(files.own, { force: true });
		await rm(workspaceFile(), { force: true });
		await app.tools.mcp.files.load();
		await app.tools.mcp.close();
		await app.context.globalState.update("kimiK2.mcp", undefined);
		await app.context.workspaceState.update("kimiK2.mcp", undefined);
		app.notices.clear();
	}
}

/** Starts what is turned on, and waits for this server however long it takes here: a turn would go on without it. */
export async function started({ tools: { mcp } }: App, name: string): Promise<void> {
	await mcp.ready(new AbortController().signal);
	await until(() => mcp.rows.some(({ server, state }) => server.entry.name === name && state.kind === "running"));
}

export async function write(file: string, servers: object): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, JSON.stringify({ servers }));
}

/** Names of strangers' tools in a request. */
export function offered(request: WireRequest | undefined): readonly string[] {
	const tools = (request?.body["tools"] ?? []) as readonly { readonly function: { readonly name: string } }[];
	return tools.map((tool) => tool.function.name).filter((name) => name.startsWith("mcp_"));
}
