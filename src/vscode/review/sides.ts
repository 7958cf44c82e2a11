import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "../../agent/ports.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { modeOf, pathTroubleOf } from "../../node/checkpoints/look.ts";
import { decode } from "../../node/encoding.ts";
import type { FileState } from "../../shared/event.ts";
import { decodeAs, formOf } from "../encodings.ts";
import type { Current, Side } from "./changed-file.ts";

/** Characters of kept contents in memory at most; the latest stay. */
const MOST = 30_000_000;

const LOST: Side = { kind: "opaque", why: "lost" };

/** What files are and were, read for their review. */
export class Sides {
	readonly #files: Files;
	readonly #checkpoints: () => WorkspaceCheckpoints | undefined;
	readonly #known = new Map<string, Side>();
	#size = 0;

	constructor(files: Files, checkpoints: () => WorkspaceCheckpoints | undefined) {
		this.#files = files;
		this.#checkpoints = checkpoints;
	}

	/** @param encoding VS Code's name of the one in which the file is open */
	async kept(state: FileState | null, encoding?: string): Promise<Side> {
		if (!state) return { kind: "none" };
		if (state.mode === "link") return { kind: "opaque", why: "link" };
		const key = `${state.id} ${encoding ?? ""}`;
		const known = this.#known.get(key);
		if (known) return known;
		const bytes = await this.#checkpoints()?.read(state);
		if (!bytes) return LOST;
		const side = await sideOf(bytes, encoding);
		this.#remember(key, side);
		return side;
	}

	/** The file as it is, by its path in the workspace. */
	async current(path: string): Promise<Current> {
		const { root = "" } = this.#files;
		const absolute = join(root, path);
		const found = await lstat(absolute).catch(() => undefined);
		// Behind a link it is a file of another name.
		const isElsewhere = (await pathTroubleOf(root, path).catch(() => undefined)) !== undefined;
		if (!found || found.isDirectory() || isElsewhere) return { side: { kind: "none" }, state: null, hash: null };
		const mode = found.isSymbolicLink() ? "link" : modeOf(found);
		const read = mode === "link" ? undefined : await this.#files.read(absolute);
		if (read?.ok) return { side: { kind: "text", content: read.value }, state: { mode }, hash: read.value.hash };
		const state = await this.#checkpoints()?.stateOf(path);
		return {
			side: { kind: "opaque", why: mode === "link" ? "link" : "binary" },
			state: { mode, ...(state && { id: state.id }) },
			hash: null,
		};
	}

	#remember(id: string, side: Side): void {
		this.#known.set(id, side);
		this.#size += lengthOf(side);
		for (const [oldest, gone] of this.#known) {
			if (this.#size <= MOST || oldest === id) break;
			this.#known.delete(oldest);
			this.#size -= lengthOf(gone);
		}
	}
}

/** As the open document shows it, where its encoding fits; else as the file would be read on disk. */
async function sideOf(bytes: Buffer, encoding: string | undefined): Promise<Side> {
	const text = encoding === undefined ? undefined : await decodeAs(bytes, encoding);
	if (encoding !== undefined && text !== undefined) {
		const form = formOf(encoding);
		return { kind: "text", content: { text, ...form }, ...(form.encoding === "foreign" && { foreign: encoding }) };
	}
	const content = decode(bytes);
	return content.ok ? { kind: "text", content: content.value } : { kind: "opaque", why: "binary" };
}

function lengthOf(side: Side): number {
	return side.kind === "text" ? side.content.text.length : 0;
}
