import assert from "node:assert/strict";
import { plainText } from "../../src/shared/plain-text.ts";

const plain = (markdown: string) =>
	plainText(markdown, { codeBegins: (language) => `Code ${language}:`.replace(" :", ":"), codeEnds: "End of code." });

describe("an answer as plain text", () => {
	it("has no marks, and the addresses of links", () => {
		const text =
			"## Done\n\n> **Two** tests *pass*, __both__ ~~not~~ _now_.\n\n- see [cart](src/cart.js:3) and [x](x)\n---\nend";
		assert.equal(plain(text), "Done\n\nTwo tests pass, both not now.\n\n- see cart (src/cart.js:3) and x\n\nend");
	});

	it("has code to the letter, between words that say where it is", () => {
		const code = "**kept** _as_ [it](is)\n# not a heading";
		assert.equal(
			plain(`Run:\n\`\`\`\`sh\n${code}\n\`\`\`\nstill\n\`\`\`\`\nok`),
			`Run:\nCode sh:\n${code}\n\`\`\`\nstill\nEnd of code.\nok`,
		);
		assert.equal(plain("Call `a_b_c(**x)` and \\*stars\\*"), "Call a_b_c(**x) and *stars*");
	});

	it("leaves names and sums alone that only look like marks", () => {
		for (const text of ["snake_case_name and 2 * 3 * 4", "a ** b", "__init__.py is a_b", "* item", "f(x)[0](y"])
			assert.equal(plain(text), text === "__init__.py is a_b" ? "init.py is a_b" : text);
	});

	it("is there at once, whatever a model says without end", () => {
		const rule = `x${" ".repeat(4_000)}---${" ".repeat(4_000)}`;
		for (const text of [`${rule.slice(1)}x`, "**a ".repeat(50_000), "[".repeat(100_000)])
			assert.equal(plain(`${text}y`), `${text}y`.trim());
		assert.equal(plain(`a\n${rule.slice(1)}\nb`), "a\n\nb");
	});

	it("ends also where a block of code does not", () => assert.equal(plain("```\nx"), "Code:\nx"));
});
