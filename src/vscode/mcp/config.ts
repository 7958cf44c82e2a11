import * as z from "zod/mini";
import type { McpServerConfig } from "../../node/mcp/server.ts";
import { readJsonc } from "./jsonc.ts";
import { isKnown, textsOf, type Variable, variablesOf } from "./variables.ts";

/** Puts a sentence into the person's language. */
export type Say = (sentence: string, ...args: string[]) => string;

const option = z.union([z.string(), z.object({ value: z.string(), label: z.optional(z.string()) })]);

const Input = z.union([
	z.object({
		type: z.literal("promptString"),
		id: z.string().check(z.minLength(1)),
		description: z.optional(z.string()),
		password: z.optional(z.boolean()),
		default: z.optional(z.string()),
	}),
	z.object({
		type: z.literal("pickString"),
		id: z.string().check(z.minLength(1)),
		description: z.optional(z.string()),
		options: z.array(option).check(z.minLength(1)),
		default: z.optional(z.string()),
	}),
]);
/** A value that the person is asked for. */
export type McpInput = z.infer<typeof Input>;

/** A server as it stands in a file. */
export interface McpEntry {
	readonly name: string;
	/** In the file, from 1. */
	readonly line: number;
	/** With the variables in it. */
	readonly template: McpServerConfig;
	/** A file with more of its environment, with the variables in it. */
	readonly envFile?: string;
	/** Those that it uses. */
	readonly inputs: readonly McpInput[];
}

/** Something in a file that the person has to correct. */
export interface McpTrouble {
	/** From 1. */
	readonly line: number;
	/** What it is and what to do. */
	readonly text: string;
}

export interface McpFile {
	readonly entries: readonly McpEntry[];
	readonly troubles: readonly McpTrouble[];
}

const LONGEST_NAME = 60;

const File = z.object({
	servers: z.optional(z.record(z.string(), z.unknown())),
	inputs: z.optional(z.array(z.unknown())),
});

/** What it takes to read one server of a file. */
interface Reading {
	readonly inputs: readonly McpInput[];
	lineOf(...path: readonly (string | number)[]): number;
	readonly t: Say;
}

/** Reads a file in the form of VS Code's `mcp.json`. What is wrong with one server leaves the others as they are. */
export function readMcpFile(text: string, t: Say): McpFile {
	const trouble = (line: number, words: string): McpFile => ({ entries: [], troubles: [{ line, text: words }] });
	const read = readJsonc(text);
	if ("brokenAt" in read) return trouble(read.brokenAt, broken(t));
	const { value, lineOf } = read;
	const { success, data } = File.safeParse(value);
	if (!success) return trouble(1, t("“servers” must hold the servers by their names, and “inputs” be a list."));
	if (!data.servers && typeof value === "object" && value !== null && "mcpServers" in value)
		return trouble(lineOf("mcpServers"), t("The servers must stand under “servers” here: rename “mcpServers”."));
	const inputs = (data.inputs ?? []).map((input, at) => readInput(input, lineOf("inputs", at), t));
	const reading = { inputs: inputs.flatMap(({ input }) => input ?? []), lineOf, t };
	const servers = Object.entries(data.servers ?? {}).map(([name, server]) => readServer(name, server, reading));
	return {
		entries: servers.flatMap(({ entry }) => entry ?? []),
		troubles: [...inputs, ...servers].flatMap(({ troubles }) => troubles).sort((one, other) => one.line - other.line),
	};
}

const broken = (t: Say) => t("This is not valid JSON: a comma, quote or bracket is missing here or just before.");

function readInput(value: unknown, line: number, t: Say): { input?: McpInput; troubles: readonly McpTrouble[] } {
	const { success, data } = Input.safeParse(value);
	if (success) return { input: data, troubles: [] };
	const text = t("An input needs an “id”, and as “type” promptString, or pickString with “options”.");
	return { troubles: [{ line, text }] };
}

/** Facts about where a server comes from, and what has no effect without harm. */
const SILENT = ["gallery", "version"];
/** Without them, a server would be freer than its entry says. */
const BINDING = ["sandbox", "sandboxEnabled"];

const fields = {
	type: z.optional(z.enum(["stdio", "http", "sse"])),
	command: z.optional(z.string().check(z.minLength(1))),
	args: z.optional(z.array(z.string())),
	env: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
	envFile: z.optional(z.string().check(z.minLength(1))),
	cwd: z.optional(z.string().check(z.minLength(1))),
	url: z.optional(z.string().check(z.minLength(1))),
	headers: z.optional(z.record(z.string(), z.string())),
};
const Server = z.object(fields);
type Server = z.infer<typeof Server>;

function fieldWords(field: keyof typeof fields, t: Say): string {
	if (field === "type") return t("stdio or http");
	if (field === "args") return t("a list of texts");
	return field === "env" || field === "headers" ? t("texts by their names") : t("a text");
}

interface ReadServer {
	readonly entry?: McpEntry;
	readonly troubles: readonly McpTrouble[];
}

function readServer(name: string, value: unknown, reading: Reading): ReadServer {
	const { lineOf, t } = reading;
	const wrong = (text: string, ...within: readonly string[]): ReadServer => ({
		troubles: [{ line: lineOf("servers", name, ...within), text }],
	});
	if (name.trim() === "" || name.length > LONGEST_NAME || /\p{C}/u.test(name))
		return wrong(t("A server's name must be short, and of visible characters."));
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return wrong(t("The server “{0}” must be an object.", name));
	const unbound = Object.keys(value).find((key) => BINDING.includes(key));
	if (unbound !== undefined) {
		const words = t(
			"“{0}” of the server “{1}” can't be kept here: it does not run. Take that out to run it.",
			unbound,
			name,
		);
		return wrong(words, unbound);
	}
	const { success, data, error } = Server.safeParse(value);
	if (!success) {
		const field = String(error.issues[0]?.path[0]) as keyof typeof fields;
		return wrong(t("“{0}” of the server “{1}” must be {2}.", field, name, fieldWords(field, t)), field);
	}
	const template = templateOf(data);
	if (!template) return wrong(t("The server “{0}” needs a “command” to start it, or a “url” to reach it.", name));
	if (template.type === "http" && !/^(https?:\/\/|\$\{)/i.test(template.url))
		return wrong(t("The address of the server “{0}” must begin with https:// or http://.", name), "url");
	const { envFile } = data;
	const texts = [...textsOf(template), ...(envFile === undefined ? [] : [envFile])];
	const trouble = variableTrouble(texts, reading);
	if (trouble !== undefined) return wrong(t("The server “{0}”: {1}", name, trouble));
	const inputs = usedInputs(texts, reading);
	const entry = { name, line: lineOf("servers", name), template, inputs, ...(envFile !== undefined && { envFile }) };
	return { entry, troubles: withoutEffect(name, value, template, reading) };
}

function templateOf({ type, command, url, args, env, cwd, headers }: Server): McpServerConfig | undefined {
	const isLocal = type === undefined ? command !== undefined : type === "stdio";
	if (!isLocal) return url === undefined ? undefined : { type: "http", url, headers: headers ?? {} };
	if (command === undefined) return undefined;
	const set = Object.entries(env ?? {}).filter(([, value]) => value !== null);
	return {
		type: "stdio",
		command,
		args: args ?? [],
		env: Object.fromEntries(set.map(([key, value]) => [key, String(value)])),
		...(cwd !== undefined && { cwd }),
	};
}

function variableTrouble(texts: readonly string[], { inputs, t }: Reading): string | undefined {
	const variables = variablesOf(texts);
	const strange = variables.find((variable) => !isKnown(variable));
	if (strange) return t("the variable {0} can't be used here.", writtenAs(strange));
	const missing = variables.find(({ kind, of }) => kind === "input" && !inputs.some(({ id }) => id === of));
	return missing && t("there is no input with the id “{0}” under “inputs”.", missing.of);
}

const writtenAs = ({ kind, of }: Variable) => (of === "" ? `\${${kind}}` : `\${${kind}:${of}}`);

function usedInputs(texts: readonly string[], { inputs }: Reading): readonly McpInput[] {
	return variablesOf(texts).flatMap(({ kind, of }) =>
		kind === "input" ? (inputs.find(({ id }) => id === of) ?? []) : [],
	);
}

function withoutEffect(
	name: string,
	value: object,
	{ type }: McpServerConfig,
	{ lineOf, t }: Reading,
): readonly McpTrouble[] {
	const own = type === "http" ? ["url", "headers"] : ["command", "args", "env", "envFile", "cwd"];
	const known = ["type", ...own, ...SILENT];
	return Object.keys(value)
		.filter((key) => !known.includes(key))
		.map((key) => ({
			line: lineOf("servers", name, key),
			text: t("“{0}” of the server “{1}” has no effect here.", key, name),
		}));
}
