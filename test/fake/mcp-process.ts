import { fileURLToPath } from "node:url";
import { createMcpServer } from "../../src/node/mcp/create.ts";

/** Starts an MCP server as a window does, that ends for nobody and has started a process, and prints the ids of the two. */
const server = createMcpServer(
	{
		type: "stdio",
		command: process.execPath,
		args: [fileURLToPath(import.meta.resolve("./mcp-server.ts")), "stubborn"],
		env: {},
	},
	{
		roots: () => [],
		withhold: [],
		log: () => undefined,
		signIn: { open: async () => false, load: async () => undefined, save: async () => undefined },
	},
);
await server.start();
const { signal } = new AbortController();
for (const tool of ["pid", "child"]) {
	const { text } = await server.call(tool, {}, signal, () => undefined);
	process.stdout.write(`${text}\n`);
}
