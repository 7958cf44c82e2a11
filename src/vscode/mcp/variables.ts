import type { McpServerConfig } from "../../node/mcp/server.ts";

/** `${kind}` or `${kind:of}` in a text of the file. */
export interface Variable {
	readonly kind: string;
	readonly of: string;
}

/** What variables stand for, but for inputs. */
export interface Surroundings {
	/** The folder that `${workspaceFolder}` is; absent: none is open. */
	readonly folder?: string;
	/** The person's own folder. */
	readonly home: string;
	readonly env: Readonly<Record<string, string | undefined>>;
}

const VARIABLE = /\$\{(?<kind>[A-Za-z]+)(?::(?<of>[^{}]*))?\}/g;
const KINDS = ["workspaceFolder", "userHome", "env", "input"];

/** Changes every text of a config that may hold variables. */
export function mapTexts(config: McpServerConfig, map: (text: string) => string): McpServerConfig {
	const mapAll = (texts: Readonly<Record<string, string>>) =>
		Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, map(text)]));
	if (config.type === "http") return { ...config, url: map(config.url), headers: mapAll(config.headers) };
	const { cwd, command, args, env } = config;
	return {
		type: "stdio",
		command: map(command),
		args: args.map(map),
		env: mapAll(env),
		...(cwd !== undefined && { cwd: map(cwd) }),
	};
}

/** Each that is there once. */
export function variablesOf(texts: readonly string[]): readonly Variable[] {
	const found = new Map<string, Variable>();
	for (const text of texts)
		for (const { 0: all, groups } of text.matchAll(VARIABLE))
			found.set(all, { kind: groups?.["kind"] ?? "", of: groups?.["of"] ?? "" });
	return [...found.values()];
}

export function textsOf(config: McpServerConfig): readonly string[] {
	const texts: string[] = [];
	mapTexts(config, (text) => {
		texts.push(text);
		return text;
	});
	return texts;
}

/** Whether it is one that can be filled in here. */
export function isKnown({ kind, of }: Variable): boolean {
	return KINDS.includes(kind) && (kind === "env" || kind === "input") === (of !== "");
}

/** In one go: what a value holds is a text and no variable. `inputs`: values by id. */
export function filledIn(
	text: string,
	{ folder = "", home, env }: Surroundings,
	inputs: Readonly<Record<string, string>>,
): string {
	return text.replace(VARIABLE, (all, kind: string, of: string | undefined) => {
		if (kind === "workspaceFolder") return folder;
		if (kind === "userHome") return home;
		if (kind === "env") return env[of ?? ""] ?? "";
		return Object.hasOwn(inputs, of ?? "") ? (inputs[of ?? ""] ?? all) : all;
	});
}
