import * as vscode from "vscode";
import { inTime } from "../../agent/patient.ts";
import { createPlaces } from "../../node/places.ts";
import {
	type Attached,
	type AttachmentRow,
	MAX_ATTACHED,
	MAX_IMAGE_BYTES,
	type Wanted,
} from "../../shared/attachments.ts";
import type { App } from "../app.ts";
import { plain } from "../plain.ts";
import { readSettings } from "../settings.ts";
import { workspaceFolders, workspaceRoot } from "../workspace.ts";
import { ActiveEditor } from "./active-editor.ts";
import { Mentions } from "./mentions.ts";
import { type Given, Pending } from "./pending.ts";
import { nameOf, resolve, secretsIn } from "./resolve.ts";
import { ACTIVE, activeRow, rowOf } from "./rows.ts";
import { resolveEnv } from "./sources.ts";
import { terminalText } from "./terminals.ts";

/** Characters of base64 that the images of one message may have together: what endpoints take in one request. */
const MOST_IMAGES = 8_000_000;
/** Of a text that was pasted, or stood in a terminal. */
const MOST_TEXT = 1_000_000;

/** What was taken to go with a message; `drop` or `giveBack` is called in the end. Until then it outlives a reload. */
export interface Taken {
	/** How much of it is to be read. */
	readonly count: number;
	/** Reads it, one message after the other. Undefined: the person does not want it sent. */
	read(signal: AbortSignal): Promise<readonly Attached[] | undefined>;
	/** It goes on with the message. */
	drop(): void;
	/** The message is not said, also after `drop`: all is there to be sent again. */
	giveBack(): void;
}

/** What the person gives with their words. */
export class Attachments implements vscode.Disposable {
	readonly #app: App;
	readonly #mentions: Mentions;
	readonly #active: ActiveEditor;
	#pending: Pending | undefined;
	/** What is not known yet of what was added. */
	readonly #filling = new Set<Promise<void>>();
	/** One message is put together after the other. */
	#reading: Promise<unknown> = Promise.resolve();

	constructor(app: App) {
		const places = createPlaces(workspaceRoot(), workspaceFolders);
		this.#app = app;
		this.#mentions = new Mentions(places, (id, rows) => app.view.mentions(id, rows));
		this.#active = new ActiveEditor(places, () => app.view.refresh());
	}

	/** The chips above the composer: the editor in front, then what the person added. */
	get rows(): readonly AttachmentRow[] {
		const active = this.#offered();
		return [...(active ? [activeRow(active)] : []), ...this.#given.all.map(rowOf)];
	}

	/** What is there already is not added again, nor what is more than a message takes, which is said. */
	add(wanted: Wanted): void {
		const trouble = this.#trouble(wanted);
		if (trouble !== undefined) return void vscode.window.showWarningMessage(trouble);
		const before = this.#given.all.length;
		const given = this.#given.add(wanted);
		if (wanted.kind === "terminal" && wanted.text === "") this.#fill(given);
		else if (this.#given.all.length > before) this.#app.announce(vscode.l10n.t("Attached: {0}", plain(nameOf(wanted))));
		this.#app.update();
	}

	remove(id: string): void {
		if (id === ACTIVE) this.#active.remove();
		else this.#given.remove(id);
		this.#app.update();
	}

	/** Takes all that goes with the next words: from now on that is nothing. */
	take(): Taken {
		const active = this.#offered();
		const given = this.#given.take();
		let dropped: readonly Given[] | undefined;
		const drop = () => {
			dropped ??= this.#given.drop(given);
			return dropped;
		};
		const read = async (signal: AbortSignal) => {
			const all = signal.aborted ? undefined : await this.#read(given, signal);
			return all && !signal.aborted ? [...(active ? [active] : []), ...all] : undefined;
		};
		return {
			count: given.length,
			read: (signal) => {
				const reading = inTime(
					this.#reading.then(() => read(signal)),
					{ signal },
					undefined,
				);
				this.#reading = reading.catch(() => undefined);
				return reading;
			},
			drop: () => void drop(),
			giveBack: () => this.#given.giveBack(drop()),
		};
	}

	/** What fits the words after an `@`. */
	async ask(id: number, query: string): Promise<void> {
		await this.#mentions.ask(id, query);
	}

	/** What `@` needs is got ready. */
	async warmUp(): Promise<void> {
		await this.#mentions.warmUp();
	}

	dispose(): void {
		this.#mentions.dispose();
		this.#active.dispose();
	}

	/** Made when it is first asked for: the app has what it is kept in by then. */
	get #given(): Pending {
		this.#pending ??= new Pending(this.#app.context.workspaceState);
		return this.#pending;
	}

	/** Nothing goes along in a workspace that nobody trusts, nor what the person named themselves. */
	#offered(): Attached | undefined {
		if (!readSettings().activeEditor || !vscode.workspace.isTrusted) return undefined;
		const active = this.#active.attached;
		const isNamed = ({ wanted }: Given) =>
			(wanted.kind === "file" || wanted.kind === "selection") && wanted.path === active?.path;
		return active && !this.#given.all.some(isNamed) ? active : undefined;
	}

	#trouble(wanted: Wanted): string | undefined {
		const { all } = this.#given;
		if (all.length >= MAX_ATTACHED)
			return vscode.l10n.t("A message takes {0} attachments at most. Send these first, or remove one.", MAX_ATTACHED);
		if ("text" in wanted && wanted.text.length > MOST_TEXT)
			return vscode.l10n.t("This text is too long to be attached. Save it as a file: Kimi reads the parts it needs.");
		if (wanted.kind !== "image") return undefined;
		const sizes = all.flatMap(({ wanted: each }) => (each.kind === "image" ? [each.picture.data.length] : []));
		const sum = sizes.reduce((most, size) => most + size, wanted.picture.data.length);
		return wanted.picture.data.length > MAX_IMAGE_BYTES * 1.4 || sum > MOST_IMAGES
			? vscode.l10n.t("These images are too large to be sent in one message. Make them smaller, or send fewer.")
			: undefined;
	}

	async #read(given: readonly Given[], signal: AbortSignal): Promise<readonly Attached[] | undefined> {
		await Promise.all(this.#filling);
		const wanted = this.#given.now(given).map((each) => each.wanted);
		const { files } = this.#app.ports;
		if (!(await maySend(await secretsIn(wanted, files))) || signal.aborted) return undefined;
		const reading = resolve(wanted, resolveEnv(this.#app.ports), signal);
		// VS Code may be slow to show that, and what is read does not wait for it.
		const shown = inTime(reading, { signal }, undefined);
		if (wanted.length > 0) void vscode.window.withProgress({ location: { viewId: "kimiK2.chat" } }, () => shown);
		return reading;
	}

	/** VS Code hands out what stands in a terminal through the clipboard alone. */
	#fill({ id, wanted }: Given): void {
		if (wanted.kind !== "terminal") return;
		const { kind, name } = wanted;
		const filling = terminalText(wanted.terminal).then(
			(text) => {
				if (text === undefined) this.#given.remove(id);
				else this.#given.fill(id, { kind, name, text: text.slice(-MOST_TEXT) });
				this.#app.update();
				if (text === undefined) this.#app.announce(vscode.l10n.t("Nothing stands in this terminal."));
			},
			() => this.#given.remove(id),
		);
		this.#filling.add(filling);
		void filling.finally(() => this.#filling.delete(filling));
	}
}

/** What leaves the machine and may be secret is asked about first. */
async function maySend(secrets: readonly string[]): Promise<boolean> {
	if (secrets.length === 0) return true;
	const send = vscode.l10n.t("Send");
	const question = vscode.l10n.t("Send files that may hold secrets?");
	const names = secrets.map((name) => plain(name)).join("\n");
	const detail = vscode.l10n.t("Their text goes to the model's endpoint and stays in the chat's record:\n{0}", names);
	return (await vscode.window.showWarningMessage(question, { modal: true, detail }, send)) === send;
}
