import * as vscode from "vscode";
import { pause } from "../../agent/patient.ts";
import { delayBefore } from "../../agent/retry.ts";
import { commandEnvironment } from "../../node/environment.ts";
import type { Git } from "../../node/git-probe.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Usage } from "../../shared/message.ts";
import type { App } from "../app.ts";
import { plainWords } from "../in-words.ts";
import { moneyWords, numberWords } from "../numbers.ts";
import { plain } from "../plain.ts";
import { say } from "../say.ts";
import { pickEndpoint } from "../switch-picker.ts";
import { untrusted } from "../trust.ts";
import { askedOf } from "./commit-facts.ts";
import { COMMIT_SYSTEM, messageIn } from "./commit-words.ts";
import { gitOfEditor, type Repository } from "./git-extension.ts";
import { InputBox } from "./input-box.ts";

/** The context key that the button looks at. */
const WRITING = "kimiK2.writingCommit";

/** *Write Commit Message*: what is staged, or else everything, in the words of the repository's last commits. */
export class CommitMessages implements vscode.Disposable {
	readonly #app: App;
	#running: AbortController | undefined;

	constructor(app: App) {
		this.#app = app;
	}

	/** @param on the source control whose button was pressed, as VS Code hands it over; else the person may be asked */
	async write(on: unknown): Promise<void> {
		if (this.#running) return;
		const running = new AbortController();
		this.#running = running;
		try {
			const off = untrusted();
			if (off) return say(off.message);
			if (!this.#app.endpoints.isSetUp && !(await pickEndpoint(this.#app))) return;
			const git = await gitOfEditor();
			if (!git) return say(vscode.l10n.t("VS Code's Git extension is off, or found no git."));
			const repository = await repositoryOf(git.repositories, on);
			if (!repository) return;
			// From the palette the box may be out of sight.
			if (on === undefined) await vscode.commands.executeCommand("workbench.view.scm");
			await vscode.commands.executeCommand("setContext", WRITING, true);
			const title = vscode.l10n.t("Kimi K2 writes the commit message");
			await vscode.window.withProgress({ location: vscode.ProgressLocation.SourceControl, title }, () =>
				this.#write({ path: git.path, env: commandEnvironment(process.env) }, repository, running.signal),
			);
		} finally {
			this.#running = undefined;
			await vscode.commands.executeCommand("setContext", WRITING, false);
		}
	}

	/** What the person had written is there again. */
	stop(): void {
		this.#running?.abort();
	}

	dispose(): void {
		this.stop();
	}

	async #write(git: Git, repository: Repository, signal: AbortSignal): Promise<void> {
		const box = new InputBox(repository.inputBox);
		const prompt = await askedOf(this.#app, git, { top: repository.rootUri.fsPath, begun: box.begun }, signal);
		if (signal.aborted) return;
		if (!prompt.ok) return say(prompt.failure.message);
		const written = await this.#patiently(prompt.value, box, signal);
		if (written.failure || signal.aborted || box.text === "") box.restore();
		if (signal.aborted || box.isTheirs) return;
		if (written.failure) return warn(written.failure);
		if (box.text === "") return say(vscode.l10n.t("The model wrote no message. Try again."));
		this.#app.announce(doneWords(written.usage));
	}

	/** Asks again where waiting may help and nothing is written yet. */
	async #patiently(prompt: string, box: InputBox, signal: AbortSignal): Promise<Written> {
		for (let next = 2; ; next++) {
			const written = await this.#once(prompt, box, signal);
			const { failure } = written;
			const wait = failure && box.text === "" ? delayBefore(next, failure, Math.random()) : undefined;
			if (wait === undefined || signal.aborted) return written;
			await pause(wait, signal);
		}
	}

	/** Ends as soon as the person writes in the box: then it is theirs. */
	async #once(prompt: string, box: InputBox, stopped: AbortSignal): Promise<Written> {
		const model = this.#app.endpoints.model();
		const request = {
			system: COMMIT_SYSTEM,
			tools: [],
			messages: [{ role: "user" as const, text: prompt }],
			chat: crypto.randomUUID(),
		};
		const taken = new AbortController();
		const signal = AbortSignal.any([stopped, taken.signal]);
		let said = "";
		for await (const delta of model.stream(request, signal)) {
			if (delta.kind === "text") {
				said += delta.text;
				if (!box.write(messageIn(said))) taken.abort();
			}
			if (delta.kind !== "end") continue;
			if (taken.signal.aborted) return {};
			if (!box.finish(messageIn(said)) || !delta.failure) return { usage: delta.reply.usage };
			return { failure: delta.failure };
		}
		return {};
	}
}

interface Written {
	readonly failure?: Failure;
	readonly usage?: Usage | undefined;
}

/** The one that was clicked, the only one, or the one that the person picks. */
async function repositoryOf(all: readonly Repository[], on: unknown): Promise<Repository | undefined> {
	const clicked = rootOf(on);
	const found = clicked && all.find(({ rootUri }) => rootUri.toString() === clicked);
	if (found) return found;
	if (all.length === 0) say(vscode.l10n.t("No git repository is open here."));
	if (all.length < 2) return all[0];
	const items = all.map((repository) => ({
		label: plain(vscode.workspace.asRelativePath(repository.rootUri)),
		repository,
	}));
	const title = vscode.l10n.t("Write the commit message of which repository?");
	return (await vscode.window.showQuickPick(items, { title }))?.repository;
}

function rootOf(on: unknown): string | undefined {
	const root = typeof on === "object" && on !== null && "rootUri" in on ? on.rootUri : undefined;
	return root instanceof vscode.Uri ? root.toString() : undefined;
}

function doneWords(usage: Usage | undefined): string {
	const tokens = usage && usage.inputTokens + usage.outputTokens;
	if (!usage || !tokens) return vscode.l10n.t("The commit message is written.");
	const count = numberWords(tokens);
	if (usage.cost === undefined) return vscode.l10n.t("The commit message is written: {0} tokens.", count);
	return vscode.l10n.t("The commit message is written: {0} tokens, {1}.", count, moneyWords(usage.cost, 4));
}

function warn(failure: Failure): void {
	void vscode.window.showWarningMessage(plainWords(failure));
}
