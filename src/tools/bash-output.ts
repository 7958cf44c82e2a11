import * as z from "zod/mini";
import { failed, type Tool } from "../agent/tool.ts";
import description from "./bash-output.md";
import { jobOutcome, noSuchJob, planForJob } from "./job.ts";

const MAX_SECONDS = 300;

const Input = z.strictObject({
	id: z.string().check(z.describe("Such as `b1`.")),
	wait: z.optional(
		z
			.int()
			.check(z.minimum(0), z.maximum(MAX_SECONDS), z.describe("Seconds to wait for output or the end, at most 300.")),
	),
});

export const bashOutputTool: Tool<z.infer<typeof Input>> = {
	name: "BashOutput",
	description,
	input: Input,
	opaque: true,
	async plan({ id, wait = 0 }, { shell: { jobs } }) {
		return planForJob(jobs, id, "Read the output of", async (_job, signal) => {
			const read = await jobs.read(id, { waitMs: wait * 1000, signal });
			return read ? jobOutcome(read) : failed(noSuchJob(jobs, id));
		});
	},
};
