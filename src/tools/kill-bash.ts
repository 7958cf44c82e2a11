import * as z from "zod/mini";
import { failed, type Tool } from "../agent/tool.ts";
import { jobOutcome, noSuchJob, planForJob } from "./job.ts";
import description from "./kill-bash.md";

const Input = z.strictObject({ id: z.string().check(z.describe("Such as `b1`.")) });

export const killBashTool: Tool<z.infer<typeof Input>> = {
	name: "KillBash",
	description,
	input: Input,
	opaque: true,
	async plan({ id }, { shell: { jobs } }) {
		return planForJob(jobs, id, "End", async () => {
			const read = await jobs.kill(id);
			return read ? jobOutcome(read) : failed(noSuchJob(jobs, id));
		});
	},
};
