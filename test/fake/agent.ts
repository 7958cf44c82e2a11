import type { CallEnv } from "../../src/agent/calls.ts";
import type { TurnEnv } from "../../src/agent/loop.ts";
import type { Log, Model, Result } from "../../src/agent/ports.ts";
import { Session } from "../../src/agent/session.ts";
import type { Outcome, Plan, Refusal, Toolbox } from "../../src/agent/tool.ts";
import type { Effect, Recorded } from "../../src/shared/event.ts";

/** A log in memory that can be told to fail. */
export class MemoryLog implements Log {
	readonly events: Recorded[] = [];
	broken = false;
	append(event: Recorded): Promise<Result<void>> {
		if (this.broken) return Promise.resolve({ ok: false, failure: { code: "storage", message: "Disk full." } });
		this.events.push(structuredClone(event));
		return Promise.resolve({ ok: true, value: undefined });
	}
}

interface Step {
	effects?: Effect[];
	refuse?: string;
	/** Absent: the call to the letter. */
	title?: string;
	run?: (signal: AbortSignal, progress: (text: string) => void) => Promise<Outcome> | Outcome;
}

/** Tools by name; their plan depends on the arguments. Keeps the order in which calls ran. */
export class TestTools {
	readonly ran: string[] = [];
	readonly toolbox: Toolbox;

	constructor(tools: Record<string, (input: Record<string, unknown>) => Step>) {
		this.toolbox = {
			specs: Object.keys(tools)
				.sort()
				.map((name) => ({
					name,
					description: `The tool ${name}.`,
					parameters: { type: "object", properties: {} },
					...(name.startsWith("Bash") && { opaque: true }),
				})),
			take: (name, args) => {
				const make = tools[name];
				if (!make) return { refused: `There is no tool ${name}.` };
				let input: Record<string, unknown>;
				try {
					input = JSON.parse(args);
				} catch {
					return { refused: "The arguments are no JSON." };
				}
				const step = make(input);
				const label = `${name} ${args}`;
				const plan = (): Promise<Plan | Refusal> =>
					Promise.resolve(step.refuse === undefined ? this.#plan(label, step) : refusal(step.refuse, step.title));
				return { tool: { name, description: "", input: undefined as never, plan }, input: undefined as never };
			},
		};
	}

	#plan(title: string, step: Step): Plan {
		return {
			title: step.title ?? title,
			effects: step.effects ?? [],
			run: async (signal, progress) => {
				this.ran.push(title);
				return (await step.run?.(signal, progress)) ?? { text: `ran ${title}` };
			},
		};
	}
}

function refusal(refused: string, title: string | undefined): Refusal {
	return { refused, ...(title !== undefined && { title }) };
}

export function turnEnv(model: Model, tools: TestTools, more: Partial<TurnEnv> = {}): TurnEnv {
	const ctx = { files: {}, shell: { jobs: { list: () => [] } } } as unknown as CallEnv["ctx"];
	return {
		model,
		toolbox: tools.toolbox,
		ctx,
		mode: () => "ask",
		grants: () => [],
		limits: { steps: 20 },
		pause: () => Promise.resolve(),
		approve: () => Promise.resolve({ verdict: "allow" }),
		...more,
	};
}

export async function newSession(): Promise<{ session: Session; log: MemoryLog }> {
	const log = new MemoryLog();
	let clock = 0;
	const session = new Session(log, [], () => ++clock);
	await session.record({ type: "opened", version: 1, chat: "chat-1", system: "Be good." });
	return { session, log };
}
