/** A call of the current turn, with its result once there is one. */
export interface PastCall {
	readonly tool: string;
	readonly args: Readonly<Record<string, unknown>>;
	/** What the tool gave back, word for word; undefined while there is none. */
	readonly result: string | undefined;
}

/** What the script looks at: the last prompt, what was done since, and what it may do next. */
export interface Conversation {
	readonly prompt: string;
	/** Since the last prompt, in order. */
	readonly calls: readonly PastCall[];
	/** Names of the tools on offer. */
	readonly tools: ReadonlySet<string>;
	/** The Edit tool takes a list of replacements under `edits`. */
	readonly takesEditList: boolean;
	/** Calls of the whole conversation so far; Kimi K2 numbers its call ids by it. */
	readonly callCount: number;
}

/** One answer: thinking, then words, then calls. Without calls the turn is over. */
export interface DemoReply {
	readonly reasoning: string;
	readonly text: string;
	readonly calls: readonly { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The body of a chat completion request as a conversation; undefined when it has no list of messages. */
export function readConversation(body: unknown): Conversation | undefined {
	const { messages, tools } = fields(body);
	if (!Array.isArray(messages)) return undefined;
	const offers = list(tools).map((tool) => fields(fields(tool)["function"]));
	const { prompt, turn, callCount } = lastTurn(messages.map(fields));
	const results = new Map(
		turn.flatMap((message) =>
			message["role"] === "tool" ? [[String(message["tool_call_id"]), textOf(message["content"])] as const] : [],
		),
	);
	const calls = turn.flatMap(callsOf).map((call): PastCall => {
		const { name, arguments: args } = fields(call["function"]);
		return { tool: String(name), args: parsed(args), result: results.get(String(call["id"])) };
	});
	return {
		prompt,
		calls,
		tools: new Set(offers.map((offer) => String(offer["name"]))),
		takesEditList: offers.some((offer) => offer["name"] === "Edit" && takesList(fields(offer["parameters"]))),
		callCount,
	};
}

function lastTurn(messages: readonly Fields[]): { prompt: string; turn: readonly Fields[]; callCount: number } {
	const at = messages.findLastIndex((message) => message["role"] === "user");
	return {
		prompt: at < 0 ? "" : textOf(messages[at]?.["content"]),
		turn: messages.slice(at + 1),
		callCount: messages.reduce((count, message) => count + callsOf(message).length, 0),
	};
}

function callsOf(message: Fields): readonly Fields[] {
	return list(message["tool_calls"]).map(fields);
}

/** Content is a string, or a list of parts of which the text counts. */
function textOf(content: unknown): string {
	if (typeof content === "string") return content;
	return list(content)
		.map((part) => fields(part)["text"])
		.filter((text) => typeof text === "string")
		.join("\n");
}

function takesList(schema: Fields): boolean {
	const item = fields(fields(fields(schema["properties"])["edits"])["items"]);
	return "old_string" in fields(item["properties"]) && !list(schema["required"]).includes("old_string");
}

function parsed(args: unknown): Fields {
	if (typeof args !== "string") return fields(args);
	try {
		return fields(JSON.parse(args));
	} catch {
		return {};
	}
}

function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function fields(value: unknown): Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
