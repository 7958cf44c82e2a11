import { fork } from "node:child_process";
import path from "node:path";
import { runTurn } from "../src/agent/loop.ts";
import type { Log, Model } from "../src/agent/ports.ts";
import { Session } from "../src/agent/session.ts";
import { createModel } from "../src/model/chat-model.ts";
import type { Endpoint } from "../src/model/endpoint.ts";
import type { Clocks } from "../src/model/patience.ts";
import { createToolbox } from "../src/tools/toolbox.ts";
import { portOf } from "./client.ts";
import { benchCtx } from "./ctx.ts";
import type { Figures } from "./targets.ts";

const DELTAS = 20_000;
/** Whether a request goes by `fetch` or by `node:http` depends on the patience that its clocks ask for. */
const remote: Clocks = { firstByteMs: 60_000, idleMs: 60_000, stallMs: 60_000 };
const local: Clocks = { ...remote, firstByteMs: null };

/** CPU of this process for each delta of a long answer. The server is another process. */
export async function measureStream(): Promise<Figures> {
	const hose = fork(path.join(import.meta.dirname, "hose.ts"), [String(DELTAS)], {
		execArgv: ["--disable-warning=ExperimentalWarning"],
	});
	try {
		const baseUrl = `http://127.0.0.1:${await portOf(hose)}/v1`;
		const model = (name: string, clocks: Clocks) => connect(baseUrl, name, clocks);
		await drain(model("burst", remote));
		const bytes = await perDelta(() => onlyBytes(baseUrl));
		const fetched = await perDelta(() => drain(model("paced", remote)));
		const turned = await perDelta(() => turn(model("paced", remote)));
		return {
			"stream.bytes": bytes,
			"stream.fetch": fetched,
			"stream.turn": turned,
			"stream.core": Math.max(0, turned - bytes),
			"stream.http": await perDelta(() => drain(model("paced", local))),
			"stream.burst": await perDelta(() => drain(model("burst", remote))),
			"stream.args": await perDelta(() => drain(model("args", remote))),
		};
	} finally {
		hose.kill();
	}
}

function connect(baseUrl: string, name: string, clocks: Clocks): Model {
	const endpoint: Endpoint = { preset: "custom", name: "bench", baseUrl };
	const id = `kimi-k2-${name}`;
	return createModel({ endpoint, model: id, clocks });
}

async function perDelta(work: () => Promise<void>): Promise<number> {
	const from = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(from);
	return (user + system) / DELTAS;
}

/** What Node itself takes to hand over the bytes. */
async function onlyBytes(baseUrl: string): Promise<void> {
	const body = JSON.stringify({ model: "kimi-k2-paced" });
	const response = await fetch(`${baseUrl}/chat/completions`, { method: "POST", body });
	const reader = response.body?.getReader();
	while (reader && !(await reader.read()).done);
}

async function drain(model: Model): Promise<void> {
	const request = { system: "", tools: [], messages: [{ role: "user", text: "Go." } as const], chat: "bench" };
	for await (const delta of model.stream(request, new AbortController().signal))
		if (delta.kind === "end" && delta.failure) throw new Error(delta.failure.message);
}

async function turn(model: Model): Promise<void> {
	const log: Log = { append: async () => ({ ok: true, value: undefined }) };
	const session = new Session(log);
	let chars = 0;
	session.subscribe((event) => {
		if (event.type === "delta") chars += event.text.length;
	});
	await session.record({ type: "opened", version: 1, chat: "bench", system: "" });
	const end = await runTurn(
		session,
		"Go.",
		{
			model,
			toolbox: createToolbox([]),
			ctx: benchCtx(),
			mode: () => "ask",
			grants: () => [],
			limits: { steps: 1 },
			pause: () => Promise.resolve(),
			approve: async () => ({ verdict: "deny" }),
		},
		new AbortController().signal,
	);
	if (end.reason !== "done" || chars < DELTAS)
		throw new Error(`The turn ended as ${end.reason} after ${chars} characters.`);
}
