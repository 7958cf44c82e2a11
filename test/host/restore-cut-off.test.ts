import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../../src/vscode/app.ts";
import { bash, chatOf, choosing, tree, turnAt, withBox } from "./restore.ts";
import { reopened, until } from "./setup.ts";

const script = [{ calls: [bash("cd box; rm a.txt; echo b > b.txt; touch done; sleep 60")] }, { text: "Done." }];

/** The window is reloaded while the command runs: the chat is read from its log again. */
async function reloadMeanwhile(app: App, box: string): Promise<string> {
	const sent = app.send("Change it");
	await until(() => existsSync(join(box, "done")));
	const { interrupted, session } = await reopened(app, sent);
	assert.equal(interrupted, true);
	assert.deepEqual(session.chat.turns[0]?.changes, []);
	return session.chat.id;
}

describe("a task that a reload cut off", () => {
	const fill = (box: string) => writeFile(join(box, "a.txt"), "one\n");

	it("can be undone at once, with what its command did until then", () =>
		withBox(script, fill, async (app, box) => {
			const before = await tree(box);
			const id = await reloadMeanwhile(app, box);
			await choosing([/Put 3 files back/], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.deepEqual(await tree(box), before);
			assert.deepEqual(chatOf(app).changes, {});
		}));

	it("is looked back at as soon as it is there again, so that what the person does then is theirs", () =>
		withBox(script, fill, async (app, box) => {
			await reloadMeanwhile(app, box);
			await until(() => Object.keys(chatOf(app).changes).length > 0);
			await writeFile(join(box, "mine.txt"), "mine\n");
			await app.chats.active?.start(undefined);
			assert.deepEqual(Object.keys(chatOf(app).changes), ["box/a.txt", "box/b.txt", "box/done"]);
		}));

	it("has it in its list of changes once it goes on", () =>
		withBox(script, fill, async (app, box) => {
			await reloadMeanwhile(app, box);
			await app.chats.active?.start(undefined);
			assert.deepEqual(Object.keys(chatOf(app).changes), ["box/a.txt", "box/b.txt", "box/done"]);
			assert.match(chatOf(app).turns[0]?.uncovered?.join(" ") ?? "", /^Kimi was cut off here/);
		}));
});
