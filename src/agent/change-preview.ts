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
	{ name, before, after, from, warning, readable }: Proposal,
	proposals: readonly Proposal[],
	pause: () => Promise<void>,
): Promise<DiffPreview> {
	const source = from === undefined ? undefined : proposals.find((each) => each.name === from && each.after === null);
	const old = before ?? source?.before ?? null;
	// Of the whole proposal: several edits may drop together what none of them drops alone, or bring it back.
	const [was, now] = shown(old?.text ?? null, after?.text ?? "", readable);
	const loss = was !== null && after ? lossOf(was, now) : undefined;
	const texts = compared(was, now);
	await pause();
	const warnings = [loss, warning].filter((each) => each !== undefined);
	return {
		...diffPreview(name, was, now, warnings, texts),
		...(after === null && { deleted: true }),
		...(from !== undefined && { from }),
	};
}

/** The file's own texts where the person changed what the other form leaves out. */
function shown(
	before: string | null,
	after: string,
	readable: Proposal["readable"],
): readonly [before: string | null, after: string] {
	if (!readable || before === null) return [before, after];
	const texts = [readable(before), readable(after)] as const;
	return texts[0] === texts[1] ? [before, after] : texts;
}
