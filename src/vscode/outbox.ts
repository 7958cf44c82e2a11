import * as vscode from "vscode";
import type { Attached } from "../shared/attachments.ts";
import type { SendingRow } from "../shared/protocol.ts";
import type { App } from "./app.ts";
import type { Taken } from "./attachments/attachments.ts";
import type { ChatRun } from "./chat-run.ts";

/** A message on its way. */
interface Letter extends SendingRow {
	readonly run: ChatRun;
	readonly stop: AbortController;
	readonly taken: Taken;
}

/**
 * What the person sent and is not said yet, since what goes with it is still being read: a page may take half a minute.
 * It can be taken back until then, with nothing lost.
 */
export class Outbox {
	readonly #app: App;
	#letters: readonly Letter[] = [];
	#last = 0;

	constructor(app: App) {
		this.#app = app;
	}

	/** Of this chat, in order. */
	rows(run: ChatRun | undefined): readonly SendingRow[] {
		return this.#letters
			.filter((letter) => letter.run === run)
			.map(({ id, text, count, at }) => ({ id, text, count, at }));
	}

	/** Something runs in the chat, or is on its way to it. */
	isBusy(run: ChatRun | undefined): boolean {
		return run?.running || this.#letters.some((letter) => letter.run === run);
	}

	/**
	 * Sends these words with all that is attached: `say` gets it once it is read, and tells whether they were said. If not
	 * they are back in the composer, with what was attached. Rejects as `say` does.
	 */
	async send(run: ChatRun, text: string, say: (attached: readonly Attached[]) => Promise<boolean>): Promise<void> {
		const letter = this.#take(run, text);
		const { signal } = letter.stop;
		let isSaid = false;
		try {
			const attached = await letter.taken.read(signal);
			this.#drop(letter);
			isSaid = attached !== undefined && !signal.aborted && (await say(attached));
		} finally {
			this.#drop(letter);
			if (!isSaid && !signal.aborted) this.#giveBack(letter);
		}
	}

	/** Takes back what is on its way to this chat, or only that with this `id`. False: nothing was. */
	stop(run: ChatRun | undefined, id?: string): boolean {
		const stopped = this.#letters.filter((letter) => letter.run === run && (id === undefined || letter.id === id));
		// Each comes to stand above what is there already.
		for (const letter of stopped.toReversed()) {
			letter.stop.abort();
			this.#drop(letter);
			this.#giveBack(letter);
		}
		if (stopped.length === 0) return false;
		this.#app.announce(vscode.l10n.t("Not sent. Your message is back to be changed."));
		return true;
	}

	#take(run: ChatRun, text: string): Letter {
		const taken = this.#app.attachments.take();
		const letter = {
			id: String(++this.#last),
			text,
			count: taken.count,
			at: Date.now(),
			run,
			stop: new AbortController(),
			taken,
		};
		this.#set([...this.#letters, letter]);
		if (taken.count > 0) this.#app.update();
		return letter;
	}

	/** It is on its way no more: from here on it is on record, or given back. */
	#drop(letter: Letter): void {
		if (!this.#letters.includes(letter)) return;
		letter.taken.drop();
		this.#set(this.#letters.filter((each) => each !== letter));
	}

	#giveBack({ taken, text }: Letter): void {
		taken.giveBack();
		this.#app.compose(text);
	}

	/** Also where a reload finds it. */
	#set(letters: readonly Letter[]): void {
		this.#letters = letters;
		this.#app.drafts.sending = letters.map(({ text }) => text);
	}
}
