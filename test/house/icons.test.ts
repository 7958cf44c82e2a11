import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeIcons } from "../../scripts/lib/icons.mjs";
import { root } from "./manifest.ts";

const icons = path.join(root, "node_modules/@vscode/codicons/dist");

describe("the icons that ship", () => {
	let out = "";
	beforeEach(() => {
		out = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-icons-"));
	});
	afterEach(() => fs.rmSync(out, { recursive: true }));

	const names = () =>
		[...fs.readFileSync(path.join(out, "codicon.css"), "utf8").matchAll(/^\.codicon-([\w-]+):before/gm)].map(
			([, name]) => name,
		);

	it("are those that the view's script names, with the rules for all of them", async () => {
		await writeIcons(icons, out, 'f("gear");g=h?"add":`debug-pause`;');
		assert.deepEqual(names().sort(), ["add", "debug-pause", "gear"]);
		assert.match(fs.readFileSync(path.join(out, "codicon.css"), "utf8"), /@font-face|codicon-modifier-spin/);
		const [all, left] = [icons, out].map((folder) => fs.statSync(path.join(folder, "codicon.ttf")).size);
		assert.ok((left ?? 0) > 500 && (left ?? 0) < (all ?? 0) / 20, String(left));
	});

	it("are not written without any: the view would be bare", () =>
		assert.rejects(writeIcons(icons, out, "no icon"), /no icon was found/));
});
