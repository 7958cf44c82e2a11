import { timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the authorisation server sent with the person's browser. */
export interface Returned {
	readonly code: string;
	/** Who says so (RFC 9207). */
	readonly iss?: string;
}

/** Waits on this machine for the person's browser to come back from an authorisation server. */
export interface Redirect {
	/** `http://127.0.0.1:PORT/callback` */
	readonly url: string;
	/** Only what carries this `state` counts. A string: why there is no code, as the authorisation server says it. */
	returned(state: string): Promise<Returned | string>;
	close(): void;
}

const NOWHERE = new URL("http://127.0.0.1");
const DONE = "You are signed in. You can close this page and go back to the editor.";
const REFUSED = "You are not signed in. Go back to the editor to try again.";
const STRANGE = "This page does not belong to a sign-in that is under way.";

/**
 * @param port to take where it is free, since a client is registered with its address
 * @param inWords the person's language for what the page says
 */
export async function listenForRedirect(port: number, inWords = (sentence: string) => sentence): Promise<Redirect> {
	const arrived = Promise.withResolvers<Returned | string>();
	let expected: string | undefined;
	const server = createServer((request, response) => {
		// Anybody on this machine may ask for what is no address.
		const { pathname, searchParams } = URL.parse(request.url ?? "", "http://127.0.0.1") ?? NOWHERE;
		const isOurs =
			request.method === "GET" && pathname === "/callback" && isSame(searchParams.get("state") ?? "", expected);
		const answer = isOurs ? read(searchParams) : undefined;
		const isSignedIn = typeof answer === "object";
		const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", connection: "close" };
		response.writeHead(isSignedIn ? 200 : 400, headers);
		response.end(inWords(isSignedIn ? DONE : answer === undefined ? STRANGE : REFUSED));
		if (answer !== undefined) arrived.resolve(answer);
	});
	await listen(server, port).catch(() => listen(server, 0));
	const { port: taken } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${taken}/callback`,
		returned(state) {
			expected = state;
			return arrived.promise;
		},
		close() {
			server.close();
			server.closeIdleConnections();
		},
	};
}

function read(query: URLSearchParams): Returned | string {
	const code = query.get("code");
	const iss = query.get("iss");
	if (code !== null) return iss === null ? { code } : { code, iss };
	return (query.get("error_description") ?? query.get("error") ?? "no code came back").slice(0, 300);
}

function isSame(given: string, expected: string | undefined): boolean {
	if (expected === undefined || given.length !== expected.length) return false;
	const [one, other] = [Buffer.from(given), Buffer.from(expected)];
	return one.length === other.length && timingSafeEqual(one, other);
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", () => {
			server.off("error", reject);
			resolve();
		});
	});
}
