import * as z from "zod/mini";

/** What a task goes on doing without getting anywhere. */
export const Repetition = z.object({
	/** `same`: one call; `cycle`: several, one after the other; `failing`: one thing that is tried and fails. */
	kind: z.enum(["same", "cycle", "failing"]),
	/** Titles of the calls that make one round, in order. */
	calls: z.array(z.string()),
	/** How often that was done, or tried. */
	times: z.number(),
});
export type Repetition = z.infer<typeof Repetition>;

/**
 * A call that was not run, or failed once too often, since it repeats what brought nothing new. `step`: its tool is held
 * back for the rest of the answer; `person`: the turn ends, and the person is asked.
 */
export const Held = z.object({ until: z.enum(["step", "person"]), what: Repetition });
export type Held = z.infer<typeof Held>;
