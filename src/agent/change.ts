import type { FileContent, Files, FileText, Place } from "./ports.ts";
import { diffPreview } from "./preview.ts";
import { failed, type Outcome, type Plan, type Proposal } from "./tool.ts";

/** A whole file as it would be; `before` is null when there is none yet. */
export interface Change {
	readonly place: Place;
	readonly before: FileText | null;
	readonly after: FileContent;
	readonly warning?: string;
	/** What the model is told once it is written. */
	readonly done: string;
}

/** The plan of every tool that changes one file: shows the change, and writes it only onto the file it was made for. */
export function planChange(files: Files, { place, before, after, warning, done }: Change): Plan {
	const { path, name } = place;
	const proposal: Proposal = { path, name, before, after, done, ...(warning !== undefined && { warning }) };
	const verb = before === null ? "Create" : "Edit";
	return {
		title: `${verb} ${name}`,
		effects: before === null ? [{ write: name }] : [{ read: name }, { write: name }],
		preview: diffPreview(name, before?.text ?? null, after.text, warning),
		proposals: [proposal],
		run: (signal) => carryOut(files, { place, before, after, done }, signal),
	};
}

async function carryOut(files: Files, { place, before, after, done }: Change, signal: AbortSignal): Promise<Outcome> {
	if (signal.aborted) return failed(`Stopped before ${place.name} was written.`);
	// The write itself checks that the file is still the one that the change was made for.
	const written = await files.write(place.path, after, before?.hash ?? null);
	if (written.ok) return { text: done, details: { seen: { [place.name]: written.value } } };
	const { code, message } = written.failure;
	if (code !== "changed" && code !== "missing") return failed(`${place.name} was not written. ${message}`);
	const now = await files.stat(place.path);
	return failed(stale(place, before, !now.ok && now.failure.code === "missing"));
}

function stale(place: Place, before: FileText | null, gone: boolean): string {
	if (gone) return `${place.name} was deleted while the call waited for approval. Nothing was written.`;
	return before === null
		? `${place.name} was created by somebody else while the call waited for approval. Nothing was written: Read it first.`
		: `${place.name} changed while the call waited for approval. Nothing was written: Read it again.`;
}
