import type { LookupAddress } from "node:dns";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { hostOf } from "./address.ts";

const MAX_HEADER_BYTES = 32 * 1024;

/** What leaves, and no more: no cookie, key, referer or language. */
const HEADERS = {
	accept: "text/html, text/markdown, text/plain, application/json, text/*;q=0.9, application/xml;q=0.8, */*;q=0.1",
	"accept-encoding": "gzip, deflate, br",
	"user-agent": "Mozilla/5.0 (compatible; Kimi-K2-Agent; VS Code extension)",
	connection: "close",
};

export interface Way {
	/** Where to connect to: all were checked, and no others are tried. */
	readonly addresses: readonly LookupAddress[];
	/** Asked once more of what the socket reached in the end. */
	readonly allow: (address: string) => boolean;
	/** Certificates to trust instead of the usual ones, as PEM. */
	readonly ca?: string;
	/** Until the headers, in milliseconds. */
	readonly headersMs: number;
	readonly signal: AbortSignal;
}

/**
 * One GET over a connection of its own. Rejects on trouble.
 * `ClientRequest` itself, since VS Code puts its proxy into `http.request`, and a proxy would resolve the name anew.
 */
export function request(url: URL, way: Way): Promise<http.IncomingMessage> {
	return new Promise((resolve, reject) => {
		const sent = new http.ClientRequest({
			method: "GET",
			path: `${url.pathname}${url.search}`,
			headers: { host: url.host, ...HEADERS },
			maxHeaderSize: MAX_HEADER_BYTES,
			// A debugger's command line can turn it on for all.
			insecureHTTPParser: false,
			signal: way.signal,
			createConnection: () => connect(url, way),
		});
		const slow = setTimeout(() => sent.destroy(new Error(`no answer within ${way.headersMs / 1000} s`)), way.headersMs);
		sent.on("response", (response) => {
			clearTimeout(slow);
			resolve(response);
		});
		// Also after the answer: then nobody waits, and it must not end the process.
		sent.on("error", reject);
		sent.on("close", () => {
			clearTimeout(slow);
			reject(new Error("the connection was closed without an answer"));
		});
		sent.end();
	});
}

function connect(url: URL, { addresses, allow, ca }: Way): net.Socket {
	const host = hostOf(url);
	const isSecure = url.protocol === "https:";
	const lookup: net.LookupFunction = (_name, options, done) => {
		const [first] = addresses;
		if (options.all) done(null, [...addresses]);
		else done(null, first?.address ?? "", first?.family);
	};
	const to = { host, port: Number(url.port) || (isSecure ? 443 : 80), lookup, autoSelectFamily: true };
	const socket = isSecure
		? tls.connect({
				...to,
				servername: net.isIP(host) > 0 ? "" : host,
				ALPNProtocols: ["http/1.1"],
				// Both can be switched off for all by the environment.
				rejectUnauthorized: true,
				minVersion: "TLSv1.2",
				...(ca !== undefined && { ca }),
			})
		: net.connect(to);
	// Before anything is written: whatever turned the connection elsewhere, the request does not go there.
	socket.once("connect", () => {
		if (!allow(socket.remoteAddress ?? "")) socket.destroy(new Error("the connection led somewhere else"));
	});
	return socket;
}
