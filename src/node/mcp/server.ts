import type { ForeignResult } from "../../agent/foreign-tool.ts";

/** How a server is reached, with every variable filled in. */
export type McpServerConfig =
	| {
			readonly type: "stdio";
			readonly command: string;
			readonly args: readonly string[];
			/** On top of the environment that commands get, which has no secrets of the person's. */
			readonly env: Readonly<Record<string, string>>;
			/** Absolute; absent: the person's own folder. */
			readonly cwd?: string;
	  }
	/** Streamable HTTP; a server that only speaks the older SSE is spoken to that way. */
	| { readonly type: "http"; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** A tool in the server's own words, bounded and without invisible characters. Hints are claims: never a reason not to ask. */
export interface McpTool {
	/** To the letter, for `call`. */
	readonly name: string;
	readonly title?: string;
	readonly description: string;
	/** Any JSON Schema of type object. */
	readonly inputSchema: Readonly<Record<string, unknown>>;
	/** It says that it changes nothing. */
	readonly readOnly?: true;
	/** It says that it may destroy something. */
	readonly destructive?: true;
}

/** What was learned of a server; strings are the server's own. */
export interface McpFacts {
	readonly name: string;
	readonly version: string;
	/** Sorted by name. */
	readonly tools: readonly McpTool[];
}

export type McpState =
	| { readonly kind: "stopped" }
	| { readonly kind: "starting" }
	| ({ readonly kind: "running" } & McpFacts)
	/** The connection ended by itself. The tools stay: the next call starts it again. `message` says what happened. */
	| ({ readonly kind: "asleep"; readonly message: string } & McpFacts)
	/** It wants the person to sign in: `signIn` asks them to. */
	| { readonly kind: "signIn" }
	/** It stays so until `start` is called. `message` is a sentence for the person. */
	| { readonly kind: "failed"; readonly message: string };

/** What a server needs of the editor. */
export interface McpHost {
	/** Absolute paths of the workspace's folders: servers are told of them. Read anew when a server asks. */
	roots(): readonly string[];
	/** Names of environment variables that no server gets, such as those with keys of endpoints. */
	readonly withhold: readonly string[];
	/** One line for the server's log: what it wrote to stderr and what became of it. Escapes are stripped. */
	log(line: string): void;
	readonly signIn: McpSignInHost;
}

/** What signing in (OAuth) needs. Only servers of type `http` use it. */
export interface McpSignInHost {
	/** Shows a page of the authorisation server in the person's browser; false where they did not want it. */
	open(url: string): Promise<boolean>;
	/** How the person's browser reaches an address on this machine, such as over a tunnel; absent: as it is. */
	reach?(loopback: string): Promise<string>;
	/** Our own words to the person, on the page that the browser ends at, in their language; absent: in English. */
	inWords?(sentence: string): string;
	/** What `save` was given last, out of a store for secrets: tokens and the client's registration. */
	load(): Promise<string | undefined>;
	/** Undefined: it is to be forgotten. */
	save(secret: string | undefined): Promise<void>;
}

/** One server. Never throws: what goes wrong is in `state`, or in the result of a call. */
export interface McpServer {
	readonly state: McpState;
	/** Returns the way to stop. */
	onChanged(listener: () => void): () => void;
	/** Resolves when it runs, failed or wants a sign-in. Once it runs or starts, the same start is waited for. */
	start(): Promise<void>;
	/**
	 * Opens the browser, waits for the person, then starts. `signal` ends the waiting: it wants a sign-in again then. Does
	 * nothing where the configuration has an authorisation of its own.
	 */
	signIn(signal: AbortSignal): Promise<void>;
	/** Forgets tokens, and stops. */
	signOut(): Promise<void>;
	/** Ends the connection, and the process with all that it started. */
	stop(): Promise<void>;
	/** The folders of the workspace changed: a server that listens is told. */
	rootsChanged(): void;
	/** Starts a server that is asleep, and none that the person stopped. Ends at once on abort, and the server is told. */
	call(
		tool: string,
		args: Readonly<Record<string, unknown>>,
		signal: AbortSignal,
		progress: (text: string) => void,
	): Promise<ForeignResult>;
}
