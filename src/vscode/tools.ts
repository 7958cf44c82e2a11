import type * as vscode from "vscode";
import { createExplore } from "../agent/explore.ts";
import type { Explore } from "../agent/explorer.ts";
import type { ForeignTool } from "../agent/foreign-tool.ts";
import type { TurnEnv } from "../agent/loop.ts";
import type { Model } from "../agent/ports.ts";
import type { Toolbox } from "../agent/tool.ts";
import type { Grant } from "../shared/rule.ts";
import { withForeign } from "../tools/foreign.ts";
import { editorExplorerTools, editorTools, habits } from "../tools/index.ts";
import { createToolbox } from "../tools/toolbox.ts";
import { McpServers } from "./mcp/servers.ts";
import type { Notices } from "./notices.ts";
import { workspaceRoot } from "./workspace.ts";

export interface ToolsHost {
	readonly context: vscode.ExtensionContext;
	readonly notices: Notices;
	readonly log: vscode.LogOutputChannel;
	update(): void;
}

/** What a turn's model, and its explorers, may call. */
export class Tools implements vscode.Disposable {
	readonly #host: ToolsHost;
	#servers: McpServers | undefined;
	#own: Toolbox | undefined;
	#explorers: Toolbox | undefined;
	#last: { readonly foreign: readonly ForeignTool[]; readonly toolbox: Toolbox } | undefined;

	constructor(host: ToolsHost) {
		this.#host = host;
	}

	/** Nothing is read or started before the first turn, or the page. */
	get mcp(): McpServers {
		this.#servers ??= new McpServers(this.#host.context, (words) => this.#tell(words));
		return this.#servers;
	}

	/** Those of the last turn, or our own before the first: made with it, as activation does not pay for the schemas. */
	get toolbox(): Toolbox {
		return this.#last?.toolbox ?? this.#ours;
	}

	/** Those of a turn that begins: they stay so until it ends. */
	async forTurn(signal: AbortSignal): Promise<Toolbox> {
		await this.mcp.ready(signal);
		const foreign = this.mcp.tools;
		// The same object as long as nothing changed: so are the bytes of each request.
		if (!this.#last || !isSame(this.#last.foreign, foreign))
			this.#last = { foreign, toolbox: foreign.length === 0 ? this.#ours : withForeign(this.#ours, foreign) };
		return this.#last.toolbox;
	}

	explore(model: Model, ctx: TurnEnv["ctx"], grants: () => readonly Grant[]): Explore {
		this.#explorers ??= createToolbox(editorExplorerTools);
		return createExplore({ model, toolbox: this.#explorers, ctx, root: workspaceRoot(), grants });
	}

	/** Ends all servers. */
	async close(): Promise<void> {
		await this.#servers?.close();
	}

	dispose(): void {
		this.#servers?.dispose();
	}

	#tell(words: string): void {
		this.#host.log.warn(words);
		this.#host.notices.miss(words);
		this.#host.update();
	}

	get #ours(): Toolbox {
		this.#own ??= createToolbox(editorTools, habits);
		return this.#own;
	}
}

/** The tools are the same to the letter: what they are `from` tells of all that matters. */
function isSame(some: readonly ForeignTool[], others: readonly ForeignTool[]): boolean {
	const names = (tools: readonly ForeignTool[]) =>
		JSON.stringify(tools.map(({ server, name, from }) => [server, name, from]));
	return names(some) === names(others);
}
