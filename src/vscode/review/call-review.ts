import * as vscode from "vscode";
import { inStretches } from "../../agent/stretch.ts";
import type { Edits, Plan, Proposal } from "../../agent/tool.ts";
import { plain, withPlainEnds } from "../plain.ts";
import { shortHash } from "./drafts.ts";
import { type CallKey, uriOf } from "./proposal-files.ts";
import { type Counts, type Place, ProposedFile } from "./proposed-file.ts";

/** A plan's text, which the person may change before they accept it. */
interface PlanDocument {
	readonly name: string;
	readonly uri: vscode.Uri;
	readonly basis: string;
	readonly proposed: string;
}

/** What a call wants to write, or a plan that it puts to the person, as far as the person is with it. */
export class CallReview {
	readonly key: CallKey;
	readonly files: readonly ProposedFile[];
	readonly document: PlanDocument | undefined;
	/** What its tab is called; no two calls share one. */
	readonly label: string;
	readonly #place: Place;

	private constructor(label: string, place: Place, files: readonly ProposedFile[], document?: PlanDocument) {
		this.key = place.key;
		this.label = label;
		this.files = files;
		this.document = document;
		this.#place = place;
	}

	static async open(plan: Plan, place: Place, isTaken: (label: string) => boolean): Promise<CallReview> {
		const proposals = plan.proposals ?? [];
		// Of a rename, the file that goes is part of the one that comes.
		const sourceOf = ({ from }: Proposal) => proposals.find(({ name, after }) => name === from && after === null);
		const sources = new Set(proposals.map(sourceOf));
		const shown = proposals.filter((proposal) => !sources.has(proposal));
		const files = await Promise.all(shown.map((each) => ProposedFile.open(each, sourceOf(each), place)));
		const document = plan.document && (await openDocument(plan.document, place));
		const [only] = files;
		const label = document ? plain(document.name) : only && files.length === 1 ? titleOf(only) : titleOfAll();
		let free = label;
		for (let n = 2; isTaken(free); n++) free = `${label} · ${n}`;
		return new CallReview(free, place, files, document);
	}

	/** Whether a tab of VS Code's shows it: one with several diffs does not tell what it holds, but how it is called. */
	isShownBy({ input, label }: vscode.Tab): boolean {
		if (input instanceof vscode.TabInputTextDiff) return this.#owns(input.modified);
		if (input instanceof vscode.TabInputText) return this.#owns(input.uri);
		// VS Code adds how many files there are.
		return this.files.length > 1 && (label === this.label || label.startsWith(`${this.label} (`));
	}

	/** What the tab of its first file is called, when that opens without the others. */
	get firstLabel(): string {
		const [first] = this.files;
		return vscode.l10n.t("{0} (1 of {1} files proposed by Kimi K2)", plain(first?.name ?? ""), this.files.length);
	}

	get rights(): readonly vscode.Uri[] {
		const rights = this.files.map(({ right }) => right);
		return this.document ? [...rights, this.document.uri] : rights;
	}

	/** The file with this document on its right side, or on its left. */
	fileOf(uri: vscode.Uri): ProposedFile | undefined {
		const name = uri.toString();
		return (
			this.files.find(({ right }) => right.toString() === name) ??
			this.files.find(({ left }) => left.toString() === name)
		);
	}

	/** Over all files, with room between them for what else the extension host has to do. */
	async counts(): Promise<Counts> {
		let sum: Counts = { left: 0, accepted: 0, rejected: 0, edited: this.#planText() !== undefined };
		const pause = inStretches();
		for (const file of this.files) {
			const { left, accepted, rejected, edited } = file.counts();
			sum = {
				left: sum.left + left,
				accepted: sum.accepted + accepted,
				rejected: sum.rejected + rejected,
				edited: sum.edited || edited,
			};
			await pause();
		}
		return sum;
	}

	/** What the person made of it; null: they refused all of it. Undefined: it is as proposed. */
	async edits(): Promise<Edits | null | undefined> {
		const texts: Record<string, string> = {};
		const refused: string[] = [];
		const pause = inStretches();
		for (const file of this.files) {
			const made = file.made();
			const { name, from } = file.proposal;
			if (made.kind === "text") texts[name] = made.text;
			// Both halves of a rename.
			if (made.kind === "refused") refused.push(name, ...(from === undefined ? [] : [from]));
			await pause();
		}
		const plan = this.#planText();
		if (this.document && plan !== undefined) texts[this.document.name] = plan;
		if (this.files.length > 0 && this.files.every(({ name }) => refused.includes(name))) return null;
		return Object.keys(texts).length + refused.length === 0 ? undefined : { texts, refused };
	}

	/** Keeps a document's text and marks through a reload. */
	async keep(uri: vscode.Uri): Promise<void> {
		const file = this.files.find(({ right }) => right.toString() === uri.toString());
		if (file) return this.#place.keep(file.right.path, () => file.draft());
		const { document } = this;
		if (document?.uri.toString() !== uri.toString()) return;
		const { basis } = document;
		const draft = () => ({ basis, text: this.#place.files.text(uri), hunks: [], rejected: [] });
		await this.#place.keep(uri.path, draft);
	}

	#owns(uri: vscode.Uri): boolean {
		const name = uri.toString();
		return this.rights.some((right) => right.toString() === name);
	}

	/** The plan's text where the person changed it. */
	#planText(): string | undefined {
		if (!this.document) return undefined;
		const text = this.#place.files.text(this.document.uri);
		return text === this.document.proposed ? undefined : text;
	}
}

async function openDocument({ name, text }: { name: string; text: string }, place: Place): Promise<PlanDocument> {
	const path = `/${name.replaceAll(/[/\\]/g, " ")}${name.endsWith(".md") ? "" : ".md"}`;
	const uri = uriOf(place.key, path);
	const basis = shortHash(text);
	// As VS Code shows it, so that a document that nobody touched is equal.
	const proposed = withPlainEnds(text);
	const draft = await place.draft(path, basis);
	place.files.serve(uri, draft?.text ?? proposed);
	return { name, uri, basis, proposed };
}

function titleOf({ kind, name, proposal, left }: ProposedFile): string {
	const place = kind === "created" ? vscode.Uri.file(proposal.path) : left;
	const shown = plain(kind === "renamed" ? name : vscode.workspace.asRelativePath(place));
	if (kind === "renamed") {
		return vscode.l10n.t("{0} → {1} (renamed, proposed by Kimi K2)", plain(proposal.from ?? ""), shown);
	}
	if (kind === "created") return vscode.l10n.t("{0} (new file, proposed by Kimi K2)", shown);
	if (kind === "deleted") return vscode.l10n.t("{0} (deleted, proposed by Kimi K2)", shown);
	return vscode.l10n.t("{0} (proposed by Kimi K2)", shown);
}

/** VS Code adds how many files there are. */
function titleOfAll(): string {
	return vscode.l10n.t("Proposed by Kimi K2");
}
