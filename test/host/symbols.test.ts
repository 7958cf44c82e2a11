import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { asked, calls, setting, until, withScript, workspacePath } from "./setup.ts";

const PRICE = "export function price(n: number): number {\n\treturn n * 2;\n}\n";
const CART = `import { price } from "./price";

/** The price of all. */
export class Cart {
	readonly items: number[] = [];
	total(): number {
		return this.items.reduce((sum, n) => sum + price(n), 0);
	}
}
`;

/** TypeScript's own service, in a project of several files none of which has a tab. */
describe("symbols inside VS Code", function () {
	this.timeout(90_000);
	/** Another one for each test: a service hears of files that went and came again a little later. */
	let shop = "";
	let count = 0;
	const path = (name: string) => workspacePath(`${shop}/${name}`);
	const symbols = (args: object) => ({ calls: [{ tool: "Symbols", args }] });
	const results = (app: Parameters<typeof calls>[0]) => calls(app).map(({ text }) => text ?? "");

	beforeEach(async () => {
		shop = `shop${++count}`;
		await mkdir(path(""));
		await writeFile(path("tsconfig.json"), '{ "compilerOptions": { "strict": true, "module": "preserve" } }\n');
		await writeFile(path("price.ts"), PRICE);
		await writeFile(path("cart.ts"), CART);
		await writeFile(path("notes.txt"), "price\n");
	});
	afterEach(async () => {
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
		await rm(path(""), { recursive: true, force: true });
	});

	it("finds what files declare, where a name is declared and used, and declarations by name", () =>
		withScript(
			[
				symbols({ action: "document", path: `${shop}/cart.ts` }),
				symbols({ action: "definitions", path: `${shop}/cart.ts`, symbol: "price" }),
				symbols({ action: "references", path: `${shop}/price.ts`, symbol: "price" }),
				symbols({ action: "definitions", path: `${shop}/cart.ts`, symbol: "reduce", line: 7 }),
				symbols({ action: "workspace", symbol: "Cart", path: `${shop}/cart.ts` }),
				{ text: "Done." },
			],
			async (app) => {
				await app.send("Look");
				const [outline, defined, used, outside, found] = results(app);
				assert.match(
					outline ?? "",
					/^Outline of shop\d\/cart\.ts, by line:\n4: class Cart\n5: {3}property items\n6: {3}method total/,
				);
				assert.equal(
					defined,
					`Defined, of \`price\` (${shop}/cart.ts:1):\n${shop}/price.ts:1: export function price(n: number): number {`,
				);
				assert.equal(
					used,
					[
						`References to \`price\` (${shop}/price.ts:1), its declaration included:`,
						`${shop}/cart.ts:1: import { price } from "./price";`,
						`${shop}/cart.ts:7: return this.items.reduce((sum, n) => sum + price(n), 0);`,
						`${shop}/price.ts:1: export function price(n: number): number {`,
					].join("\n"),
				);
				assert.match(outside ?? "", /^Defined, of `reduce` \(shop\d\/cart\.ts:7\):\n\/[^\n]+lib\.es5\.d\.ts:\d+(\n|$)/);
				assert.match(found ?? "", /^shop\d\/cart\.ts:4: class Cart(\n|$)/);
				assert.deepEqual(
					vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
					[],
				);
			},
		));

	it("a rename waits for the person as one change, and is written by us alone", () =>
		withScript(
			[symbols({ action: "rename", path: `${shop}/cart.ts`, symbol: "price", new_name: "costOf" }), { text: "Done." }],
			async (app) => {
				await setting("mode", "ask");
				const sent = app.send("Rename");
				const { run, call } = await asked(app);
				assert.deepEqual(
					[call.plan.title, call.plan.proposals?.map(({ name }) => name)],
					["Rename price to costOf in 2 files", [`${shop}/cart.ts`, `${shop}/price.ts`]],
				);
				assert.equal(await readFile(path("price.ts"), "utf8"), PRICE);
				assert.deepEqual(
					vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty),
					[],
				);
				await app.approvals.decide({ chat: run.session.chat.id, call: call.id }, { verdict: "allow" });
				await sent;
				assert.deepEqual(results(app), [
					`Renamed price to costOf in ${shop}/cart.ts: lines 1, 7.\nRenamed price to costOf in ${shop}/price.ts: line 1.`,
				]);
				assert.equal(await readFile(path("price.ts"), "utf8"), PRICE.replace("price", "costOf"));
				const cart = CART.replace("{ price }", "{ costOf }").replace("price(n)", "costOf(n)");
				assert.equal(await readFile(path("cart.ts"), "utf8"), cart);
			},
		));

	it("a file with unsaved changes is renamed in as it is in the editor", () =>
		withScript(
			[symbols({ action: "rename", path: `${shop}/price.ts`, symbol: "price", new_name: "costOf" }), { text: "Done." }],
			async (app) => {
				await setting("mode", "edits");
				const editor = await vscode.window.showTextDocument(vscode.Uri.file(path("price.ts")));
				await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "// Ours\n\n"));
				await app.send("Rename");
				assert.match(results(app)[0] ?? "", /shop\d\/price\.ts: line 3\.$/);
				assert.equal(await readFile(path("price.ts"), "utf8"), `// Ours\n\n${PRICE.replace("price", "costOf")}`);
			},
		));

	it("a rename that is none of the service's, a path in an import, and a language without a service are told", () =>
		withScript(
			[
				symbols({ action: "rename", path: `${shop}/cart.ts`, symbol: "reduce", line: 7, new_name: "fold" }),
				symbols({ action: "rename", path: `${shop}/cart.ts`, symbol: "./price", line: 1, new_name: "./cost" }),
				symbols({ action: "document", path: `${shop}/notes.txt` }),
				{ text: "Done." },
			],
			async (app) => {
				await setting("mode", "edits");
				await app.send("Rename");
				const [library, file, text] = results(app);
				assert.match(library ?? "", /^The language service refuses: .*renam/i);
				assert.equal(
					file,
					"This rename would also create, rename or delete files, which is not done from here: use Bash and Edit.",
				);
				assert.equal(text, "No language service answers for plaintext in this editor. Use Grep and Read.");
				assert.equal(await readFile(path("cart.ts"), "utf8"), CART);
				await until(() => app.chats.active?.asked.length === 0);
			},
		));
});
