import { join } from "node:path";
import * as vscode from "vscode";
import { middleOut } from "../../agent/middle-out.ts";
import type { Result } from "../../agent/ports.ts";
import { type Changes, changesToCommit, lastSubjects, patchOf, type Uncommitted } from "../../node/git-changes.ts";
import type { Git } from "../../node/git-probe.ts";
import type { App } from "../app.ts";
import { isHidden } from "../attachments/uncommitted.ts";
import { withPlainEnds } from "../plain.ts";
import { type CommitFile, commitPrompt } from "./commit-words.ts";

/** Characters of all patches, also where the model could take more: the gist is in less. */
const MOST_ROOM = 60_000;
/** Where it is not known how much the model takes. */
const USUAL_ROOM = 24_000;
/** Files of which a patch is asked for. */
const MOST_PATCHES = 200;
/** A larger new file is named only. */
const MOST_BYTES = 256 * 1024;

interface Place {
	/** Absolute path of the repository. */
	readonly top: string;
	/** What the person had written in the box. */
	readonly begun: string;
}

/** What the model is asked for the message of this repository's next commit. A failure says why there is nothing to ask. */
export async function askedOf(app: App, git: Git, { top, begun }: Place, signal: AbortSignal): Promise<Result<string>> {
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
		const mayShow = index < MOST_PATCHES && !(await isHidden(app.ports.files, top, file));
		const patch = mayShow ? await shownOf(app, git, { top, file, staged }, signal) : undefined;
		shown.push({ name: file.name, ...(patch !== undefined && { patch }) });
	}
	const { contextTokens } = app.endpoints;
	const room = contextTokens === 0 ? USUAL_ROOM : Math.min(MOST_ROOM, contextTokens);
	const subjects = await lastSubjects(git, top, signal);
	return { ok: true, value: commitPrompt({ files: shown, subjects, begun, room }) };
}

interface Wanted {
	readonly top: string;
	readonly file: Uncommitted;
	readonly staged: Changes["staged"];
}

async function shownOf(app: App, git: Git, wanted: Wanted, signal: AbortSignal): Promise<string | undefined> {
	const { top, file } = wanted;
	if (file.isNew) return newText(app, join(top, file.name), file.name);
	const patch = await patchOf(git, top, wanted, signal);
	return patch && middleOut(patch, MOST_ROOM);
}

/** git has no patch of what it does not know. */
async function newText({ ports: { files } }: App, path: string, name: string): Promise<string | undefined> {
	const place = await files.place(path);
	if (!place.ok || !place.value.inside) return undefined;
	const stat = await files.stat(place.value.path);
	if (!stat.ok || stat.value.kind !== "file" || stat.value.size > MOST_BYTES) return undefined;
	const read = await files.read(place.value.path);
	return read.ok ? `new file ${name}\n${withPlainEnds(read.value.text)}` : undefined;
}
