import * as vscode from "vscode";
import { createMcpServer } from "../../node/mcp/create.ts";
import type { McpHost, McpServer, McpState } from "../../node/mcp/server.ts";
import { workspaceFolders } from "../workspace.ts";
import type { Configured } from "./files.ts";
import type { McpInputs, Values } from "./inputs.ts";
import { resolved } from "./resolve.ts";
import type { McpSecrets } from "./secrets.ts";
import { createSignIn } from "./sign-in.ts";
import { missingWords } from "./words.ts";

/** `input`: it needs a value of the person's. */
export type ServerState = McpState | { readonly kind: "input" };

interface RunningHost {
	readonly inputs: McpInputs;
	readonly secrets: McpSecrets;
	/** Whether exactly this entry is turned on now. */
	mayRun(server: Configured): boolean;
	changed(): void;
	/** Says what ended by itself. */
	tell(words: string): void;
}

interface Running {
	readonly configured: Configured;
	readonly server: McpServer;
	unlisten(): void;
}

/** The servers that were started, by their ids. */
export class RunningServers implements vscode.Disposable {
	readonly #host: RunningHost;
	readonly #all = new Map<string, Running>();
	/** Why those can't be started that have no process. */
	readonly #troubles = new Map<string, ServerState>();
	#log: vscode.OutputChannel | undefined;

	constructor(host: RunningHost) {
		this.#host = host;
	}

	find(id: string): McpServer | undefined {
		return this.#all.get(id)?.server;
	}

	stateOf({ id }: Configured): ServerState {
		return this.find(id)?.state ?? this.#troubles.get(id) ?? { kind: "stopped" };
	}

	/** Resolves when it runs or can't. `again`: also where it failed before. */
	async begin(configured: Configured, again = false): Promise<void> {
		// A keyring that stays locked gives nothing.
		const values = await this.#host.inputs.values(configured).catch(() => undefined);
		// Meanwhile it may have been changed or turned off.
		if (!this.#host.mayRun(configured)) return;
		const server = this.find(configured.id) ?? this.#make(configured, values);
		const { kind } = server?.state ?? {};
		const isDown = kind === "stopped" || kind === "starting";
		if (isDown || (again && kind !== "running")) await server?.start();
	}

	/** Ends what is no longer as it was when it was started, or is turned off. */
	reconcile(): void {
		for (const [id, { configured }] of this.#all) if (!this.#host.mayRun(configured)) void this.end(id);
		this.#troubles.clear();
	}

	async end(id: string): Promise<void> {
		const running = this.#all.get(id);
		this.#all.delete(id);
		this.#troubles.delete(id);
		running?.unlisten();
		this.#host.changed();
		await running?.server.stop();
	}

	rootsChanged(): void {
		for (const { server } of this.#all.values()) server.rootsChanged();
	}

	/** Ends all of them. */
	async close(): Promise<void> {
		await Promise.all([...this.#all.keys()].map((id) => this.end(id)));
	}

	showLog(): void {
		this.#output().show(true);
	}

	dispose(): void {
		this.#log?.dispose();
	}

	#make(configured: Configured, values: Values | undefined): McpServer | undefined {
		const { id, entry } = configured;
		const read = values && resolved(configured, values);
		if (!read || "trouble" in read) {
			this.#troubles.set(id, read ? { kind: "failed", message: read.trouble } : { kind: "input" });
			this.#host.changed();
			return undefined;
		}
		this.#troubles.delete(id);
		const host: McpHost = {
			roots: workspaceFolders,
			// What looks like a secret is left out by its name and form already.
			withhold: [],
			log: (line) => this.#output().appendLine(`[${entry.name}] ${line}`),
			signIn: createSignIn(this.#host.secrets.signIn(configured), entry.name),
		};
		const server = createMcpServer(read.config, host);
		let wasUp = false;
		const unlisten = server.onChanged(() => {
			const { state } = server;
			const isDown = state.kind === "asleep" || state.kind === "failed";
			if (wasUp && isDown) this.#host.tell(missingWords({ name: entry.name, why: "ended", message: state.message }));
			wasUp = state.kind === "running";
			this.#host.changed();
		});
		this.#all.set(id, { configured, server, unlisten });
		return server;
	}

	#output(): vscode.OutputChannel {
		this.#log ??= vscode.window.createOutputChannel("Kimi K2 MCP");
		return this.#log;
	}
}
