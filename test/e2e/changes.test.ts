// Changes that wait for review, as a person meets them: the review editor, Source Control, marks, and a reload between.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { send, withChat } from "./chat.ts";
import { editorFocused } from "./harness.ts";

const cart = `export function subtotal(cart) {
	return cart.items.reduce((sum, item) => sum + item.price * item.count, 0);
}

export function discount(cart) {
	return cart.discount;
}

export function total(cart) {
	return subtotal(cart) - discount(cart);
}

export function isEmpty(cart) {
	return cart.items.length == 0;
}
`;

const edit = (old_string: string, new_string: string) => ({
	tool: "Edit",
	args: { path: "src/cart.js", old_string, new_string },
});

const script: readonly ScriptedReply[] = [
	{
		calls: [
			edit("	return cart.discount;", "	const rate = cart.discount ?? 0;\n	return subtotal(cart) * rate;"),
			edit("length == 0", "length === 0"),
			{
				tool: "Write",
				args: { path: "src/money.js", content: "export const cents = (euros) => Math.round(euros * 100);\n" },
			},
			{ tool: "Bash", args: { command: "git rm -q --cached old.js; rm old.js; mv notes.txt NOTES.md" } },
		],
	},
	{ text: "Done." },
];

describe("changes that wait for review", function () {
	this.timeout(120_000);

	it("are in the review editor, in Source Control and beside the lines, also after a reload", () =>
		withChat(
			script,
			async ({ workbench, view }) => {
				const { page, dir } = workbench;
				const git = (...args: string[]) =>
					execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], { cwd: dir });
				git("init", "-q");
				git("add", ".");
				git("commit", "-qm", "Start");
				await send(view, "Fix the discount");
				await view.getByText("Done.", { exact: true }).waitFor();
				await workbench.reload();
				await (await workbench.view()).getByText("Done.", { exact: true }).waitFor();
				await workbench.run("Kimi K2: Review Changes");
				await page.locator(".multiDiffEntry").first().waitFor();
				await page.locator(".codelens-decoration").first().waitFor();
				await workbench.shot("changes-review");
				await page.locator('.activitybar [aria-label^="Source Control"]').first().click();
				const rows = page.locator(".scm-view .resource", { hasText: "cart.js" });
				// Git has one of its own: when it comes, it moves ours, from under the pointer.
				await rows.nth(1).waitFor();
				const row = rows.filter({ has: page.locator('[aria-label^="Undo the File"]') });
				await row.hover();
				await workbench.shot("changes-scm");
				await row.locator('[aria-label^="Undo the File"]').click();
				await row.waitFor({ state: "detached" });
				await workbench.saved("src/cart.js", cart);
				await workbench.shot("changes-undone");
			},
			{
				files: { "src/cart.js": cart, "old.js": "export {};\n", "notes.txt": "Notes\n" },
				settings: { "kimiK2.mode": "trusted" },
			},
		));

	it("are marked beside the lines of an editor, without git, and no more once they are kept by keys", () =>
		withChat(
			[{ calls: [edit("length == 0", "length === 0")] }, { text: "Done." }],
			async ({ workbench, view }) => {
				const { page } = workbench;
				await send(view, "Compare strictly");
				await view.getByText("Done.", { exact: true }).waitFor();
				await workbench.run("Kimi K2: Go to Next Change");
				await page.locator(".dirty-diff-glyph").first().waitFor();
				await page.locator(".codelens-decoration").first().waitFor();
				await workbench.shot("changes-marks");
				await editorFocused(page);
				await page.keyboard.press("Alt+Enter");
				await page.locator(".dirty-diff-glyph").first().waitFor({ state: "detached" });
				await page.locator(".codelens-decoration").first().waitFor({ state: "detached" });
				assert.equal(workbench.read("src/cart.js"), cart.replace("length == 0", "length === 0"));
				// VS Code's status bar is silent to screen readers.
				await view
					.getByTestId("outcome")
					.getByText("Kept a change in src/cart.js. Left there: 0")
					.waitFor({ state: "attached" });
			},
			{ files: { "src/cart.js": cart }, settings: { "kimiK2.mode": "edits" } },
		));
});
