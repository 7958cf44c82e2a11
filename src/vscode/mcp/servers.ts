import * as vscode from "vscode";
import type { ForeignResult, ForeignTool } from "../../agent/foreign-tool.ts";
import { inTime } from "../../agent/patient.ts";
import { createMcpServer } from "../../node/mcp/create.ts";
import type { McpHost, McpServer, McpState, McpTool } from "../../node/mcp/server.ts";
import { configId, foreignTools } from "../../node/mcp/tools.ts";
import { workspaceFolders } from "../workspace.ts";
import { McpChoices, type Standing } from "./choices.ts";
import { type Configured, McpFiles } from "./files.ts";
import { McpInputs, type Values } from "./inputs.ts";
import { otherTools } from "./other-tools.ts";
import { resolved } from "./resolve.ts";
import { McpSecrets } from "./secrets.ts";
import { createSignIn } from "./sign-in.ts";
import { textsOf, variablesOf } from "./variables.ts";
import { missingWords } from "./words.ts";

/** How long a turn waits for servers that start, in milliseconds. */
const PATIENCE = 5000;

export type ServerState = McpState | { readonly kind: "input" };

/** A server as the person sees it. */
export interface McpRow {
	readonly server: Configured;
	readonly standing: Standing;
	/** `input`: it needs a value of theirs. */
	readonly state: ServerState;
	/** As far as they are known. */
	readonly tools: readonly McpTool[];
	readonly toolsOff: readonly string[];
}

interface Running {
	readonly configured: Configured;
	readonly server: McpServer;
	unlisten(): void;
}

/** What a turn goes without, and why; `ended`: by itself, in the middle of one. */
export interface Missing {
	readonly name: string;
	readonly why: Exclude<ServerState["kind"], "stopped" | "running" | "asleep"> | "changed" | "ended";
	readonly message: string;
}

/** The servers of this window: which there are, may run, and do. */
export class McpServers implements vscode.Disposable {
	readonly files: McpFiles;
	readonly choices: McpChoices;
	readonly inputs: McpInputs;
	readonly #secrets: McpSecrets;
	readonly #running = new Map<string, Running>();
	/** Those that the person stopped: no turn starts them again. */
	readonly #held = new Set<string>();
	/** Why those can't be started that have no process. */
	readonly #troubles = new Map<string, ServerState>();
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	readonly #subscriptions: vscode.Disposable[];
	readonly #tell: (words: string) => void;
	/** Those that a turn waited for in vain: no other does while they start. */
	#late: ReadonlySet<string> = new Set();
	/** What the person was told already, by the ids of servers. */
	readonly #told = new Map<string, string>();
	#log: vscode.OutputChannel | undefined;

	/** @param tell says what a turn goes without, or what ended by itself */
	constructor(context: vscode.ExtensionContext, tell: (words: string) => void) {
		this.#tell = tell;
		this.files = new McpFiles(context.globalStorageUri);
		this.choices = new McpChoices(context);
		this.#secrets = new McpSecrets(context);
		this.inputs = new McpInputs(this.#secrets);
		this.#subscriptions = [
			this.files,
			this.files.onChanged(() => this.#reconcile()),
			vscode.workspace.onDidChangeWorkspaceFolders(() => {
				for (const { server } of this.#running.values()) server.rootsChanged();
			}),
		];
	}

	get rows(): readonly McpRow[] {
		return this.files.servers.map((server) => {
			const state = this.#stateOf(server);
			const tools = "tools" in state ? state.tools : [];
			return { server, standing: this.choices.standing(server), state, tools, toolsOff: this.choices.toolsOff(server) };
		});
	}

	/** Starts what is turned on, and waits for it, a while. What is not there then, the turn goes without. */
	async ready(signal: AbortSignal): Promise<void> {
		if (!vscode.workspace.isTrusted) return;
		await this.files.load();
		const isLate = ({ id }: Configured) =>
			this.#late.has(id) && this.#running.get(id)?.server.state.kind === "starting";
		const waited = this.#offered().filter((server) => !this.#held.has(server.id) && !isLate(server));
		await inTime(Promise.all(waited.map((server) => this.#begin(server))), { ms: PATIENCE, signal }, undefined);
		this.#late = new Set(this.rows.flatMap(({ server, state }) => (state.kind === "starting" ? [server.id] : [])));
		if (!signal.aborted) this.#tellMissing();
	}

	/** The tools of the servers that are there, but for those that are turned off, and those of other extensions that are on. */
	get tools(): readonly ForeignTool[] {
		return [...this.#ownTools(), ...this.#otherTools()];
	}

	#otherTools(): readonly ForeignTool[] {
		const { others } = this.choices;
		if (others.length === 0) return [];
		const on = otherTools().filter(({ id }) => others.includes(id));
		return on.map(({ id, tool }) => ({
			...tool,
			call: async (args, signal, progress) =>
				this.choices.others.includes(id) ? tool.call(args, signal, progress) : OFF,
		}));
	}

	#ownTools(): readonly ForeignTool[] {
		return this.#offered().flatMap((configured) => {
			const server = this.#running.get(configured.id)?.server;
			if (!server) return [];
			const off = this.choices.toolsOff(configured);
			const id = configId(configured.entry.template, folderOf(configured));
			const tools = foreignTools(configured.entry.name, id, server).filter(({ name }) => !off.includes(name));
			return tools.map((tool) => this.#guarded(tool, configured));
		});
	}

	/** The person may turn a tool or its server off while a turn runs, or a call waits; or start it anew. */
	#guarded(tool: ForeignTool, configured: Configured): ForeignTool {
		return {
			...tool,
			call: async (args, signal, progress) => {
				if (!this.#isOn(configured, tool.name)) return OFF;
				if (!this.#running.has(configured.id)) await inTime(this.#begin(configured), { signal }, undefined);
				const server = this.#running.get(configured.id)?.server;
				return server ? server.call(tool.name, args, signal, progress) : GONE;
			},
		};
	}

	#isOn(configured: Configured, tool: string): boolean {
		return (
			this.#mayRun(configured) && !this.#held.has(configured.id) && !this.choices.toolsOff(configured).includes(tool)
		);
	}

	/** Starts a server at the person's word, and asks them for what it needs. */
	async start(server: Configured): Promise<void> {
		this.#held.delete(server.id);
		if (!this.#mayRun(server)) return;
		if (!(await this.inputs.ask(server))) return;
		await this.#begin(server, true);
	}

	/** Until the person starts it, or the window is loaded anew. */
	async stop({ id }: Configured): Promise<void> {
		this.#held.add(id);
		await this.#end(id);
	}

	async restart(server: Configured): Promise<void> {
		await this.#end(server.id);
		await this.start(server);
	}

	async signIn(server: Configured, signal: AbortSignal): Promise<void> {
		await this.start(server);
		const running = this.#running.get(server.id);
		if (running?.server.state.kind === "signIn") await running.server.signIn(signal);
	}

	/** Also of one that does not run. */
	async signOut(server: Configured): Promise<void> {
		await this.#running.get(server.id)?.server.signOut();
		await this.#end(server.id);
		await this.#secrets.signIn(server).set(undefined);
	}

	async turn(server: Configured, isOn: boolean): Promise<void> {
		const before = this.choices.boundTo(server);
		await this.choices.turn(server, isOn);
		// What they typed for an entry that is no more.
		if (before !== undefined && before !== server.binding)
			await this.#secrets.inputs({ ...server, binding: before }).set(undefined);
		this.#reconcile();
	}

	async turnToolsOff(server: Configured, tools: readonly string[]): Promise<void> {
		await this.choices.turnToolsOff(server, tools);
		this.#changed.fire();
	}

	async turnOthers(tools: readonly string[]): Promise<void> {
		await this.choices.setOthers(tools);
		this.#changed.fire();
	}

	showLog(): void {
		this.#output().show(true);
	}

	/** Ends all of them. */
	async close(): Promise<void> {
		await Promise.all([...this.#running.keys()].map((id) => this.#end(id)));
	}

	dispose(): void {
		for (const each of [...this.#subscriptions, this.#changed]) each.dispose();
		this.#log?.dispose();
	}

	#offered(): readonly Configured[] {
		return this.files.servers.filter((server) => this.choices.standing(server) === "on");
	}

	/** As it was looked at: another entry of its name is another server. */
	#mayRun({ id, binding }: Configured): boolean {
		const isSame = (server: Configured) => server.id === id && server.binding === binding;
		return vscode.workspace.isTrusted && this.#offered().some(isSame);
	}

	/** `again`: also where it failed before. */
	async #begin(configured: Configured, again = false): Promise<void> {
		// A keyring that stays locked gives nothing.
		const values = await this.inputs.values(configured).catch(() => undefined);
		// Meanwhile it may have been changed or turned off.
		if (!this.#mayRun(configured)) return;
		const server = this.#running.get(configured.id)?.server ?? this.#make(configured, values);
		const { kind } = server?.state ?? {};
		const isDown = kind === "stopped" || kind === "starting";
		if (isDown || (again && kind !== "running")) await server?.start();
	}

	#make(configured: Configured, values: Values | undefined): McpServer | undefined {
		const { id, entry } = configured;
		const read = values && resolved(configured, values);
		if (!read || "trouble" in read) {
			this.#troubles.set(id, read ? { kind: "failed", message: read.trouble } : { kind: "input" });
			this.#changed.fire();
			return undefined;
		}
		this.#troubles.delete(id);
		const host: McpHost = {
			roots: workspaceFolders,
			// What looks like a secret is left out by its name and form already.
			withhold: [],
			log: (line) => this.#output().appendLine(`[${entry.name}] ${line}`),
			signIn: createSignIn(this.#secrets.signIn(configured), entry.name),
		};
		const server = createMcpServer(read.config, host);
		let wasUp = false;
		const unlisten = server.onChanged(() => {
			const { state } = server;
			const isDown = state.kind === "asleep" || state.kind === "failed";
			if (wasUp && isDown) this.#tell(missingWords({ name: entry.name, why: "ended", message: state.message }));
			wasUp = state.kind === "running";
			this.#changed.fire();
		});
		this.#running.set(id, { configured, server, unlisten });
		return server;
	}

	/** Ends what is no longer as it was when it was started, or is turned off. */
	#reconcile(): void {
		const offered = this.#offered();
		for (const [id, { configured }] of this.#running) {
			const now = offered.find((server) => server.id === id);
			if (now?.binding !== configured.binding) void this.#end(id);
		}
		for (const id of this.#held) if (!this.files.servers.some((server) => server.id === id)) this.#held.delete(id);
		this.#troubles.clear();
		this.#changed.fire();
	}

	async #end(id: string): Promise<void> {
		const running = this.#running.get(id);
		this.#running.delete(id);
		this.#troubles.delete(id);
		running?.unlisten();
		this.#changed.fire();
		await running?.server.stop();
	}

	/** Each thing once, but for what is late, which another turn goes without. */
	#tellMissing(): void {
		const news = this.rows.flatMap((row) => {
			const { id } = row.server;
			const words = missingOf(row).map(missingWords).join();
			const isNews = words !== "" && (row.state.kind === "starting" || this.#told.get(id) !== words);
			this.#told.set(id, words);
			return isNews ? [words] : [];
		});
		if (news.length > 0) this.#tell(news.join(" "));
	}

	#stateOf({ id }: Configured): ServerState {
		return this.#running.get(id)?.server.state ?? this.#troubles.get(id) ?? { kind: "stopped" };
	}

	#output(): vscode.OutputChannel {
		this.#log ??= vscode.window.createOutputChannel("Kimi K2 MCP");
		return this.#log;
	}
}

/** That the person's word on its tools is for; undefined: they mean the same server in each. */
function folderOf({ folder, entry }: Configured): string | undefined {
	const isOfFolder = variablesOf(textsOf(entry.template)).some(({ kind }) => kind === "workspaceFolder");
	return folder ?? (isOfFolder ? workspaceFolders()[0] : undefined);
}

const OFF: ForeignResult = { text: "Not called: the person turned this tool or its server off.", failed: true };
const GONE: ForeignResult = { text: "Not called: the server can't be started. The person sees why.", failed: true };

function missingOf({ server, standing, state }: McpRow): readonly Missing[] {
	const { name } = server.entry;
	if (standing === "changed") return [{ name, why: "changed", message: "" }];
	if (standing !== "on") return [];
	const { kind } = state;
	if (kind === "stopped" || kind === "running" || kind === "asleep") return [];
	return [{ name, why: kind, message: "message" in state ? state.message : "" }];
}
