import * as z from "zod/mini";
import type { ShellResult } from "../agent/ports.ts";
import { type Ctx, failed, type Outcome, type Tool } from "../agent/tool.ts";
import type { SandboxKind } from "../shared/event.ts";
import description from "./bash.md";
import { NO_FOLDER } from "./locate.ts";

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 600;

const Input = z.strictObject({
	command: z.string().check(z.describe("Command line to run.")),
	timeout: z.optional(
		z.int().check(z.minimum(1), z.maximum(MAX_SECONDS), z.describe("Seconds, 120 by default, at most 600.")),
	),
	description: z.optional(z.string().check(z.describe("What it is for, in five to ten words."))),
});
type Input = z.infer<typeof Input>;

export const bashTool: Tool<Input> = {
	name: "Bash",
	description,
	input: Input,
	opaque: true,
	async plan(input, ctx) {
		const { command } = input;
		const cwd = ctx.files.root;
		if (cwd === undefined) return { refused: NO_FOLDER };
		if (command.trim() === "") return { refused: "`command` is empty: give a command line." };
		if (command.includes("\0")) return { refused: "`command` has a NUL character, which no command line can have." };
		const sandbox = ctx.shell.sandbox?.();
		return {
			title: titleOf(input),
			effects: [{ exec: command }],
			preview: { kind: "command", command, cwd, ...(sandbox && { sandbox }) },
			async run(signal, progress) {
				// The person was shown how it would run.
				if (ctx.shell.sandbox?.() !== sandbox) return failed(SANDBOX_CHANGED);
				return sandboxed(await run(input, ctx, cwd, signal, progress), sandbox);
			},
		};
	},
};

const SANDBOX_CHANGED =
	"The command was not run: the person changed the setting of the sandbox after it was shown to them. Call Bash again.";

const SANDBOXED: Readonly<Record<SandboxKind, string>> = {
	"no network": "[It ran in the sandbox: no network, writes only inside the workspace and not in .git.]",
	network: "[It ran in the sandbox: writes only inside the workspace and not in .git.]",
};

/** A refusal looks like any other error to the command, and so to the model. */
function sandboxed(outcome: Outcome, sandbox: SandboxKind | undefined): Outcome {
	if (sandbox === undefined || outcome.failed !== true) return outcome;
	return { ...outcome, text: `${outcome.text}\n${SANDBOXED[sandbox]}` };
}

const MAX_TITLE = 80;

/** The command's first line rather than the model's description: a card must not say what the command does not do. */
function titleOf({ command }: Input): string {
	const [first = "", ...rest] = command.trim().split("\n");
	const line = first.length > MAX_TITLE ? first.slice(0, MAX_TITLE - 1).toWellFormed() : first;
	return `Run ${line}${rest.length > 0 || first.length > MAX_TITLE ? "…" : ""}`;
}

async function run(
	{ command, timeout = DEFAULT_SECONDS }: Input,
	ctx: Ctx,
	cwd: string,
	signal: AbortSignal,
	onOutput: (text: string) => void,
): Promise<Outcome> {
	const result = await ctx.shell.run(command, { cwd, timeoutMs: timeout * 1000, signal, onOutput });
	if (result.ended === "failed-to-start")
		return failed(`The command could not be started. ${result.error ?? ""}`.trimEnd());
	const output = result.output.trimEnd();
	const text = `${output === "" ? "(no output)" : output}\n\n${statusOf(result, timeout)}`;
	const details = { exitCode: result.exitCode };
	return result.ended === "exit" && result.exitCode === 0 ? { text, details } : { text, details, failed: true };
}

function statusOf(result: ShellResult, seconds: number): string {
	switch (result.ended) {
		case "timeout":
			return `[Ended after ${seconds} s, its time limit. Set timeout higher, or run less at once.]`;
		case "aborted":
			return "[Stopped by the person.]";
		default:
			return result.exitCode === null ? "[Ended by a signal.]" : `[Exit code ${result.exitCode}]`;
	}
}
