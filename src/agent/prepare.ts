import type { Mode } from "../shared/event.ts";
import type { Call, Chat } from "../shared/reduce.ts";
import type { Grant, Rule } from "../shared/rule.ts";
import type { CommandLine } from "./commands/command-line.ts";
import { offersFor } from "./offers.ts";
import { type PlannedCall, type PolicyState, type Ruling, rule } from "./policy.ts";
import { type Ctx, failed, isRefusal, type Plan, type Refusal, type Toolbox } from "./tool.ts";

/** What it takes to say what a call would do, and whether it may. */
export interface PrepareEnv {
	readonly toolbox: Toolbox;
	readonly ctx: Omit<Ctx, "seen" | "todo" | "cwd" | "folders">;
	/** Read anew for each call: the person may switch in the middle of a turn. */
	readonly mode: () => Mode;
	/** What the person allowed beyond this chat. Read anew for each call. */
	readonly grants: () => readonly Grant[];
}

export interface Prepared {
	readonly plan: Plan;
	readonly ruling: Ruling;
	/** What the person may allow beyond this call; of `plan`, which may be that of several calls by now. */
	offers(plan: Plan): readonly Rule[];
}

/** Plans and rules, and touches nothing. `change`: what the tool finds instead of what is there. */
export async function prepare(
	{ seen, todo, cwd, rules }: Chat,
	call: Call,
	env: PrepareEnv,
	signal: AbortSignal,
	change: (ctx: Ctx) => Ctx = (ctx) => ctx,
): Promise<Prepared | Refusal> {
	const taken = env.toolbox.take(call.tool, call.args);
	if ("refused" in taken) return taken;
	const grants = () => [...rules.map((own): Grant => ({ rule: own, scope: "chat" })), ...env.grants()];
	const folders = grants().flatMap(({ rule: each }) => ("folder" in each ? [each.folder] : []));
	// For the plan alone: one that is taken back is closed for the next.
	const opened = folders.map((folder) => env.ctx.files.grant(folder));
	const plan = await taken.tool
		.plan(taken.input, change({ ...env.ctx, seen, todo, folders, ...(cwd !== undefined && { cwd }) }), signal)
		.catch((error: unknown): Refusal => ({ refused: `The tool could not plan this call: ${words(error)}` }))
		.finally(() => {
			for (const close of opened) close();
		});
	if (isRefusal(plan)) return plan;
	const plain = ({ effects, questions }: Plan): PlannedCall => ({
		tool: call.tool,
		effects,
		...(cwd !== undefined && { cwd }),
		...(call.recovered && { recovered: true }),
		...(questions && { asks: true }),
	});
	const state = (): PolicyState => ({ mode: env.mode(), grants: grants() });
	const first = rule(plain(plan), state());
	// Only a call that would ask else is looked at more closely: that takes processes, and time.
	const command = first.verdict === "ask" ? await plan.command?.(signal) : undefined;
	const { home } = env.ctx.files;
	if (!command) return { plan, ruling: first, offers: (of) => offersFor(plain(of), state(), home) };
	const ruled = (line: CommandLine) => rule({ ...plain(plan), command: line }, state());
	const ruling = ruled(command);
	const offers = (of: Plan) => offersFor({ ...plain(of), command }, state(), home);
	return { plan: ruling.verdict === "allow" ? lookedAtAgain(plan, ruled) : plan, ruling, offers };
}

/**
 * The plan of a command that runs unasked because of what was found when it was looked at. Other commands run meanwhile,
 * and it waits for checkpoints: it is looked at once more when it begins.
 */
function lookedAtAgain(plan: Plan, ruled: (line: CommandLine) => Ruling): Plan {
	return {
		...plan,
		async run(signal, progress) {
			const line = await plan.command?.(signal);
			if (!line || signal.aborted) return failed("Stopped before it ran.");
			const { verdict, reason } = ruled(line);
			return verdict === "allow" ? plan.run(signal, progress, line) : failed(changed(reason));
		},
	};
}

const changed = (reason: string) =>
	`The command was not run: when it was about to begin, it was not any more what had been found before. ${reason} If it is still needed, make this call again.`;

export function runsAsRead(prepared: Prepared | Refusal): boolean {
	if ("refused" in prepared) return false;
	const { effects } = prepared.plan;
	return prepared.ruling.verdict === "allow" && effects.length > 0 && effects.every((effect) => "read" in effect);
}

/** Of what a tool threw: a defect, told to the model rather than ending the turn. */
export function words(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
