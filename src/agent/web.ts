import type { Result } from "./ports.ts";

/** Bytes of a page's body that are read, decompressed. */
export const MAX_PAGE_BYTES = 5 * 1024 * 1024;

/** What a request for a URL names, and all that it sends. */
export interface WebAddress {
	/** As a request sends it: normalised, without a fragment. */
	readonly url: string;
	/** Scheme, host and port, such as `https://nodejs.org`. */
	readonly origin: string;
	/** The host in its own letters, where the URL has it in punycode (`xn--…`): it may look like another one. */
	readonly letters?: string;
}

export interface WebPage {
	/** Where it was in the end: redirects within the origin are followed. */
	readonly url: string;
	readonly status: number;
	/** Media type in lower case without parameters; empty when the server gave none. */
	readonly type: string;
	/** Decoded; HTML as it came. */
	readonly text: string;
	/** `text` is only its beginning. */
	readonly cut: boolean;
}

/**
 * Pages of the public internet, over direct connections. Sends no cookie, key or referer, and reaches nothing on this
 * machine or in its networks. Failures are sentences for the model.
 */
export interface Web {
	/** What a URL means, or why it is not asked for. Touches no network. */
	address(url: string): Result<WebAddress, string>;
	/** `moved`: a redirect to another origin, which is not followed. */
	get(address: WebAddress, signal: AbortSignal): Promise<Result<WebPage | { readonly moved: WebAddress }, string>>;
}
