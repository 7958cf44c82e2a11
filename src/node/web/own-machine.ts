import type { Web } from "../../agent/web.ts";
import { createWeb } from "./web.ts";

/**
 * The web for an address that the person named themselves: a server of this machine may be meant then, where the URL
 * says so to the letter. No name and no answer leads there otherwise.
 */
export function webFor(url: string): { readonly web: Web; readonly url: string; readonly isOwn: boolean } {
	const own = onThisMachine(url);
	return own === undefined
		? { web: createWeb(), url, isOwn: false }
		: { web: createWeb({ allow: isLoopback }), url: own, isOwn: true };
}

function onThisMachine(url: string): string | undefined {
	const parsed = URL.parse(url);
	if (!parsed) return undefined;
	const { hostname } = parsed;
	// The name may be anything's in the hosts file.
	if (hostname === "localhost") parsed.hostname = "127.0.0.1";
	return hostname === "localhost" || isLoopback(hostname.replace(/^\[|\]$/g, "")) ? parsed.href : undefined;
}

function isLoopback(address: string): boolean {
	return /^127(\.\d{1,3}){3}$/.test(address) || address === "::1";
}
