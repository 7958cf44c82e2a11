import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod/mini";

/** A proposal as the person left it, kept through reloads. */
export const Draft = z.object({
	/** Names what it was made on: the file before and the proposed text. */
	basis: z.string(),
	text: z.string(),
	/** All of them in their order, which tells those with the same lines apart. */
	hunks: z.array(z.object({ key: z.string(), accepted: z.boolean() })),
	/** Keys of those that were rejected. */
	rejected: z.array(z.string()),
	/** What was decided of the file as such: that it is made, deleted or renamed. */
	file: z.optional(z.enum(["accepted", "rejected"])),
});
export type Draft = z.infer<typeof Draft>;

/** Whose draft it is. Call ids alone repeat from chat to chat. */
export interface DraftKey {
	readonly chat: string;
	readonly call: string;
	readonly path: string;
}

/** Drafts of calls that never got their answer, such as those of a chat that nobody went on with. */
const MAX_AGE = 30 * 24 * 60 * 60 * 1000;

/**
 * Drafts in a folder of the extension's storage, a file each. A draft that can't be read is none, and one that can't be
 * deleted is so when it is old: no review waits or fails for what is kept of it.
 */
export class Drafts {
	readonly #folder: string;
	readonly #lost: (why: unknown) => void;
	#isLost = false;
	#writing: Promise<void> = Promise.resolve();
	/** Names of the files; undefined until somebody asks. */
	#names: Promise<Set<string>> | undefined;

	/** `lost` is told once that drafts can't be kept, and why. */
	constructor(folder: string, lost: (why: unknown) => void) {
		this.#folder = folder;
		this.#lost = lost;
	}

	async read(key: DraftKey): Promise<Draft | undefined> {
		await this.#writing;
		try {
			const parsed = Draft.safeParse(JSON.parse(await readFile(this.#file(key), "utf8")));
			return parsed.success ? parsed.data : undefined;
		} catch {
			return undefined;
		}
	}

	/** One after the other, so that the last one stays. Each is asked for in its turn: their hunks are found one by one. */
	write(key: DraftKey, draft: () => Draft): Promise<void> {
		return this.#then(async () => {
			const file = this.#file(key);
			try {
				await mkdir(this.#folder, { recursive: true });
				await writeFile(`${file}.new`, JSON.stringify(draft()));
				await rename(`${file}.new`, file);
			} catch (error) {
				if (!this.#isLost) this.#lost(error);
				this.#isLost = true;
				return;
			}
			(await this.#known()).add(basename(file));
		});
	}

	/** Forgets the drafts of a chat, but for those of the call `except`. */
	forget(chat: string, except?: string): Promise<void> {
		const kept = except === undefined ? undefined : prefixOf(chat, except);
		return this.#remove((name) => name.startsWith(prefixOf(chat)) && (!kept || !name.startsWith(kept)));
	}

	forgetCall(chat: string, call: string): Promise<void> {
		return this.#remove((name) => name.startsWith(prefixOf(chat, call)));
	}

	forgetOld(): Promise<void> {
		const oldest = Date.now() - MAX_AGE;
		return this.#remove(async (name) => {
			const found = await stat(join(this.#folder, name)).catch(() => undefined);
			return found !== undefined && found.mtimeMs < oldest;
		});
	}

	#remove(meant: (name: string) => boolean | Promise<boolean>): Promise<void> {
		return this.#then(async () => {
			const names = await this.#known();
			for (const name of [...names]) {
				if (!(await meant(name))) continue;
				await rm(join(this.#folder, name), { force: true }).catch(() => undefined);
				names.delete(name);
			}
		});
	}

	/** Each call that ends looks for its drafts, and few have any: the folder is listed once. */
	#known(): Promise<Set<string>> {
		this.#names ??= readdir(this.#folder).then(
			(names) => new Set(names),
			() => new Set(),
		);
		return this.#names;
	}

	#then(work: () => Promise<void>): Promise<void> {
		this.#writing = this.#writing.then(work);
		return this.#writing;
	}

	#file({ chat, call, path }: DraftKey): string {
		return join(this.#folder, `${prefixOf(chat, call)}${shortHash(path)}.json`);
	}
}

/** Beginning of the names of all drafts of a chat, or of a call. */
function prefixOf(chat: string, call?: string): string {
	return call === undefined ? `${shortHash(chat)}-` : `${shortHash(chat)}-${shortHash(call)}-`;
}

export function shortHash(...texts: readonly string[]): string {
	const hash = createHash("sha256");
	// With their lengths, so that no two lists of texts run together to the same.
	for (const text of texts) hash.update(`${text.length}:`).update(text);
	return hash.digest("hex").slice(0, 16);
}
