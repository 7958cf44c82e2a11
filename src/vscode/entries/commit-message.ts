import { join } from "node:path";
import * as vscode from "vscode";
import { pause } from "../../agent/patient.ts";
import type { Result } from "../../agent/ports.ts";
import { secretReason } from "../../agent/protected.ts";
import { delayBefore } from "../../agent/retry.ts";
import { commandEnvironment } from "../../node/environment.ts";
import { changesToCommit, lastSubjects, patchOf, type Uncommitted } from "../../node/git-changes.ts";
import type { Git } from "../../node/git-probe.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Usage } from "../../shared/message.ts";
import type { App } from "../app.ts";
import { plain, withPlainEnds } from "../plain.ts";
import { pickEndpoint } from "../switch-picker.ts";
import { untrusted } from "../trust.ts";
import { COMMIT_SYSTEM, type CommitFile, commitPrompt, messageIn } from "./commit-words.ts";
import { gitOfEditor, type Repository } from "./git-extension.ts";
import { InputBox } from "./input-box.ts";

/** The context key that the button looks at. */
const WRITING = "kimiK2.writingCommit";
/** Characters of all patches, also where the model could take more: the gist is in less. */
const MOST_ROOM = 60_000;
/** Where it is not known how much the model takes. */
const USUAL_ROOM = 24_000;
/** Files of which a patch is asked for. */
const MOST_PATCHES = 200;

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
		const prompt = await this.#prompt(git, { top: repository.rootUri.fsPath, begun: box.begun }, signal);
		if (signal.aborted) return;
		if (!prompt.ok) return say(prompt.failure.message);
		const written = await this.#patiently(prompt.value, box, signal);
		if (written.failure || signal.aborted || box.text === "") box.restore();
		if (signal.aborted || box.isTheirs) return;
		if (written.failure) return warn(written.failure);
		if (box.text === "") return say(vscode.l10n.t("The model wrote no message. Try again."));
		this.#app.announce(doneWords(written.usage));
	}

	async #prompt(git: Git, { top, begun }: Place, signal: AbortSignal): Promise<Result<string>> {
		const changes = await changesToCommit(git, top, signal);
		if (!changes.ok) return changes;
		const { staged, files } = changes.value;
		if (files.length === 0) {
			const message = vscode.l10n.t("There is nothing to commit: no file is changed.");
			return { ok: false, failure: { code: "empty", message } };
		}
		const shown: CommitFile[] = [];
		for (const [index, file] of files.entries()) {
			if (signal.aborted) break;
			const mayShow = index < MOST_PATCHES && !(await this.#isHidden(top, file));
			const patch = mayShow ? await this.#patch(git, top, { file, staged }, signal) : undefined;
			shown.push({ name: file.name, ...(patch !== undefined && { patch }) });
		}
		const { contextTokens } = this.#app.endpoints;
		const room = contextTokens === 0 ? USUAL_ROOM : Math.min(MOST_ROOM, contextTokens);
		const subjects = await lastSubjects(git, top, signal);
		return { ok: true, value: commitPrompt({ files: shown, subjects, begun, room }) };
	}

	/** Files that hold secrets, by any of their names, or that `.kimiignore` hides are named only. */
	async #isHidden(top: string, { name, from }: Uncommitted): Promise<boolean> {
		for (const path of from === undefined ? [name] : [name, from]) {
			const place = await this.#app.ports.files.place(join(top, path));
			if (!place.ok || place.value.ignored !== undefined) return true;
			if ([path, join(top, path), place.value.path].some((each) => secretReason(each) !== undefined)) return true;
		}
		return false;
	}

	async #patch(
		git: Git,
		top: string,
		what: { readonly file: Uncommitted; readonly staged: boolean },
		signal: AbortSignal,
	): Promise<string | undefined> {
		if (!what.file.isNew) return patchOf(git, top, what, signal);
		const { files } = this.#app.ports;
		const place = await files.place(join(top, what.file.name));
		const read = place.ok && place.value.inside ? await files.read(place.value.path) : undefined;
		return read?.ok ? `new file ${what.file.name}\n${withPlainEnds(read.value.text)}` : undefined;
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

interface Place {
	readonly top: string;
	/** What the person had written in the box. */
	readonly begun: string;
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
	const count = tokens.toLocaleString(vscode.env.language);
	if (usage.cost === undefined) return vscode.l10n.t("The commit message is written: {0} tokens.", count);
	return vscode.l10n.t("The commit message is written: {0} tokens, {1}.", count, `$${usage.cost.toFixed(4)}`);
}

function say(text: string): void {
	void vscode.window.showInformationMessage(plain(text));
}

function warn({ message }: Failure): void {
	void vscode.window.showWarningMessage(plain(message));
}
