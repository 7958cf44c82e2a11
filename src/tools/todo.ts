import * as z from "zod/mini";
import type { Tool } from "../agent/tool.ts";
import { MAX_STEPS, summaryOf } from "./steps.ts";
import description from "./todo.md";

const Item = z.strictObject({
	title: z.string(),
	status: z.enum(["pending", "in_progress", "done"]),
});
const Input = z.strictObject({
	items: z.array(Item).check(z.describe("The whole list, in order; it replaces the one before.")),
});

export const todoTool: Tool<z.infer<typeof Input>> = {
	name: "Todo",
	description,
	input: Input,
	async plan({ items }) {
		if (items.length > MAX_STEPS) return { refused: `The list has ${items.length} items; give at most ${MAX_STEPS}.` };
		const blank = items.findIndex((item) => item.title.trim() === "");
		if (blank >= 0) return { refused: `\`items[${blank}].title\` is empty: say what the step is.` };
		const summary = summaryOf(items);
		return {
			title: `Plan: ${summary}`,
			effects: [],
			run: async () => ({ text: `The list is saved: ${summary}.`, details: { todo: [...items] } }),
		};
	},
};
