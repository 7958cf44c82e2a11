import { homedir } from "node:os";
import { pathToFileURL } from "node:url";
import type { Client, Tool, Transport } from "@modelcontextprotocol/client";
import { commandEnvironment } from "../environment.ts";
import { answerBrokenStreams } from "./broken-streams.ts";
import { createFetch } from "./http.ts";
import type { McpLimits, Sdk } from "./sdk.ts";
import type { McpHost, McpServerConfig } from "./server.ts";
import type { SignIn } from "./sign-in.ts";
import { StdioTransport } from "./stdio.ts";
import { endedWith, wordsOf } from "./trouble.ts";

/** A connection that is up. */
export interface Connection {
	readonly client: Client;
	/** The last line that a process wrote to stderr. */
	lastWords(): string;
}

export interface Connecting {
	readonly config: McpServerConfig;
	readonly host: McpHost;
	readonly limits: McpLimits;
	/** For servers of type `http`. */
	readonly signIn: SignIn | undefined;
	/** The server says that its tools are others now. */
	onToolsChanged(): void;
	/** The connection ended, by whomever. */
	onClosed(connection: Connection): void;
}

/** How long a server is asked which protocol it speaks: one that says nothing is of the older one. */
const PROBE_MS = 10_000;
const MAX_PAGES = 32;
/** Errors of one connection that are logged. */
const MAX_ERRORS = 200;
/** A stream that breaks is opened again no sooner, in milliseconds, whatever the server wishes. */
const MIN_RECONNECT = 1_000;
const NOT_HERE = [400, 404, 405];

/** Throws what the SDK throws. Nothing is left of an attempt that failed. */
export async function connect(sdk: Sdk, of: Connecting, signal: AbortSignal): Promise<Connection> {
	try {
		return await attempt(sdk, of, transportOf(sdk, of), "auto", signal);
	} catch (error) {
		const { config } = of;
		if (signal.aborted) throw error;
		// A server may end when it is asked something that it does not know.
		if (config.type === "stdio" && isClosed(sdk, error)) return connectOlder(sdk, of, signal);
		if (config.type === "http" && isNotHere(sdk, error)) {
			const fetch = createFetch(config);
			const transport = new sdk.SSEClientTransport(new URL(config.url), { fetch, ...auth(sdk, of) });
			// Of the two failures the first one tells more.
			return attempt(sdk, of, transport, "legacy", signal).catch(() => Promise.reject(error));
		}
		throw error;
	}
}

async function connectOlder(sdk: Sdk, of: Connecting, signal: AbortSignal): Promise<Connection> {
	const transport = transportOf(sdk, of);
	try {
		return await attempt(sdk, of, transport, "legacy", signal);
	} catch (error) {
		const isEnded = transport instanceof StdioTransport && isClosed(sdk, error);
		throw isEnded ? new Error(endedWith(transport.lastWords)) : error;
	}
}

const isClosed = (sdk: Sdk, error: unknown) =>
	error instanceof sdk.SdkError &&
	[sdk.SdkErrorCode.ConnectionClosed, sdk.SdkErrorCode.EraNegotiationFailed].includes(error.code);

const isNotHere = (sdk: Sdk, error: unknown) =>
	error instanceof sdk.SdkHttpError && NOT_HERE.includes(error.status ?? 0);

const auth = (sdk: Sdk, { signIn }: Connecting) => (signIn ? { authProvider: signIn.provider(sdk) } : {});

function transportOf(sdk: Sdk, of: Connecting): Transport {
	const { config, host } = of;
	if (config.type === "http")
		return new sdk.StreamableHTTPClientTransport(new URL(config.url), {
			fetch: createFetch(config),
			...auth(sdk, of),
			reconnectionScheduler(reconnect, delay) {
				const timer = setTimeout(reconnect, Math.max(delay, MIN_RECONNECT));
				return () => clearTimeout(timer);
			},
		});
	return new StdioTransport(sdk, {
		config,
		// Not a folder of the workspace: there `npx` would run what a repository has under the name of a server.
		cwd: config.cwd ?? homedir(),
		env: { ...commandEnvironment(process.env, host.withhold), ...config.env },
		log: host.log,
	});
}

async function attempt(
	sdk: Sdk,
	of: Connecting,
	transport: Transport,
	mode: "auto" | "legacy",
	signal: AbortSignal,
): Promise<Connection> {
	const { host, limits } = of;
	const client = new sdk.Client(
		{ name: "kimi-k2-agent", title: "Kimi K2 Agent", version: "1" },
		{
			// Neither sampling nor elicitation: a server gets no words of the model or of the person by itself.
			capabilities: { roots: { listChanged: true } },
			versionNegotiation: { mode, probe: { timeoutMs: PROBE_MS } },
			listMaxPages: MAX_PAGES,
			listChanged: { tools: { autoRefresh: false, onChanged: () => of.onToolsChanged() } },
			// Schemas of strangers are not compiled to code here: what they describe is only shown.
			jsonSchemaValidator: {
				getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
			},
		},
	);
	client.setRequestHandler("roots/list", () => ({ roots: host.roots().map(rootOf) }));
	let left = MAX_ERRORS;
	client.onerror = (error) => {
		left -= 1;
		if (left >= 0) host.log(wordsOf(error));
	};
	const lastWords = () => (transport instanceof StdioTransport ? transport.lastWords : "");
	const connection = { client, lastWords };
	signal.throwIfAborted();
	// The SDK asks for the protocol without a look at the signal.
	const abort = () => void transport.close().catch(() => undefined);
	signal.addEventListener("abort", abort, { once: true });
	try {
		await client.connect(transport, { signal, timeout: limits.start });
		signal.throwIfAborted();
	} catch (error) {
		await transport.close().catch(() => undefined);
		throw error;
	} finally {
		signal.removeEventListener("abort", abort);
	}
	answerBrokenStreams(transport);
	client.onclose = () => of.onClosed(connection);
	return connection;
}

const rootOf = (folder: string) => ({ uri: pathToFileURL(folder).href });

/** All pages of its tools. Throws what the SDK throws. */
export async function listTools({ client }: Connection, { start }: McpLimits, signal: AbortSignal): Promise<Tool[]> {
	if (!client.getServerCapabilities()?.tools) return [];
	const { tools } = await client.listTools(undefined, { cacheMode: "refresh", timeout: start, signal });
	return tools;
}
