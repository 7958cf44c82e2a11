import assert from "node:assert/strict";
import { readMcpFile, type Say } from "../../../src/vscode/mcp/config.ts";

const t: Say = (sentence, ...args) => sentence.replace(/\{(\d)\}/g, (_, at) => args[Number(at)] ?? "");
const read = (text: string) => readMcpFile(text, t);
const names = (text: string) => read(text).entries.map(({ name }) => name);
const troubles = (text: string) => read(text).troubles.map(({ line, text: words }) => `${line}: ${words}`);

describe("a file with MCP servers", () => {
	it("is read in the time that its length takes, however many of its servers are wrong", () => {
		const servers = Array.from({ length: 20_000 }, (_, at) => `"${at}": 1`);
		const found = read(`{"servers":{\n${servers.join(",\n")}\n}}`).troubles;
		assert.deepEqual([found.length, found[0]?.line, found.at(-1)?.line], [20_000, 2, 20_001]);
		const fields = Array.from({ length: 20_000 }, (_, at) => `"${at}": 1`).join(",\n");
		const long = read(`{"servers":{"${"x".repeat(200_000)}":{\n${fields}}}}`).troubles;
		assert.deepEqual(
			long.map(({ line }) => line),
			[1],
		);
	}).timeout(3_000);

	it("is read in VS Code's form: what a server is tells its command or address, and the inputs that it uses", () => {
		const { entries, troubles: none } = read(`{
	"inputs": [
		{ "type": "promptString", "id": "key", "description": "The key", "password": true },
		{ "type": "pickString", "id": "zone", "options": ["a", { "label": "B", "value": "b" }] },
	],
	"servers": {
		"files": { "command": "npx", "args": ["-y", "x"], "env": { "A": "\${env:A}", "N": 7, "NO": null }, "cwd": "/w" },
		// on the net
		"web": { "type": "http", "url": "https://\${input:zone}.example/mcp", "headers": { "Key": "\${input:key}" } },
		"old": { "type": "sse", "url": "http://127.0.0.1:8000/sse", "gallery": true, "version": "1.0.0" },
		"env": { "type": "stdio", "command": "x", "envFile": "\${workspaceFolder}/.env" },
	},
}`);
		assert.deepEqual(none, []);
		assert.deepEqual(entries, [
			{
				name: "files",
				line: 7,
				template: {
					type: "stdio",
					command: "npx",
					args: ["-y", "x"],
					env: { A: "${" + "env:A}", N: "7" },
					cwd: "/w",
				},
				inputs: [],
			},
			{
				name: "web",
				line: 9,
				template: {
					type: "http",
					url: "https://${" + "input:zone}.example/mcp",
					headers: { Key: "${" + "input:key}" },
				},
				inputs: [
					{ type: "pickString", id: "zone", options: ["a", { label: "B", value: "b" }] },
					{ type: "promptString", id: "key", description: "The key", password: true },
				],
			},
			{ name: "old", line: 10, template: { type: "http", url: "http://127.0.0.1:8000/sse", headers: {} }, inputs: [] },
			{
				name: "env",
				line: 11,
				template: { type: "stdio", command: "x", args: [], env: {} },
				envFile: "${" + "workspaceFolder}/.env",
				inputs: [],
			},
		]);
	});

	it("with one wrong server says where and what it must be, and the others still work", () => {
		const text = `{
	"servers": {
		"good": { "command": "x" },
		"args": {
			"command": "x",
			"args": "-y x"
		},
		"nothing": {},
		"list": [],
		"text": "npx",
		"ftp": { "url": "ftp://a.example" },
		"both": { "type": "http", "command": "x" },
		"input": { "command": "x", "env": { "A": "\${input:a}" } },
		"command": { "command": "\${command:evil.run}" },
		"config": { "url": "\${config:http.proxy}" },
		"also good": { "url": "https://a.example" }
	}
}`;
		assert.deepEqual(names(text), ["good", "also good"]);
		assert.deepEqual(troubles(text), [
			"6: “args” of the server “args” must be a list of texts.",
			"8: The server “nothing” needs a “command” to start it, or a “url” to reach it.",
			"9: The server “list” must be an object.",
			"10: The server “text” must be an object.",
			"11: The address of the server “ftp” must begin with https:// or http://.",
			"12: The server “both” needs a “command” to start it, or a “url” to reach it.",
			"13: The server “input”: there is no input with the id “a” under “inputs”.",
			"14: The server “command”: the variable ${" + "command:evil.run} can't be used here.",
			"15: The server “config”: the variable ${" + "config:http.proxy} can't be used here.",
		]);
	});

	it("that is no such file at all says so, with the line", () => {
		assert.deepEqual(troubles('{\n"servers": {\n"a": { "command": "x" }\n"b": {} } }'), [
			"4: This is not valid JSON: a comma, quote or bracket is missing here or just before.",
		]);
		assert.deepEqual(troubles('{\n"mcpServers": {} }'), [
			"2: The servers must stand under “servers” here: rename “mcpServers”.",
		]);
		for (const text of ["[]", "7", "null", '{"servers": []}', '{"inputs": {}}'])
			assert.equal(read(text).troubles.length, 1, text);
		assert.deepEqual(read("// empty\n"), { entries: [], troubles: [] });
	});

	it("an entry that asks to be shut in does not run free; what has no effect is said", () => {
		const text = `{ "servers": {
"shut": { "command": "x", "sandboxEnabled": true },
"extra": { "command": "x",
"headers": {}, "dev": {} } } }`;
		assert.deepEqual(names(text), ["extra"]);
		assert.deepEqual(troubles(text), [
			"2: “sandboxEnabled” of the server “shut” can't be kept here: it does not run. Take that out to run it.",
			"4: “headers” of the server “extra” has no effect here.",
			"4: “dev” of the server “extra” has no effect here.",
		]);
	});

	it("a name that would hide or confuse is no server's name; names that objects have by themselves harm nothing", () => {
		assert.deepEqual(names('{"servers": {"a\\u202eb": {"command": "x"}, " ": {"command": "x"}}}'), []);
		assert.deepEqual(names('{"servers": {"constructor": {"command": "x"}, "toString": {"command": "x"}}}'), [
			"constructor",
			"toString",
		]);
		read('{"servers": {"__proto__": {"command": "x"}}}');
		assert.equal(Reflect.get({}, "command"), undefined);
	});
});
