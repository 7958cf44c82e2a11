import assert from "node:assert/strict";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import { createModel } from "../../src/model/chat-model.ts";
import { createFactBook, type Facts } from "../../src/model/facts.ts";
import { createFiles } from "../../src/node/files.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import { createShell } from "../../src/node/shell.ts";
import { createWeb } from "../../src/node/web/web.ts";
import { tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { newSession } from "../fake/agent.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply, WireBody } from "../fake/endpoint-reply.ts";
import { refusalOf } from "../fake/endpoint-strict.ts";
import { endpointAt, patient } from "./harness.ts";

const user = { role: "user", content: "Hi." };
const call = (id: string, args = "{}") => ({ id, type: "function", function: { name: "Read", arguments: args } });
const asks = (...calls: object[]) => ({ role: "assistant", reasoning_content: "", tool_calls: calls });
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "text" });
const tool = (name: string, parameters: object) => ({ type: "function", function: { name, parameters } });
const plain = { type: "object", properties: { path: { type: "string" } } };

/** What a strict Moonshot says to a body; undefined when it takes it. */
function said(body: object): string | undefined {
	const refusal = refusalOf({ model: "kimi", messages: [user], ...body } as unknown as WireBody);
	return (refusal?.body as { error: { message: string } } | undefined)?.error.message;
}

describe("a strict Moonshot", () => {
	it("takes what is well formed", () => {
		const messages = [{ role: "system", content: "x" }, user, asks(call("a"), call("b")), result("a"), result("b")];
		const some = { temperature: 1, top_p: 0.95, tool_choice: "auto" };
		assert.equal(said({ messages, tools: [tool("Read", plain)], ...some }), undefined);
	});

	const refused: readonly (readonly [object, RegExp])[] = [
		[{ temperature: 0.6 }, /invalid temperature: only 1/],
		[{ tool_choice: "required" }, /incompatible with thinking/],
		[{ tools: [tool("Read", plain), tool("Read", plain)] }, /function name Read is duplicated/],
		[{ tools: [tool("a.b", plain)] }, /function name a\.b is invalid/],
		[
			{ tools: [tool("Read", { type: "object", properties: { path: {} } })] },
			/'properties\.path': type is not defined/,
		],
		[{ tools: [tool("Read", { ...plain, $schema: "x" })] }, /unsupported keyword \$schema/],
		[{ tools: [tool("Read", { type: "object", properties: { a: { type: ["string", "null"] } } })] }, /not defined/],
		[{ messages: [user, { ...asks(call("a")), reasoning_content: undefined }, result("a")] }, /index 1/],
		[{ messages: [user, { ...asks(call("a")), content: "" }, result("a")] }, /text content is empty/],
		[{ messages: [user, { role: "assistant", reasoning_content: "Hm." }] }, /position 1 .* must not be empty/],
		[{ messages: [user, asks(call("a"))] }, /tool_call_id a is not found/],
		[{ messages: [user, asks(call("a")), user, result("a")] }, /tool_call_id a is not found/],
		[{ messages: [user, result("a")] }, /tool_call_id a is not found/],
		[{ messages: [user, asks(call("a", "{broken")), result("a")] }, /must be a JSON object/],
		[{ messages: [user, { role: "system", content: "x" }] }, /system messages must come first/],
	];
	for (const [body, words] of refused)
		it(`refuses with ${words.source}`, () => assert.match(said(body) ?? "taken", words));

	describe("finds nothing wrong with a whole chat", () => {
		let root: string;
		before(async () => {
			root = await realpath(await mkdtemp(path.join(tmpdir(), "kimi-k2-strict-")));
		});
		after(() => rm(root, { recursive: true }));

		const script: readonly ScriptedReply[] = [
			{
				reasoning: "Look.",
				text: "I look.",
				calls: [
					{ tool: "Read", args: { path: "a.txt" } },
					{ tool: "Glob", args: { pattern: "*" } },
				],
			},
			// Broken arguments, an unknown tool, no thinking, and ids that were there before.
			{
				calls: [
					{ tool: "Read", args: '{"path": a.txt}', id: "functions.Read:0" },
					{ tool: "Fly", args: {}, id: "functions.Read:0" },
				],
			},
			{
				reasoning: "Edit.",
				calls: [{ tool: "Edit", args: { path: "a.txt", old_string: "two", new_string: "three" } }],
			},
			// Nothing but thinking: asked again.
			{ reasoning: "Done?" },
			{ text: "Done." },
			// The second turn is stopped while its call waits for the person.
			{ reasoning: "Build.", calls: [{ tool: "Bash", args: { command: "make" } }] },
			// The third goes on.
			{ calls: [{ tool: "Read", args: { path: "a.txt" } }], finish: "length" },
			{ text: "And that is all." },
		];

		/** The whole chat; returns what was refused of it. */
		async function converse(known: Facts): Promise<readonly (string | undefined)[]> {
			await writeFile(path.join(root, "a.txt"), "one\ntwo\n");
			const refusals: (string | undefined)[] = [];
			const server = await startEndpoint({
				script: ({ body }, n) => {
					const refusal = refusalOf(body);
					if (refusal) refusals.push(said(body));
					return refusal ?? script[n - refusals.length] ?? { status: 400, body: "The script is over." };
				},
			});
			const { session } = await newSession();
			const stop = new AbortController();
			const endpoint = endpointAt(server.url);
			const book = createFactBook();
			book.learn(known);
			const places = createPlaces(root);
			const env: TurnEnv = {
				model: createModel({ endpoint, model: "kimi-k2.7-code", clocks: patient, book }),
				toolbox: createToolbox(tools),
				ctx: {
					files: createFiles(places),
					shell: createShell(),
					search: createSearch({ rgPath: undefined, places }),
					web: createWeb(),
				},
				mode: () => "edits",
				grants: () => [],
				limits: { steps: 20 },
				pause: () => Promise.resolve(),
				approve: () => {
					stop.abort();
					return Promise.resolve(undefined);
				},
			};
			const ends = [];
			for (const prompt of ["Change it.", "And now?", "Go on."])
				ends.push((await runTurn(session, prompt, env, prompt === "And now?" ? stop.signal : never)).reason);
			await server.close();
			assert.deepEqual(ends, ["done", "stopped", "done"]);
			assert.equal(await readFile(path.join(root, "a.txt"), "utf8"), "one\nthree\n");
			assert.equal(server.requests.length - refusals.length, script.length);
			return refusals;
		}

		it("with calls that fail, an empty answer, Stop, and a turn after it", async () => {
			assert.deepEqual(await converse({ reasoningRequired: true }), []);
		});

		it("but one thing where nothing is known of it, from which is learned", async () => {
			const refusals = await converse({});
			assert.equal(refusals.length, 1);
			assert.match(refusals[0] ?? "", /reasoning_content is missing/);
		});
	});
});

const never = new AbortController().signal;
