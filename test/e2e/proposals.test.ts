import assert from "node:assert/strict";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { asked, send, withChat } from "./chat.ts";
import type { Workbench } from "./harness.ts";

const CART = `import { coupons } from "./coupons.js";

/** Sum of all lines, in cents. */
export function subtotal(cart) {
	return cart.lines.reduce((sum, line) => sum - line.price * line.quantity, 0);
}

export function count(cart) {
	return cart.lines.length;
}

export function isEmpty(cart) {
	return count(cart) == 0;
}

/** What is to be paid, in cents. */
export function total(cart) {
	const off = coupons[cart.coupon] || 0;
	return subtotal(cart) - off;
}
`;

const PATCH = `*** Begin Patch
*** Update File: cart.js
@@
-	return count(cart) == 0;
+	return count(cart) === 0;
*** Delete File: old.js
*** Add File: money.js
+export const cents = (sum) => sum / 100;
*** End Patch`;

const changes = [
	["sum - line.price", "sum + line.price"],
	[
		"\treturn cart.lines.length;",
		"\t// Items, not lines.\n\treturn cart.lines.reduce((sum, line) => sum + line.quantity, 0);",
	],
	["|| 0", "?? 0"],
] as const;

function edit(): NonNullable<ScriptedReply["calls"]>[number] {
	const edits = changes.map(([old_string, new_string]) => ({ old_string, new_string }));
	return { tool: "Edit", args: { path: "cart.js", edits } };
}

/** The text with some of the changes, counted from 0. */
function withChanges(...wanted: readonly number[]): string {
	return wanted.reduce((text, n) => text.replace(changes[n]?.[0] ?? "", () => changes[n]?.[1] ?? ""), CART);
}

/** A button on a hunk, by what it says. */
function buttons({ page }: Workbench, words: string) {
	return page.locator(".modified .codelens-decoration a", { hasText: words });
}

describe("reviewing a proposal by hand", function () {
	this.timeout(120_000);

	it("hunks are rejected and accepted by their buttons, and the last one writes", () =>
		withChat(
			[{ calls: [edit()] }, { text: "Fixed." }],
			async ({ view, workbench, endpoint }) => {
				await send(view, "Fix the cart");
				await asked(view);
				await view.getByTestId("open-diff").click();
				await buttons(workbench, "Reject").nth(2).waitFor();
				await workbench.shot("review-hunks");
				await buttons(workbench, "Reject").nth(1).click();
				await buttons(workbench, "Reject").nth(2).waitFor({ state: "detached" });
				await buttons(workbench, "Accept").first().click();
				await workbench.page.locator(".modified .codelens-decoration", { hasText: "Accepted" }).waitFor();
				await workbench.shot("review-decided");
				assert.equal(workbench.read("cart.js"), CART);
				await buttons(workbench, "Accept").first().click();
				await view.getByTestId("transcript").getByText("Fixed.").waitFor();
				assert.equal(workbench.read("cart.js"), withChanges(0, 2));
				assert.match(String(endpoint.requests[1]?.body.messages.at(-1)?.content), /changed your proposal first/);
				await workbench.page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
			},
			{ files: { "cart.js": CART }, theme: "highContrast" },
		));

	it("a reload in the middle loses nothing: the tab comes back, and so does what was decided", () =>
		withChat(
			[{ calls: [edit()] }, { calls: [edit()] }, { text: "Fixed." }],
			async ({ view, workbench }) => {
				await send(view, "Fix the cart");
				await asked(view);
				await view.getByTestId("open-diff").click();
				await buttons(workbench, "Reject").nth(1).click();
				await buttons(workbench, "Reject").nth(2).waitFor({ state: "detached" });
				await buttons(workbench, "Accept").first().click();
				await view.getByText("1 accepted, 1 rejected").first().waitFor();
				await workbench.reload();
				const again = await workbench.view();
				await buttons(workbench, "Continue the chat").waitFor();
				await workbench.shot("review-after-reload");
				await again.getByTestId("fix-resume").click();
				await workbench.page.locator(".modified .codelens-decoration", { hasText: "Accepted" }).waitFor();
				await buttons(workbench, "Accept").first().click();
				await again.getByTestId("transcript").getByText("Fixed.").waitFor();
				assert.equal(workbench.read("cart.js"), withChanges(0, 2));
			},
			{ files: { "cart.js": CART } },
		));

	it("a patch of several files is one editor, with buttons on each file", () =>
		withChat(
			[{ calls: [{ tool: "apply_patch", args: { input: PATCH } }] }, { text: "Patched." }],
			async ({ view, workbench }) => {
				await send(view, "Tidy up");
				await asked(view);
				await view.getByTestId("open-diff").click();
				await workbench.page.locator(".codelens-decoration", { hasText: "This file is deleted" }).waitFor();
				await workbench.shot("review-files");
				// The buttons of each file come by themselves.
				const cart = workbench.page.locator(".multiDiffEntry", { hasText: "cart.js" });
				await cart.locator(".codelens-decoration a", { hasText: "Reject" }).click();
				await view.getByText("1 rejected").first().waitFor();
				await workbench.page.keyboard.press("Control+Alt+Enter");
				await view.getByTestId("transcript").getByText("Patched.").waitFor();
				assert.equal(workbench.read("cart.js"), CART);
				assert.equal(workbench.read("money.js"), "export const cents = (sum) => sum / 100;\n");
				assert.throws(() => workbench.read("old.js"));
			},
			{ files: { "cart.js": CART, "old.js": "export const old = true;\n" } },
		));

	it("a plan is a document to change, also where no folder is open", () =>
		withChat(
			[{ calls: [{ tool: "Plan", args: { plan: "# Tidy up\n\n1. Look\n2. Do\n" } }] }, { text: "On it." }],
			async ({ view, workbench, endpoint }) => {
				await send(view, "Plan it");
				await asked(view);
				await view.getByTestId("open-plan").click();
				const editor = workbench.page.locator(".editor-instance .view-lines", { hasText: "Tidy up" });
				await editor.click();
				await workbench.page.keyboard.press("Control+End");
				await workbench.page.keyboard.type("3. Test");
				await view.getByText("You changed the plan").waitFor();
				await workbench.shot("review-plan");
				await workbench.page.keyboard.press("Control+Alt+Enter");
				await view.getByTestId("transcript").getByText("On it.").waitFor();
				assert.match(String(endpoint.requests[1]?.body.messages.at(-1)?.content), /\+3\. Test/);
				await editor.waitFor({ state: "detached" });
			},
			{ folder: false, settings: { "kimiK2.mode": "plan" } },
		));
});
