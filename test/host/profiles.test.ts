import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Profile } from "../../src/shared/settings.ts";
import type { App } from "../../src/vscode/app.ts";
import { useProfile } from "../../src/vscode/choose.ts";
import { testEndpoint } from "../../src/vscode/endpoint-test.ts";
import { modelItems } from "../../src/vscode/model-picker.ts";
import { putProfiles, removeProfile, renameProfile, usableProfiles } from "../../src/vscode/profiles.ts";
import { readSettings } from "../../src/vscode/settings.ts";
import { switchItems } from "../../src/vscode/switch-picker.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { answering, words } from "./dialogs.ts";
import { activeApp, asked, setting, withFile } from "./setup.ts";

interface Place {
	readonly app: App;
	readonly home: FakeEndpoint;
	readonly work: FakeEndpoint;
}

/** Two endpoints with a profile each, the first in use; a new chat is in front. */
async function withProfiles(
	home: readonly ScriptedReply[],
	work: readonly ScriptedReply[],
	use: (place: Place) => Promise<void>,
): Promise<void> {
	const app = await activeApp();
	const place = { app, home: await startEndpoint({ script: home }), work: await startEndpoint({ script: work }) };
	const { home: first, work: second } = place;
	try {
		await setting("profiles", [
			{ name: "Home", baseUrl: first.url, model: "kimi-k2.7-code" },
			{ name: "Work", baseUrl: second.url, model: "mystery-1", headers: { "x-team": "blue" }, keyHeader: "api-key" },
		]);
		await setting("profile", "Home");
		await app.chats.create();
		await use(place);
	} finally {
		await app.chats.active?.stop();
		await Promise.all([first.close(), second.close()]);
		for (const key of ["profile", "profiles", "endpoint", "baseUrl", "model", "mode"]) await setting(key, undefined);
	}
}

const profile = (name: string): Profile => usableProfiles().find((each) => each.name === name) ?? assert.fail(name);
const last = (app: App) => app.chats.active?.session.chat.turns.at(-1);

describe("profiles", () => {
	it("that hold a setting without effect say so above the composer, and are used all the same", () =>
		withProfiles([{ text: "Fine." }], [], async ({ app }) => {
			await putProfiles([{ ...profile("Home"), capabilities: { dialekt: "k2" } }]);
			await app.send("Hi");
			assert.equal(last(app)?.ended, "done");
			assert.match(app.viewState().notice?.text ?? "", /no capability “dialekt”/);
			assert.deepEqual(app.viewState().notice?.fixes, ["openSettings"]);
		}));

	it("switch in the middle of a chat: the running turn stays, the next one takes the whole history along", () =>
		withFile("a.txt", "one\n", () =>
			withProfiles(
				[
					{ reasoning: "I look.", calls: [{ tool: "Read", args: { path: "a.txt" }, id: "functions.Read:0" }] },
					{
						reasoning: "I change.",
						calls: [{ tool: "Bash", args: { command: "true | tee /dev/null" }, id: "functions.Bash:1" }],
					},
					{ reasoning: "That is it.", text: "Done at home." },
					{ text: "Home again." },
				],
				[{ text: "Done at work." }],
				async ({ app, home, work }) => {
					const turn = app.send("One");
					const { call } = await asked(app);
					await useProfile(app, profile("Work"));
					call.answer({ verdict: "allow" });
					await turn;
					assert.deepEqual([home.requests.length, work.requests.length], [3, 0]);

					await app.send("Two");
					assert.equal(last(app)?.ended, "done");
					const { messages, model } = work.requests[0]?.body ?? assert.fail();
					assert.equal(model, "mystery-1");
					const thoughts = messages.map((message) => message.reasoning_content).filter(Boolean);
					assert.deepEqual(thoughts, ["I look.", "I change.", "That is it."]);
					const ids = messages.flatMap((message) => message.tool_calls?.map(({ id }) => id) ?? []);
					const results = messages.flatMap((message) => (message.role === "tool" ? [message.tool_call_id] : []));
					assert.deepEqual(results, ids);
					assert.equal(new Set(ids).size, 2);
					assert.deepEqual(
						messages.filter(({ role }) => role !== "system").map(({ role }) => role),
						["user", "assistant", "tool", "assistant", "tool", "assistant", "user"],
					);

					await useProfile(app, profile("Home"));
					await app.send("Three");
					const again = home.requests[3]?.body.messages ?? assert.fail();
					const native = again.flatMap((message) => message.tool_calls?.map(({ id }) => id) ?? []);
					assert.deepEqual(native, ["functions.Read:0", "functions.Bash:1"]);
				},
			),
		));

	it("send their headers and their key in the header that they name, and only there", () =>
		withProfiles([], [{ text: "Hi" }], async ({ app, work }) => {
			await app.keys.set(work.url, "sk-canary-9");
			try {
				await useProfile(app, profile("Work"));
				await app.send("Hi");
				const { authorization, ...headers } = work.requests[0]?.headers ?? assert.fail();
				assert.deepEqual([headers["api-key"], headers["x-team"], authorization], ["sk-canary-9", "blue", undefined]);
				assert.equal(JSON.stringify(readSettings()).includes("sk-canary"), false);
			} finally {
				await app.keys.remove(work.url);
			}
		}));

	it("that are missing or wrong fail the turn and name themselves; nothing goes to the flat endpoint", () =>
		withProfiles([], [], async ({ app, work }) => {
			await setting("endpoint", "custom");
			await setting("baseUrl", work.url);
			await setting("profile", "Elsewhere");
			await app.send("Hi");
			assert.equal(last(app)?.failure?.code, "no-endpoint");
			assert.match(last(app)?.failure?.message ?? "", /no profile named “Elsewhere”/);
			await setting("profiles", [{ name: "Elsewhere", baseUrl: work.url, headers: { Authorization: "Bearer x" } }]);
			await app.send("Hi");
			assert.equal(last(app)?.failure?.code, "bad-endpoint");
			assert.match(last(app)?.failure?.message ?? "", /“Elsewhere”.*Set API Key/);
			assert.deepEqual([work.hits, app.viewState().endpoint, app.viewState().setup], [[], "Elsewhere", false]);
		}));

	it("keep the model that is picked while they are in use", () =>
		withProfiles([], [], async ({ app }) => {
			await app.endpoints.setModel("kimi-k3");
			assert.deepEqual(
				[profile("Home").model, readSettings().model, app.endpoints.modelId],
				["kimi-k3", "", "kimi-k3"],
			);
			assert.equal(app.endpoints.recentModels[0], "kimi-k3");
		}));

	it("stay in use under a new name, and are written without what is usual", () =>
		withProfiles([], [], async ({ app, home }) => {
			await renameProfile(profile("Home"), "Basement");
			const { profiles, profile: used } = readSettings();
			assert.deepEqual(
				[used, profiles[0]],
				["Basement", { name: "Basement", baseUrl: home.url, model: "kimi-k2.7-code" }],
			);
			await setting("endpoint", "openrouter");
			await removeProfile("Basement");
			assert.deepEqual(app.endpoints.chosen, { ok: true, value: undefined });
			assert.equal(readSettings().profile, "");
		}));

	it("are offered first, by their last use, with buttons; then presets, then what can be done", () =>
		withProfiles([], [], async ({ app, work }) => {
			await useProfile(app, profile("Work"));
			await putProfiles([Profile.parse({ name: "Third", preset: "vllm" })]);
			await setting("profiles", [...readSettings().profiles, { name: "Bad", maxTokens: "many" }]);
			const items = switchItems(app);
			const names = items.slice(0, 5).map(({ label }) => label);
			assert.deepEqual(names, ["Profiles", "$(server) Work", "$(server) Home", "$(server) Third", "$(warning) Bad"]);
			assert.equal(items[1]?.description, `${new URL(work.url).host} · mystery-1 · current`);
			assert.equal(items[1]?.buttons?.length, 3);
			assert.match(items[4]?.detail ?? "", /“maxTokens”/);
			const actions = items.slice(-6).map(({ label }) => label.replace(/^\S+ /, ""));
			assert.deepEqual(actions, [
				"Add endpoint…",
				"Save current as profile…",
				"Manage profiles…",
				"Look for servers on this machine",
				"Import profiles…",
				"Export profiles…",
			]);
		}));

	it("are switched by keyboard: the one used last is the first in the picker", () =>
		withProfiles([], [], async ({ app }) => {
			await app.endpoints.recent.touch("profile:Work");
			const picking = vscode.commands.executeCommand("kimiK2.switchEndpoint");
			while (readSettings().profile !== "Work")
				await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			await picking;
			assert.deepEqual([app.viewState().endpoint, app.viewState().model], ["Work", "mystery-1"]);
		}));

	it("are tried with one press, and what came of it is said in a sentence", () =>
		withProfiles([{ text: "H", finish: "length" }], [], async ({ app, work }) => {
			await work.close();
			const shown = await answering({}, async () => {
				await testEndpoint(app, profile("Home"));
				await testEndpoint(app, profile("Work"));
			});
			const [good, bad] = words(shown);
			assert.equal(good?.[0], "showInformationMessage");
			assert.match(good?.[1] ?? "", /^Home works: kimi-k2\.7-code answered in \d+\.\d s, models listed: 1\.$/);
			assert.equal(bad?.[0], "showWarningMessage");
			assert.match(bad?.[1] ?? "", /^Work does not work: /);
		}));

	it("are chosen by their model list, where it is long, with Kimi first and those used last before it", () => {
		const many = Array.from({ length: 400 }, (_, n) => ({ id: `vendor/model-${n}` }));
		const kimi = {
			id: "moonshotai/kimi-k2.7-code",
			name: "Kimi K2.7 Code",
			contextTokens: 262_144,
			price: { input: 0.95, output: 4 },
			reasoning: true,
			images: true,
		};
		const items = modelItems([...many, kimi], ["vendor/model-7", "gone"], "vendor/model-7");
		const [head, used, group, first, rest] = items.map(({ label }) => label);
		assert.deepEqual(
			[head, used, group, first, rest, items.length],
			["Used last", "vendor/model-7", "Kimi", kimi.id, "Other models", 404],
		);
		assert.equal(items[1]?.description, "current");
		assert.equal(
			items[3]?.description,
			"Kimi K2.7 Code · 262k context · $0.95 in, $4 out per 1M tokens · thinks · sees images",
		);
	});
});
