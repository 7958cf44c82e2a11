import type { DiffPreview, Preview } from "../shared/preview.ts";
import { lossOf } from "./loss.ts";
import { compared, diffPreview } from "./preview.ts";
import { inStretches } from "./stretch.ts";
import type { Proposal } from "./tool.ts";

/** What the person is shown of proposals; the two halves of a rename are one file. */
export async function previewOf(proposals: readonly Proposal[]): Promise<Preview> {
	const pause = inStretches();
	const files: DiffPreview[] = [];
	for (const proposal of proposals.filter((each) => !renameOf(each, proposals))) {
		files.push(await previewOne(proposal, proposals, pause));
		await pause();
	}
	const [only] = files;
	return only && files.length === 1 ? only : { kind: "files", files };
}

/** The proposal of the new name, for that of the old one. */
function renameOf({ name, after }: Proposal, proposals: readonly Proposal[]): Proposal | undefined {
	return after === null ? proposals.find(({ from }) => from === name) : undefined;
}

async function previewOne(
	{ name, before, after, from, warning }: Proposal,
	proposals: readonly Proposal[],
	pause: () => Promise<void>,
): Promise<DiffPreview> {
	const source = from === undefined ? undefined : proposals.find((each) => each.name === from && each.after === null);
	const old = before ?? source?.before ?? null;
	// Of the whole proposal: several edits may drop together what none of them drops alone, or bring it back.
	const loss = old && after ? lossOf(old.text, after.text) : undefined;
	const texts = compared(old?.text ?? null, after?.text ?? "");
	await pause();
	const warnings = [loss, warning].filter((each) => each !== undefined);
	return {
		...diffPreview(name, old?.text ?? null, after?.text ?? "", warnings, texts),
		...(after === null && { deleted: true }),
		...(from !== undefined && { from }),
	};
}
