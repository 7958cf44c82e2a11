import type { Endpoint } from "./endpoint.ts";
import type { ServerModel } from "./list.ts";

/** Kinds of servers that rows tell apart; `other`: nothing is known of it. */
export type Server =
	| "moonshot"
	| "kimi-code"
	| "openrouter"
	| "together"
	| "nebius"
	| "deepinfra"
	| "openai"
	| "vllm"
	| "sglang"
	| "llamacpp"
	| "ollama"
	| "lmstudio"
	| "other";

/** Vendors by the host of the base URL. */
const hosts: readonly { readonly server: Server; readonly host: RegExp }[] = [
	{ server: "moonshot", host: /(^|\.)moonshot\.(ai|cn)$/ },
	{ server: "kimi-code", host: /(^|\.)kimi\.(com|ai)$/ },
	{ server: "openrouter", host: /(^|\.)openrouter\.ai$/ },
	{ server: "together", host: /(^|\.)together\.(xyz|ai)$/ },
	{ server: "nebius", host: /(^|\.)nebius\.(com|ai)$/ },
	{ server: "deepinfra", host: /(^|\.)deepinfra\.com$/ },
	{ server: "openai", host: /(^|\.)openai\.com$/ },
	{ server: "ollama", host: /(^|\.)ollama\.com$/ },
];

/** What self-hosted servers call themselves in `owned_by` of their model list. */
const owners: ReadonlyMap<string, Server> = new Map([
	["vllm", "vllm"],
	["sglang", "sglang"],
	["llamacpp", "llamacpp"],
]);

const presets: Readonly<Record<string, Server>> = {
	vllm: "vllm",
	sglang: "sglang",
	ktransformers: "sglang",
	llamacpp: "llamacpp",
	ollama: "ollama",
	lmstudio: "lmstudio",
};

/** They pass a request on to one of several providers, each with limits of its own. */
const gateways = /(^|\.)(openrouter\.ai|huggingface\.co)$/;

export function isGateway({ baseUrl }: Pick<Endpoint, "baseUrl">): boolean {
	return gateways.test(URL.parse(baseUrl)?.hostname ?? "");
}

/** The vendor that the address belongs to, else what the server says that it is, else what the person chose it as. */
export function serverOf({ baseUrl, preset }: Pick<Endpoint, "baseUrl" | "preset">, listed?: ServerModel): Server {
	const host = URL.parse(baseUrl)?.hostname ?? "";
	const vendor = hosts.find((row) => row.host.test(host));
	return vendor?.server ?? owners.get(listed?.owner ?? "") ?? presets[preset] ?? "other";
}
