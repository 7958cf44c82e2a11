import { dirname } from "node:path";
import * as vscode from "vscode";
import type { Edits, Plan } from "../../agent/tool.ts";
import { inWords } from "../in-words.ts";
import { plain } from "../plain.ts";
import { CallReview } from "./call-review.ts";
import { Drafts } from "./drafts.ts";
import { HunkLenses } from "./lenses.ts";
import { type CallKey, callOf, ProposalFiles, SCHEME } from "./proposal-files.ts";
import { lensesOf, orphanLenses } from "./proposal-lenses.ts";
import type { Counts, Place, ProposedFile } from "./proposed-file.ts";

export interface ReviewHost {
	/** Absolute path of the workspace folder. */
	readonly root: string | undefined;
	/** Absolute path of the folder for drafts; made when the first is kept. */
	readonly folder: string;
	/** The person got on with a proposal. */
	progress(key: CallKey, counts: Counts): void;
	/** Takes work that nobody waits for, and says its failures. */
	background(work: Promise<unknown>): void;
}

/** How long after a change the rest of the screen follows, in milliseconds. */
const PAUSE = 100;

/** Proposed edits and plans as VS Code shows them before anything is written: diffs whose right side can be changed. */
export class Review implements vscode.Disposable {
	readonly #host: ReviewHost;
	readonly #drafts: Drafts;
	readonly #files: ProposalFiles;
	readonly #lenses: HunkLenses;
	readonly #reviews = new Map<string, Promise<CallReview>>();
	/** Those that are read in. */
	readonly #open = new Map<string, CallReview>();
	readonly #watchers = new Map<string, vscode.Disposable>();
	readonly #timers = new Map<string, NodeJS.Timeout>();
	readonly #subscriptions: vscode.Disposable[];

	constructor(host: ReviewHost) {
		this.#host = host;
		this.#drafts = new Drafts(host.folder, sayLost);
		this.#files = new ProposalFiles(this.#drafts);
		this.#lenses = new HunkLenses({ scheme: SCHEME }, ({ uri }) => this.#lensesOf(uri));
		this.#subscriptions = [
			this.#files.onText((uri) => this.#texted(uri)),
			vscode.workspace.onDidChangeTextDocument(({ document }) => this.#leftChanged(document.uri)),
			vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#leftChanged(uri)),
		];
		host.background(this.#drafts.forgetOld());
	}

	/** A call waits: goes on with what the person made of it before a reload, if there was one. */
	add(key: CallKey, plan: Plan): Promise<CallReview> {
		const name = nameOf(key);
		const adding = this.#add(key, plan);
		this.#reviews.set(name, adding);
		return adding;
	}

	/** The review of a call; undefined when it has nothing to review, or is over. */
	get(key: CallKey): Promise<CallReview | undefined> {
		return this.#reviews.get(nameOf(key)) ?? Promise.resolve(undefined);
	}

	/** Shows it; false when the call has nothing to review, or no longer. */
	async open(key: CallKey, preserveFocus: boolean): Promise<boolean> {
		const review = await this.get(key);
		if (!review) return false;
		const { document, files, label } = review;
		const options: vscode.TextDocumentShowOptions = { preview: true, preserveFocus };
		// A tab that comes back after a reload has to find its text.
		this.#host.background(Promise.all(review.rights.map((uri) => review.keep(uri))));
		if (document) {
			await vscode.window.showTextDocument(document.uri, { ...options, preview: false });
			return true;
		}
		await Promise.all(files.map((file) => file.prepare()));
		const [first] = files;
		// VS Code would take the focus for an editor with several, and what the person types elsewhere would go there.
		if (first && (files.length === 1 || preserveFocus)) {
			const title = files.length === 1 ? label : review.firstLabel;
			await vscode.commands.executeCommand("vscode.diff", first.left, first.right, title, options);
		} else {
			const sides = files.map(({ left, right, kind }) => [kind === "deleted" ? left : right, left, right]);
			await vscode.commands.executeCommand("vscode.changes", label, sides);
		}
		return true;
	}

	/**
	 * What the person made of a call's proposals, to be carried out now; null: they refused all of it. From here on it is
	 * no news that the files change.
	 */
	async take(key: CallKey): Promise<Edits | null | undefined> {
		const review = await this.get(key);
		if (!review) return undefined;
		this.#unwatch(key);
		for (const file of review.files) file.warned = true;
		return review.edits();
	}

	/** The call is done: its tabs close, and its drafts go. */
	async close(key: CallKey): Promise<void> {
		const name = nameOf(key);
		const review = await this.get(key);
		this.#reviews.delete(name);
		this.#open.delete(name);
		this.#unwatch(key);
		clearTimeout(this.#timers.get(name));
		await this.#drafts.forgetCall(key.chat, key.call);
		// A tab with unsaved text would ask about it.
		for (const uri of review?.rights ?? []) await this.#files.settle(uri);
		await closeTabs((tab) => review?.isShownBy(tab) ?? isOrphanOf(tab, key));
		for (const uri of review?.rights ?? []) this.#files.withdraw(uri);
	}

	/** The call that is in front, so that keys there decide on what the person looks at. */
	get front(): CallKey | undefined {
		const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
		const review = tab && [...this.#open.values()].find((each) => each.isShownBy(tab));
		return review?.key ?? (tab && orphanOf(tab));
	}

	/** The file of a call that waits in which the cursor is, by its proposal; undefined when it is in none. */
	get focused(): { readonly review: CallReview; readonly file: ProposedFile } | undefined {
		const { front } = this;
		const review = front && this.#open.get(nameOf(front));
		const uri = vscode.window.activeTextEditor?.document.uri;
		const file = uri && review?.fileOf(uri);
		return review && file ? { review, file } : undefined;
	}

	/** The file of a call that waits with this document on its right side. */
	find(right: vscode.Uri): { readonly review: CallReview; readonly file: ProposedFile } | undefined {
		const key = callOf(right);
		const review = key && this.#open.get(nameOf(key));
		const file = review?.files.find((each) => each.right.toString() === right.toString());
		return review && file ? { review, file } : undefined;
	}

	/** The person decided on something in a file. Returns how far they are with the call. */
	async decided({ key }: CallReview, file: ProposedFile): Promise<Counts> {
		this.#lenses.refresh();
		this.#schedule(key, file.right, 0);
		return (await this.get(key))?.counts() ?? { left: 0, accepted: 0, rejected: 0, edited: false };
	}

	dispose(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		for (const part of [...this.#subscriptions, ...this.#watchers.values(), this.#files, this.#lenses]) part.dispose();
	}

	async #add(key: CallKey, plan: Plan): Promise<CallReview> {
		// Of a chat's calls one waits at a time: what is kept of others is of calls that are over.
		await this.#drafts.forget(key.chat, key.call);
		let isKnown = false;
		const place: Place = {
			key,
			files: this.#files,
			root: this.#host.root,
			draft: async (path, basis) => {
				const draft = await this.#drafts.read({ ...key, path });
				if (draft?.basis !== basis) return undefined;
				isKnown = true;
				return draft;
			},
			keep: (path, draft) => this.#drafts.write({ ...key, path }, draft),
		};
		const taken = (label: string) => [...this.#open.values()].some((each) => each.label === label);
		const review = await CallReview.open(plan, place, taken);
		this.#open.set(nameOf(key), review);
		this.#unwatch(key);
		this.#watchers.set(nameOf(key), this.#watch(review));
		this.#lenses.refresh();
		// What the person decided before a reload is news to the chat.
		if (isKnown) for (const uri of review.rights.slice(0, 1)) this.#schedule(key, uri, 0);
		return review;
	}

	/** Files come and go without a document's saying so. */
	#watch(review: CallReview): vscode.Disposable {
		const folders = new Set(review.files.map(({ proposal }) => dirname(proposal.path)));
		const moved = (isThere: boolean) => (uri: vscode.Uri) => {
			const file = review.files.find(({ proposal }) => proposal.path === uri.fsPath);
			if (!file) return;
			file.moved = isThere === (file.proposal.before === null);
			this.#leftMoved(review, file);
		};
		const watchers = [...folders].map((folder) => {
			const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), "*");
			const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
			watcher.onDidCreate(moved(true));
			watcher.onDidDelete(moved(false));
			return watcher;
		});
		return vscode.Disposable.from(...watchers);
	}

	#unwatch(key: CallKey): void {
		this.#watchers.get(nameOf(key))?.dispose();
		this.#watchers.delete(nameOf(key));
	}

	#lensesOf(uri: vscode.Uri) {
		const key = callOf(uri);
		if (!key) return [];
		const review = this.#open.get(nameOf(key));
		const file = review?.files.find(({ right }) => right.toString() === uri.toString());
		if (file) return lensesOf(file);
		return review ? [] : orphanLenses();
	}

	#texted(uri: vscode.Uri): void {
		const key = callOf(uri);
		if (key && this.#open.has(nameOf(key))) this.#schedule(key, uri, PAUSE);
	}

	/** Tells how far the person is, and keeps it. */
	#schedule(key: CallKey, uri: vscode.Uri, pause: number): void {
		const name = nameOf(key);
		clearTimeout(this.#timers.get(name));
		const timer = setTimeout(() => {
			this.#timers.delete(name);
			const review = this.#open.get(name);
			if (review) this.#host.background(this.#report(review, uri));
		}, pause);
		this.#timers.set(name, timer);
	}

	async #report(review: CallReview, uri: vscode.Uri): Promise<void> {
		const [counts] = await Promise.all([review.counts(), review.keep(uri)]);
		// It may be over by now.
		if (this.#open.get(nameOf(review.key)) === review) this.#host.progress(review.key, counts);
	}

	#leftChanged(uri: vscode.Uri): void {
		if (uri.scheme === SCHEME) return;
		const name = uri.toString();
		for (const review of this.#open.values()) {
			const file = review.files.find(({ left }) => left.toString() === name);
			if (file) this.#leftMoved(review, file);
		}
	}

	/** The file is not what it was: its hunks are others, and accepting them may write nothing. */
	#leftMoved(review: CallReview, file: ProposedFile): void {
		this.#lenses.refresh();
		this.#schedule(review.key, file.right, PAUSE);
		if (!file.stale || file.warned) return;
		file.warned = true;
		const name = plain(file.name);
		const text = vscode.l10n.t(
			"{0} is not as it was when Kimi proposed its change. If you accept, nothing is written, and Kimi is told to read it again.",
			name,
		);
		void vscode.window.showWarningMessage(text);
	}
}

function sayLost(why: unknown): void {
	const words = plain(inWords(why instanceof Error ? why.message : String(why)));
	const text = vscode.l10n.t("What you make of proposals can't be kept for after a reload of the window: {0}", words);
	void vscode.window.showWarningMessage(text);
}

async function closeTabs(isOurs: (tab: vscode.Tab) => boolean): Promise<void> {
	const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isOurs);
	if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

function nameOf({ chat, call }: CallKey): string {
	return JSON.stringify([chat, call]);
}

/** The call of a tab that VS Code opened again after a reload, and that was not asked again. */
function orphanOf({ input }: vscode.Tab): CallKey | undefined {
	if (input instanceof vscode.TabInputTextDiff) return callOf(input.modified);
	return input instanceof vscode.TabInputText ? callOf(input.uri) : undefined;
}

function isOrphanOf(tab: vscode.Tab, key: CallKey): boolean {
	const found = orphanOf(tab);
	return found !== undefined && nameOf(found) === nameOf(key);
}
