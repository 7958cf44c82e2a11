import type { DiffPreview, Preview } from "../shared/event.ts";
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
	return {
		...diffPreview(name, old?.text ?? null, after?.text ?? "", warning),
		...(after === null && { deleted: true }),
		...(from !== undefined && { from }),
	};
}
