import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { systemPrompt } from "../../src/agent/prompt.ts";
import { editorTools as tools } from "../../src/tools/index.ts";
import { toolSpecs } from "../../src/tools/schema.ts";

const SNAPSHOT = new URL("specs.snap.json", import.meta.url);
/** Bytes of all descriptions and schemas: they are part of every request. */
const BUDGET = 14 * 1024;
/** The same with the system prompt: what every request begins with. */
const ALL = 16 * 1024;

type Schema = Readonly<Record<string, unknown>>;

function* nodes(schema: Schema): Generator<Schema> {
	yield schema;
	if (schema["items"]) yield* nodes(schema["items"] as Schema);
	for (const child of Object.values((schema["properties"] ?? {}) as Record<string, Schema>)) yield* nodes(child);
}

describe("tool specs", () => {
	// What a server is sent of them.
	const specs = toolSpecs(tools).map(({ name, description, parameters }) => ({ name, description, parameters }));
	const all = specs.flatMap((spec) => [...nodes(spec.parameters)]);

	it("are the bytes that were agreed on (UPDATE_SNAPSHOTS=1 rewrites them)", () => {
		const now = `${JSON.stringify(specs, null, "\t")}\n`;
		if (process.env["UPDATE_SNAPSHOTS"]) writeFileSync(SNAPSHOT, now);
		assert.equal(now, readFileSync(SNAPSHOT, "utf8"));
	});
	it("are equal bytes each time they are made, whatever the order of the tools", () => {
		assert.equal(JSON.stringify(toolSpecs([...tools].reverse())), JSON.stringify(toolSpecs(tools)));
	});
	it("are sorted by name, as the list of tools is", () => {
		const names = specs.map((spec) => spec.name);
		assert.deepEqual(names, [
			"Ask",
			"Bash",
			"BashOutput",
			"Edit",
			"Fetch",
			"Glob",
			"Grep",
			"KillBash",
			"NotebookEdit",
			"Plan",
			"Problems",
			"Read",
			"Symbols",
			"Task",
			"Todo",
			"Write",
		]);
		assert.deepEqual(
			tools.map((tool) => tool.name),
			names,
		);
	});
	it("have names that Moonshot accepts", () => {
		for (const { name } of specs) assert.match(name, /^[A-Za-z_][A-Za-z0-9_-]{2,63}$/);
	});
	it("stay within 14 KB", () => {
		const bytes = Buffer.byteLength(JSON.stringify(specs));
		assert.ok(bytes <= BUDGET, `${bytes} bytes`);
	});
	it("and the system prompt together stay within 16 KB", () => {
		const root = "/home/somebody/projects/a-rather-long-name/packages/application";
		const system = systemPrompt({ os: "Windows", shell: "Git Bash", root });
		const bytes = Buffer.byteLength(JSON.stringify({ system, tools: specs }));
		assert.ok(bytes <= ALL, `${bytes} bytes`);
	});
	it("use only keywords that Moonshot's schema dialect knows, and give every node a type", () => {
		const known = new Set(["type", "description", "enum", "items", "properties", "required"]);
		for (const node of all) {
			assert.deepEqual(
				Object.keys(node).filter((key) => !known.has(key)),
				[],
			);
			assert.equal(typeof node["type"], "string");
		}
	});
	it("are objects at their root, with required keys that exist", () => {
		for (const { parameters } of specs) {
			assert.equal(parameters["type"], "object");
			const keys = Object.keys(parameters["properties"] as object);
			for (const key of (parameters["required"] ?? []) as string[]) assert.ok(keys.includes(key), key);
		}
	});
	it("have descriptions without blanks at their ends or invisible characters", () => {
		for (const { description } of specs) {
			assert.equal(description, description.trim());
			assert.match(description, /^[\n\x20-\x7e]+$/);
		}
	});
});
