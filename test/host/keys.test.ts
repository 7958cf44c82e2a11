import assert from "node:assert/strict";
import * as vscode from "vscode";
import { removeKey, setKey } from "../../src/vscode/in-use.ts";
import { deleteProfile, manageProfiles } from "../../src/vscode/manage.ts";
import { readSettings } from "../../src/vscode/settings.ts";
import { answering, words } from "./dialogs.ts";
import { activeApp, setting } from "./setup.ts";

const titleOf = (options: unknown) => (options as vscode.InputBoxOptions | undefined)?.title;

const clean = async () => {
	for (const key of ["endpoint", "baseUrl", "profile", "profiles"]) await setting(key, undefined);
};

describe("the key of the endpoint in use", () => {
	afterEach(clean);

	it("is not asked for where the address is none: the address is", async () => {
		const app = await activeApp();
		await setting("endpoint", "custom");
		await setting("baseUrl", "localhost:8000");
		const shown = await answering({}, async () => assert.equal(await setKey(app), false));
		assert.deepEqual(
			shown.map(({ args: [options] }) => titleOf(options)),
			["Address of the server"],
		);
	});

	it("is asked for by the vendor's name at the vendor's own address only", async () => {
		const app = await activeApp();
		const asked = async () => {
			const [shown] = await answering({}, async () => assert.equal(await setKey(app), false));
			const { title, prompt } = (shown?.args[0] ?? {}) as vscode.InputBoxOptions;
			return [title, prompt?.includes("openrouter.ai/keys")];
		};
		await setting("endpoint", "openrouter");
		assert.deepEqual(await asked(), ["API key for OpenRouter", true]);
		await setting("baseUrl", "https://proxy.example/v1");
		assert.deepEqual(await asked(), ["API key for proxy.example", false]);
	});

	it("is removed with a word about the one in the environment, which is still sent", async () => {
		const app = await activeApp();
		await setting("endpoint", "openrouter");
		const before = process.env["OPENROUTER_API_KEY"];
		process.env["OPENROUTER_API_KEY"] = "sk-canary-5";
		try {
			const [vendor] = words(await answering({}, () => removeKey(app)));
			assert.match(vendor?.[1] ?? "", /is removed.* OPENROUTER_API_KEY is still sent there\.$/);
			await setting("baseUrl", "https://proxy.example/v1");
			const [other] = words(await answering({}, () => removeKey(app)));
			assert.match(other?.[1] ?? "", /^The key for https:\/\/proxy\.example is removed from the secret storage\.$/);
		} finally {
			if (before === undefined) delete process.env["OPENROUTER_API_KEY"];
			else process.env["OPENROUTER_API_KEY"] = before;
		}
	});
});

describe("a profile that is deleted", () => {
	afterEach(clean);

	const mine = { name: "Mine", baseUrl: "https://mine.example/v1" };
	const agree = (_: string, __: unknown, yes: string) => yes;

	it("while it is in use says so, leaves no endpoint in use, and another one is chosen", async () => {
		const app = await activeApp();
		await setting("endpoint", "openrouter");
		await setting("profiles", [mine]);
		await setting("profile", "Mine");
		let chosen = 0;
		const last = (rows: readonly vscode.QuickPickItem[]) => rows.at(-1);
		const shown = await answering({ showQuickPick: last, showWarningMessage: agree }, async () => {
			const choose = () => Promise.resolve(++chosen > 0);
			assert.equal(await manageProfiles(app, choose), true);
		});
		const { detail } = (shown.at(-1)?.args[1] ?? {}) as vscode.MessageOptions;
		assert.match(detail ?? "", /^It is in use: without it no endpoint is/);
		const { profile, profiles, endpoint } = readSettings();
		assert.deepEqual([chosen, profile, profiles, endpoint], [1, "", [], ""]);
	});

	it("while another one is in use changes nothing else", async () => {
		await setting("profiles", [mine, { ...mine, name: "Other" }]);
		await setting("profile", "Mine");
		await answering({ showWarningMessage: agree }, async () => {
			assert.equal(await deleteProfile("Other"), false);
		});
		const { profile, profiles } = readSettings();
		assert.deepEqual([profile, profiles], ["Mine", [mine]]);
	});

	it("by a name that two of them have is not: the settings are opened", async () => {
		await setting("profiles", [mine, { ...mine, model: "m" }]);
		const shown = await answering({ showWarningMessage: agree }, async () => {
			assert.equal(await deleteProfile("Mine"), false);
		});
		assert.match(words(shown)[0]?.[1] ?? "", /several profiles named “Mine”/);
		assert.equal(readSettings().profiles.length, 2);
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
	});
});
