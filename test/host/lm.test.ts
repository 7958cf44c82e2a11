import assert from "node:assert/strict";
import * as vscode from "vscode";
import { ChatModels } from "../../src/vscode/lm/chat-models.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { answering, words } from "./dialogs.ts";
import { activeApp, setting, until, untrusted } from "./setup.ts";

const vendor = "kimi-k2-agent";
const { LanguageModelChatMessage: Message, LanguageModelTextPart: Text } = vscode;
const { LanguageModelToolCallPart: Call, LanguageModelToolResultPart: Result } = vscode;

/** An endpoint that follows the script, as the profile Home; `mine` is its model in VS Code's own chat. */
async function withModel(
	script: readonly ScriptedReply[],
	use: (mine: vscode.LanguageModelChat, endpoint: FakeEndpoint) => Promise<void>,
): Promise<void> {
	await activeApp();
	const endpoint = await startEndpoint({ script });
	try {
		await setting("profiles", [{ name: "Home", baseUrl: endpoint.url, model: "kimi-k2.7-code" }]);
		const [mine = assert.fail("no model is listed")] = await vscode.lm.selectChatModels({ vendor, id: "profile:Home" });
		await use(mine, endpoint);
	} finally {
		await endpoint.close();
		for (const key of ["profile", "profiles", "endpoint", "baseUrl", "model"]) await setting(key, undefined);
	}
}

async function answer(
	model: vscode.LanguageModelChat,
	messages: vscode.LanguageModelChatMessage[],
	options?: vscode.LanguageModelChatRequestOptions,
	token?: vscode.CancellationToken,
) {
	const response = await model.sendRequest(messages, options, token);
	const parts: unknown[] = [];
	for await (const part of response.stream) parts.push(part);
	const text = parts.map((part) => (part instanceof Text ? part.value : "")).join("");
	return { text, calls: parts.filter((part) => part instanceof Call) };
}

const readFile: vscode.LanguageModelChatTool = {
	name: "readFile",
	description: "Reads a file.",
	inputSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};
const tools = { tools: [readFile] };
const ids = async () => (await vscode.lm.selectChatModels({ vendor })).map(({ id }) => id);

describe("our models in VS Code's own chat", () => {
	it("are the endpoint in use and the named profiles, and listing them asks no server", async () => {
		const endpoint = await startEndpoint({ script: [] });
		try {
			await withModel([], async (mine, home) => {
				await setting("baseUrl", endpoint.url);
				await setting("model", "mystery-1");
				await setting("endpoint", "custom");
				assert.deepEqual(await ids(), ["endpoint", "profile:Home"]);
				const { name, family, version, maxInputTokens } = mine;
				assert.deepEqual(
					{ name, family, version, maxInputTokens },
					{ name: "Home", family: "kimi-k2.7-code", version: "kimi-k2.7-code", maxInputTokens: 229_376 },
				);
				// The one in use is asked for its models by the view, if that was opened.
				assert.deepEqual(home.hits, []);
			});
		} finally {
			await endpoint.close();
		}
	});

	it("leave out the demo, profiles that are wrong, and vendors without a key until there is one", async () => {
		const app = await activeApp();
		const baseUrl = "https://api.moonshot.ai/v1";
		try {
			await setting("profiles", [
				{ name: "Demo", preset: "demo" },
				{ name: "Wrong", baseUrl: "nowhere" },
				{ name: "Moon", preset: "moonshot", model: "kimi-k2.7-code" },
			]);
			assert.deepEqual(await ids(), []);
			await app.keys.set(baseUrl, "sk-canary-lm");
			assert.deepEqual(await ids(), ["profile:Moon"]);
			assert.ok(!JSON.stringify(await vscode.lm.selectChatModels({ vendor })).includes("sk-canary-lm"));
		} finally {
			await app.keys.remove(baseUrl);
			await setting("profiles", undefined);
		}
	});

	it("are none in a workspace that nobody trusts, and nothing is sent from there", () =>
		withModel([{ text: "Hi" }], async (mine, { hits }) => {
			await untrusted(async () => {
				const app = await activeApp();
				const models = new ChatModels(app);
				assert.deepEqual(await models.provideLanguageModelChatInformation({ silent: false }), []);
				models.dispose();
				await assert.rejects(answer(mine, [Message.User("Hi")]), /Restricted Mode/);
				assert.deepEqual(hits, []);
			});
		}));

	it("lead to the picker of endpoints where there are none and VS Code lets us ask, and not otherwise", async () => {
		const app = await activeApp();
		const { createQuickPick } = vscode.window;
		const titles: (string | undefined)[] = [];
		const leaving = () => {
			const pick = createQuickPick();
			pick.onDidHide(() => titles.push(pick.title));
			setTimeout(() => pick.hide(), 100);
			return pick;
		};
		Object.assign(vscode.window, { createQuickPick: leaving });
		const models = new ChatModels(app);
		try {
			assert.deepEqual(await models.provideLanguageModelChatInformation({ silent: true }), []);
			assert.deepEqual(titles, []);
			assert.deepEqual(await models.provideLanguageModelChatInformation({ silent: false }), []);
			assert.deepEqual(titles, ["Where does Kimi K2 run?"]);
		} finally {
			models.dispose();
			Object.assign(vscode.window, { createQuickPick });
		}
	});

	it("tell VS Code when a profile came or went", () =>
		withModel([], async () => {
			const models = new ChatModels(await activeApp());
			let changes = 0;
			models.onDidChangeLanguageModelChatInformation(() => changes++);
			const listed = async () => (await models.provideLanguageModelChatInformation({ silent: true })).length;
			assert.equal(await listed(), 1);
			await setting("profiles", undefined);
			await until(() => changes > 0);
			assert.equal(await listed(), 0);
			models.dispose();
		}));

	it("stream text and hand calls over, which come back with their thinking, byte for byte", () =>
		withModel(
			[
				{
					reasoning: "I should\nlook. ",
					text: "I look.",
					calls: [{ tool: "readFile", args: '{ "path" : "a.txt" }', id: "functions.readFile:0" }],
				},
				{ text: "It says A." },
			],
			async (mine, { requests }) => {
				const prompt = Message.User("What does a.txt say?");
				const first = await answer(mine, [prompt], tools);
				assert.equal(first.text, "I look.");
				assert.deepEqual(
					first.calls.map(({ name, input }) => ({ name, input })),
					[{ name: "readFile", input: { path: "a.txt" } }],
				);
				const [call = assert.fail()] = first.calls;
				const second = await answer(
					mine,
					[
						prompt,
						Message.Assistant([new Text(first.text), call]),
						Message.User([new Result(call.callId, [new Text("A"), { unknown: true }])]),
					],
					tools,
				);
				assert.equal(second.text, "It says A.");
				assert.deepEqual(requests[1]?.body.messages, [
					{ role: "user", content: "What does a.txt say?" },
					{
						role: "assistant",
						reasoning_content: "I should\nlook. ",
						content: "I look.",
						tool_calls: [
							{
								id: "functions.readFile:0",
								type: "function",
								function: { name: "readFile", arguments: '{ "path" : "a.txt" }' },
							},
						],
					},
					{ role: "tool", tool_call_id: "functions.readFile:0", name: "readFile", content: "A" },
				]);
				const [one = "", two = ""] = requests.map(({ raw }) => raw.slice(raw.indexOf('"messages":')));
				assert.ok(two.startsWith(one.slice(0, one.indexOf("]"))));
			},
		));

	it("hand over no call of an answer that was cut, and say what to do", () =>
		withModel(
			[{ text: "I look.", calls: [{ tool: "readFile", args: { path: "a.txt" } }], finish: null, done: false }],
			async (mine) => {
				const handed: unknown[] = [];
				const asking = async () => {
					const response = await mine.sendRequest([Message.User("Look")], {
						tools: [readFile],
					});
					for await (const part of response.stream) if (part instanceof Call) handed.push(part);
				};
				await assert.rejects(asking, /nothing of it was run\. Try again\./);
				assert.deepEqual(handed, []);
			},
		));

	it("ask before they hand over calls that the server sent as text", () => {
		const leaked =
			'<|tool_calls_section_begin|><|tool_call_begin|>functions.readFile:0<|tool_call_argument_begin|>{"path":"a.txt"}<|tool_call_end|><|tool_calls_section_end|>';
		const script = [{ text: leaked }, { text: leaked }];
		return withModel(script, async (mine) => {
			const asking = () => answer(mine, [Message.User("Look")], tools);
			const shown = await answering({}, async () => {
				await assert.rejects(asking, /You did not hand over the calls/);
			});
			const question = "The server sent tool calls as text. Hand them over to VS Code's chat?";
			assert.deepEqual(words(shown), [["showWarningMessage", question]]);
			assert.match(JSON.stringify(shown[0]?.args), /readFile .*a\.txt/);
			await answering({ showWarningMessage: () => "Hand Over" }, async () => {
				const { calls } = await asking();
				assert.deepEqual(
					calls.map(({ name, input }) => ({ name, input })),
					[{ name: "readFile", input: { path: "a.txt" } }],
				);
			});
		});
	});

	it("hang up when VS Code cancels", function () {
		// It hands the token over and then tells it nothing any more: `$startChatRequest` has returned by then.
		if (vscode.version.startsWith("1.104.")) return this.skip();
		return withModel(
			[{ text: "One two three four five six seven eight.", hang: "mid" }],
			async (mine, { requests }) => {
				const source = new vscode.CancellationTokenSource();
				const asked = answer(mine, [Message.User("Count")], {}, source.token).catch(() => undefined);
				await until(() => requests.length > 0);
				source.cancel();
				assert.equal(await requests[0]?.ended, "left");
				await asked;
			},
		);
	});

	it("say why the endpoint refused, with a code where VS Code knows one", () =>
		withModel([{ status: 401, body: { error: { message: "bad key" } } }], async (mine) => {
			await assert.rejects(answer(mine, [Message.User("Hi")]), (error: unknown) => {
				assert.ok(error instanceof vscode.LanguageModelError, String(error));
				assert.equal(error.code, vscode.LanguageModelError.NoPermissions.name);
				assert.match(error.message, /key/i);
				return true;
			});
		}));

	it("ask for a call where one is needed, and fail without it", () =>
		withModel([{ text: "No." }], async (mine, { requests }) => {
			const toolMode = vscode.LanguageModelChatToolMode.Required;
			await assert.rejects(answer(mine, [Message.User("Look")], { ...tools, toolMode }), /did not/);
			assert.equal(requests[0]?.body.messages.at(-1)?.content, "Answer with a call of one of the tools.");
		}));

	it("send nothing once the profile is gone", () =>
		withModel([{ text: "Hi" }], async (mine, { hits }) => {
			await setting("profiles", []);
			await assert.rejects(answer(mine, [Message.User("Hi")]));
			assert.deepEqual(hits, []);
		}));

	it("count tokens without asking anybody", () =>
		withModel([], async (mine, { hits }) => {
			const counts = [await mine.countTokens("Hello world"), await mine.countTokens(Message.User("Hello world"))];
			assert.deepEqual(counts, [2, 2]);
			assert.deepEqual(hits, []);
		}));
});
