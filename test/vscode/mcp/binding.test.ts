import assert from "node:assert/strict";
import { bindingOf } from "../../../src/vscode/mcp/binding.ts";
import type { McpEntry } from "../../../src/vscode/mcp/config.ts";

const key = { type: "promptString", id: "key", description: "The key", password: true } as const;
const local: McpEntry = {
	name: "db",
	line: 3,
	template: { type: "stdio", command: "npx", args: ["-y", "db"], env: { A: "1", B: "${" + "input:key}" } },
	envFile: ".env",
	inputs: [key],
};
const remote: McpEntry = {
	name: "web",
	line: 3,
	template: { type: "http", url: "https://a.example/mcp", headers: { Key: "1" } },
	inputs: [],
};

describe("the person's word on a server of a workspace", () => {
	const stdio = local.template.type === "stdio" ? local.template : assert.fail();
	const http = remote.template.type === "http" ? remote.template : assert.fail();

	it("is on all of its entry: each thing that changes makes it another server", () => {
		const changed: readonly (readonly [entry: McpEntry, envText?: string])[] = [
			[{ ...local, name: "db2" }],
			[{ ...local, template: { ...stdio, command: "node" } }],
			[{ ...local, template: { ...stdio, args: ["db", "-y"] } }],
			[{ ...local, template: { ...stdio, args: ["-y", "db", ""] } }],
			[{ ...local, template: { ...stdio, env: { A: "1" } } }],
			[{ ...local, template: { ...stdio, env: { A: "1", B: "${" + "input:key}", NODE_OPTIONS: "-r ./x" } } }],
			[{ ...local, template: { ...stdio, cwd: "/" } }],
			[{ ...local, envFile: ".env2" }],
			[{ ...local, inputs: [{ ...key, description: "Your password" }] }],
			[{ ...local, inputs: [] }],
			[local, "NODE_OPTIONS=-r ./x"],
			[remote],
			[{ ...remote, template: { ...http, url: "https://b.example/mcp" } }],
			[{ ...remote, template: { ...http, headers: {} } }],
		];
		const bindings = [bindingOf(local), ...changed.map((each) => bindingOf(...each))];
		assert.equal(new Set(bindings).size, bindings.length);
	});

	it("holds where the entry only moved in the file, or its names stand in another order", () => {
		const moved = { ...local, line: 99, template: { ...stdio, env: { B: "${" + "input:key}", A: "1" } } };
		assert.equal(bindingOf(moved), bindingOf(local));
	});
});
