// VS Code in other display languages, with the package as it ships. VS Code's own words stay English: that takes a language
// pack, which does for extensions no more than name the language, as is done here.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { readTranslations } from "../../scripts/tasks/languages.ts";
import { asked, send, withChat } from "./chat.ts";

const translations = readTranslations();

/** The words of one language as the repository has them. */
function wordsOf(language: string): Readonly<Record<string, string>> {
	return Object.assign({}, ...translations.filter((one) => one.language === language).map(({ words }) => words));
}

/** From the next load on the window says what the script of a language pack says. */
async function speak(page: Page, language: string): Promise<void> {
	await page.addInitScript((name) => {
		Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: name });
	}, language);
}

const run = { tool: "Bash", args: { command: "touch made.txt > log.txt" } };

describe("in another display language", function () {
	this.timeout(120_000);

	for (const language of ["zh-cn", "de"]) {
		it(`${language}, the palette, the chat and its approvals speak it`, () =>
			withChat([{ calls: [run] }], async ({ workbench }) => {
				const words = wordsOf(language);
				await speak(workbench.page, language);
				await workbench.reload();
				await workbench.run(words["command.newChat"] ?? assert.fail());
				const view = await workbench.view();
				assert.equal(await view.locator("html").getAttribute("lang"), language);
				assert.equal(
					await view.getByTestId("composer").getAttribute("placeholder"),
					words["Ask Kimi to build, fix or explain"],
				);
				await send(view, "touch");
				await asked(view);
				// The log holds it in English.
				const why = words["It reads from a file or writes to one with `<` or `>`."] ?? assert.fail();
				assert.equal(await view.locator(".why").textContent(), why);
				for (const [id, english] of [
					["accept", "Run"],
					["reject", "Reject"],
				] as const) {
					const name = words[english] ?? assert.fail();
					await view.getByRole("button", { name, exact: true }).and(view.getByTestId(id)).waitFor();
				}
				await workbench.shot(`language-${language}`);
			}));
	}

	it("that nobody translated to, the chat is English and says so to screen readers", () =>
		withChat([], async ({ workbench }) => {
			await speak(workbench.page, "pl");
			await workbench.reload();
			await workbench.run("New Chat");
			const view = await workbench.view();
			assert.equal(await view.locator("html").getAttribute("lang"), "en");
			assert.equal(await view.getByTestId("composer").getAttribute("placeholder"), "Ask Kimi to build, fix or explain");
		}));
});
