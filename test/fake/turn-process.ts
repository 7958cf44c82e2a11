import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTurn } from "../../src/agent/loop.ts";
import { Session } from "../../src/agent/session.ts";
import { createCheckpoints } from "../../src/node/checkpoints/checkpoints.ts";
import { FileLog } from "../../src/node/log.ts";
import { TestTools, turnEnv } from "./agent.ts";
import { ScriptedModel } from "./model.ts";

/*
 * One turn with one call in a process of its own, which dies by SIGKILL: `ran`, when the call has done its work and
 * not come back, or right after an event of that type went to disk.
 */
const [root = "", folder = "", path = "", dies = "", call = ""] = process.argv.slice(2);
const { tool, args } = JSON.parse(call) as { tool: string; args: Record<string, string> };

function dieAt(moment: string): void {
	if (moment === dies) process.kill(process.pid, "SIGKILL");
}

const tools = new TestTools({
	Bash: ({ command }) => ({
		effects: [{ exec: String(command) }],
		run: () => {
			execFileSync("/bin/sh", ["-ec", String(command)], { cwd: root });
			dieAt("ran");
			return { text: "ok" };
		},
	}),
	Edit: ({ path: name, text }) => ({
		effects: [{ write: String(name) }],
		run: () => {
			writeFileSync(join(root, String(name)), String(text));
			dieAt("ran");
			return { text: "ok" };
		},
	}),
});
const session = new Session(new FileLog(path));
session.subscribe(({ type }) => dieAt(type));
const checkpoints = createCheckpoints({ root, folder });
await session.record({ type: "opened", version: 1, chat: "chat-1", system: "Be good." });
const model = new ScriptedModel({ calls: [{ tool, args }] }, { text: "ok" });
await runTurn(
	session,
	"go",
	turnEnv(model, tools, { checkpoints, mode: () => "trusted" }),
	new AbortController().signal,
);
