import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { rgPath } from "@vscode/ripgrep";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import { useFolder } from "../fake/folder.ts";

const signal = new AbortController().signal;

describe("what programs find in the workspace", () => {
	const { at, put } = useFolder();
	beforeEach(() => {
		put("ws/src/a.ts");
		put("lib/b.ts");
		fs.mkdirSync(at("else"));
	});
	const search = () =>
		createSearch({ rgPath, places: createPlaces(at("ws"), () => [at("ws"), at("lib"), at("gone")]) });

	describe("by name", () => {
		const names = async (path: string, options: { all: boolean; limit: number }) => {
			const found = await search().listing(at(path), options, signal);
			return found.ok ? { ...found.value, lines: found.value.lines.toSorted() } : found.failure.code;
		};
		beforeEach(() => {
			put("ws/.kimiignore", "secret.txt\n");
			put("ws/.ignore", "left-out\n");
			put("ws/.gitignore", "built\n");
			for (const name of ["secret.txt", ".env", "left-out", "built", ".git/config"]) put(`ws/src/${name}`);
			fs.symlinkSync("a.ts", at("ws/src/link"));
			execFileSync("mkfifo", [at("ws/src/pipe")]);
		});
		it("is all that grep reads, hidden or ignored as it may be, and no link or pipe", async () => {
			const lines = ["a.ts", ".env", "secret.txt", "left-out", "built", ".git/config"].map((name) => `src/${name}`);
			assert.deepEqual(await names("ws/src", { all: true, limit: 99 }), { lines: lines.toSorted(), more: false });
		});
		it("is what ripgrep itself would read there", async () => {
			for (const folder of ["ws/src", "ws"]) {
				const own = execFileSync(rgPath, ["--files"], {
					cwd: at(folder),
					encoding: "utf8",
					stdio: ["ignore", "pipe", "pipe"],
				});
				const prefix = folder === "ws" ? "" : "src/";
				const lines = own
					.trim()
					.split("\n")
					.map((name) => prefix + name);
				assert.deepEqual(await names(folder, { all: false, limit: 99 }), { lines: lines.toSorted(), more: false });
				assert.ok(lines.includes("src/secret.txt") && !lines.includes("src/left-out") && !lines.includes("src/.env"));
			}
		});
		it("ends at its limit, and says so", async () => {
			const found = await names("ws/src", { all: true, limit: 2 });
			assert.ok(typeof found !== "string" && found.lines.length === 2 && found.more);
		});
		it("names another folder of the workspace from the first, and none outside", async () => {
			assert.deepEqual(await names("lib", { all: true, limit: 9 }), { lines: ["../lib/b.ts"], more: false });
			assert.equal(await names("else", { all: true, limit: 9 }), "outside");
			assert.equal(await names("ws/none", { all: true, limit: 9 }), "missing");
		});
	});

	describe("but .kimiignore hides", () => {
		const hiding = () => search().hiding(signal);
		it("nothing where there is no such file, or only in what is installed", async () => {
			assert.equal(await hiding(), false);
			put("ws/node_modules/x/.kimiignore");
			assert.equal(await hiding(), false);
		});
		for (const name of ["ws/.kimiignore", "lib/.kimiignore", "lib/.deep/down/.kimiignore", "ws/src/.KimiIgnore"])
			it(`something where there is ${name}`, async () => {
				put(name, "*\n.kimiignore\n");
				assert.equal(await hiding(), true);
			});
		it("something where its rules hide themselves, are ignored, or can't be read", async () => {
			put("ws/.gitignore", "*\n");
			put("ws/src/.kimiignore", ".*\n");
			assert.equal(await hiding(), true);
			fs.rmSync(at("ws/src/.kimiignore"));
			fs.symlinkSync("/nowhere", at("lib/.kimiignore"));
			assert.equal(await hiding(), true);
		});
		it("something where a link or a pipe below is the file, and nothing where a folder is", async () => {
			fs.mkdirSync(at("lib/deep/.kimiignore"), { recursive: true });
			assert.equal(await hiding(), false);
			fs.symlinkSync("../../ws/src/a.ts", at("lib/deep/.kimiignore/.kimiignore"));
			assert.equal(await hiding(), true);
			fs.rmSync(at("lib/deep"), { recursive: true });
			execFileSync("mkfifo", [at("ws/src/.kimiignore")]);
			assert.equal(await hiding(), true);
		});
		it("perhaps something where nobody can look", async () => {
			assert.equal(await search().hiding(AbortSignal.abort()), true);
			fs.rmSync(at("lib"), { recursive: true });
			fs.symlinkSync("lib", at("lib"));
			assert.equal(await createSearch({ rgPath, places: createPlaces(at("lib")) }).hiding(signal), true);
			// No folder, but not missing either.
			const odd = createPlaces(at("ws"));
			const tops = async () => ({ ok: true, value: [at("x".repeat(300))] }) as const;
			assert.equal(await createSearch({ rgPath, places: { ...odd, tops } }).hiding(signal), true);
		});
	});
});
