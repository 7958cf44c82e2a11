import type { FileText, Place } from "../agent/ports.ts";
import type { Ctx, Outcome, Plan } from "../agent/tool.ts";
import { failed } from "./locate.ts";
import { diffPreview } from "./preview.ts";

/** A whole file as it would be; `before` is null when there is none yet. */
export interface Change {
	readonly place: Place;
	readonly before: FileText | null;
	/** Text, encoding and byte-order mark to write. */
	readonly after: Pick<FileText, "text" | "encoding" | "bom">;
	readonly warning?: string;
	/** What the model is told once it is written. */
	readonly done: string;
}

/** The plan of every tool that changes one file: shows the change, and writes it only onto the file it was made for. */
export function planChange(ctx: Ctx, change: Change): Plan {
	const { place, before, after } = change;
	const verb = before === null ? "Create" : "Edit";
	return {
		title: `${verb} ${place.name}`,
		effects: before === null ? [{ write: place.name }] : [{ read: place.name }, { write: place.name }],
		preview: diffPreview(place.name, before?.text ?? null, after.text, change.warning),
		proposal: { path: place.path, before: before?.text ?? null, after: after.text },
		run: (signal) => carryOut(ctx, change, signal),
	};
}

async function carryOut(ctx: Ctx, { place, before, after, done }: Change, signal: AbortSignal): Promise<Outcome> {
	if (signal.aborted) return failed(`Stopped before ${place.name} was written.`);
	// The write itself checks that the file is still the one that the change was made for.
	const written = await ctx.files.write(place.path, after, before?.hash ?? null);
	if (written.ok) return { text: done, details: { seen: { [place.name]: written.value } } };
	const { code, message } = written.failure;
	if (code !== "changed" && code !== "missing") return failed(`${place.name} was not written. ${message}`);
	const now = await ctx.files.stat(place.path);
	return failed(stale(place, before, !now.ok && now.failure.code === "missing"));
}

function stale(place: Place, before: FileText | null, gone: boolean): string {
	if (gone) return `${place.name} was deleted while the call waited for approval. Nothing was written.`;
	return before === null
		? `${place.name} was created by somebody else while the call waited for approval. Nothing was written: Read it first.`
		: `${place.name} changed while the call waited for approval. Nothing was written: Read it again.`;
}
