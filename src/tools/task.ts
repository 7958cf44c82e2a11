import * as z from "zod/mini";
import type { Explored } from "../agent/explorer.ts";
import { count } from "../agent/lines.ts";
import type { Outcome, Tool } from "../agent/tool.ts";
import description from "./task.md";

/** Calls that a card lists: the last ones. */
const MAX_CALLS = 200;

const Input = z.strictObject({
	title: z.string().check(z.describe("What to find out, in three to six words.")),
	prompt: z.string().check(z.describe("The whole question.")),
});
type Input = z.infer<typeof Input>;

export const taskTool: Tool<Input> = {
	name: "Task",
	description,
	input: Input,
	plan({ title, prompt }, { explore }) {
		if (!explore) return Promise.resolve({ refused: "No explorer can be sent from here: find it out yourself." });
		if (prompt.trim() === "") return Promise.resolve({ refused: "`prompt` is empty: say what to find out." });
		return Promise.resolve({
			title: `Explore ${title.trim()}`,
			effects: [{ read: "." }],
			preview: { kind: "task", prompt, calls: [] },
			run: async (signal, progress) => outcome(prompt, await explore(prompt, signal, (call) => progress(`${call}\n`))),
		});
	},
};

function outcome(prompt: string, { report, failure, calls, usage }: Explored): Outcome {
	const rest = {
		show: { kind: "task" as const, prompt, calls: calls.slice(-MAX_CALLS), ...(report !== undefined && { report }) },
		...(usage && { details: { usage } }),
	};
	const made = `It made ${count(calls.length, "call")}.`;
	if (failure) {
		const said = report === undefined ? "" : ` Its last words:\n\n${report}`;
		return { ...rest, failed: true, text: `The explorer was cut off: ${failure.message} ${made}${said}` };
	}
	if (report === undefined) return { ...rest, failed: true, text: `The explorer ended without a report. ${made}` };
	return {
		...rest,
		text: `${report}\n\n[The explorer's report. ${made} Read for yourself what you are about to change.]`,
	};
}
