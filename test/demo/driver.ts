import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DemoReply, readConversation } from "../../demo/conversation.ts";
import { nextReply } from "../../demo/script.ts";

export type Call = DemoReply["calls"][number];

/** A result to give in place of the real one; undefined runs the call. */
export type Intercept = (call: Call) => string | undefined | Promise<string | undefined>;

export interface Driven {
	readonly replies: readonly DemoReply[];
	/** Tool names, one list a step. */
	readonly steps: readonly (readonly string[])[];
	/** The last words. */
	readonly text: string;
}

const ALL_TOOLS = ["Bash", "Edit", "Glob", "Grep", "Plan", "Read", "Todo", "Write"];

const PROJECT = fileURLToPath(new URL("../../demo/project", import.meta.url));

/** A copy of the demo project in a folder of its own. */
export async function copyProject(): Promise<string> {
	const root = await mkdtemp(join(tmpdir(), "demo-"));
	await cp(PROJECT, root, { recursive: true });
	return root;
}

export async function removeProject(root: string): Promise<void> {
	await rm(root, { recursive: true, force: true });
}

/** Lets the script do its job: runs its calls on a folder and hands back the results, until it has no more calls. */
export async function drive(
	root: string,
	prompt: string,
	options: { intercept?: Intercept; tools?: readonly string[]; editList?: boolean; arrow?: boolean } = {},
): Promise<Driven> {
	const { intercept, tools = ALL_TOOLS, editList = false, arrow = false } = options;
	const messages: object[] = [
		{ role: "system", content: "You are an agent." },
		{ role: "user", content: prompt },
	];
	const replies: DemoReply[] = [];
	for (let step = 0; step < 20; step++) {
		const conversation = readConversation({ messages, tools: tools.map((name) => offer(name, editList)) });
		if (!conversation) throw new Error("no conversation");
		const reply = nextReply(conversation);
		replies.push(reply);
		if (reply.calls.length === 0) return { replies, steps: stepsOf(replies), text: reply.text };
		const ids = reply.calls.map((call, index) => `functions.${call.tool}:${conversation.callCount + index}`);
		messages.push({
			role: "assistant",
			reasoning_content: reply.reasoning,
			tool_calls: reply.calls.map((call, index) => ({
				id: ids[index],
				type: "function",
				function: { name: call.tool, arguments: JSON.stringify(call.args) },
			})),
		});
		for (const [index, call] of reply.calls.entries()) {
			const content = (await intercept?.(call)) ?? (await execute(root, call, arrow));
			messages.push({ role: "tool", tool_call_id: ids[index], content });
		}
	}
	throw new Error(`The script did not come to an end: ${stepsOf(replies).join(" | ")}`);
}

function stepsOf(replies: readonly DemoReply[]): readonly (readonly string[])[] {
	return replies.map((reply) => reply.calls.map((call) => call.tool));
}

function offer(name: string, editList: boolean): object {
	const edits = {
		type: "array",
		items: { type: "object", properties: { old_string: { type: "string" }, new_string: { type: "string" } } },
	};
	const properties = name === "Edit" && editList ? { path: { type: "string" }, edits } : { path: { type: "string" } };
	return { type: "function", function: { name, description: name, parameters: { type: "object", properties } } };
}

async function execute(root: string, { tool, args }: Call, arrow: boolean): Promise<string> {
	switch (tool) {
		case "Read":
			return read(join(root, String(args["path"])), arrow);
		case "Edit":
			return edit(join(root, String(args["path"])), args);
		case "Grep":
			return grep(root, new RegExp(String(args["pattern"])));
		case "Glob":
			return (await files(root)).join("\n");
		case "Bash":
			return bash(root, String(args["command"]));
		default:
			return "Plan updated.";
	}
}

async function read(path: string, arrow: boolean): Promise<string> {
	const text = await readFile(path, "utf8").catch(() => undefined);
	if (text === undefined) return `File not found: ${path}`;
	const lines = text.replace(/\n$/, "").split("\n");
	return lines.map((line, index) => `${String(index + 1).padStart(6)}${arrow ? "→" : "\t"}${line}`).join("\n");
}

async function edit(path: string, args: Call["args"]): Promise<string> {
	const list = (args["edits"] ?? [args]) as { old_string: string; new_string: string }[];
	let text = await readFile(path, "utf8");
	for (const { old_string, new_string } of list) {
		if (text.split(old_string).length !== 2) return "old_string was not found in the file.";
		text = text.replace(old_string, () => new_string);
	}
	await writeFile(path, text);
	return `Edited ${path}.`;
}

async function grep(root: string, pattern: RegExp): Promise<string> {
	const hits: string[] = [];
	for (const path of await files(root)) {
		const lines = (await readFile(join(root, path), "utf8")).split("\n");
		hits.push(...lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}:${line}`] : [])));
	}
	return hits.length > 0 ? hits.join("\n") : "No matches.";
}

async function files(root: string): Promise<readonly string[]> {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) =>
			join(entry.parentPath, entry.name)
				.slice(root.length + 1)
				.replaceAll("\\", "/"),
		)
		.sort();
}

/** `npm test` is run as what it stands for, in one process: it saves npm's start and one process a test file. */
function bash(root: string, command: string): Promise<string> {
	const line = command === "npm test" ? `"${process.execPath}" --test --test-isolation=none` : command;
	return run(root, line).then(({ code, output }) => `${output}\n[exit code ${code}]`);
}

export function run(root: string, command: string): Promise<{ code: number; output: string }> {
	return new Promise((resolve) => {
		execFile(command, { cwd: root, shell: true }, (error, stdout, stderr) => {
			resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
		});
	});
}
