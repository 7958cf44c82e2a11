export type Sdk = typeof import("./client.ts")["sdk"];

/** The official SDK: 500 KB that nobody needs who has no MCP server. Loaded when the first one starts. */
export async function loadSdk(): Promise<Sdk> {
	return (await import("./client.ts")).sdk;
}

/** How long is waited, in milliseconds. */
export interface McpLimits {
	/** For a server to begin: the first start may download it. */
	readonly start: number;
	/** For a word on a call: an answer, or progress. */
	readonly silence: number;
	/** For a call in all. */
	readonly call: number;
	/** Before a server that could not be reached is tried again; as often as there are numbers. */
	readonly again: readonly number[];
	/** For an answer of an authorisation server. */
	readonly authorise: number;
	/** For the person to sign in. */
	readonly signIn: number;
}

export const LIMITS: McpLimits = {
	start: 120_000,
	silence: 5 * 60_000,
	call: 60 * 60_000,
	again: [500, 2_000],
	authorise: 30_000,
	signIn: 10 * 60_000,
};

/** Bytes of one message of a server. */
export const MAX_MESSAGE = 10 * 1024 * 1024;
