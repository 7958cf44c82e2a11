import * as z from "zod/mini";
import { isHarmless } from "../agent/commands/command-line.ts";
import type { Files, Place, ShellResult } from "../agent/ports.ts";
import { type Ctx, failed, type Outcome, type Tool } from "../agent/tool.ts";
import type { SandboxKind } from "../shared/preview.ts";
import { say } from "../shared/said.ts";
import description from "./bash.md";
import { exitWords, lineOf, resultText } from "./job.ts";
import { judgeLine } from "./judge-line.ts";
import { NO_FOLDER } from "./locate.ts";

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 600;

const Input = z.strictObject({
	command: z.string().check(z.describe("Command line to run.")),
	timeout: z.optional(
		z.int().check(z.minimum(1), z.maximum(MAX_SECONDS), z.describe("Seconds, 120 by default, at most 600.")),
	),
	background: z.optional(z.boolean().check(z.describe("Let it run on in the background."))),
	description: z.optional(z.string().check(z.describe("What it is for, in five to ten words."))),
});
type Input = z.infer<typeof Input>;

/** What it meets then is not what was looked at. */
const LATER = { trouble: say("It goes on in the background, while files may change.") };

export const bashTool: Tool<Input> = {
	name: "Bash",
	description,
	input: Input,
	opaque: true,
	async plan(input, ctx) {
		const { command } = input;
		if (ctx.files.root === undefined) return { refused: NO_FOLDER };
		if (command.trim() === "") return { refused: "`command` is empty: give a command line." };
		if (command.includes("\0")) return { refused: "`command` has a NUL character, which no command line can have." };
		const cwd = (await folderOf(ctx))?.path ?? ctx.files.root;
		const leadsTo = await insideAt(ctx.files, cwd);
		const sandbox = ctx.shell.sandbox?.();
		return {
			// Rather than the model's description: a card must not say what the command does not do.
			title: `${input.background ? "Run in the background:" : "Run"} ${lineOf(command)}`,
			effects: [{ exec: command }],
			preview: {
				kind: "command",
				command,
				cwd,
				...(sandbox && { sandbox }),
				...(input.background && { background: true }),
			},
			command: async (aborted) => (input.background ? LATER : judgeLine(command, ctx, cwd, aborted)),
			async run(aborted, progress, line) {
				// The person was shown how it would run.
				if (ctx.shell.sandbox?.() !== sandbox) return failed(SANDBOX_CHANGED);
				// A link may have taken the place of a folder while they read.
				const now = await insideAt(ctx.files, cwd);
				if (now === undefined || now.path !== leadsTo?.path) return failed(folderChanged(cwd));
				return sandboxed(await run(input, ctx, { cwd, onlyReads: isHarmless(line) }, aborted, progress), sandbox);
			},
		};
	},
};

const SANDBOX_CHANGED =
	"The command was not run: the person changed the setting of the sandbox after it was shown to them. Call Bash again.";

const folderChanged = (cwd: string) =>
	`The command was not run: ${cwd}, where it would have run, leads elsewhere than when it was shown. Call Bash again.`;

const SANDBOXED: Readonly<Record<SandboxKind, string>> = {
	"no network": "[It ran in the sandbox: no network, writes only inside the workspace and not in .git.]",
	network: "[It ran in the sandbox: writes only inside the workspace and not in .git.]",
};

/** A refusal looks like any other error to the command, and so to the model. */
function sandboxed(outcome: Outcome, sandbox: SandboxKind | undefined): Outcome {
	if (sandbox === undefined || outcome.failed !== true) return outcome;
	return { ...outcome, text: `${outcome.text}\n${SANDBOXED[sandbox]}` };
}

/** The folder that the chat's commands begin in, if it is still one inside of the workspace. */
async function folderOf({ files, cwd = HERE }: Ctx): Promise<Place | undefined> {
	const place = cwd === HERE ? undefined : await insideAt(files, cwd);
	const stat = place && (await files.stat(place.path));
	return stat?.ok && stat.value.kind === "directory" ? place : undefined;
}

async function insideAt(files: Files, path: string): Promise<Place | undefined> {
	const placed = await files.place(path);
	return placed.ok && placed.value.inside ? placed.value : undefined;
}

const HERE = ".";

async function run(
	{ command, timeout = DEFAULT_SECONDS, background = false }: Input,
	ctx: Ctx,
	how: { readonly cwd: string; readonly onlyReads: boolean },
	signal: AbortSignal,
	progress: (text: string) => void,
): Promise<Outcome> {
	let isOver = false;
	// A background command goes on to say things: those are BashOutput's.
	const onOutput = (text: string) => {
		if (!isOver) progress(text);
	};
	const result = await ctx.shell.run(command, { ...how, timeoutMs: timeout * 1000, signal, onOutput, background });
	isOver = true;
	const { ended, output, exitCode, log } = result;
	if (ended === "failed-to-start") return failed(`The command could not be started. ${result.error ?? ""}`.trimEnd());
	const moved = await movedTo(ctx, result);
	const status = statusOf(result, timeout, background);
	const text =
		resultText(output, "(no output)", status) + (moved === undefined ? "" : `\n[Now in ${placeWords(moved)}]`);
	const details = {
		...(ended !== "background" && { exitCode }),
		...(moved !== undefined && { cwd: moved }),
		...(log !== undefined && { log }),
	};
	const isWell = ended === "background" || (ended === "exit" && exitCode === 0);
	return { text, details, ...(!isWell && { failed: true as const }) };
}

/** The folder that later commands begin in, where that is another one than before. */
async function movedTo({ files, cwd = HERE }: Ctx, result: ShellResult): Promise<string | undefined> {
	const place = result.cwd === undefined ? undefined : await insideAt(files, result.cwd);
	return place && place.name !== cwd ? place.name : undefined;
}

function placeWords(name: string): string {
	return name === HERE ? "the workspace folder" : `${name}/`;
}

function statusOf({ ended, job, ...exit }: ShellResult, seconds: number, background: boolean): string {
	switch (ended) {
		case "background":
			return background
				? `It runs in the background as ${job}. BashOutput reads on, KillBash ends it.`
				: `It takes longer than ${seconds} s and goes on in the background as ${job}. Wait for it with BashOutput, or end it with KillBash.`;
		case "timeout":
			return `Ended after ${seconds} s, its time limit: too many commands run in the background for it to go on there. End one with KillBash, or set timeout higher.`;
		case "aborted":
			return "Stopped by the person.";
		default:
			return exitWords(exit);
	}
}
