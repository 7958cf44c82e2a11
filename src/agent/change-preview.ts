import type { DiffPreview, Preview } from "../shared/event.ts";
import { lossOf } from "./loss.ts";
import { diffPreview } from "./preview.ts";
import type { Proposal } from "./tool.ts";

/** What the person is shown of proposals; the two halves of a rename are one file. */
export function previewOf(proposals: readonly Proposal[]): Preview {
	const files = proposals
		.filter((proposal) => !renameOf(proposal, proposals))
		.map((each) => previewOne(each, proposals));
	const [only] = files;
	return only && files.length === 1 ? only : { kind: "files", files };
}

/** The proposal of the new name, for that of the old one. */
function renameOf({ name, after }: Proposal, proposals: readonly Proposal[]): Proposal | undefined {
	return after === null ? proposals.find(({ from }) => from === name) : undefined;
}

function previewOne({ name, before, after, from, warning }: Proposal, proposals: readonly Proposal[]): DiffPreview {
	const source = from === undefined ? undefined : proposals.find((each) => each.name === from && each.after === null);
	const old = before ?? source?.before ?? null;
	// Of the whole proposal: several edits may drop together what none of them drops alone, or bring it back.
	const loss = old && after ? lossOf(old.text, after.text) : undefined;
	const warnings = [loss, warning].filter((each) => each !== undefined);
	return {
		...diffPreview(name, old?.text ?? null, after?.text ?? "", warnings),
		...(after === null && { deleted: true }),
		...(from !== undefined && { from }),
	};
}
