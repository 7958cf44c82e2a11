import { isIP } from "node:net";
import { domainToUnicode } from "node:url";
import type { Result } from "../../agent/ports.ts";
import type { WebAddress } from "../../agent/web.ts";
import { visible } from "../../shared/visible.ts";

/** Characters of a URL: what a card can show and a person can read. */
const MAX_URL = 2000;

/** Beyond 80 and 443: ports of other services that take lines, so that a page can't be made to speak with them. */
const FIRST_FREE_PORT = 1024;
const OTHER_SERVICES = new Set([
	1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Ends of names that only this machine or its network knows. */
const LOCAL_NAME = /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MAX_NAME = 253;

/** What is said of everything on this machine or in its networks. */
export const NOT_PUBLIC =
	"is on this machine or in its network, which Fetch never reaches. For a server of the project use Bash with curl.";

/**
 * Reads a URL as a request would and says why it may not be asked for: one that is not plain http or https, that means
 * another host than it seems to, or that leads to this machine. Names are not resolved here.
 */
export function readAddress(raw: string, allow: (address: string) => boolean): Result<WebAddress, string> {
	const refuse = (failure: string) => ({ ok: false, failure }) as const;
	if (raw.length > MAX_URL) return refuse(`The URL is longer than ${MAX_URL} characters.`);
	if (/\s/.test(raw) || visible(raw) !== raw)
		return refuse("The URL has blanks or invisible characters. Write them percent-encoded, or leave them out.");
	const url = URL.parse(raw);
	if (!url) return refuse(`\`url\` is no absolute URL: give one such as https://nodejs.org/api/.`);
	if (url.protocol !== "http:" && url.protocol !== "https:")
		return refuse(`Only http and https can be fetched, not ${url.protocol}`);
	const host = hostOf(url);
	const trouble = hostTrouble(host, allow) ?? writingTrouble(raw, url, host);
	if (trouble !== undefined) return refuse(trouble);
	url.hash = "";
	if (url.href.length > MAX_URL) return refuse(`The URL is longer than ${MAX_URL} characters once it is encoded.`);
	const letters = domainToUnicode(host);
	return {
		ok: true,
		value: { url: url.href, origin: url.origin, ...(isIP(host) === 0 && letters !== host && { letters }) },
	};
}

/** Without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
	return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

function hostTrouble(host: string, allow: (address: string) => boolean): string | undefined {
	if (isIP(host) > 0) return allow(host) ? undefined : `${host} ${NOT_PUBLIC}`;
	const name = host.replace(/\.+$/, "");
	if (LOCAL_NAME.test(name) || !name.includes(".")) return `${host} ${NOT_PUBLIC}`;
	const isName =
		host.length <= MAX_NAME && domainToUnicode(host) !== "" && host.split(".").every((label) => LABEL.test(label));
	return isName ? undefined : `${host} is no name of a host on the internet.`;
}

function writingTrouble(raw: string, url: URL, host: string): string | undefined {
	const [, authority = ""] = /^https?:\/\/([^/?#]*)/i.exec(raw) ?? [];
	if (authority.includes("@")) return "The URL has a user name or a password before its host. Leave them out.";
	if (!isPlainly(authority.toLowerCase(), url, host))
		return `The URL writes its host in an odd way; it means ${url.host}. Ask for ${url.protocol}//${url.host} if you want that.`;
	const port = url.port === "" ? 443 : Number(url.port);
	if (port !== 80 && port !== 443 && (port < FIRST_FREE_PORT || OTHER_SERVICES.has(port)))
		return `Port ${port} belongs to another service than the web.`;
	return undefined;
}

/**
 * Whether the host stands there as it is understood. Numbers in other forms, percent signs, full-width letters, a
 * backslash or further slashes say one thing to a person and another to a parser.
 */
function isPlainly(authority: string, url: URL, host: string): boolean {
	const port = url.protocol === "https:" ? ":443" : ":80";
	const written = authority.endsWith(port) && url.port === "" ? authority.slice(0, -port.length) : authority;
	const own = url.port === "" ? domainToUnicode(host) : `${domainToUnicode(host)}:${url.port}`;
	return written === url.host || (isIP(host) === 0 && written === own);
}
