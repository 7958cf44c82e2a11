import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Call, copyProject, drive, type Intercept, removeProject, run } from "./driver.ts";

const PROMPT = "Fix the failing test";
const SOURCE = "src/discounts.js";
const REJECTED = "The person rejected this call; nothing was changed or run.";

/** Gives the first calls of a tool these results, then runs the rest. */
function firstCalls(tool: string, ...results: readonly (string | undefined)[]): Intercept {
	const queue = [...results];
	return (call) => (call.tool === tool ? queue.shift() : undefined);
}

describe("the scripted demo, fixing the test", () => {
	let root: string;
	beforeEach(async () => {
		root = await copyProject();
	});
	afterEach(() => removeProject(root));

	const source = () => readFile(join(root, SOURCE), "utf8");
	const rewrite = async (change: (text: string) => string) => writeFile(join(root, SOURCE), change(await source()));

	it("has exactly one test to fix, which `npm test` names with its mismatch", async () => {
		const { code, output } = await run(root, "npm test");
		assert.equal(code, 1);
		assert.match(output, /pass 11\b/);
		assert.match(output, /fail 1\b/);
		assert.match(output, /discountFor takes a percentage off the whole basket and rounds once/);
		assert.match(output, /48 !== 47/);
	});

	it("goes from the failure over the source to an edit that makes all tests pass", async () => {
		const { steps, text, replies } = await drive(root, PROMPT);
		assert.deepEqual(steps, [
			["Todo", "Glob", "Read"],
			["Bash"],
			["Todo", "Grep"],
			["Read", "Read"],
			["Todo", "Edit"],
			["Todo", "Bash"],
			["Todo"],
			[],
		]);
		assert.deepEqual(
			replies[3]?.calls.map((call) => call.args["path"]),
			[SOURCE, "test/discounts.test.js"],
		);
		assert.ok(replies.every((reply) => reply.reasoning !== ""));
		assert.match(replies[2]?.reasoning ?? "", /expected 47 and got 48/);
		assert.match(text, /all 12 pass \(before: 11 passed, 1 failed\)/);
		assert.match(text, /`src\/discounts\.js`/);
		assert.match(text, /scripted demo and not a model/);
		assert.equal((await run(root, "npm test")).code, 0);
		assert.doesNotMatch(await source(), /lineTotal/);
	});

	it("marks the whole plan as done at the end", async () => {
		const { replies } = await drive(root, PROMPT);
		const items = replies.flatMap((reply) => reply.calls).findLast((call) => call.tool === "Todo")?.args["items"];
		assert.deepEqual(items, [
			{ title: "Run the tests", status: "done" },
			{ title: "Find the cause", status: "done" },
			{ title: "Fix it", status: "done" },
			{ title: "Run the tests again", status: "done" },
		]);
	});

	it("sends two replacements where Edit takes a list", async () => {
		const { replies, text } = await drive(root, PROMPT, { editList: true });
		const edit = replies.flatMap((reply) => reply.calls).find((call) => call.tool === "Edit");
		assert.deepEqual(Object.keys(edit?.args ?? {}), ["path", "edits"]);
		assert.equal(Object(edit?.args["edits"]).length, 2);
		assert.match(text, /all 12 pass/);
	});

	it("reads lines that are numbered with an arrow", async () => {
		assert.match((await drive(root, PROMPT, { arrow: true })).text, /all 12 pass/);
	});

	it("does without a plan and a file list where these tools are not on offer", async () => {
		const { steps, text } = await drive(root, PROMPT, { tools: ["Read", "Grep", "Edit", "Bash"] });
		assert.deepEqual(steps, [["Read"], ["Bash"], ["Grep"], ["Read", "Read"], ["Edit"], ["Bash"], []]);
		assert.match(text, /all 12 pass/);
	});

	it("keeps an import that the file still uses elsewhere", async () => {
		await rewrite((text) => `${text}\nexport const first = (cart) => lineTotal(cart.lines[0]);\n`);
		assert.match((await drive(root, PROMPT)).text, /all 12 pass/);
		assert.match(await source(), /import \{ lineTotal, subtotal \}/);
	});

	it("follows variables that were renamed, since it takes the old text from the file", async () => {
		await rewrite((text) => text.replaceAll(/\bdiscount\b/g, "off").replaceAll(/\bline\b(?!s)/g, "row"));
		assert.match((await drive(root, PROMPT)).text, /all 12 pass/);
	});

	describe("when a person says no", () => {
		it("quotes the reason, offers another shape once, and ends well when that is accepted", async () => {
			const no = `${REJECTED} Their reason: say why in a comment`;
			const { steps, replies, text } = await drive(root, PROMPT, { intercept: firstCalls("Edit", no) });
			assert.deepEqual(steps[5], ["Edit"]);
			assert.match(replies[5]?.text ?? "", /“say why in a comment”/);
			assert.match(await source(), /\/\/ Off the whole basket/);
			assert.match(text, /all 12 pass/);
		});

		it("stops politely after a second rejection and leaves the file as it was", async () => {
			const before = await source();
			const intercept = firstCalls("Edit", `${REJECTED} They gave no reason; ask if you need one.`, REJECTED);
			const { text } = await drive(root, PROMPT, { intercept });
			assert.match(text, /without a reason\. I know only these two ways/);
			assert.equal(await source(), before);
		});

		it("goes on by reading when the first run is refused, and says that it is untested", async () => {
			const { steps, text } = await drive(root, PROMPT, { intercept: firstCalls("Bash", REJECTED) });
			assert.equal(steps.flat().filter((tool) => tool === "Bash").length, 1);
			assert.match(text, /\*\*Not tested\*\*: you did not want the tests to run/);
			assert.equal((await run(root, "npm test")).code, 0);
		});

		it("says that it is untested when the second run is refused", async () => {
			const { text } = await drive(root, PROMPT, { intercept: firstCalls("Bash", undefined, REJECTED) });
			assert.match(text, /\*\*Not tested\*\*: the second run was refused/);
		});

		it("shows the change as text where a rule forbids commands and edits", async () => {
			const denied = "Not allowed: Plan mode reads only: it changes no file and runs no command.";
			const intercept = (call: Call) => (["Bash", "Edit"].includes(call.tool) ? denied : undefined);
			const { text } = await drive(root, PROMPT, { intercept });
			assert.match(text, /I may not edit files now/);
			assert.match(text, /^\+ {2}return percentOf\(subtotal\(cart\), voucher\.percent\);$/m);
		});
	});

	describe("when things go wrong", () => {
		it("reads the file again after a failed edit and tries once more", async () => {
			const intercept = firstCalls("Edit", "src/discounts.js has changed since you read it. Read it again.");
			const { steps, text } = await drive(root, PROMPT, { intercept });
			assert.deepEqual(steps.slice(4, 7), [["Todo", "Edit"], ["Read"], ["Edit"]]);
			assert.match(text, /all 12 pass/);
		});

		it("stops after the second failed edit and shows what it wanted", async () => {
			const intercept = firstCalls("Edit", "old_string was not found.", "old_string was not found.");
			const { text } = await drive(root, PROMPT, { intercept });
			assert.match(text, /failed twice[\s\S]+> old_string was not found\.[\s\S]+```diff/);
		});

		it("runs the tests when the file holds the repair although the edit sounded like a failure", async () => {
			const intercept: Intercept = async (call) => {
				if (call.tool !== "Edit") return undefined;
				const { old_string, new_string } = call.args;
				await rewrite((text) => text.replace(String(old_string), () => String(new_string)));
				return "Error: saved, but the formatter failed.";
			};
			assert.match((await drive(root, PROMPT, { intercept })).text, /all 12 pass/);
		});

		it("finds out when an edit that was said to be done is not in the file", async () => {
			const { text } = await drive(root, PROMPT, { intercept: firstCalls("Edit", "Edited src/discounts.js.") });
			assert.match(text, /still fail: 11 passed, 1 failed/);
			assert.match(text, /does not hold my whole edit/);
		});

		it("names the tests that still fail for another cause", async () => {
			const test = 'import { test } from "node:test";\ntest("the moon is cheese", () => { throw new Error("no"); });\n';
			await writeFile(join(root, "test/moon.test.js"), test);
			const { text } = await drive(root, PROMPT);
			assert.match(text, /still fail: 12 passed, 1 failed\.\n\n- the moon is cheese\n/);
			assert.match(text, /there is another cause/);
		});

		it("says so when the lines it knows are not in the file", async () => {
			await rewrite((text) => text.replace("let discount = 0;", "let discount = 1 - 1;"));
			const { text, steps } = await drive(root, PROMPT);
			assert.match(text, /lines that I know how to repair are not in it/);
			assert.ok(!steps.flat().includes("Edit"));
		});

		it("says so when the failing test names no function", async () => {
			const path = join(root, "test/discounts.test.js");
			const text = await readFile(path, "utf8");
			await writeFile(path, text.replace("discountFor takes a percentage", "a voucher takes a percentage"));
			assert.match((await drive(root, PROMPT)).text, /names don't tell me which function/);
		});

		it("says so when the search finds no definition", async () => {
			const { text } = await drive(root, PROMPT, { intercept: firstCalls("Grep", "No matches.") });
			assert.match(text, /found no file that defines it:\n\n> No matches\./);
		});

		it("stops at output that is no test summary", async () => {
			const { text } = await drive(root, PROMPT, {
				intercept: firstCalls("Bash", "sh: 1: npm: not found\n[exit code 127]"),
			});
			assert.match(text, /npm: not found/);
			assert.match(text, /change nothing/);
		});

		it("quotes the refusal when no folder is open", async () => {
			const { text, steps } = await drive(root, PROMPT, {
				intercept: () => "No folder is open. Ask the person to open one.",
			});
			assert.match(text, /> No folder is open/);
			assert.equal(steps.length, 2);
		});

		it("stops where package.json has no test script", async () => {
			await writeFile(join(root, "package.json"), '{ "name": "other" }\n');
			assert.match((await drive(root, PROMPT)).text, /has no `test` script/);
		});

		it("stops at a dry run", async () => {
			assert.match((await drive(root, PROMPT, { intercept: () => "dry run" })).text, /This is a dry run/);
		});

		it("names the tools that it lacks", async () => {
			assert.match((await drive(root, PROMPT, { tools: ["Read"] })).text, /no Grep, Edit, Bash tool/);
		});
	});

	it("has nothing to fix when asked again after the fix", async () => {
		await drive(root, PROMPT);
		const { text, steps } = await drive(root, "go on");
		assert.match(text, /All 12 tests pass, so there is nothing to fix/);
		assert.ok(!steps.flat().includes("Edit"));
	});
});

describe("the scripted demo, asked what the project is", () => {
	let root: string;
	before(async () => {
		root = await copyProject();
	});
	after(() => removeProject(root));

	it("answers with the README's own title, first words and headings, and counts the files", async () => {
		const { steps, text } = await drive(root, "What does this project do?");
		assert.deepEqual(steps, [["Glob", "Read"], []]);
		assert.match(text, /^\*\*Corner Shop\*\*: Baskets, vouchers and receipts for a small shop\./);
		assert.match(text, /- The README covers: Use, Rules of the till, Files, Test\./);
		assert.match(text, /- Files: 2 in the top, 5 in `src\/`, 4 in `test\/`\./);
	});

	it("quotes the failure when there is no README", async () => {
		const { text } = await drive(root, "Explain this project", {
			intercept: firstCalls("Read", "File not found: README.md"),
		});
		assert.match(text, /> File not found: README\.md/);
	});
});

describe("the scripted demo's ear", () => {
	const first = async (prompt: string) => {
		let seen = "nothing";
		await drive("/nowhere", prompt, {
			intercept: (call) => {
				if (call.tool === "Read" && seen === "nothing") seen = String(call.args["path"]);
				return "No folder is open.";
			},
		});
		return seen;
	};

	for (const prompt of [
		"",
		"fix the failing test",
		"Please repair the bug in the cart",
		"run the tests",
		"Continue",
		"Behebe den fehlschlagenden Test",
		"Corrija o teste que falha",
		"修复失败的测试",
	]) {
		it(`hears “${prompt}” as the job`, async () => assert.equal(await first(prompt), "package.json"));
	}

	for (const prompt of [
		"What does this project do?",
		"Was macht dieses Projekt?",
		"O que faz este projeto?",
		"介绍一下这个项目",
	]) {
		it(`hears “${prompt}” as a question about the project`, async () => assert.equal(await first(prompt), "README.md"));
	}

	for (const prompt of [
		"hello",
		"Write a poem about prefixes",
		"Add a test for removeItem",
		"Translate the README",
		"What is the meaning of life?",
	]) {
		it(`says to “${prompt}” that it is a script`, async () => {
			const { steps, text } = await drive("/nowhere", prompt);
			assert.deepEqual(steps, [[]]);
			assert.match(text, /^I am a scripted demo and not a model: I can only/);
		});
	}
});
