import assert from "node:assert/strict";
import type { Attached } from "../../../src/shared/attachments.ts";
import { wantedAgain } from "../../../src/vscode/attachments/again.ts";

describe("what went with a message that is written anew", () => {
	const picture = { mime: "image/png", data: "iVBORw0K" } as const;
	const given = (kind: Attached["kind"], more: Partial<Attached> = {}): Attached => ({
		kind,
		name: "n",
		text: "t",
		...more,
	});

	it("is read anew where it lies, and is what it was where it is gone", () => {
		const all = [
			given("active"),
			given("file", { path: "a.ts" }),
			given("file", { failed: "gone" }),
			given("folder", { path: "src" }),
			given("selection", { path: "a.ts", line: 3 }),
			given("selection", { failed: "hidden", text: "" }),
			given("symbol", { path: "a.ts" }),
			given("problems"),
			given("problems", { path: "a.ts" }),
			given("terminal"),
			given("changes"),
			given("page", { name: "https://a.b/" }),
			given("text"),
			given("image", { picture }),
			given("image"),
		];
		assert.deepEqual(all.flatMap(wantedAgain), [
			{ kind: "file", path: "a.ts" },
			{ kind: "file", path: "n" },
			{ kind: "folder", path: "src" },
			{ kind: "text", name: "n", text: "t" },
			{ kind: "text", name: "n", text: "t" },
			{ kind: "problems" },
			{ kind: "problems", path: "a.ts" },
			{ kind: "terminal", name: "n", text: "t" },
			{ kind: "changes" },
			{ kind: "page", url: "https://a.b/" },
			{ kind: "text", name: "n", text: "t" },
			{ kind: "image", name: "n", picture },
		]);
	});
});
