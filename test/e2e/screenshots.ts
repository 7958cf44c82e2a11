// The README's pictures: the real workbench at work on the demo project. `npm run screenshots`
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Frame } from "playwright-core";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { asked, send, withChat } from "./chat.ts";
import { type Workbench, withWorkbench } from "./harness.ts";

const out = fileURLToPath(new URL("../../docs/images", import.meta.url));
const copyOf = fileURLToPath(new URL("../../demo/project", import.meta.url));

describe("screenshots of the demo", function () {
	this.timeout(240_000);
	before(() => fs.mkdirSync(out, { recursive: true }));

	for (const theme of ["dark", "light", "highContrast"] as const) {
		it(`of the main job, ${theme}`, () =>
			withWorkbench({ workspace: { copyOf }, theme, size: { width: 1280, height: 800 } }, async (workbench) => {
				const picture = (name: string) => take(workbench, `${name}-${theme}`);
				const view = await workbench.openView();
				await widen(workbench, 450);
				await view.getByTestId("first-run").waitFor();
				await picture("first-run");
				await view.getByTestId("preset-demo").click();
				await view.getByTestId("hello").waitFor();
				await send(view, "Fix the failing test");
				await asked(view);
				await picture("command");
				await accept(view);
				await view.getByTestId("approval").getByText("percentOf(subtotal(cart)").first().waitFor({ timeout: 60_000 });
				await view.getByTestId("open-diff").click();
				await workbench.page.locator(".monaco-diff-editor .line-delete").first().waitFor();
				await picture("review");
				await accept(view);
				await view.getByTestId("approval").getByText("npm test").first().waitFor({ timeout: 60_000 });
				await accept(view);
				await view.getByTestId("transcript").getByText("all 12 pass").waitFor({ timeout: 60_000 });
				await picture("done");
			}));
	}
});

const CART = `import { coupons } from "./coupons.js";

/** Sum of all lines, in cents. */
export function subtotal(cart) {
	return cart.lines.reduce((sum, line) => sum - line.price * line.quantity, 0);
}

export function isEmpty(cart) {
	return cart.lines.length == 0;
}

/** What is to be paid, in cents. */
export function total(cart) {
	return subtotal(cart) - coupons[cart.coupon];
}
`;

const work: readonly ScriptedReply[] = [
	{
		text: "The sum has the wrong sign, and a cart without a coupon is worth nothing at all.",
		calls: [
			{
				tool: "Edit",
				args: {
					path: "src/cart.js",
					edits: [
						{ old_string: "sum - line.price", new_string: "sum + line.price" },
						{ old_string: "length == 0", new_string: "length === 0" },
						{ old_string: "coupons[cart.coupon];", new_string: "(coupons[cart.coupon] ?? 0);" },
					],
				},
			},
			{
				tool: "Write",
				args: {
					path: "src/money.js",
					content: "/** Cents as people read them. */\nexport const euros = (cents) => (cents / 100).toFixed(2);\n",
				},
			},
			{ tool: "Bash", args: { command: "rm src/old.js && mv notes.txt NOTES.md" } },
		],
	},
	{ text: "The total is right now, with and without a coupon." },
];

const plan = `# Coupons that work

\`total()\` in \`src/cart.js\` subtracts \`undefined\` where no coupon is used.

1. Fix the sign in \`subtotal()\`
2. Take nothing off without a coupon
3. Test a cart with and without one
`;

const shop = { "src/cart.js": CART, "src/old.js": "export {};\n", "notes.txt": "Notes\n" };

describe("screenshots", function () {
	this.timeout(240_000);

	for (const theme of ["dark", "light", "highContrast"] as const) {
		const options = { files: shop, theme, size: { width: 1280, height: 800 } };
		it(`of changes that wait and of the way back, ${theme}`, () =>
			withChat(
				work,
				async ({ view, workbench }) => {
					await widen(workbench, 450);
					await send(view, "Fix the total");
					await view.getByTestId("changes-toggle").click();
					await view.getByTestId("undo-task").waitFor();
					await view.getByTestId("changes-review").click();
					await workbench.page.locator(".multiDiffEntry .codelens-decoration").first().waitFor();
					await take(workbench, `changes-${theme}`);
					await view.getByTestId("restore").click();
					await workbench.page.locator(".quick-input-list").getByText("Show what would change").waitFor();
					await take(workbench, `restore-${theme}`);
				},
				{ ...options, settings: { "kimiK2.mode": "trusted" } },
			));

		it(`of a plan, ${theme}`, () =>
			withChat(
				[{ calls: [{ tool: "Plan", args: { plan } }] }],
				async ({ view, workbench }) => {
					await widen(workbench, 450);
					await send(view, "Make coupons work");
					await asked(view);
					await view.getByTestId("open-plan").click();
					await workbench.page.locator(".view-line", { hasText: "Coupons that work" }).waitFor();
					await take(workbench, `plan-${theme}`);
				},
				{ ...options, settings: { "kimiK2.mode": "plan" } },
			));
	}
});

async function accept(view: Frame): Promise<void> {
	await view.getByTestId("accept").click();
	await view.getByTestId("approval").waitFor({ state: "detached" });
}

/** Drags the border of the side bar, as a person with room does. */
async function widen({ page }: Workbench, width: number): Promise<void> {
	const bar = await page.locator(".part.sidebar").boundingBox();
	if (!bar) return;
	await page.mouse.move(bar.x + bar.width, 400);
	await page.mouse.down();
	await page.mouse.move(bar.x + width, 400, { steps: 10 });
	await page.mouse.up();
	await page.mouse.move(900, 500);
}

/** After the last animation, and without the blinking cursor's chance. */
async function take({ page }: Workbench, name: string): Promise<void> {
	await page.waitForTimeout(1_200);
	await page.screenshot({ path: path.join(out, `${name}.png`), caret: "hide", animations: "disabled" });
}
