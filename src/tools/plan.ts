import * as z from "zod/mini";
import { count } from "../agent/lines.ts";
import { personsDiff } from "../agent/person-edits.ts";
import type { Plan, Tool } from "../agent/tool.ts";
import type { TodoItem } from "../shared/event.ts";
import description from "./plan.md";
import { MAX_STEPS, step, stepsOf } from "./steps.ts";

const Input = z.strictObject({
	plan: z.string().check(z.describe("The plan in Markdown, its steps as a numbered list.")),
	steps: z.optional(z.array(z.string()).check(z.describe("Short names of the steps, where the plan's are long."))),
});

const NAME = "Plan";

export const planTool: Tool<z.infer<typeof Input>> = {
	name: NAME,
	description,
	input: Input,
	async plan({ plan, steps = [] }) {
		if (plan.trim() === "") return { refused: "`plan` is empty: say what you would do." };
		if (steps.length > MAX_STEPS) return { refused: `\`steps\` has ${steps.length} items; give at most ${MAX_STEPS}.` };
		const named = steps.filter((title) => title.trim() !== "").map((title) => step(title));
		const proposed = planOf(plan, named.length > 0 ? named : stepsOf(plan), "");
		const amend: Plan["amend"] = async ({ texts }) => {
			const text = Object.hasOwn(texts, NAME) ? texts[NAME] : undefined;
			if (text === undefined || text === plan) return whole;
			const own = stepsOf(text);
			const diff = personsDiff(plan, text);
			const cut = diff.whole ? "" : "\nThe diff is cut; where it matters, ask.";
			const told = ` The person changed it first. From your plan (-) to theirs (+), which counts:\n${diff.text}${cut}`;
			return planOf(text, own.length > 0 ? own : named, told);
		};
		const whole: Plan = { ...proposed, amend };
		return whole;
	},
};

function planOf(text: string, todo: readonly TodoItem[], changed: string): Plan {
	const preview = { kind: "plan", text } as const;
	const list = todo.length === 0 ? "" : ` Todo holds its ${count(todo.length, "step")}: keep that list up to date.`;
	return {
		title: todo.length === 0 ? "Plan" : `Plan: ${count(todo.length, "step")}`,
		effects: [{ plan: true }],
		preview,
		document: { name: NAME, text },
		// Not that it was accepted: only in plan mode somebody was asked.
		run: async () => ({
			text: `Go ahead: carry the plan out now.${list}${changed}`,
			...(changed !== "" && { show: preview }),
			...(todo.length > 0 && { details: { todo: [...todo] } }),
		}),
	};
}
