import assert from "node:assert/strict";
import { withWorkbench } from "./harness.ts";

describe("the packaged extension in a workbench", function () {
	this.timeout(120_000);

	it("shows the chat when its icon is clicked", async () => {
		await withWorkbench({ workspace: { files: { "hello.txt": "Hello\n" } } }, async (workbench) => {
			const view = await workbench.openView();
			assert.equal(await view.locator("body[data-ready]").count(), 1);
			assert.deepEqual(workbench.consoleErrors, []);
		});
	});

	it("shows the chat when its command is run and no folder is open", async () => {
		await withWorkbench({}, async (workbench) => {
			await workbench.run("Kimi K2: Open Chat");
			const view = await workbench.view();
			assert.equal(await view.locator("body[data-ready]").count(), 1);
		});
	});
});
