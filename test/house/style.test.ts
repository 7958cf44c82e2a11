import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { root } from "./manifest.ts";

const media = path.join(root, "media");
const sheets = fs.readdirSync(media, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".css"));

const literal =
	/#[\da-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|[:\s,(](?:black|white|red|green|blue|gr[ae]y|yellow|orange|purple)\b(?=[\s;,)])/i;

/** Lines with a colour of their own, comments aside. */
function literalColours(css: string): string[] {
	const lines = css.replaceAll(/\/\*[\s\S]*?\*\//g, "").split("\n");
	return lines.filter((line) => literal.test(line)).map((line) => line.trim());
}

describe("the style sheets", () => {
	for (const sheet of sheets) {
		it(`take every colour from the theme: ${sheet}`, () => {
			assert.deepEqual(literalColours(fs.readFileSync(path.join(media, sheet), "utf8")), []);
		});
	}

	it("are told apart from sheets with colours of their own", () => {
		const css =
			"a { color: #fff; }\nb { background: rgb(1 2 3); }\nc { border: 1px solid white; }\nd { color: var(--x); }";
		assert.equal(literalColours(css).length, 3);
	});
});
