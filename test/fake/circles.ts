import { runTurn } from "../../src/agent/loop.ts";
import type { Effect } from "../../src/shared/event.ts";
import type { Call } from "../../src/shared/reduce.ts";
import { newSession, TestTools, turnEnv } from "./agent.ts";
import { type Answer, ScriptedModel } from "./model.ts";

/** A call of a script. */
export type Said = readonly [tool: string, input: Record<string, unknown>];

type Outcome = { text: string; failed?: true; details?: { goesOn?: true } };

/** A small world: files with versions, a command that sees them all, jobs. What it says depends on what was done. */
function world() {
	const versions: Record<string, number> = {};
	let polls = 0;
	const of = (path: string) => versions[path] ?? 0;
	const sum = () => Object.entries(versions).sort().join(";");
	const say = (text: string, effects: Effect[]) => ({ effects, run: (): Outcome => ({ text }) });
	const path = (input: Record<string, unknown>) => String(input["path"]);
	return new TestTools({
		Read: (input) => say(`${path(input)} v${of(path(input))} from ${input["offset"] ?? 1}`, [{ read: path(input) }]),
		Grep: (input) => say(`${input["pattern"]} in ${sum()}`, [{ read: "." }]),
		Edit: (input) => {
			const effects = [{ write: path(input) }];
			if (input["old"] === "missing")
				return { refuse: `old_string was not found. ${input["try"]}`, title: `Edit ${path(input)}` };
			return {
				effects,
				title: `Edit ${path(input)}`,
				run: () => {
					versions[path(input)] = of(path(input)) + 1;
					return { text: `Edited ${path(input)}` };
				},
			};
		},
		Bash: (input) => ({
			effects: [{ exec: String(input["command"]) }],
			run: (): Outcome => {
				const takes = `took ${polls++} ms`;
				if (input["command"] === "test") return { text: `state ${sum()}, ${takes}`, failed: true };
				return { text: input["command"] === "fails" ? `always the same, ${takes}` : `ok, ${takes}`, failed: true };
			},
		}),
		BashOutput: (input) => ({
			run: (): Outcome =>
				input["id"] === "running"
					? { text: "(no new output)\n\n[b1 still runs.]", details: { goesOn: true } }
					: { text: "(no new output)\n\n[b1 has ended. Exit code 0]" },
		}),
		Todo: () => ({ run: (): Outcome => ({ text: "The list is saved." }) }),
	});
}

/** What became of a call, in a word. */
function fate({ text = "", details }: Call): string {
	if (text.startsWith("Not run:")) return text.includes("person was asked") ? "asked" : "held";
	if (details?.held) return "asked";
	return details?.said === undefined ? "ran" : "told";
}

/** Plays answers, each a list of calls, in the small world; the model is done after them. */
export async function play(answers: readonly (readonly Said[])[], more: { readonly text?: string } = {}) {
	const tools = world();
	const script = answers.map((calls): Answer => ({ ...more, calls: calls.map(([tool, args]) => ({ tool, args })) }));
	const model = new ScriptedModel(...script);
	const { session } = await newSession();
	const env = turnEnv(model, tools, { limits: {} });
	const end = await runTurn(session, "Go", env, new AbortController().signal);
	const calls = session.chat.turns.flatMap((turn) => turn.steps.flatMap((step) => step.calls));
	return { end: end.reason, fates: calls.map(fate), calls, session, model, env, tools };
}
