import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { oldestVersion } from "../vscode/setup.ts";
import { type Finished, inColour, packageBin, runNode } from "./process.ts";

interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

export interface StageResult extends Counts {
	readonly output: string;
	readonly seconds: number;
}

export interface Stage {
	readonly name: string;
	/** Stages whose results this one builds on. */
	readonly needs?: readonly string[];
	/** Holds tests whose names `--grep` can choose from. */
	readonly tests?: true;
	run(grep: string | undefined): Promise<StageResult>;
}

/** A program that is one check: it passes when it ends with 0. */
function check(name: string, args: readonly string[]): Stage {
	return {
		name,
		async run() {
			const { code, output, seconds } = await runNode(args, { capture: true });
			return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output, seconds };
		},
	};
}

/** A program that runs mocha somewhere inside and leaves its counts in the file that MOCHA_COUNTS names. */
async function runTests(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<StageResult> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-counts-"));
	const file = path.join(folder, "counts.json");
	const { code, output, seconds } = await runNode(args, { capture: true, env: { ...env, MOCHA_COUNTS: file } });
	const counts = readCounts(file);
	fs.rmSync(folder, { recursive: true });
	// A run that broke off before or beside its tests is a failure of its own.
	const broken = code !== 0 && (counts?.failed ?? 0) === 0;
	const { passed = 0, failed = 0, skipped = 0 } = counts ?? {};
	return { passed, failed: failed + (broken || counts === undefined ? 1 : 0), skipped, output, seconds };
}

function readCounts(file: string): Counts | undefined {
	return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Counts) : undefined;
}

function mocha(args: readonly string[], grep: string | undefined): Promise<StageResult> {
	const chosen = grep === undefined ? [] : ["--grep", grep];
	return runTests([packageBin("mocha", "mocha"), "--reporter", "scripts/mocha-counts.ts", ...chosen, ...args]);
}

let bundling: Promise<Finished> | undefined;

async function hostSuites(grep: string | undefined, version: string, env: NodeJS.ProcessEnv): Promise<StageResult> {
	// Once for both versions, which read the same files.
	bundling ??= runNode(["esbuild.mjs", "--host"], { capture: true });
	const bundled = await bundling;
	if (bundled.code !== 0) {
		return { passed: 0, failed: 1, skipped: 0, output: bundled.output, seconds: bundled.seconds };
	}
	return runTests(["test/host/run.ts", version], { ...env, ...(grep === undefined ? {} : { MOCHA_GREP: grep }) });
}

const units = [
	"shared",
	"agent",
	"model",
	"tools",
	"node",
	"vscode",
	"webview",
	"demo",
	"house",
	"security",
	"scenarios",
	"soak",
];

/** Biome does not heed NO_COLOR. */
const plain = inColour ? [] : ["--colors=off"];

/** The suites that lean on VS Code itself, one of each kind: the rest tries our own logic, which is the same in both. */
const OLDEST_SUITES = [
	"changes",
	"chat-list",
	"chats",
	"completions",
	"files",
	"lm",
	"marks",
	"mcp",
	"mcp-others",
	"modes",
	"notebooks",
	"pauses",
	"problems",
	"proposals",
	"questions",
	"queue",
	"restore",
	"smoke",
	"switching",
	"symbols",
	"terminal",
	"turn",
	"view",
	"workspace-settings",
];

/** Everything that must hold, in the order in which a mistake shows soonest. */
export const stages: readonly Stage[] = [
	check("types", [packageBin("typescript", "tsc"), "-b"]),
	check("lint", [packageBin("@biomejs/biome", "biome"), "ci", "--error-on-warnings", ...plain]),
	check("knip", [packageBin("knip", "knip")]),
	{
		name: "units",
		tests: true,
		// Every file stands alone: in one process they would take twice as long.
		run: (grep) => mocha(["--parallel", "--jobs", "2", `test/{${units.join(",")}}/**/*.test.{ts,tsx}`], grep),
	},
	check("package", ["scripts/tasks/package.ts"]),
	{
		name: "host",
		needs: ["package"],
		tests: true,
		run: (grep) => hostSuites(grep, "stable", {}),
	},
	{
		name: "oldest",
		needs: ["package"],
		tests: true,
		run: (grep) =>
			hostSuites(grep, oldestVersion.replace(/^4/, "1"), {
				CODE_SERVER_VERSION: oldestVersion,
				HOST_SUITES: OLDEST_SUITES.join(","),
			}),
	},
	{
		name: "e2e",
		needs: ["package"],
		tests: true,
		run: (grep) => mocha(["test/e2e/*.test.ts"], grep),
	},
];
