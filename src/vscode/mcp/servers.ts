import * as vscode from "vscode";
import type { ForeignResult, ForeignTool } from "../../agent/foreign-tool.ts";
import { inTime } from "../../agent/patient.ts";
import type { McpTool } from "../../node/mcp/server.ts";
import { configId, foreignTools } from "../../node/mcp/tools.ts";
import { workspaceFolders } from "../workspace.ts";
import { McpChoices, type Standing } from "./choices.ts";
import { type Configured, McpFiles } from "./files.ts";
import { McpInputs } from "./inputs.ts";
import { MissingServers } from "./missing.ts";
import { otherTools } from "./other-tools.ts";
import { RunningServers, type ServerState } from "./running.ts";
import { McpSecrets } from "./secrets.ts";
import { textsOf, variablesOf } from "./variables.ts";

/** How long a turn waits for servers that start, in milliseconds. */
const PATIENCE = 5000;

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

/** The servers of this window: which there are, may run, and do. */
export class McpServers implements vscode.Disposable {
	readonly files: McpFiles;
	readonly choices: McpChoices;
	readonly inputs: McpInputs;
	readonly #secrets: McpSecrets;
	readonly #running: RunningServers;
	readonly #missing = new MissingServers();
	/** Those that the person stopped: no turn starts them again. */
	readonly #held = new Set<string>();
	readonly #changed = new vscode.EventEmitter<void>();
	readonly onChanged = this.#changed.event;
	readonly #subscriptions: vscode.Disposable[];
	readonly #tell: (words: string) => void;
	/** Those that a turn waited for in vain: no other does while they start. */
	#late: ReadonlySet<string> = new Set();

	/** @param tell says what a turn goes without, or what ended by itself */
	constructor(context: vscode.ExtensionContext, tell: (words: string) => void) {
		this.#tell = tell;
		this.files = new McpFiles(context.globalStorageUri);
		this.choices = new McpChoices(context);
		this.#secrets = new McpSecrets(context);
		this.inputs = new McpInputs(this.#secrets);
		this.#running = new RunningServers({
			inputs: this.inputs,
			secrets: this.#secrets,
			mayRun: (server) => this.#mayRun(server),
			changed: () => this.#changed.fire(),
			tell,
		});
		this.#subscriptions = [
			this.files,
			this.#running,
			this.#changed,
			this.files.onChanged(() => this.#reconcile()),
			vscode.workspace.onDidChangeWorkspaceFolders(() => {
				this.#running.rootsChanged();
				this.files.loadAgain();
			}),
		];
	}

	get rows(): readonly McpRow[] {
		return this.files.servers.map((server) => {
			const state = this.#running.stateOf(server);
			const tools = "tools" in state ? state.tools : [];
			return { server, standing: this.choices.standing(server), state, tools, toolsOff: this.choices.toolsOff(server) };
		});
	}

	/** Starts what is turned on, and waits for it, a while. What is not there then, the turn goes without. */
	async ready(signal: AbortSignal): Promise<void> {
		if (!vscode.workspace.isTrusted) return;
		await inTime(this.#startAll(), { ms: PATIENCE, signal }, undefined);
		this.#late = new Set(this.rows.flatMap(({ server, state }) => (state.kind === "starting" ? [server.id] : [])));
		const news = signal.aborted ? "" : this.#missing.news(this.rows);
		if (news !== "") this.#tell(news);
	}

	async #startAll(): Promise<void> {
		await this.files.load();
		const isLate = ({ id }: Configured) => this.#late.has(id) && this.#running.find(id)?.state.kind === "starting";
		const waited = this.#offered().filter((server) => !this.#held.has(server.id) && !isLate(server));
		await Promise.all(waited.map((server) => this.#running.begin(server)));
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
			const server = this.#running.find(configured.id);
			if (!server) return [];
			const off = this.choices.toolsOff(configured);
			const tools = foreignTools(configured.entry.name, whatRuns(configured), server).filter(
				({ name }) => !off.includes(name),
			);
			return tools.map((tool) => this.#guarded(tool, configured));
		});
	}

	/** The person may turn a tool or its server off while a turn runs, or a call waits; or start it anew. */
	#guarded(tool: ForeignTool, offered: Configured): ForeignTool {
		return {
			...tool,
			call: async (args, signal, progress) => {
				const configured = this.#callable(offered, tool.name);
				if (!configured) return OFF;
				if (!this.#running.find(configured.id)) await inTime(this.#running.begin(configured), { signal }, undefined);
				const server = this.#running.find(configured.id);
				return server ? server.call(tool.name, args, signal, progress) : GONE;
			},
		};
	}

	/** The server by now: its environment file may hold something else, but it runs what its tools were offered of. */
	#callable(offered: Configured, tool: string): Configured | undefined {
		const now = this.files.servers.find(({ id }) => id === offered.id);
		if (!now || whatRuns(now) !== whatRuns(offered) || !this.#mayRun(now)) return undefined;
		return this.#held.has(now.id) || this.choices.toolsOff(now).includes(tool) ? undefined : now;
	}

	/** Starts a server at the person's word, and asks them for what it needs. */
	async start(server: Configured): Promise<void> {
		this.#held.delete(server.id);
		if (!this.#mayRun(server)) return;
		if (!(await this.inputs.ask(server))) return;
		await this.#running.begin(server, true);
	}

	/** Until the person starts it, or the window is loaded anew. */
	async stop({ id }: Configured): Promise<void> {
		this.#held.add(id);
		await this.#running.end(id);
	}

	async restart(server: Configured): Promise<void> {
		await this.#running.end(server.id);
		await this.start(server);
	}

	async signIn(server: Configured, signal: AbortSignal): Promise<void> {
		await this.start(server);
		const running = this.#running.find(server.id);
		if (running?.state.kind === "signIn") await running.signIn(signal);
	}

	/** Also of one that does not run. */
	async signOut(server: Configured): Promise<void> {
		await this.#running.find(server.id)?.signOut();
		await this.#running.end(server.id);
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
		this.#running.showLog();
	}

	/** Ends all of them. */
	async close(): Promise<void> {
		await this.#running.close();
	}

	dispose(): void {
		for (const each of this.#subscriptions) each.dispose();
	}

	#offered(): readonly Configured[] {
		return this.files.servers.filter((server) => this.choices.standing(server) === "on");
	}

	/** As it was looked at: another entry of its name is another server. */
	#mayRun({ id, binding }: Configured): boolean {
		const isSame = (server: Configured) => server.id === id && server.binding === binding;
		return vscode.workspace.isTrusted && this.#offered().some(isSame);
	}

	#reconcile(): void {
		this.#running.reconcile();
		for (const id of this.#held) if (!this.files.servers.some((server) => server.id === id)) this.#held.delete(id);
		this.#changed.fire();
	}
}

/** What the person's word on its tools is bound to. */
const whatRuns = (configured: Configured) => configId(configured.entry.template, folderOf(configured));

/** That the person's word on its tools is for; undefined: they mean the same server in each. */
function folderOf({ folder, entry }: Configured): string | undefined {
	const isOfFolder = variablesOf(textsOf(entry.template)).some(({ kind }) => kind === "workspaceFolder");
	return folder ?? (isOfFolder ? workspaceFolders()[0] : undefined);
}

const OFF: ForeignResult = { text: "Not called: the person turned this tool or its server off.", failed: true };
const GONE: ForeignResult = { text: "Not called: the server can't be started. The person sees why.", failed: true };
