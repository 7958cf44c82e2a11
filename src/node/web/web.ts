import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { inTime } from "../../agent/patient.ts";
import type { Result } from "../../agent/ports.ts";
import type { Web, WebAddress, WebPage } from "../../agent/web.ts";
import { visible } from "../../shared/visible.ts";
import { hostOf, NOT_PUBLIC, readAddress } from "./address.ts";
import { isReadable, readBody } from "./body.ts";
import { isPublic } from "./public.ts";
import { request } from "./request.ts";
import { decode, isTextType, mediaType } from "./text.ts";

export interface WebOptions {
	/** All addresses of a name; rejects when there are none. */
	readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>;
	/** Whether this address may be connected to. */
	readonly allow?: (address: string) => boolean;
	/** Certificates to trust instead of the usual ones, as PEM. */
	readonly ca?: string;
	/** In milliseconds: until the headers of one answer, and in all. */
	readonly clocks?: { readonly headersMs: number; readonly allMs: number };
}

type Env = Required<Omit<WebOptions, "ca">> & Pick<WebOptions, "ca">;
type Got = Awaited<ReturnType<Web["get"]>>;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The web as `Fetch` sees it. What is left out of the options is strict: only tests give `resolve`, `allow` and `ca`. */
export function createWeb(options: WebOptions = {}): Web {
	const env: Env = {
		resolve: (name) => lookup(name, { all: true, verbatim: true }),
		allow: isPublic,
		clocks: { headersMs: 20_000, allMs: 30_000 },
		...options,
	};
	return {
		address: (url) => readAddress(url, env.allow),
		async get(address, signal) {
			const late = AbortSignal.timeout(env.clocks.allMs);
			const either = AbortSignal.any([signal, late]);
			try {
				return await follow(address, env, either);
			} catch (error) {
				if (signal.aborted) return refuse("Stopped by the person.");
				if (late.aborted) return refuse(`${address.url} took longer than ${env.clocks.allMs / 1000} s.`);
				return refuse(`${address.url} could not be read: ${words(error)}. Fetch uses no proxy.`);
			}
		},
	};
}

function refuse(failure: string): { readonly ok: false; readonly failure: string } {
	return { ok: false, failure };
}

async function follow(first: WebAddress, env: Env, signal: AbortSignal): Promise<Got> {
	let at = first;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const url = new URL(at.url);
		const addresses = await checked(url, env, signal);
		if (!addresses.ok) return addresses;
		const { allow, ca, clocks } = env;
		const way = {
			addresses: addresses.value,
			allow,
			headersMs: clocks.headersMs,
			signal,
			...(ca !== undefined && { ca }),
		};
		const response = await request(url, way);
		const { location } = response.headers;
		if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return pageOf(at, response);
		response.destroy();
		const next = readAddress(URL.parse(location, url.href)?.href ?? location, allow);
		if (!next.ok)
			return refuse(`${at.url} leads to ${visible(location).slice(0, 200)}, which is refused. ${next.failure}`);
		if (next.value.origin !== at.origin) return { ok: true, value: { moved: next.value } };
		at = next.value;
	}
	return refuse(`${first.url} was redirected more than ${MAX_REDIRECTS} times.`);
}

/** Where a host is; refused when a single one of its addresses is none of the internet's. */
async function checked(
	url: URL,
	{ resolve, allow }: Env,
	signal: AbortSignal,
): Promise<Result<readonly LookupAddress[], string>> {
	const host = hostOf(url);
	const version = isIP(host);
	const found = version > 0 ? [{ address: host, family: version }] : await inTime(resolve(host), { signal }, undefined);
	signal.throwIfAborted();
	if (!found || found.length === 0) return refuse(`${host} has no address.`);
	const bad = found.find(({ address }) => !allow(address));
	return bad ? refuse(`${host} (${bad.address}) ${NOT_PUBLIC}`) : { ok: true, value: found };
}

async function pageOf({ url }: WebAddress, response: IncomingMessage): Promise<Result<WebPage, string>> {
	const { type, charset } = mediaType(response.headers["content-type"]);
	const status = response.statusCode ?? 0;
	const isText = isTextType(type);
	if (!isText || !isReadable(response)) {
		response.destroy();
		const what = isText ? "packed in a way that can't be read" : `${visible(type).slice(0, 100)}, no text`;
		return refuse(`${url} answered with status ${status} and ${what}. Fetch reads text only.`);
	}
	const { bytes, cut } = await readBody(response);
	const text = decode(bytes, type, charset, cut);
	if (text === undefined)
		return refuse(`${url} answered with status ${status} and bytes that are no text. Fetch reads text only.`);
	return { ok: true, value: { url, status, type, text, cut } };
}

function words(error: unknown): string {
	const { message = "", code = "" } = error instanceof Error ? (error as Error & { readonly code?: string }) : {};
	return visible(message || String(code) || String(error)).slice(0, 300);
}
