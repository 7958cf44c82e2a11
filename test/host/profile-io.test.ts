import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { useFound } from "../../src/vscode/choose.ts";
import { addFromLink } from "../../src/vscode/link.ts";
import { exportProfiles, importProfiles } from "../../src/vscode/profile-io.ts";
import { readSettings } from "../../src/vscode/settings.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { answering, type Shown, words } from "./dialogs.ts";
import { activeApp, setting, workspacePath } from "./setup.ts";

const optionsOf = (shown: Shown | undefined) => (shown?.args[1] ?? {}) as vscode.MessageOptions;

describe("a file of profiles", () => {
	const file = () => vscode.Uri.file(workspacePath("profiles.json"));
	const secret = {
		name: "Home",
		baseUrl: "https://home.example/v1",
		headers: { "x-tenant": "canary-1-canary-2-xy", "x-a": "b" },
	};

	afterEach(async () => {
		await setting("profiles", undefined);
		await vscode.workspace.fs.delete(file()).then(undefined, () => undefined);
	});

	it("is exported without what looks secret, which is said", async () => {
		await setting("profiles", [secret, { name: "Bad", maxTokens: "many" }]);
		const shown = await answering({ showSaveDialog: file }, exportProfiles);
		const text = await readFile(file().fsPath, "utf8");
		assert.deepEqual(JSON.parse(text), {
			kimiK2Profiles: 1,
			profiles: [{ name: "Home", baseUrl: "https://home.example/v1", headers: { "x-a": "b" } }],
		});
		assert.match(
			words(shown)[1]?.[1] ?? "",
			/^Exported 1 profiles, without API keys\. Also left out.*Home: x-tenant\. Not exported.*Bad\.$/,
		);
	});

	const write = (...profiles: unknown[]) =>
		writeFile(file().fsPath, JSON.stringify({ kimiK2Profiles: 1, profiles }), "utf8");
	const other = { name: "Other", baseUrl: "http://gpu.example:8000/v1" };

	it("is imported once the person has seen the names and hosts, under new names where they are taken", async () => {
		await setting("profiles", [secret]);
		await write({ ...secret, headers: {} }, other);
		let detail = "";
		await answering(
			{
				showOpenDialog: () => [file()],
				showWarningMessage: (_: string, options: vscode.MessageOptions, ...buttons: string[]) => {
					detail = options.detail ?? "";
					return buttons[0];
				},
			},
			importProfiles,
		);
		assert.equal(detail, "Home → home.example (this name is taken)\nOther → gpu.example:8000");
		assert.deepEqual(readSettings().profiles, [secret, { name: "Home 2", baseUrl: "https://home.example/v1" }, other]);
	});

	it("replaces mine where the person says so", async () => {
		await setting("profiles", [secret, other]);
		await write({ ...secret, headers: {} });
		await setting("profile", "Home");
		const replace = (_: string, __: unknown, ...buttons: string[]) => buttons[1];
		const shown = await answering({ showOpenDialog: () => [file()], showWarningMessage: replace }, importProfiles);
		await setting("profile", undefined);
		assert.equal(optionsOf(shown[1]).detail, "Home → home.example (this one is in use)");
		assert.deepEqual(readSettings().profiles, [{ name: "Home", baseUrl: "https://home.example/v1" }, other]);
	});

	it("puts nothing in use: a name that is in use without a profile is a taken one", async () => {
		const app = await activeApp();
		await setting("profile", "Home");
		await write({ ...secret, headers: {} }, other);
		const add = (_: string, __: unknown, ...buttons: string[]) => buttons[0];
		try {
			const shown = await answering({ showOpenDialog: () => [file()], showWarningMessage: add }, importProfiles);
			assert.equal(optionsOf(shown[1]).detail, "Home 2 → home.example\nOther → gpu.example:8000");
			assert.equal(app.endpoints.chosen.ok, false);
		} finally {
			await setting("profile", undefined);
		}
	});

	it("is not written over a setting that is no list by mistake", async () => {
		const mistake = { name: "Home", baseUrl: "https://home.example/v1" };
		await setting("profiles", mistake);
		await write(other);
		const add = (_: string, __: unknown, ...buttons: string[]) => buttons[0];
		const shown = await answering({ showOpenDialog: () => [file()], showWarningMessage: add }, importProfiles);
		const { globalValue } = vscode.workspace.getConfiguration("kimiK2").inspect("profiles") ?? {};
		assert.deepEqual(globalValue, mistake);
		assert.match(words(shown).at(-1)?.[1] ?? "", /kimiK2\.profiles is not a list, so nothing was changed/);
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
	});

	it("changes nothing when the person leaves, or when one profile in it is wrong", async () => {
		await write(other);
		await answering({ showOpenDialog: () => [file()] }, importProfiles);
		assert.deepEqual(readSettings().profiles, []);
		await write(other, { name: "Wrong", baseUrl: "ftp://x" });
		const shown = await answering({ showOpenDialog: () => [file()] }, importProfiles);
		assert.deepEqual(readSettings().profiles, []);
		assert.match(words(shown).at(-1)?.[1] ?? "", /^Nothing was imported\. The profile “Wrong”/);
	});
});

describe("a link that adds an endpoint", () => {
	const follow = async (
		query: Readonly<Record<string, string>>,
		answers: Parameters<typeof answering>[0] = {},
		path = "/add-endpoint",
	) => {
		const app = await activeApp();
		const uri = vscode.Uri.from({
			scheme: "vscode",
			authority: "kimi-k2-agent.kimi-k2-agent",
			path,
			query: new URLSearchParams(query).toString(),
		});
		return answering(answers, () => addFromLink(app, uri));
	};
	const press = (_: string, __: unknown, ...buttons: string[]) => buttons[0];

	afterEach(async () => {
		for (const key of ["profile", "profiles"]) await setting(key, undefined);
	});

	it("adds and uses it when the person agrees to the whole address, and asks for the key itself", async () => {
		const app = await activeApp();
		const baseUrl = "https://llm.example:8443/v1";
		const shown = await follow(
			{ name: "Team", baseUrl, model: "kimi-k2.7-code" },
			{ showWarningMessage: press, showInputBox: () => "sk-canary-3" },
		);
		try {
			const [question, input] = shown;
			assert.match(optionsOf(question).detail ?? "", /would go to https:\/\/llm\.example:8443\/v1/);
			assert.equal(optionsOf(question).modal, true);
			assert.equal(input?.dialog, "showInputBox");
			assert.deepEqual(
				[readSettings().profile, readSettings().profiles],
				["Team", [{ name: "Team", baseUrl, model: "kimi-k2.7-code" }]],
			);
			const endpoint = await app.endpoints.endpoint();
			assert.equal(endpoint.ok && endpoint.value.key, "sk-canary-3");
		} finally {
			await app.keys.remove(baseUrl);
		}
	});

	it("asks for a key also where such a server needs none on the person's own machine", async () => {
		const shown = await follow({ preset: "vllm", baseUrl: "https://gpu.example/v1" }, { showWarningMessage: press });
		assert.deepEqual(
			[words(shown).map(([dialog]) => dialog), readSettings().profiles],
			[["showWarningMessage", "showInputBox"], []],
		);
	});

	it("warns of a connection that is not encrypted, and adds nothing when the person leaves", async () => {
		const [question] = await follow({ baseUrl: "http://llm.example/v1" });
		assert.match(optionsOf(question).detail ?? "", /not encrypted/);
		const [local] = await follow({ baseUrl: "http://localhost:8000/v1" });
		assert.doesNotMatch(optionsOf(local).detail ?? "", /not encrypted/);
		assert.deepEqual(readSettings().profiles, []);
	});

	for (const name of ["key", "apiKey", "access_token", "Authorization"])
		it(`with a ${name} is refused, and no part of it shown`, async () => {
			const shown = await follow({ baseUrl: "https://llm.example/v1", [name]: "sk-canary-4" });
			assert.equal(shown.length, 1);
			assert.match(words(shown)[0]?.[1] ?? "", /must not carry an API key/);
			assert.equal(JSON.stringify(shown).includes("canary"), false);
			assert.deepEqual(readSettings().profiles, []);
		});

	it("that asks for something else, or with a wrong address, is refused", async () => {
		const shown = [
			...(await follow({ baseUrl: "https://llm.example/v1" }, {}, "/run")),
			...(await follow({ baseUrl: "https://u:p@llm.example/v1" })),
			...(await follow({ baseUrl: "file:///etc/passwd" })),
			...(await follow({ preset: "nonsense" })),
		];
		assert.deepEqual(
			shown.map(({ dialog }) => dialog),
			shown.map(() => "showErrorMessage"),
		);
		assert.equal(shown.length, 4);
	});

	it("cannot pass for another endpoint by its name", async () => {
		await setting("profiles", [{ name: "Team", baseUrl: "https://team.example/v1" }]);
		const [question] = await follow({ name: "Team\u202e\n[x](command:a)", baseUrl: "https://evil.example/v1" });
		assert.equal(question?.args[0], "A link wants to add evil.example as the endpoint “Team  [x] (command:a)”.");
		const [same] = await follow({ name: "Team", baseUrl: "https://evil.example/v1" });
		assert.equal(same?.args[0], "A link wants to add evil.example as the endpoint “Team 2”.");
	});

	it("gets no vendor's key by its name or preset: the key is asked for the host, without the vendor's page", async () => {
		const shown = await follow(
			{ preset: "openrouter", name: "OpenRouter", baseUrl: "https://evil.example/v1" },
			{ showWarningMessage: press },
		);
		const { title, prompt } = (shown[1]?.args[0] ?? {}) as vscode.InputBoxOptions;
		assert.equal(title, "API key for evil.example");
		assert.equal(prompt, "Stored in VS Code's secret storage and sent to https://evil.example only.");
	});

	it("shows the address that requests go to, and stores that one", async () => {
		const baseUrl = "https://\u043fpen\u00adrouter.ai/v1";
		const [question] = await follow({ baseUrl, name: "A" }, { showWarningMessage: press, showInputBox: () => "" });
		assert.match(String(question?.args[0]), /^A link wants to add xn--penrouter-\w+\.ai as/);
		assert.match(optionsOf(question).detail ?? "", /would go to https:\/\/xn--penrouter-\w+\.ai\/v1$/m);
		assert.match(JSON.stringify(readSettings().profiles), /"https:\/\/xn--penrouter-\w+\.ai\/v1"/);
	});
});

describe("servers on this machine", () => {
	it("are found, offered on the first screen in place of their kind, and used with a press", async () => {
		const app = await activeApp();
		const server = await startEndpoint({
			script: [{ text: "Hi" }],
			models: { data: [{ id: "kimi-k2.7-code", owned_by: "vllm" }] },
		});
		const port = Number(new URL(server.url).port);
		try {
			const [found] = await app.discovery.look([{ port, preset: "llamacpp" }]);
			const { setup, found: rows, presets } = app.viewState();
			const baseUrl = `http://localhost:${port}/v1`;
			const row = { preset: "vllm", name: "vLLM", baseUrl, model: "kimi-k2.7-code", host: `localhost:${port}` };
			assert.deepEqual([setup, rows], [true, [row]]);
			const ids = presets.map(({ id }) => id);
			assert.deepEqual(
				[ids.includes("vllm"), ids.includes("llamacpp"), ids.includes("together")],
				[false, true, false],
			);
			assert.equal(await useFound(app, found ?? assert.fail()), true);
			const { endpoint, baseUrl: used, model } = readSettings();
			assert.deepEqual([endpoint, used, model], ["vllm", baseUrl, "kimi-k2.7-code"]);
			await app.chats.create();
			await app.send("Hi");
			assert.equal(app.chats.active?.session.chat.turns.at(-1)?.ended, "done");
		} finally {
			await server.close();
			await app.discovery.look([]);
			for (const key of ["endpoint", "baseUrl", "model"]) await setting(key, undefined);
		}
	});
});
