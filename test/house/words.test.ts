import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { collectWords } from "../../scripts/tasks/words.ts";

describe("the words of the extension", () => {
	it("are all in l10n/bundle.l10n.json, which holds no others (node scripts/tasks/words.ts writes it)", () => {
		const bundle = JSON.parse(readFileSync(new URL("../../l10n/bundle.l10n.json", import.meta.url), "utf8"));
		assert.deepEqual(bundle, collectWords());
	});
});
