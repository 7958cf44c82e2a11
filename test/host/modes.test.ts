import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Mode } from "../../src/shared/event.ts";
import type { App } from "../../src/vscode/app.ts";
import { answering, words } from "./dialogs.ts";
import { activeApp, asked, setting, until, withScript } from "./setup.ts";

const stored = () => vscode.workspace.getConfiguration("kimiK2").get<Mode>("mode");

/** Settings of ours are written when `write` lets them be, and not at all where it fails. */
async function writing(write: () => Promise<unknown>, use: () => Promise<void>): Promise<void> {
	const { getConfiguration } = vscode.workspace;
	const held: typeof getConfiguration = (...args) => {
		const real = getConfiguration(...args);
		const update: typeof real.update = async (...change) => {
			await write();
			await real.update(...change);
		};
		// It is frozen.
		return Object.create(real, { update: { value: update } }) as typeof real;
	};
	Object.assign(vscode.workspace, { getConfiguration: held });
	try {
		await use();
	} finally {
		Object.assign(vscode.workspace, { getConfiguration });
	}
}

/** Every mode that the view was told of meanwhile, and is told of now. */
async function shown(app: App, use: () => Promise<void>): Promise<readonly Mode[]> {
	const modes: Mode[] = [];
	const { refresh } = app.view;
	app.view.refresh = () => {
		modes.push(app.viewState().mode);
		refresh.call(app.view);
	};
	try {
		await use();
		modes.push(app.viewState().mode);
	} finally {
		Reflect.deleteProperty(app.view, "refresh");
	}
	return modes.filter((mode, at) => mode !== modes[at - 1]);
}

describe("the mode", () => {
	afterEach(() => setting("mode", undefined));

	it("is at once what the person picked last, while the settings are still written", async () => {
		const app = await activeApp();
		await app.restore();
		const gate = Promise.withResolvers<void>();
		await writing(
			() => gate.promise,
			async () => {
				const modes = await shown(app, async () => {
					const picked = [app.setMode("plan"), app.setMode("edits")];
					assert.equal(stored(), "ask");
					gate.resolve();
					await Promise.all(picked);
				});
				assert.deepEqual(modes, ["plan", "edits"]);
			},
		);
		assert.equal(stored(), "edits");
	});

	it("is what it was where the settings can't be written", async () => {
		const app = await activeApp();
		await app.restore();
		await writing(
			() => Promise.reject(new Error("read-only")),
			async () => {
				const modes = await shown(app, () => assert.rejects(app.setMode("trusted"), /read-only/));
				assert.deepEqual(modes, ["trusted", "ask"]);
			},
		);
	});

	const plan = [{ calls: [{ tool: "Plan", args: { plan: "1. Do it" } }] }, { text: "Done." }];
	const accept = async (app: App) => {
		const { run, call } = await asked(app);
		await app.approvals.decide({ chat: run.session.chat.id, call: call.id }, { verdict: "allow" });
	};

	it("leaves Plan with the plan's acceptance, also where the turn ends before the settings say so", () =>
		withScript([...plan, { text: "Done." }], async (app) => {
			await setting("mode", "edits");
			await setting("mode", "plan");
			const gate = Promise.withResolvers<void>();
			await writing(
				() => gate.promise,
				async () => {
					const modes = await shown(app, async () => {
						const turn = app.send("Plan it");
						await accept(app);
						await turn;
						await app.send("And then?");
						assert.equal(stored(), "plan");
						gate.resolve();
						await until(() => stored() === "edits");
					});
					assert.deepEqual(modes, ["plan", "edits"]);
				},
			);
		}));

	it("is Plan again after the turn where the settings can't be written, and that is said", () =>
		withScript(plan, async (app) => {
			await setting("mode", "edits");
			await setting("mode", "plan");
			const dialogs = await answering({}, () =>
				writing(
					() => Promise.reject(new Error("read-only")),
					async () => {
						const modes = await shown(app, async () => {
							const turn = app.send("Plan it");
							await accept(app);
							await turn;
						});
						assert.deepEqual(modes, ["plan", "edits", "plan"]);
					},
				),
			);
			assert.deepEqual(words(dialogs), [
				["showWarningMessage", "The plan goes on, but your settings can't be written: they still say mode Plan."],
			]);
		}));
});
