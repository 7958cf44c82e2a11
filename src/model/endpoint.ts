import type { Result } from "../agent/ports.ts";
import { say } from "../shared/said.ts";
import type { PresetId } from "../shared/settings.ts";
import type { Preset } from "./presets.ts";

/** Where requests go and with what. A key belongs to one origin; whoever builds an endpoint looks it up by `originOf`. */
export interface Endpoint {
	readonly preset: PresetId;
	/** As the person is told of it. */
	readonly name: string;
	/** As `checkBaseUrl` returns it. */
	readonly baseUrl: string;
	/** Absent or empty: requests carry none. */
	readonly key?: string;
	/** Header that carries the key as it is; absent or empty: `Authorization: Bearer …`. */
	readonly keyHeader?: string;
	/** Sent with every request; win over ours. */
	readonly headers?: Readonly<Record<string, string>>;
}

/** Ours, as `package.json` has it (a test compares the two). */
export const VERSION = "0.1.0";

/**
 * Checks a base URL that a person typed. Nothing is added silently; blanks around it, trailing slashes and a trailing
 * `/chat/completions` go.
 */
export function checkBaseUrl(text: string): Result<string> {
	const trimmed = text.trim();
	const url = URL.parse(trimmed);
	const wrong = (what: string): Result<string> => ({
		ok: false,
		failure: {
			code: "bad-endpoint",
			message: say("{0} A base URL looks like https://openrouter.ai/api/v1 or http://localhost:8000/v1.", what),
		},
	});
	if (trimmed === "") return wrong(say("There is no base URL."));
	if (!/^https?:\/\//i.test(trimmed)) return wrong(say("A base URL begins with http:// or https://."));
	if (!url || /\s/.test(trimmed)) return wrong(say("This is not a URL."));
	if (url.username || url.password)
		return wrong(say("A base URL must not hold a user name or a key; the key is kept apart."));
	if (url.search || url.hash || /[?#]/.test(trimmed)) return wrong(say("A base URL has no part after ? or #."));
	const path = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
	return { ok: true, value: `${url.origin}${path.replace(/\/+$/, "")}` };
}

/** Scheme, host and port: what a key is stored for. Empty when `baseUrl` is no URL of the web, such as `localhost:8000`. */
export function originOf(baseUrl: string): string {
	const url = URL.parse(baseUrl);
	return url && /^https?:$/.test(url.protocol) ? url.origin : "";
}

/**
 * The key that the environment holds for an address. A variable speaks for one origin only: the preset's own, or for a
 * custom one that of `KIMI_K2_BASE_URL`.
 */
export function keyFromEnvironment(
	preset: Preset,
	baseUrl: string,
	env: Readonly<Record<string, string | undefined>>,
): string | undefined {
	const name = keyVariable(preset, baseUrl, env);
	return name === undefined ? undefined : env[name];
}

/** The name of the variable that holds it; undefined where there is no such key. */
export function keyVariable(
	preset: Preset,
	baseUrl: string,
	env: Readonly<Record<string, string | undefined>>,
): string | undefined {
	const [address, name] =
		preset.id === "custom" ? [env["KIMI_K2_BASE_URL"], "KIMI_K2_API_KEY"] : [preset.baseUrl, preset.keyEnv];
	if (!address || name === null || originOf(address) === "") return undefined;
	return originOf(address) === originOf(baseUrl) && env[name] ? name : undefined;
}

/** Whether the server runs on this machine: code then goes to nobody, and the first byte may take its time. */
export function isLoopback(baseUrl: string): boolean {
	const host = URL.parse(baseUrl)?.hostname ?? "";
	return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** The headers that leave, and no others: nothing of the SDK's, nothing from the environment. */
export function headersFor(endpoint: Endpoint): Record<string, string> {
	return {
		accept: "application/json",
		"user-agent": `kimi-k2-agent/${VERSION}`,
		...keyHeaders(endpoint),
		...Object.fromEntries(Object.entries(endpoint.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
	};
}

function keyHeaders({ key = "", keyHeader = "" }: Endpoint): Record<string, string> {
	if (key === "") return {};
	return keyHeader === "" ? { authorization: `Bearer ${key.trim()}` } : { [keyHeader.toLowerCase()]: key.trim() };
}
