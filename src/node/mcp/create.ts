import { type ForeignResult, STOPPED } from "../../agent/foreign-tool.ts";
import { inTime, pause } from "../../agent/patient.ts";
import { callTool } from "./call.ts";
import { type Connection, connect, listTools } from "./connect.ts";
import { createFetch } from "./http.ts";
import { LIMITS, loadSdk, type McpLimits, type Sdk } from "./sdk.ts";
import type { McpFacts, McpHost, McpServer, McpServerConfig, McpState } from "./server.ts";
import { SignIn } from "./sign-in.ts";
import { readTools, said } from "./tools.ts";
import { endedWith, isRefused, isUnreachable, wordsOf } from "./trouble.ts";

/** A process that ended by itself so often within so many milliseconds is not started again. */
const MAX_ENDS = 3;
const ENDS_WITHIN = 60_000;

/** How long the end of a connection is waited for, in milliseconds. */
const CLOSE_MS = 2_000;

const MAX_NAME = 100;

export function createMcpServer(config: McpServerConfig, host: McpHost, limits: McpLimits = LIMITS): McpServer {
	return new Server(config, host, limits);
}

class Server implements McpServer {
	#state: McpState = { kind: "stopped" };
	readonly #config: McpServerConfig;
	readonly #host: McpHost;
	readonly #limits: McpLimits;
	readonly #listeners = new Set<() => void>();
	readonly #signIn: SignIn | undefined;
	/** Times at which it ended by itself. */
	#ends: number[] = [];
	#connection: Connection | undefined;
	#starting: Promise<void> | undefined;
	#stop = new AbortController();
	#refetching: Promise<void> | undefined;
	#isStale = false;

	constructor(config: McpServerConfig, host: McpHost, limits: McpLimits) {
		this.#config = config;
		this.#host = host;
		this.#limits = limits;
		// The configured headers are for the server, and not for where it sends one to sign in.
		this.#signIn = mayNeedSignIn(config)
			? new SignIn(config.url, host.signIn, createFetch({ ...config, headers: {} }, limits.authorise))
			: undefined;
	}

	get state(): McpState {
		return this.#state;
	}

	onChanged(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	start(): Promise<void> {
		if (this.#state.kind === "running") return Promise.resolve();
		if (this.#starting === undefined) this.#ends = [];
		return this.#begin();
	}

	async signIn(signal: AbortSignal): Promise<void> {
		const signIn = this.#signIn;
		if (!signIn) return;
		await this.stop();
		this.#set({ kind: "starting" });
		const stopped = this.#stop.signal;
		const both = AbortSignal.any([signal, stopped]);
		const trouble = await signIn.run(await loadSdk(), both, this.#limits.signIn);
		// By the person, or by another sign-in.
		if (stopped.aborted) return;
		if (trouble === undefined) return this.start();
		this.#host.log(`Signing in failed: ${said(trouble, 1000)}`);
		this.#set({ kind: "signIn" });
	}

	async signOut(): Promise<void> {
		await this.stop();
		await this.#signIn?.forget();
	}

	async stop(): Promise<void> {
		this.#stop.abort();
		this.#stop = new AbortController();
		const [starting, connection] = [this.#starting, this.#connection];
		this.#starting = undefined;
		this.#connection = undefined;
		this.#set({ kind: "stopped" });
		await inTime(
			Promise.all([starting, connection?.client.close().catch(() => undefined)]),
			{ ms: CLOSE_MS },
			undefined,
		);
	}

	rootsChanged(): void {
		this.#connection?.client.sendRootsListChanged().catch((error: unknown) => this.#host.log(wordsOf(error)));
	}

	async call(
		tool: string,
		args: Readonly<Record<string, unknown>>,
		signal: AbortSignal,
		progress: (text: string) => void,
	): Promise<ForeignResult> {
		for (let isAgain = false; ; isAgain = true) {
			if (this.#state.kind !== "running") await inTime(this.#wake(), { signal }, undefined);
			if (signal.aborted) return NEVER_RAN;
			const connection = this.#connection;
			if (!connection) return { text: this.#whyNot(), failed: true };
			const sdk = await loadSdk();
			const outcome = await callTool(sdk, connection, { tool, args, limits: this.#limits }, signal, progress);
			if (outcome.ok) return outcome.result;
			if (signal.aborted) return STOPPED;
			await this.#lost(sdk, connection, outcome.error);
			// A session that the server does not know any more: nothing has run.
			if (!outcome.neverRan || isAgain) return { text: outcome.says, failed: true };
		}
	}

	#begin(): Promise<void> {
		if (this.#starting !== undefined) return this.#starting;
		const starting = this.#connect(this.#stop.signal).finally(() => {
			if (this.#starting === starting) this.#starting = undefined;
		});
		this.#starting = starting;
		return starting;
	}

	/** Before a call: one that the person stopped, that failed, or that wants them to sign in, stays so. */
	async #wake(): Promise<void> {
		await (this.#state.kind === "asleep" ? this.#begin() : this.#starting);
	}

	async #connect(signal: AbortSignal): Promise<void> {
		const known = this.#state.kind === "asleep" ? this.#state : undefined;
		if (!known) this.#set({ kind: "starting" });
		const sdk = await loadSdk();
		let trouble = await this.#try(sdk, signal);
		for (const ms of this.#limits.again) {
			if (trouble === undefined || signal.aborted || !this.#mayHelpToWait(sdk, trouble)) break;
			await pause(ms, signal);
			trouble = await this.#try(sdk, signal);
		}
		if (trouble === undefined || signal.aborted) return;
		if (isRefused(sdk, trouble)) return this.#set(this.#refused());
		const message = wordsOf(trouble);
		this.#host.log(message);
		// What cannot be reached today is there tomorrow; a process that cannot start will not.
		const isAway = known && this.#mayHelpToWait(sdk, trouble);
		this.#set(isAway ? { ...known, message } : { kind: "failed", message });
	}

	#refused(): McpState {
		return this.#signIn ? { kind: "signIn" } : { kind: "failed", message: REFUSED };
	}

	#mayHelpToWait(sdk: Sdk, trouble: unknown): boolean {
		return this.#config.type === "http" && isUnreachable(sdk, trouble);
	}

	/** Undefined: it runs. Else what was thrown. */
	async #try(sdk: Sdk, signal: AbortSignal): Promise<unknown> {
		const of = {
			config: this.#config,
			host: this.#host,
			limits: this.#limits,
			signIn: this.#signIn,
			onToolsChanged: () => this.#toolsChanged(),
			onClosed: (closed: Connection) => this.#closed(closed),
		};
		let connection: Connection | undefined;
		try {
			this.#isStale = false;
			connection = await connect(sdk, of, signal);
			const facts = await this.#facts(connection, signal);
			signal.throwIfAborted();
			this.#connection = connection;
			this.#set({ kind: "running", ...facts });
			// It may have said so while it was asked for them.
			if (this.#isStale) this.#toolsChanged();
			return undefined;
		} catch (error) {
			await connection?.client.close().catch(() => undefined);
			const isOver = this.#config.type === "stdio" && isUnreachable(sdk, error);
			return connection && isOver ? new Error(endedWith(connection.lastWords())) : error;
		}
	}

	async #facts(connection: Connection, signal: AbortSignal): Promise<McpFacts> {
		const { client } = connection;
		const tools = readTools(await listTools(connection, this.#limits, signal), this.#host.log);
		const { name = "", version = "" } = client.getServerVersion() ?? {};
		return { name: said(name, MAX_NAME), version: said(version, MAX_NAME), tools };
	}

	/** One at a time, however often the server says so. */
	#toolsChanged(): void {
		this.#isStale = true;
		this.#refetching ??= this.#refetch().finally(() => {
			this.#refetching = undefined;
		});
	}

	async #refetch(): Promise<void> {
		while (this.#isStale && this.#connection) {
			this.#isStale = false;
			const connection = this.#connection;
			const facts = await this.#facts(connection, this.#stop.signal).catch((error: unknown) => {
				this.#host.log(wordsOf(error));
			});
			const isNews = facts && this.#connection === connection && this.#state.kind === "running";
			if (isNews && JSON.stringify(facts) !== JSON.stringify(factsOf(this.#state)))
				this.#set({ kind: "running", ...facts });
		}
	}

	/** What a failed call tells of the connection. */
	async #lost(sdk: Sdk, connection: Connection, error: unknown): Promise<void> {
		if (this.#connection !== connection) return;
		const isOver = isRefused(sdk, error) || isUnreachable(sdk, error);
		if (!isOver) return;
		this.#sleep(wordsOf(error));
		if (isRefused(sdk, error)) this.#set(this.#refused());
		await inTime(connection.client.close(), { ms: CLOSE_MS }, undefined).catch(() => undefined);
	}

	/** By itself: whoever ends it forgets it first. */
	#closed(connection: Connection): void {
		if (this.#connection !== connection) return;
		const message = endedWith(connection.lastWords());
		this.#host.log(message);
		const now = Date.now();
		this.#ends = [...this.#ends.filter((at) => now - at < ENDS_WITHIN), now];
		this.#sleep(message);
		if (this.#ends.length >= MAX_ENDS) this.#set({ kind: "failed", message: often(message) });
	}

	#sleep(message: string): void {
		this.#connection = undefined;
		if (this.#state.kind === "running") this.#set({ ...this.#state, kind: "asleep", message });
	}

	#whyNot(): string {
		const { state } = this;
		if (state.kind === "signIn")
			return "The server wants the person to sign in first. Ask them to, or go on without it.";
		if (state.kind === "failed" || state.kind === "asleep") return `The server does not run: ${state.message}`;
		return "The server was stopped by the person.";
	}

	#set(state: McpState): void {
		this.#state = state;
		for (const listener of this.#listeners) listener();
	}
}

const often = (message: string) =>
	`It ended ${MAX_ENDS} times within a minute and is not started again until you start it. ${message}`;
const REFUSED = "The server refused the Authorization header of its configuration.";
const NEVER_RAN: ForeignResult = { text: "Stopped by the person before it ran.", failed: true };

/** Who configured an authorisation means that one. */
function mayNeedSignIn(config: McpServerConfig): config is Extract<McpServerConfig, { type: "http" }> {
	return config.type === "http" && !Object.keys(config.headers).some((name) => name.toLowerCase() === "authorization");
}

function factsOf(state: McpState): McpFacts | undefined {
	if (state.kind !== "running") return undefined;
	const { kind, ...facts } = state;
	return facts;
}
