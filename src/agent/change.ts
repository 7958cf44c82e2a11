import { applyProposals } from "./apply.ts";
import { previewOf } from "./change-preview.ts";
import { type Edited, edited, told } from "./person-edits.ts";
import type { FileContent, Files, FileText, Place } from "./ports.ts";
import { failed, type Outcome, type Plan, type Proposal } from "./tool.ts";

/** A whole file as it would be; `before` is null when there is none yet. */
export interface Change {
	readonly place: Place;
	readonly before: FileText | null;
	readonly after: FileContent;
	readonly unread?: true;
	readonly warning?: string;
	/** What the model is told once it is written. */
	readonly done: string;
}

/** The plan of a tool that changes one file: shows the change, and writes it only onto the file it was made for. */
export function planChange(files: Files, { place, ...change }: Change): Promise<Plan> {
	const { path, name } = place;
	return planProposals(files, [{ path, name, ...change }]);
}

/** The plan of every tool that changes files: all of them or none, and as the person edited them. */
export async function planProposals(
	files: Files,
	proposals: readonly Proposal[],
	title = titleOf(proposals),
): Promise<Plan> {
	const plan: Plan = {
		title,
		effects: proposals.flatMap(({ name, before }) =>
			before === null ? [{ write: name }] : [{ read: name }, { write: name }],
		),
		preview: await previewOf(proposals),
		proposals,
		amend: async (edits) => {
			const changed = edited(proposals, edits);
			return changed ? amended(files, plan, changed) : plan;
		},
		run: async (signal) => {
			const applied = await applyProposals(files, proposals, signal);
			if (!applied.ok) return failed(applied.failure);
			const { seen, done } = applied.value;
			return { text: done.join("\n"), details: { seen } };
		},
	};
	return plan;
}

/** The plan that carries out what the person left of a proposal, and tells the model what they changed. */
async function amended(files: Files, { title }: Plan, changed: readonly Edited[]): Promise<Plan> {
	const proposals = changed.flatMap(({ written }) => written ?? []);
	if (proposals.length === 0) return { title, effects: [], run: async () => failed(REJECTED) };
	const { amend: _once, ...plan } = await planProposals(files, proposals, title);
	const run = async (signal: AbortSignal, progress: (text: string) => void): Promise<Outcome> => {
		const outcome = await plan.run(signal, progress);
		if (outcome.failed) return outcome;
		const { text, unknown } = told(changed);
		const seen = Object.entries(outcome.details?.seen ?? {}).filter(([name]) => !unknown.includes(name));
		return { text, details: { seen: Object.fromEntries(seen) }, ...(plan.preview && { show: plan.preview }) };
	};
	return { ...plan, run };
}

const REJECTED = "The person rejected all of this change. Nothing was written; ask if you need a reason.";

function titleOf(proposals: readonly Proposal[]): string {
	const [first, ...rest] = proposals.filter(({ name }) => !proposals.some(({ from }) => from === name));
	if (!first || rest.length > 0) return `Change ${rest.length + 1} files`;
	const { name, before, after, from } = first;
	if (from !== undefined) return `Rename ${from} to ${name}`;
	return `${after === null ? "Delete" : before === null ? "Create" : "Edit"} ${name}`;
}
