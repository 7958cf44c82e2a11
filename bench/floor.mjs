// The smallest client that can do the job, as a floor for all others: `floor.mjs URL FOLDER`. It asks nobody, keeps no
// log, checks nothing, and sends the whole history back each time.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const [url, root] = process.argv.slice(2);
const rg = process.env.BENCH_RG ?? "rg";
const run = promisify(execFile);

const hands = {
	Read: ({ path: name }) => readFile(path.join(root, name), "utf8"),
	async Edit({ path: name, old_string, new_string }) {
		const text = await readFile(path.join(root, name), "utf8");
		await writeFile(
			path.join(root, name),
			text.replace(old_string, () => new_string),
		);
		return "Done.";
	},
	Grep: async ({ pattern }) => (await run(rg, ["-n", "--", pattern, "."], { cwd: root })).stdout,
	Bash: async ({ command }) => (await run("/bin/sh", ["-c", command], { cwd: root })).stdout,
};

const tool = (name, ...fields) => ({
	type: "function",
	function: {
		name,
		parameters: { type: "object", properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])) },
	},
});
const tools = [
	tool("Read", "path"),
	tool("Edit", "path", "old_string", "new_string"),
	tool("Grep", "pattern"),
	tool("Bash", "command"),
];
const messages = [
	{ role: "system", content: "You are a coding agent. Use the tools." },
	{ role: "user", content: "Go." },
];

async function ask() {
	const response = await fetch(`${url}/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ model: "bench", messages, tools, stream: true }),
	});
	const message = { role: "assistant", content: "", reasoning_content: "", tool_calls: [] };
	for (const line of (await response.text()).split("\n")) {
		if (!line.startsWith("data: {")) continue;
		const delta = JSON.parse(line.slice(6)).choices[0]?.delta ?? {};
		message.content += delta.content ?? "";
		message.reasoning_content += delta.reasoning_content ?? "";
		for (const part of delta.tool_calls ?? []) {
			message.tool_calls[part.index] ??= { ...part, function: { ...part.function, arguments: "" } };
			message.tool_calls[part.index].function.arguments += part.function.arguments;
		}
	}
	return message;
}

for (;;) {
	const message = await ask();
	messages.push(message);
	if (message.tool_calls.length === 0) break;
	for (const call of message.tool_calls) {
		const content = await hands[call.function.name](JSON.parse(call.function.arguments));
		messages.push({ role: "tool", tool_call_id: call.id, content });
	}
}
