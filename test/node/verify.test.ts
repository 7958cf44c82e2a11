import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Facts } from "../../src/model/facts.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";
import { goodKimi } from "../model/verify-kimi.ts";

const root = resolve(import.meta.dirname, "../..");

interface Ran {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

describe("--verify", () => {
	let endpoint: FakeEndpoint | undefined;
	let state: string;
	beforeEach(async () => {
		state = await mkdtemp(join(tmpdir(), "kimi-verify-"));
	});
	afterEach(async () => {
		await rm(state, { recursive: true });
		await endpoint?.close();
		endpoint = undefined;
	});

	function launch(
		args: readonly string[],
		onError?: (text: string, interrupt: () => void) => void,
		more: Readonly<Record<string, string>> = {},
	): Promise<Ran> {
		const child = spawn(process.execPath, ["--import", "./scripts/hooks.mjs", "src/node/headless.ts", ...args], {
			cwd: root,
			env: { PATH: process.env["PATH"], NO_COLOR: "1", KIMI_K2_STATE: state, ...more },
		});
		let out = "";
		let err = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			err += text;
			onError?.(err, () => !child.killed && child.kill("SIGINT"));
		});
		child.stdin.end();
		return new Promise((done) => child.once("close", (code) => done({ code, out, err })));
	}

	async function run(
		script: (request: WireRequest) => ScriptedReply,
		args: readonly string[] = [],
		onError?: Parameters<typeof launch>[1],
	): Promise<Ran> {
		endpoint = await startEndpoint({ script });
		return launch(["--verify", "--endpoint", endpoint.url, "--model", "kimi-k2.7-code", ...args], onError);
	}

	it("prints progress on stderr and the report on stdout, and ends with 0 for a good one", async () => {
		const { code, out, err } = await run(goodKimi);
		assert.equal(code, 0);
		assert.match(out, /^# Ready: kimi-k2\.7-code at 127\.0\.0\.1:\d+\n/);
		assert.match(
			err,
			/About 17 requests, 34 if the server is busy, with up to \d+ tokens in and \d+ out\.\n 1\/25 It lists its models\n/,
		);
	});

	it("keeps the verdict and what was learned for the agent", async () => {
		await run((request) =>
			"stream_options" in request.body
				? { status: 400, body: { error: { message: "Unknown field: stream_options" } } }
				: goodKimi(request),
		);
		const kept = JSON.parse(await readFile(join(state, "kimi-k2-agent", "facts.json"), "utf8"));
		assert.deepEqual(Object.keys(kept), [`${endpoint?.url} kimi-k2.7-code`]);
		const { omit, images, verified }: Facts = kept[`${endpoint?.url} kimi-k2.7-code`];
		assert.deepEqual([omit, images, verified?.verdict], [["stream_options"], true, "repairs"]);
		assert.match(verified?.report ?? "", /^# Works with repairs/);
	});

	it("prints the report as JSON and ends with 1 where something is mended", async () => {
		const { code, out } = await run((request) => ({ ...goodKimi(request), usage: null }), ["--json"]);
		const { verdict, model, rows } = JSON.parse(out);
		assert.deepEqual([code, verdict, model, rows.length], [1, "repairs", "kimi-k2.7-code", 25]);
	});

	it("ends with 2 where an agent cannot work", async () => {
		const { code, out } = await run(() => ({ text: "I would rather talk." }));
		assert.equal(code, 2);
		assert.match(out, /^# Not suitable for agent work/);
	});

	it("ends with 2 and the reason where nobody answers", async () => {
		const gone = await startEndpoint({ script: [] });
		await gone.close();
		const { code, out } = await launch(["--verify", "--endpoint", gone.url, "--model", "kimi-k2.7-code"]);
		assert.equal(code, 2);
		assert.match(out, /\*\*The run ended early:\*\* Nothing answers at/);
		const unnamed = await launch(["--verify", "--endpoint", gone.url]);
		assert.deepEqual([unnamed.code, unnamed.out], [2, ""]);
		assert.match(unnamed.err, /Nothing answers at/);
	});

	it("has nothing to say of the demo", async () => {
		const { code, out, err } = await launch(["--verify", "--profile", "demo"]);
		assert.deepEqual([code, out], [2, ""]);
		assert.match(err, /The demo is a script and no model/);
	});

	it("asks nobody who was not named, though there is a key in the environment", async () => {
		const { code, out, err } = await launch(["--verify"], undefined, { OPENROUTER_API_KEY: "sk-or-none" });
		assert.deepEqual([code, out], [2, ""]);
		assert.equal(err, "Name what to verify: --endpoint URL, --profile NAME, or a base URL in KIMI_K2_BASE_URL.\n");
	});

	it("tries the server of KIMI_K2_BASE_URL", async () => {
		endpoint = await startEndpoint({ script: goodKimi });
		const { out } = await launch(["--verify", "--model", "x"], undefined, { KIMI_K2_BASE_URL: endpoint.url });
		assert.match(out, /^# Ready: x at /);
	});

	it("has not finished at a server that is always busy, and keeps no verdict", async () => {
		const busy = { status: 503, headers: { "retry-after-ms": "1" }, body: { error: { message: "Overloaded" } } };
		const { code, out } = await run(() => busy);
		assert.equal(code, 2);
		assert.match(out, /^# Not finished/);
		const kept = await readFile(join(state, "kimi-k2-agent", "facts.json"), "utf8").catch(() => "");
		assert.equal(kept.includes("verified"), false);
	});

	it("ends with 130 and what it found when it is interrupted", async () => {
		const { code, out } = await run(
			(request) => (request.body.tools ? { hang: "after-headers" } : goodKimi(request)),
			[],
			(err, interrupt) => err.includes("calls a tool") && interrupt(),
		);
		assert.equal(code, 130);
		assert.match(out, /\*\*The run ended early:\*\* Stopped\./);
		assert.match(out, /\| 4 \| It answers in a stream \| ✓\u00a0passed \|/);
	});
});
