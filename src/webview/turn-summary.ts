import type { Turn } from "../shared/reduce.ts";

interface Summary {
	readonly ms: number;
	readonly steps: number;
	/** Files that edits changed, and the lines they added and removed. What commands changed is not known here. */
	readonly files: number;
	readonly added: number;
	readonly removed: number;
	/** The text of the last step: what a person would copy. */
	readonly answer: string;
}

export function turnSummary(turn: Turn): Summary {
	const edits = turn.steps.flatMap((step) =>
		step.calls.flatMap((call) => {
			const shown = call.show ?? call.preview;
			return call.state === "done" && shown?.kind === "diff" ? [shown] : [];
		}),
	);
	const last = turn.steps.at(-1);
	return {
		ms: (turn.endedAt ?? turn.at) - turn.at,
		steps: turn.steps.length,
		files: new Set(edits.map((edit) => edit.path)).size,
		added: edits.reduce((sum, edit) => sum + edit.added, 0),
		removed: edits.reduce((sum, edit) => sum + edit.removed, 0),
		answer: (last?.parts ?? []).flatMap((part) => (part.kind === "text" ? [part.text.trim()] : [])).join("\n\n"),
	};
}
