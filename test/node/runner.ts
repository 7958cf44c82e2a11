import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Recorded } from "../../src/shared/event.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";

const root = resolve(import.meta.dirname, "../..");

interface Ran {
	code: number | null;
	out: string;
	err: string;
}

interface More {
	readonly input?: string;
	readonly env?: Record<string, string>;
	readonly onOut?: (text: string, kill: () => void) => void;
}

/** The headless runner with a folder of its own (`a.txt` is in it) for each test, and an endpoint once it is run. */
export class Runner {
	folder = "";
	endpoint: FakeEndpoint | undefined;

	async begin(): Promise<void> {
		this.folder = await mkdtemp(join(tmpdir(), "kimi-headless-"));
		await writeFile(join(this.folder, "a.txt"), "one\n");
	}

	async end(): Promise<void> {
		await this.endpoint?.close();
		this.endpoint = undefined;
		await rm(this.folder, { recursive: true });
	}

	/** Runs it on the folder against an endpoint with this script. */
	async run(script: readonly ScriptedReply[], args: string[], more: More = {}): Promise<Ran> {
		this.endpoint ??= await startEndpoint({ script });
		return this.launch(["--workspace", this.folder, "--endpoint", this.endpoint.url, ...args], more);
	}

	launch(args: string[], { input = "", env = {}, onOut }: More = {}): Promise<Ran> {
		const { folder } = this;
		const child = spawn(process.execPath, ["--import", "./scripts/hooks.mjs", "src/node/headless.ts", ...args], {
			cwd: root,
			env: { PATH: process.env["PATH"], HOME: folder, KIMI_K2_STATE: join(folder, ".state"), NO_COLOR: "1", ...env },
		});
		const ran: Ran = { code: null, out: "", err: "" };
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			ran.out += text;
			// Once: the second interrupt ends the process on the spot.
			onOut?.(ran.out, () => !child.killed && child.kill("SIGINT"));
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			ran.err += text;
		});
		child.stdin.end(input);
		return new Promise((done) => child.once("close", (code) => done({ ...ran, code })));
	}

	content(): Promise<string> {
		return readFile(join(this.folder, "a.txt"), "utf8");
	}
}

/** What it printed with `--json`. */
export function events(out: string): readonly Recorded[] {
	return out
		.trimEnd()
		.split("\n")
		.map((line) => Recorded.parse(JSON.parse(line)));
}
