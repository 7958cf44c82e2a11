import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { cp, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { rgPath } from "@vscode/ripgrep";
import type { Answer as PersonAnswer } from "../../src/agent/calls.ts";
import { runTurn } from "../../src/agent/loop.ts";
import type { Model } from "../../src/agent/ports.ts";
import { Session } from "../../src/agent/session.ts";
import type { Plan } from "../../src/agent/tool.ts";
import type { Web } from "../../src/agent/web.ts";
import { createModel } from "../../src/model/chat-model.ts";
import { createFiles } from "../../src/node/files.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import { createShell } from "../../src/node/shell.ts";
import type { EndReason, Mode } from "../../src/shared/event.ts";
import type { CallState } from "../../src/shared/reduce.ts";
import { habits, tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { MemoryLog } from "../fake/agent.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import type { WireRequest } from "../fake/endpoint-reply.ts";
import { type Answer, ScriptedModel } from "../fake/model.ts";
import { Site, testWeb } from "../node/web/site.ts";

/*
 * One folder is one whole agent run on real files: `input/` is the workspace (may be missing), `script.json` what the
 * model says and the person does, `expected/` the workspace afterwards (missing: unchanged). With `answers/` the model
 * is a server that streams these bytes, one file a request, and the real adapter speaks with it.
 */
interface Script {
	prompt: string;
	mode?: Mode;
	model?: Answer[];
	/** For a run with `answers/`. */
	server?: {
		/** Its id of the model. */
		model: string;
		/** What the last request was made of: its fields, the answers that it gave back, the ids of their results. */
		sent: { fields: string[]; assistant: unknown[]; results: string[] };
	};
	/** What a server answers, by path, for each name; `PORT` anywhere in the script is its port. */
	site?: Record<string, { status?: number; headers?: Record<string, string>; body?: string }>;
	/** Host and path of all that this server was asked for. */
	asked?: string[];
	/** What the person answers, in order; `first` happens while the question stands. */
	person?: (PersonAnswer & { first?: Change })[];
	/** Made before the run: too odd or too large to be kept in the repository. */
	before?: Change;
	/** Every call in order: its state afterwards, and words that its result has. */
	calls: { state: CallState; says: string }[];
	ends: EndReason;
}

interface Change {
	write?: Record<string, string>;
	/** Bytes in base64. */
	bytes?: Record<string, string>;
	/** A file of holes, by its size in bytes. */
	sparse?: Record<string, number>;
	delete?: string[];
}

const home = import.meta.dirname;
const scenarioNames = readdirSync(home).filter((name) => /^\d{3}_/.test(name));

describe("scenario", () => {
	let folder: string;
	let site: Site | undefined;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "kimi-scenario-"));
	});
	afterEach(async () => {
		await site?.close();
		await rm(folder, { recursive: true });
	});

	for (const name of scenarioNames) {
		it(name.replaceAll("_", " "), async () => {
			const opened = await withSite(await readFile(join(home, name, "script.json"), "utf8"));
			const { script, web } = opened;
			site = opened.site;
			const input = join(home, name, "input");
			if (await exists(input)) await cp(input, folder, { recursive: true });
			await change(folder, script.before);
			const started = await tree(folder);
			const { session, end } = await hear(script, join(home, name, "answers"), (model) =>
				play(script, folder, model, web),
			);
			const calls = session.chat.turns.flatMap((turn) => turn.steps.flatMap((step) => step.calls));
			assert.deepEqual(
				calls.map((call, index) => {
					const says = script.calls[index]?.says ?? "";
					return { state: call.state, says: call.text?.includes(says) ? says : (call.text ?? "") };
				}),
				script.calls,
			);
			assert.equal(end, script.ends);
			const expected = join(home, name, "expected");
			const wanted = (await exists(expected)) ? await tree(expected) : started;
			assert.deepEqual(await tree(folder), wanted);
			assert.deepEqual(site.asked, script.asked ?? []);
		});
	}
});

/** The script with the port of its server, and the web as it is where this server is all of it. */
async function withSite(text: string): Promise<{ readonly script: Script; readonly web: Web; readonly site: Site }> {
	const site = await new Site((request, response) => {
		const { status = 200, headers = {}, body = "" } = script.site?.[request.url ?? ""] ?? { status: 404 };
		response.writeHead(status, headers).end(body);
	}).start();
	const script: Script = JSON.parse(text.replaceAll(":PORT", `:${site.port}`));
	return { script, web: testWeb(), site };
}

async function hear<T>(script: Script, answers: string, play: (model: Model) => Promise<T>): Promise<T> {
	const { model = [], server } = script;
	if (!server) return play(new ScriptedModel(...model));
	const files = (await readdir(answers)).sort().map((name) => readFile(join(answers, name)));
	const endpoint = await startEndpoint({ script: (await Promise.all(files)).map((raw) => ({ raw })) });
	try {
		const place = { preset: "custom", name: "Fake", baseUrl: endpoint.url } as const;
		const clocks = { firstByteMs: 60_000, idleMs: 60_000, stallMs: 60_000 };
		const played = await play(createModel({ endpoint: place, model: server.model, clocks }));
		assert.equal(endpoint.requests.length, files.length, "not as many requests as answers");
		assert.deepEqual(sent(endpoint.requests), server.sent);
		return played;
	} finally {
		await endpoint.close();
	}
}

/** Each request begins with the messages of the one before; the last tells them all. */
function sent(requests: readonly WireRequest[]) {
	const histories = requests.map(({ body }) => JSON.stringify(body.messages).slice(0, -1));
	for (const [n, history] of histories.entries())
		assert.ok(history.startsWith(histories[n - 1] ?? ""), `request ${n} changes the history`);
	const body = requests.at(-1)?.body ?? assert.fail("no request");
	return {
		fields: Object.keys(body).sort(),
		assistant: body.messages.filter(({ role }) => role === "assistant"),
		results: body.messages.flatMap(({ tool_call_id }) => tool_call_id ?? []),
	};
}

async function play(
	script: Script,
	root: string,
	model: Model,
	web: Web,
): Promise<{ session: Session; end: EndReason }> {
	const session = new Session(new MemoryLog());
	await session.record({ type: "opened", version: 1, chat: "scenario", workspace: root, system: "S" });
	const answers = script.person ?? [];
	const places = createPlaces(root);
	let mode = script.mode ?? "ask";
	const env = {
		model,
		toolbox: createToolbox(tools, habits),
		ctx: {
			files: createFiles(places),
			shell: createShell(),
			search: createSearch({ rgPath, places }),
			web,
		},
		mode: () => mode,
		grants: () => [],
		limits: { steps: 50 },
		pause: () => Promise.resolve(),
		approve: async ({ plan }: { plan: Plan }): Promise<PersonAnswer> => {
			const { first, ...answer } = answers.shift() ?? assert.fail("the person was asked once too often");
			await change(root, first);
			// As hosts do: a plan that was accepted ends plan mode.
			if (plan.document && answer.verdict === "allow") mode = "ask";
			return answer;
		},
	};
	const { reason } = await runTurn(session, script.prompt, env, new AbortController().signal);
	assert.deepEqual(answers, [], "the person was not asked as often as expected");
	return { session, end: reason };
}

async function change(
	root: string,
	{ write = {}, bytes = {}, sparse = {}, delete: gone = [] }: Change = {},
): Promise<void> {
	for (const [name, text] of Object.entries(write)) await writeFile(join(root, name), text);
	for (const [name, base64] of Object.entries(bytes)) await writeFile(join(root, name), Buffer.from(base64, "base64"));
	for (const [name, size] of Object.entries(sparse)) {
		const file = await open(join(root, name), "w");
		await file.truncate(size);
		await file.close();
	}
	for (const name of gone) await rm(join(root, name));
}

/** Every file's content (small ones byte for byte), by path. */
async function tree(root: string): Promise<Record<string, string | number>> {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const read = files.sort().map(async (path) => {
		const { size } = await stat(path);
		return [relative(root, path), size > 1_000_000 ? size : (await readFile(path)).toString("latin1")] as const;
	});
	return Object.fromEntries(await Promise.all(read));
}

async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}
