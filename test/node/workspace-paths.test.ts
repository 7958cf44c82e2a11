import assert from "node:assert/strict";
import * as fs from "node:fs";
import { rgPath } from "@vscode/ripgrep";
import { createPlaces } from "../../src/node/places.ts";
import { workspacePaths } from "../../src/node/workspace-paths.ts";
import { useFolder } from "../fake/folder.ts";

const never = new AbortController().signal;

describe("the paths that @ finds", () => {
	const { at, put } = useFolder();
	beforeEach(() => fs.mkdirSync(at("ws")));
	const listed = async (signal = never) => {
		const places = createPlaces(at("ws"), () => [at("ws"), at("lib"), at("gone")]);
		const found = await workspacePaths({ rgPath, places }, signal);
		return found.ok ? found.value.toSorted() : found.failure;
	};

	it("are those of all folders, hidden ones too, as tools name them", async () => {
		for (const name of ["ws/src/a.ts", "ws/.github/x.yml", "ws/.git/config", "lib/b.ts"]) put(name);
		assert.deepEqual(await listed(), ["../lib/b.ts", ".github/x.yml", "src/a.ts"]);
	});

	it("leave out what ignore files name, and what .kimiignore hides wherever it lies", async () => {
		put("ws/.gitignore", "built\n");
		put("ws/.kimiignore", "secret.txt\n");
		put("ws/deep/.kimiignore", "!secret.txt\nprivate/\n");
		put("lib/.kimiignore", "b.ts\n");
		for (const name of ["built/x.js", "secret.txt", "deep/secret.txt", "deep/private/x", "deep/a"]) put(`ws/${name}`);
		put("lib/b.ts");
		assert.deepEqual(await listed(), [
			"../lib/.kimiignore",
			".gitignore",
			".kimiignore",
			"deep/.kimiignore",
			"deep/a",
			"deep/secret.txt",
		]);
	});

	it("are none once nobody wants them, and of a workspace without folder", async () => {
		put("ws/a");
		assert.deepEqual(await listed(AbortSignal.abort()), { code: "other", message: "Stopped." });
		const places = createPlaces(undefined, () => []);
		assert.deepEqual(await workspacePaths({ rgPath, places }, never), { ok: true, value: [] });
	});
});
