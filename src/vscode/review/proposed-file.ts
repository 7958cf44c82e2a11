import * as vscode from "vscode";
import { replaceLines } from "../../agent/hunks.ts";
import type { Proposal } from "../../agent/tool.ts";
import { editorUri } from "../files.ts";
import { withPlainEnds } from "../plain.ts";
import { asText } from "./as-text.ts";
import type { Draft } from "./drafts.ts";
import { shortHash } from "./drafts.ts";
import { type MarkedHunk, markedHunks, withEndsOf } from "./marks.ts";
import { type CallKey, emptyUri, type ProposalFiles, uriOf } from "./proposal-files.ts";

/** What the person may decide on in one file: its hunks, and with some kinds of change the file as such. */
export interface Counts {
	readonly left: number;
	readonly accepted: number;
	readonly rejected: number;
	readonly edited: boolean;
}

/** What becomes of a proposal: it is carried out as it was made, with another text, or not at all. */
export type Made = { readonly kind: "proposed" | "refused" } | { readonly kind: "text"; readonly text: string };

/** One file of a call, as the diff editor shows it: left what is, right what would be. */
export class ProposedFile {
	readonly proposal: Proposal;
	readonly kind: "changed" | "created" | "deleted" | "renamed";
	/** The proposal, in a document that the person may change. */
	readonly right: vscode.Uri;
	/** The file as it is; nothing, where there is none yet. */
	readonly left: vscode.Uri;
	/** The file was deleted, or made by somebody else, since it was proposed. */
	moved = false;
	/** The person was told that it is not what the proposal was made on. */
	warned = false;
	readonly #files: ProposalFiles;
	/** What the proposal was made on; null: nothing. */
	readonly #before: Proposal["before"];
	#file: Draft["file"];
	#rejected: readonly string[];
	#hunks: readonly MarkedHunk[] = [];
	#known: { readonly left: string; readonly right: string } | undefined;

	private constructor(proposal: Proposal, parts: Parts, draft: Draft | undefined) {
		const { before, after } = proposal;
		this.proposal = proposal;
		this.kind = parts.source ? "renamed" : after === null ? "deleted" : before === null ? "created" : "changed";
		this.right = parts.right;
		this.left = parts.left;
		this.#files = parts.files;
		this.#before = before ?? parts.source?.before ?? null;
		this.#file = draft?.file;
		this.#rejected = draft?.rejected ?? [];
		this.#hunks = (draft?.hunks ?? []).map((mark) => ({ ...mark, before: NOWHERE, after: NOWHERE }));
	}

	/** @param source the old name's proposal, of a rename */
	static async open(proposal: Proposal, source: Proposal | undefined, place: Place): Promise<ProposedFile> {
		const { key, files, root } = place;
		const path = asText(vscode.Uri.file(proposal.path).path);
		const right = uriOf(key, path);
		const old = proposal.before ? proposal : source;
		const left = old ? await editorUri(root, old.path) : emptyUri(path);
		const draft = await place.draft(path, basisOf(proposal));
		files.serve(right, draft?.text ?? proposal.after?.text ?? "", proposal.after === null);
		return new ProposedFile(proposal, { source, left, right, files }, draft);
	}

	get name(): string {
		return this.proposal.name;
	}

	/** Whether the file as such is to be decided on, and how it was. */
	get decision(): "none" | "open" | "accepted" | "rejected" {
		return this.kind === "changed" ? "none" : (this.#file ?? "open");
	}

	/** None where the whole file is one: it is new, or deleted. */
	hunks(): readonly MarkedHunk[] {
		if (this.kind === "created" || this.kind === "deleted") return [];
		const [left, right] = [this.#leftText(), this.#files.text(this.right)];
		if (this.#known?.left === left && this.#known.right === right) return this.#hunks;
		const isSameLeft = this.#known?.left === left;
		const marks = isSameLeft ? this.#hunks : this.#hunks.map(({ key, accepted }) => ({ key, accepted }));
		this.#hunks = markedHunks(left, right, marks);
		this.#known = { left, right };
		return this.#hunks;
	}

	/** The file is not what the proposal was made on. */
	get stale(): boolean {
		const now = this.#before ? this.#leftDocument()?.getText() : undefined;
		return this.moved || (now !== undefined && !isSame(now, this.#before?.text ?? ""));
	}

	mark(hunk: MarkedHunk, accepted: boolean): void {
		this.#hunks = this.hunks().map((each) => (isSameHunk(each, hunk) ? { ...each, accepted } : each));
	}

	/** Puts the file's own lines back in the proposal; to be undone there. */
	async reject(hunk: MarkedHunk): Promise<void> {
		const found = this.hunks().find((each) => isSameHunk(each, hunk));
		if (!found) return;
		const text = replaceLines(this.#files.text(this.right), found.after, this.#leftText(), found.before);
		if (await this.#files.edit(this.right, text)) this.#rejected = [...this.#rejected, found.key];
	}

	decide(file: Draft["file"]): void {
		this.#file = file;
	}

	counts(): Counts {
		const hunks = this.hunks();
		const here = new Set(hunks.map(({ key }) => key));
		const accepted = hunks.filter((hunk) => hunk.accepted).length;
		const { decision } = this;
		return {
			left: hunks.length - accepted + Number(decision === "open"),
			accepted: accepted + Number(decision === "accepted"),
			// One that was rejected and taken back by Undo is there again.
			rejected: this.#rejected.filter((key) => !here.has(key)).length + Number(decision === "rejected"),
			edited: this.proposal.after !== null && !isSame(this.#files.text(this.right), this.proposal.after.text),
		};
	}

	/** What the right side stands for now. */
	made(): Made {
		const { after } = this.proposal;
		if (this.#file === "rejected") return { kind: "refused" };
		if (after === null) return { kind: "proposed" };
		const text = this.#files.text(this.right);
		if (isSame(text, after.text)) return { kind: "proposed" };
		const before = this.#before?.text;
		const isAsBefore = before !== undefined && (isSame(text, before) || isSame(text, this.#leftText()));
		if (this.kind === "changed" && isAsBefore) return { kind: "refused" };
		return { kind: "text", text: withEndsOf(text, before === undefined ? [after.text] : [after.text, before]) };
	}

	draft(): Draft {
		const file = this.#file;
		return {
			basis: basisOf(this.proposal),
			text: this.#files.text(this.right),
			hunks: this.hunks().map(({ key, accepted }) => ({ key, accepted })),
			rejected: [...this.#rejected],
			...(file && { file }),
		};
	}

	/** Opens the file as it was read for the proposal: VS Code may take it for another encoding. */
	async prepare(): Promise<void> {
		const encoding = this.#before && encodings[this.#before.encoding];
		if (encoding && !this.#leftDocument()) {
			await Promise.resolve(vscode.workspace.openTextDocument(this.left, { encoding })).catch(() => undefined);
		}
	}

	#leftText(): string {
		return this.#leftDocument()?.getText() ?? this.#before?.text ?? "";
	}

	#leftDocument(): vscode.TextDocument | undefined {
		const uri = this.left.toString();
		return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
	}
}

interface Parts {
	readonly source: Proposal | undefined;
	readonly left: vscode.Uri;
	readonly right: vscode.Uri;
	readonly files: ProposalFiles;
}

/** Where a proposal is shown, and what was kept of it. */
export interface Place {
	readonly key: CallKey;
	readonly files: ProposalFiles;
	readonly root: string | undefined;
	/** The person's draft of this very proposal. */
	draft(path: string, basis: string): Promise<Draft | undefined>;
	keep(path: string, draft: () => Draft): Promise<void>;
}

const NOWHERE = { from: 0, to: 0 };

/** VS Code's names, where it would not find out by itself. */
const encodings: Readonly<Record<string, string>> = { latin1: "iso88591" };

/** Names what a draft was made on: what the file was, and what was proposed. */
function basisOf({ before, after }: Proposal): string {
	return shortHash(before?.hash ?? "", after?.text ?? "");
}

function isSame(a: string, b: string): boolean {
	return a === b || withPlainEnds(a) === withPlainEnds(b);
}

function isSameHunk(a: MarkedHunk, b: MarkedHunk): boolean {
	return a.key === b.key && a.after.from === b.after.from && a.before.from === b.before.from;
}
