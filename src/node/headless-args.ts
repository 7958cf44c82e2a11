import { parseArgs } from "node:util";
import { readCommandRule } from "../agent/command-rule.ts";
import type { Limits } from "../agent/limits.ts";
import { Mode } from "../shared/event.ts";
import type { Rule } from "../shared/rule.ts";
import { PresetId, Settings } from "../shared/settings.ts";

/** What the headless runner was asked for. */
export interface HeadlessOptions {
	readonly prompt: string;
	readonly json: boolean;
	/** Folder to work on; undefined: that of the chat to resume, else a fresh copy of the demo project. */
	readonly workspace?: string;
	readonly endpoint?: string;
	readonly model?: string;
	readonly profile?: PresetId;
	readonly apiKeyEnv?: string;
	readonly mode: Mode;
	/** Commands that run unasked. */
	readonly allowed: readonly Rule[];
	/** As the setting of the same name. */
	readonly sandbox: Settings["sandbox"];
	readonly yes: boolean;
	readonly limits: Limits;
	readonly resume?: string;
	readonly dryRun: boolean;
	/** Try the endpoint instead of running a task. */
	readonly verify: boolean;
	readonly help: boolean;
}

const DEFAULT_STEPS = 300;
const Sandbox = Settings.shape.sandbox;
const named = PresetId.options.filter((id) => id !== "custom");

export const USAGE = `Usage: npm start -- --headless [options] "prompt"
       npm start -- --verify --endpoint URL [--model ID] [--json]

Runs the agent in the terminal: prints each step, shows diffs, asks y/n before edits and before commands that do more than read.

  --workspace DIR       folder to work on (default: the resumed chat's, else a fresh copy of the demo project)
  --endpoint URL        base URL of an OpenAI-compatible server (default: KIMI_K2_BASE_URL)
  --profile NAME        a preset instead of a URL: ${named.slice(0, 5).join(", ")},
                        ${named.slice(5, 11).join(", ")},
                        ${named.slice(11).join(", ")}
  --model ID            model id (default: KIMI_K2_MODEL, else the server's first fitting one)
  --api-key-env NAME    environment variable that holds the key (default: the preset's own; KIMI_K2_API_KEY goes
                        to the server of KIMI_K2_BASE_URL only)
  --mode MODE           ask | edits | trusted | plan (default: ask)
  --allow-command RULE  run this command unasked (repeatable): "npm test" is it to the letter, "npm test *" every
                        command that begins with these words, with plain words after them
  --sandbox VALUE       off | on | onWithNetwork (default: off): with the others, commands write only in the folder
                        and read no secrets of your home; where that can't be had, none runs
  --yes                 answer yes to every question
  --max-steps N         requests to the model before it stops (default: 300, without --max-calls)
  --max-calls N         tool calls before it stops
  --max-tokens N        tokens before it stops, sent and received; each request sends the whole chat anew
  --max-cost N          US dollars before it stops, where the endpoint tells the cost
  --max-minutes N       minutes of work before it stops, without the time that it waits for an answer of yours
  --resume ID           go on with a chat; without a prompt, with its last task
  --dry-run             plan and decide every call, say why, run none
  --json                print one recorded event a line
  --verify              try whether the endpoint and the model suit an agent, and print a report instead of running a
                        task: about 20 requests; --json prints it as JSON

Exit code: 0 done, 1 failed, 2 bad usage, 3 stopped at a limit or since it repeats itself, 130 interrupted.
With --verify: 0 ready, 1 works with repairs, 2 not suitable, not finished or bad usage, 130 interrupted.`;

/** The options, or a sentence that says what is wrong with them. */
export function readOptions(args: readonly string[]): HeadlessOptions | { readonly wrong: string } {
	try {
		return check(parse(args));
	} catch (error) {
		return { wrong: error instanceof Error ? error.message : String(error) };
	}
}

function parse(args: readonly string[]) {
	const text = { type: "string" } as const;
	const flag = { type: "boolean", default: false } as const;
	return parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			headless: flag,
			json: flag,
			workspace: text,
			endpoint: text,
			model: text,
			profile: text,
			"api-key-env": text,
			mode: { ...text, default: "ask" },
			"allow-command": { ...text, multiple: true, default: [] },
			sandbox: { ...text, default: "off" },
			yes: flag,
			"max-steps": text,
			"max-calls": text,
			"max-tokens": text,
			"max-cost": text,
			"max-minutes": text,
			resume: text,
			"dry-run": flag,
			verify: flag,
			help: flag,
		},
	});
}

function check({ values, positionals }: ReturnType<typeof parse>): HeadlessOptions {
	const prompt = positionals.join(" ").trim();
	const mode = Mode.safeParse(values.mode);
	const profile = values.profile === undefined ? undefined : PresetId.safeParse(values.profile);
	if (!mode.success) throw new Error(`--mode takes one of: ${Mode.options.join(", ")}.`);
	if (profile && !profile.success) throw new Error(`--profile takes one of: ${PresetId.options.join(", ")}.`);
	if (profile && values.endpoint !== undefined) throw new Error("Give --endpoint or --profile, not both.");
	const sandbox = Sandbox.safeParse(values.sandbox);
	if (!sandbox.success) throw new Error("--sandbox takes one of: off, on, onWithNetwork.");
	const needsPrompt = values.resume === undefined && !values.help && !values.verify;
	if (prompt === "" && needsPrompt) throw new Error("The prompt is missing.");
	return {
		prompt,
		json: values.json,
		workspace: values.workspace,
		endpoint: values.endpoint,
		model: values.model,
		profile: profile?.data,
		apiKeyEnv: values["api-key-env"],
		mode: mode.data,
		allowed: values["allow-command"].map(allowedCommand),
		sandbox: sandbox.data,
		yes: values.yes,
		limits: limitsIn(values),
		resume: values.resume,
		dryRun: values["dry-run"],
		verify: values.verify,
		help: values.help,
	};
}

const LIMITS = { steps: "whole", calls: "whole", tokens: "whole", cost: "any", minutes: "any" } as const;

function limitsIn(values: Readonly<Record<string, unknown>>): Limits {
	const given = Object.entries(LIMITS).flatMap(([of, kind]) => {
		const value = values[`max-${of}`];
		return value === undefined ? [] : [[of, limitIn(`--max-${of}`, String(value), kind === "whole")] as const];
	});
	const limits: Limits = Object.fromEntries(given);
	return limits.calls === undefined ? { steps: DEFAULT_STEPS, ...limits } : limits;
}

function limitIn(flag: string, written: string, isWhole: boolean): number {
	const value = written.trim() === "" ? Number.NaN : Number(written);
	const fits = isWhole ? Number.isInteger(value) && value >= 1 : Number.isFinite(value) && value > 0;
	if (fits) return value;
	throw new Error(`${flag} takes a ${isWhole ? "whole number from 1" : "number above 0"}.`);
}

function allowedCommand(written: string): Rule {
	const read = readCommandRule(written);
	if ("trouble" in read) throw new Error(`--allow-command ${written}: ${read.trouble}`);
	return read.rule;
}
