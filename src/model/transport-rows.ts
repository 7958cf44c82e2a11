import type { FailureCode } from "../shared/failure.ts";
import { say } from "../shared/said.ts";

/** Codes and words of Node's sockets, TLS and fetch. The first row that fits gives the answer. */
interface TransportRow {
	readonly words: RegExp;
	/** Only where the server runs on this machine. */
	readonly local?: true;
	readonly code: FailureCode;
	readonly sentence: (host: string) => string;
}

/** What is said of a request that failed in a way that no other row knows. */
export const unknownRow: TransportRow = {
	words: /(?:)/,
	code: "network",
	sentence: (host) => say("The request to {0} failed. Check the network and try again.", host),
};

/** The connection was lost after the answer had begun. */
export const cutRow: TransportRow = {
	words:
		/ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_DESTROYED|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|HPE_|Z_\w+_ERROR|terminated|aborted|socket hang up|other side closed/,
	code: "cut",
	sentence: (host) =>
		say("The connection to {0} ended before the answer did, so nothing of it was run. Try again.", host),
};

export const transportRows: readonly TransportRow[] = [
	{
		words: /ERR_INVALID_CHAR|is an invalid header (name|value)|ByteString/i,
		code: "auth",
		sentence: (host) => say("The key for {0} holds characters that no key has. Copy and set it again.", host),
	},
	// Node's parser and that of fetch, on the first line and the headers of an answer: what follows them is cut.
	{
		words:
			/HPE_(INVALID_(CONSTANT|VERSION|STATUS|HEADER_TOKEN|CONTENT_LENGTH|TRANSFER_ENCODING)|HEADER_OVERFLOW)|UND_ERR_HEADERS_OVERFLOW|not match the HTTP\/1\.1 protocol (?!\(.*chunk)/,
		code: "not-api",
		sentence: (host) =>
			`${host} answered with something that is no proper HTTP. Check the base URL, and a proxy if there is one.`,
	},
	// Waiting starts no server.
	{
		words: /ECONNREFUSED/,
		local: true,
		code: "unreachable",
		sentence: (host) =>
			say("Nothing answers at {0}. Start the server there and try again, or check the port in the base URL.", host),
	},
	// Elsewhere somebody may be restarting it at this moment.
	{
		words: /ECONNREFUSED/,
		code: "network",
		sentence: (host) =>
			say("{0} refuses connections. Check the base URL, and whether the server runs; then try again.", host),
	},
	{
		words: /ENOTFOUND/,
		code: "unreachable",
		sentence: (host) => say("There is no host {0}. Check the base URL and your network, then try again.", host),
	},
	{
		words: /EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL/,
		code: "network",
		sentence: (host) => say("{0} can't be reached. Check your network and try again.", host),
	},
	{
		words: /ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT/,
		code: "network",
		sentence: (host) =>
			say("{0} did not accept a connection in time. Check your network, a proxy or a firewall, and try again.", host),
	},
	{
		words: /EPROTO|ERR_SSL|wrong version number|packet length too long/,
		code: "unreachable",
		sentence: (host) =>
			say("{0} does not speak https there. Check whether the base URL should begin with http://.", host),
	},
	{
		words: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS/,
		code: "unreachable",
		sentence: (host) =>
			say(
				"The certificate of {0} is not trusted here. Check the base URL, or install its authority on this machine.",
				host,
			),
	},
	{
		words: /UND_ERR_(HEADERS|BODY)_TIMEOUT/,
		code: "timeout",
		sentence: (host) => say("{0} sent nothing for five minutes. Try again.", host),
	},
	cutRow,
	unknownRow,
];
