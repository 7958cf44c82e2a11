import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { asked, decide, send, withChat } from "./chat.ts";

describe("a workspace of two folders", function () {
	this.timeout(120_000);

	it("is read, changed and searched in both, commands run in the first, and what lies between is outside", () => {
		const path = "../lib/src/b.txt";
		const script = [
			{ calls: [{ tool: "Read", args: { path } }] },
			{ calls: [{ tool: "Edit", args: { path, old_string: "canary", new_string: "changed" } }] },
			{ calls: [{ tool: "Grep", args: { pattern: "changed|secret-canary", path: "../lib" } }] },
			{ calls: [{ tool: "Read", args: { path: "../lib/hidden.txt" } }] },
			{ calls: [{ tool: "Bash", args: { command: "pwd > where.txt" } }] },
			{ calls: [{ tool: "Read", args: { path: "../between.txt" } }] },
			{ text: "All done." },
		];
		return withChat(
			script,
			async ({ workbench, endpoint }) => {
				const { dir } = workbench;
				const file = join(dir, "both.code-workspace");
				writeFileSync(file, JSON.stringify({ folders: [{ path: "app" }, { path: "lib" }] }));
				await workbench.openWorkspaceFile(file);
				const view = await workbench.openView();
				await send(view, "Do all of it");
				await asked(view);
				assert.match((await view.getByTestId("approval").textContent()) ?? "", /pwd > where\.txt/);
				await decide(view, "allow");
				await view.getByTestId("approval").getByText("between.txt").first().waitFor();
				await asked(view);
				await decide(view, "deny");
				await view.getByTestId("transcript").getByText("All done.").waitFor();
				assert.equal(workbench.read("lib/src/b.txt"), "a changed\n");
				assert.equal(workbench.read("app/where.txt"), `${join(dir, "app")}\n`);
				const results = endpoint.requests.slice(1).map(({ body }) => body.messages.at(-1)?.content ?? "");
				for (const [at, expected] of [
					/a canary/,
					/^Edited \.\.\/lib\/src\/b\.txt/,
					/^\.\.\/lib\/src\/b\.txt:1:a changed$/,
					/\.kimiignore/,
				].entries())
					assert.match(results[at] ?? "", expected);
				assert.doesNotMatch(results.join("\n"), /secret-canary/);
			},
			{
				settings: { "kimiK2.mode": "edits" },
				files: {
					"app/a.txt": "a\n",
					"between.txt": "secret-canary\n",
					"lib/src/b.txt": "a canary\n",
					"lib/.kimiignore": "hidden.txt\n",
					"lib/hidden.txt": "secret-canary hidden\n",
				},
			},
		);
	});
});
