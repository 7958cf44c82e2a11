import type { ScriptedReply, WireBody } from "./endpoint-reply.ts";

/** What Moonshot answers to a request that it finds malformed, in its words; undefined when it takes it. */
export function refusalOf(body: WireBody): ScriptedReply | undefined {
	const message = trouble(body);
	return message === undefined
		? undefined
		: { status: 400, body: { error: { message, type: "invalid_request_error" } } };
}

/** Nobody vouches for what a client sends. */
type WireMessage = Omit<WireBody["messages"][number], "content"> & { readonly content?: unknown };

function trouble(body: WireBody): string | undefined {
	return troubleWithSampling(body) ?? troubleWithTools(body) ?? troubleWithMessages(body.messages);
}

const FIXED: Readonly<Record<string, number>> = {
	temperature: 1,
	top_p: 0.95,
	n: 1,
	presence_penalty: 0,
	frequency_penalty: 0,
};

function troubleWithSampling(body: WireBody): string | undefined {
	const wrong = Object.entries(FIXED).find(([name, value]) => body[name] !== undefined && body[name] !== value);
	if (wrong) return `invalid ${wrong[0]}: only ${wrong[1]} is allowed for this model`;
	const choice = body["tool_choice"] ?? "auto";
	return choice === "auto" || choice === "none" ? undefined : "tool_choice 'required' is incompatible with thinking";
}

function troubleWithTools({ tools = [] }: WireBody): string | undefined {
	if (tools.length > 128) return "the number of tools exceeds the limit of 128";
	const names = tools.map((tool) => tool.function.name);
	const twice = names.find((name, at) => names.indexOf(name) !== at);
	if (twice !== undefined) return `function name ${twice} is duplicated`;
	const odd = names.find((name) => !/^[a-zA-Z_][a-zA-Z0-9-_]{2,63}$/.test(name));
	if (odd !== undefined) return `Invalid request: function name ${odd} is invalid`;
	for (const tool of tools) {
		const details = troubleWithSchema(tool.function.parameters, "", true);
		if (details !== undefined)
			return `tools.function.parameters is not a valid moonshot flavored json schema, details: <${details}>`;
	}
	return undefined;
}

const KNOWN = new Set(
	"type properties required additionalProperties items anyOf $ref $defs enum minimum maximum minLength maxLength minItems maxItems title description default".split(
		" ",
	),
);

function troubleWithSchema(schema: unknown, path: string, root = false): string | undefined {
	const at = `At path '${path}'`;
	if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return `${at}: schema is not an object`;
	const node = schema as Readonly<Record<string, unknown>>;
	if (root && node["type"] !== "object") return `${at}: type must be object`;
	const unknown = Object.keys(node).find((key) => !KNOWN.has(key));
	if (unknown !== undefined) return `${at}: unsupported keyword ${unknown}`;
	if (typeof node["$ref"] === "string") return troubleWithReference(node, node["$ref"], at);
	if (node["anyOf"] !== undefined && node["type"] !== undefined) return `${at}: type must be in the branches of anyOf`;
	if (node["anyOf"] === undefined && typeof node["type"] !== "string") return `${at}: type is not defined`;
	return childrenOf(node, path)
		.map(([child, where]) => troubleWithSchema(child, where))
		.find((each) => each !== undefined);
}

function troubleWithReference(node: object, target: string, at: string): string | undefined {
	if (!target.startsWith("#/$defs/")) return `${at}: references must start with #/$defs/`;
	return Object.keys(node).length > 1 ? `${at}: when using $ref, nothing may stand beside it` : undefined;
}

function childrenOf(node: Readonly<Record<string, unknown>>, path: string): [unknown, string][] {
	const within = (key: string) =>
		Object.entries((node[key] ?? {}) as object).map(([name, child]): [unknown, string] => [
			child,
			`${path}${path && "."}${key}.${name}`,
		]);
	const items: [unknown, string][] = node["items"] === undefined ? [] : [[node["items"], `${path}.items`]];
	return [...within("properties"), ...within("$defs"), ...within("anyOf"), ...items];
}

function troubleWithMessages(messages: readonly WireMessage[]): string | undefined {
	for (const [at, message] of messages.entries()) {
		const found = troubleWithOne(message, at) ?? troubleWithResults(messages, at);
		if (found !== undefined) return found;
	}
	return undefined;
}

function troubleWithOne(message: WireMessage, at: number): string | undefined {
	const { role, content, tool_calls = [], reasoning_content } = message;
	const nothing = `the message at position ${at} with role '${role}' must not be empty`;
	if (!["system", "user", "assistant", "tool"].includes(role)) return `unsupported role ${role}`;
	if (role === "system" && at > 0) return "system messages must come first";
	if (content === "" && role === "assistant" && tool_calls.length > 0) return "text content is empty";
	if (Array.isArray(content) && content.some((part) => part.type === "text" && part.text === ""))
		return "text content is empty";
	if (role !== "tool" && isEmpty(content) && tool_calls.length === 0) return nothing;
	if (tool_calls.length > 0 && typeof reasoning_content !== "string")
		return `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${at}`;
	return tool_calls.map(troubleWithCall).find((each) => each !== undefined);
}

function isEmpty(content: unknown): boolean {
	return (
		content === undefined || content === null || content === "" || (Array.isArray(content) && content.length === 0)
	);
}

function troubleWithCall({ id, function: { name, arguments: json } }: NonNullable<WireMessage["tool_calls"]>[number]) {
	if (id === "") return "tool_call_id  is not found";
	try {
		const args: unknown = JSON.parse(json);
		if (typeof args === "object" && args !== null && !Array.isArray(args)) return undefined;
	} catch {
		// Said below.
	}
	return `function ${name} arguments must be a JSON object`;
}

/** Each call has one result directly behind its message, and each result its call. */
function troubleWithResults(messages: readonly WireMessage[], at: number): string | undefined {
	const message = messages[at];
	if (message?.role === "tool") {
		const before = messages.slice(0, at).findLast(({ role }) => role !== "tool");
		const known = before?.tool_calls?.some(({ id }) => id === message.tool_call_id);
		return known ? undefined : `tool_call_id ${message.tool_call_id ?? ""} is not found`;
	}
	const calls = message?.tool_calls ?? [];
	const behind = messages.slice(at + 1, at + 1 + calls.length).map((each) => each.tool_call_id);
	const missing = calls.find(({ id }) => behind.filter((each) => each === id).length !== 1);
	return missing && `tool_call_id ${missing.id} is not found`;
}
