import { cp, mkdtemp, realpath } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import type { Answer } from "../agent/calls.ts";
import { createExplore } from "../agent/explore.ts";
import { runTurn } from "../agent/loop.ts";
import { pause } from "../agent/patient.ts";
import type { Result } from "../agent/ports.ts";
import { Session } from "../agent/session.ts";
import type { Plan } from "../agent/tool.ts";
import type { EndReason } from "../shared/event.ts";
import type { Grant } from "../shared/rule.ts";
import { explorerTools, habits, tools } from "../tools/index.ts";
import { createToolbox } from "../tools/toolbox.ts";
import { beginChat } from "./begin-chat.ts";
import { openFacts } from "./facts-file.ts";
import { createFiles } from "./files.ts";
import { type HeadlessOptions, readOptions, USAGE } from "./headless-args.ts";
import { type Connection, connect } from "./headless-model.ts";
import { Screen } from "./headless-screen.ts";
import { runVerify } from "./headless-verify.ts";
import { lastJobOf } from "./jobs.ts";
import { FileLog, type LogContent, readLog } from "./log.ts";
import { isFolder } from "./place.ts";
import { createPlaces } from "./places.ts";
import { findRipgrep } from "./ripgrep.ts";
import { createSandbox } from "./sandbox/sandbox.ts";
import { createSandboxedShell, SANDBOX_KINDS } from "./sandbox/sandboxed-shell.ts";
import { createSearch } from "./search.ts";
import { createWeb } from "./web/web.ts";

/** Exit codes: a door for scripts, kept stable. */
const EXIT: Readonly<Record<EndReason, number>> = {
	done: 0,
	failed: 1,
	limit: 3,
	looping: 3,
	stopped: 130,
	interrupted: 130,
};
const BAD_USAGE = 2;

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2));
	if ("wrong" in options) {
		process.stderr.write(`${options.wrong}\n\n${USAGE}\n`);
		return BAD_USAGE;
	}
	if (options.help) {
		process.stdout.write(`${USAGE}\n`);
		return 0;
	}
	const screen = new Screen({ out: process.stdout, err: process.stderr, input: process.stdin }, options);
	const stop = new AbortController();
	// The second Ctrl+C does not wait for anything.
	process.on("SIGINT", () => (stop.signal.aborted ? process.exit(EXIT.stopped) : stop.abort()));
	process.on("SIGTERM", () => stop.abort());
	try {
		if (options.verify) return await tryEndpoint(options, stop.signal);
		return await run(options, screen, stop.signal);
	} finally {
		screen.close();
	}
}

async function run(options: HeadlessOptions, screen: Screen, signal: AbortSignal): Promise<number> {
	const found = await findChat(options.resume);
	if (!found.ok) {
		screen.fail(found.failure);
		return EXIT.failed;
	}
	const root = await workspace(options, found.value, screen);
	if (!root.ok) {
		screen.fail(root.failure);
		return BAD_USAGE;
	}
	const facts = await openFacts(factsPath());
	const connection = await connect(options, facts.store, process.env, signal);
	if (!connection.ok) {
		screen.fail(connection.failure);
		return signal.aborted ? EXIT.stopped : EXIT.failed;
	}
	const { endpoint, model, close } = connection.value;
	try {
		screen.say(`Kimi K2 Agent · ${model.name} · ${endpoint.name} (${endpoint.baseUrl}) · ${root.value}`);
		return await turn(options, found.value, root.value, connection.value, screen, signal);
	} finally {
		await Promise.all([close(), facts.saved()]);
	}
}

/** Instead of a task. */
async function tryEndpoint(options: HeadlessOptions, signal: AbortSignal): Promise<number> {
	const facts = await openFacts(factsPath());
	const code = await runVerify(options, facts.store, { out: process.stdout, err: process.stderr }, signal);
	await facts.saved();
	return code;
}

/** A chat's place on disk; `log` when it is to be resumed. */
interface Found {
	readonly id: string;
	readonly path: string;
	readonly log?: LogContent;
}

async function findChat(resume: string | undefined): Promise<Result<Found>> {
	const id = resume ?? crypto.randomUUID();
	if (!/^[\w-]+$/.test(id)) return { ok: false, failure: { code: "storage", message: `${id} is no chat id.` } };
	const path = join(stateFolder(), "chats", `${id}.jsonl`);
	if (resume === undefined) return { ok: true, value: { id, path } };
	const log = await readLog(path);
	if (log.ok) return { ok: true, value: { id, path, log: log.value } };
	if (!log.failure.missing) return log;
	return { ok: false, failure: { ...log.failure, message: `There is no chat ${id} to resume.` } };
}

async function turn(
	options: HeadlessOptions,
	found: Found,
	root: string,
	{ model }: Connection,
	screen: Screen,
	signal: AbortSignal,
): Promise<number> {
	const sandbox = createSandbox({ folders: () => [root], secrets: [stateFolder()] });
	const withhold = options.apiKeyEnv === undefined ? [] : [options.apiKeyEnv];
	const log = new FileLog(found.path, found.log?.bytes);
	const session = new Session(log, found.log?.events);
	const shell = createSandboxedShell(
		{ withhold, logs: join(stateFolder(), "commands"), lastJob: lastJobOf(session.chat) },
		sandbox,
		() => SANDBOX_KINDS[options.sandbox],
	);
	session.subscribe((event) => screen.show(event));
	if (!found.log) {
		await beginChat(session, found.id, { shell: shell.name, root });
	}
	const rgPath = await findRipgrep(ripgrepCandidates());
	const places = createPlaces(root);
	let { mode } = options;
	const approve = async ({ plan }: { plan: Plan }, aborted: AbortSignal): Promise<Answer | undefined> => {
		const answer = options.yes ? ({ verdict: "allow", reason: "--yes" } as const) : await screen.ask(plan, aborted);
		// A plan that was accepted is carried out, each change and command on its own word.
		if (mode === "plan" && plan.document && answer?.verdict === "allow") mode = "ask";
		return answer;
	};
	const ctx = { files: createFiles(places), shell, search: createSearch({ rgPath, places }), web: createWeb() };
	const grants = () => options.allowed.map((rule): Grant => ({ rule, scope: "always" }));
	const explore = createExplore({ model, toolbox: createToolbox(explorerTools), ctx, grants, root });
	const end = await runTurn(
		session,
		options.prompt === "" ? undefined : options.prompt,
		{
			model,
			toolbox: createToolbox(tools, habits),
			ctx: { ...ctx, explore },
			mode: () => mode,
			grants,
			limits: options.limits,
			pause,
			dryRun: options.dryRun,
			approve,
		},
		signal,
	);
	sandbox.close();
	await Promise.all([shell.close(), log.close()]);
	if (end.failure) screen.fail(end.failure);
	if (end.reason !== "done") screen.say(`Go on with: --resume ${found.id}`);
	return EXIT[end.reason];
}

/**
 * The folder to work on: that of the chat to resume, which its system prompt names and no other may stand in for; else
 * the one named; else a fresh copy of the demo project that may be changed freely.
 */
async function workspace(
	{ workspace: named }: HeadlessOptions,
	{ log }: Found,
	screen: Screen,
): Promise<Result<string>> {
	const [opened] = log?.events ?? [];
	const own = opened?.type === "opened" ? opened.workspace : undefined;
	const path = own ?? (named === undefined && !log ? undefined : resolve(named ?? "."));
	if (path === undefined) return { ok: true, value: await demoCopy(screen) };
	if (!(await isFolder(path)))
		return refuse(own === undefined ? `--workspace: ${path} is no folder.` : `This chat's folder ${own} is gone.`);
	if (named === undefined || (await isSame(path, resolve(named)))) return { ok: true, value: path };
	return refuse(`This chat works on ${path}, not on ${resolve(named)}. Leave --workspace out, or begin a new chat.`);
}

function refuse(message: string): Result<string> {
	return { ok: false, failure: { code: "not-found", message } };
}

async function isSame(one: string, other: string): Promise<boolean> {
	const real = (path: string) => realpath(path).catch(() => path);
	return (await real(one)) === (await real(other));
}

async function demoCopy(screen: Screen): Promise<string> {
	const copy = await mkdtemp(join(tmpdir(), "kimi-k2-demo-"));
	await cp(join(fileURLToPath(import.meta.url), "../../demo/project"), copy, { recursive: true });
	screen.say("Working on a copy of the demo project. Name your own with --workspace DIR.");
	return copy;
}

function stateFolder(): string {
	const base = process.env["KIMI_K2_STATE"] ?? process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
	return join(base, "kimi-k2-agent");
}

function factsPath(): string {
	return join(stateFolder(), "facts.json");
}

/** The one of the repository's own packages, then the PATH. */
function ripgrepCandidates(): string[] {
	const exe = process.platform === "win32" ? "rg.exe" : "rg";
	const name = `ripgrep-${process.platform}-${process.arch}`;
	return [join(fileURLToPath(import.meta.url), "../../node_modules/@vscode", name, "bin", exe), exe];
}

// Requests are strings of some hundred kilobytes that die young. V8 would let its young generation grow to 46 MB for
// them; kept small, a task of 300 calls needs a third less memory at no measurable cost (npm run bench).
setFlagsFromString("--semi-space-growth-factor=1");
process.exitCode = await main();
