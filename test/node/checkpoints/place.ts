import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyRestore, type Restored } from "../../../src/node/checkpoints/apply.ts";
import type { CheckpointOptions, WorkspaceCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { createCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { planRestore } from "../../../src/node/checkpoints/restore.ts";
import type { FileChange } from "../../../src/shared/event.ts";

/** A workspace and a storage folder of its own; `remove` at the end. */
export class Place {
	readonly #top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-checkpoints-")));
	readonly root = join(this.#top, "work");
	readonly folder = join(this.#top, "storage");
	readonly #open: WorkspaceCheckpoints[] = [];

	constructor() {
		fs.mkdirSync(this.root);
	}

	open(options: Partial<CheckpointOptions> = {}): WorkspaceCheckpoints {
		const checkpoints = createCheckpoints({ root: this.root, folder: this.folder, ...options });
		this.#open.push(checkpoints);
		return checkpoints;
	}

	at(name: string): string {
		return join(this.root, name);
	}

	beside(name: string): string {
		return join(this.#top, name);
	}

	/** Writes files, folders made. */
	put(files: Readonly<Record<string, string | Buffer>>): void {
		for (const [name, content] of Object.entries(files)) {
			fs.mkdirSync(join(this.at(name), ".."), { recursive: true });
			fs.writeFileSync(this.at(name), content);
		}
	}

	sh(command: string): string {
		const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
		return execFileSync("/bin/sh", ["-ec", command], { cwd: this.root, env, encoding: "latin1", stdio: "pipe" });
	}

	/** Everything in the workspace: files with mode and content, links with target, folders. Names as bytes. */
	tree(): Readonly<Record<string, string>> {
		const found: Record<string, string> = {};
		const walk = (folder: Buffer, prefix: string) => {
			for (const entry of fs.readdirSync(folder, { encoding: "buffer" })) {
				const path = Buffer.concat([folder, Buffer.from("/"), entry]);
				const name = prefix + entry.toString("latin1");
				const stat = fs.lstatSync(path);
				if (stat.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(path, { encoding: "latin1" })}`;
				else if (stat.isFile()) found[name] = `${(stat.mode & 0o777).toString(8)} ${fs.readFileSync(path, "latin1")}`;
				else {
					found[`${name}/`] = "";
					walk(path, `${name}/`);
				}
			}
		};
		walk(Buffer.from(this.root), "");
		return found;
	}

	remove(): void {
		for (const checkpoints of this.#open) checkpoints.dispose();
		fs.rmSync(this.#top, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** A place of its own for each test of the suite that calls this: hooks outside of one would run for all files. */
export function freshEachTime(begin: (place: Place) => void): void {
	let place: Place;
	beforeEach(() => {
		place = new Place();
		begin(place);
	});
	afterEach(() => place.remove());
}

/** What a command changes, as the log gets it. */
export async function changesOf(checkpoints: WorkspaceCheckpoints, command: () => unknown) {
	const snapshot = await checkpoints.snapshot();
	await command();
	return snapshot.changes();
}

/** Puts all back that is clean or can be merged. */
export async function restore(
	checkpoints: WorkspaceCheckpoints,
	made: readonly FileChange[],
	overwrite = false,
): Promise<Restored> {
	return applyRestore(checkpoints, await planRestore(checkpoints, made), { overwrite });
}

/** Runs code in a process without root's rights, with `checkpoints` and what a restore needs; returns what it prints. */
export function asNobody(at: Place, code: string, limit = "true"): string {
	const module = (name: string) =>
		JSON.stringify(new URL(`../../../src/node/checkpoints/${name}.ts`, import.meta.url).href);
	const script = `
		const { createCheckpoints } = await import(${module("checkpoints")});
		const { planRestore } = await import(${module("restore")});
		const { applyRestore } = await import(${module("apply")});
		if (process.getuid() === 0) process.setgroups([]), process.setgid(65534), process.setuid(65534);
		const checkpoints = createCheckpoints(${JSON.stringify({ root: at.root, folder: at.folder })});
		${code}`;
	if (process.getuid?.() === 0) execFileSync("chown", ["-R", "65534:65534", at.beside("")]);
	return execFileSync(
		"/bin/bash",
		["-c", `${limit}; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
		{
			encoding: "utf8",
		},
	);
}
