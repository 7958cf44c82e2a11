import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startEndpoint } from "../fake/endpoint.ts";

const root = resolve(import.meta.dirname, "../..");
const questions = [
	{ question: "Which database?", options: [{ label: "SQLite" }, { label: "Postgres" }] },
	{ question: "Which parts?", options: [{ label: "API" }, { label: "Web" }], multiple: true },
];

describe("a question in the headless runner", () => {
	let folder: string;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-ask-"));
	});
	after(() => rm(folder, { recursive: true }));

	/** Runs a task in which the model asks; returns what is printed and what the model was told. */
	async function run(input: string, ...args: string[]) {
		const endpoint = await startEndpoint({
			script: [{ calls: [{ tool: "Ask", args: { questions } }] }, { text: "Fine." }],
		});
		const all = ["--workspace", folder, "--endpoint", endpoint.url, ...args, "Go"];
		const child = spawn(process.execPath, ["--import", "./scripts/hooks.mjs", "src/node/headless.ts", ...all], {
			cwd: root,
			env: { PATH: process.env["PATH"], HOME: folder, KIMI_K2_STATE: join(folder, ".state"), NO_COLOR: "1" },
		});
		let out = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
		child.stdin.end(input);
		const code = await new Promise((done) => child.once("close", done));
		await endpoint.close();
		return { code, out, told: endpoint.requests[1]?.body.messages.at(-1)?.content };
	}

	it("is asked on the terminal, one after the other", async () => {
		const { code, out, told } = await run("2\n1 2\n");
		assert.equal(code, 0);
		assert.match(out, /Which database\?\n\s+1\. SQLite\n\s+2\. Postgres\nA number, or your own words/);
		assert.equal(told, "The person answered:\n\nWhich database?\n→ Postgres\n\nWhich parts?\n→ API; Web");
	});

	it("that nobody answers, or with --yes, is left to the model", async () => {
		for (const args of [[], ["--yes"]]) {
			const { code, told } = await run("", ...args);
			assert.equal(code, 0);
			assert.match(told ?? "", /^Nobody is here to answer\. Decide yourself/);
		}
	});
});
