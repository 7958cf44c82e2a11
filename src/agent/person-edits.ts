import { normalise } from "./eol.ts";
import { cutLine } from "./lines.ts";
import { isSecret } from "./policy.ts";
import { diffPreview } from "./preview.ts";
import type { Edits, Proposal } from "./tool.ts";

/** What the person made of one proposal. */
export interface Edited {
	readonly proposal: Proposal;
	/** Null: they rejected it. */
	readonly written: Proposal | null;
}

/** What is left of proposals after the person's edits; undefined when that is all, as proposed. */
export function edited(proposals: readonly Proposal[], { texts, refused }: Edits): readonly Edited[] | undefined {
	const own = proposals.map((proposal): Edited => {
		const { name, after } = proposal;
		const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
		if (refused.includes(name)) return { proposal, written: null };
		if (text === undefined || after === null || text === after.text) return { proposal, written: proposal };
		const written = { ...proposal, after: { ...after, text } };
		return { proposal, written: changesNothing(written) ? null : written };
	});
	const gone = own.flatMap(({ proposal, written }) => (written ? [] : [proposal.name, proposal.from ?? proposal.name]));
	// Of a rename both halves go, whichever was refused.
	const all = own.map(({ proposal, written }) => {
		const { name, from = name } = proposal;
		return { proposal, written: gone.includes(name) || gone.includes(from) ? null : written };
	});
	return all.every(({ proposal, written }) => written === proposal) ? undefined : all;
}

/** All hunks were rejected: nothing is left of it. */
function changesNothing({ before, after, from }: Proposal): boolean {
	if (before === null) return after?.text === "" && from === undefined;
	return after?.text === before.text && after.encoding === before.encoding && after.bom === before.bom;
}

/** What the model is told, and the names of files whose text it does not know from that. */
export function told(all: readonly Edited[]): { readonly text: string; readonly unknown: readonly string[] } {
	const unknown: string[] = [];
	const parts = all.map(({ proposal, written }) => {
		const { name, after, done } = proposal;
		if (written === proposal) return done;
		if (!written) return `${name}: the person rejected this change; nothing of it was done.`;
		if (isSecret(name) || isSecret(proposal.from ?? name)) {
			unknown.push(name);
			// What they typed into it leaves the machine only after they were asked.
			return `${name} is written, but the person changed your proposal first. It may hold secrets: read it before you change it again.`;
		}
		const diff = personsDiff(after?.text ?? "", written.after?.text ?? "");
		if (!diff.whole) unknown.push(name);
		const more = diff.whole ? "" : `\nThe diff is cut: read ${name} before you change it again.`;
		return `${name} is written, but the person changed your proposal first. From your proposal (-) to what the file is now (+):\n${diff.text}${more}`;
	});
	return { text: parts.join("\n"), unknown };
}

/** Lines of such a diff that the model is told, and characters of one line. */
const MAX_LINES = 60;
const MAX_LINE = 500;

/** What a person changed in a text of the model's, small enough to be told. */
export function personsDiff(from: string, to: string): { readonly text: string; readonly whole: boolean } {
	if (normalise(from) === normalise(to)) return { text: "(Only line ends differ.)", whole: true };
	const { diff, warning } = diffPreview("", from, to);
	if (diff === "") return { text: "(The lines that differ are too long to be told here.)", whole: false };
	const all = diff.split("\n");
	const lines = all.slice(0, MAX_LINES).map((line) => cutLine(line, MAX_LINE));
	const isWhole = warning === undefined && all.every((line) => line.length <= MAX_LINE);
	if (all.length <= MAX_LINES) return { text: lines.join("\n"), whole: isWhole };
	return { text: [...lines, `… [${all.length - MAX_LINES} more lines]`].join("\n"), whole: false };
}
