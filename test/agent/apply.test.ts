import assert from "node:assert/strict";
import { chmodSync, existsSync, linkSync, readdirSync, statSync } from "node:fs";
import { applyProposals } from "../../src/agent/apply.ts";
import type { FileFailure, Files, FileText } from "../../src/agent/ports.ts";
import type { Proposal } from "../../src/agent/tool.ts";
import { openWorkspace, type Workspace } from "../tools/workspace.ts";

describe("proposals that are carried out together", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" });
		chmodSync(space.path("b.txt"), 0o755);
	});
	afterEach(() => space.dispose());

	const signal = new AbortController().signal;
	const text = (value: string) => ({ text: value, encoding: "utf8", bom: false }) as const;
	const read = async (name: string): Promise<FileText> => {
		const file = await space.ctx.files.read(space.path(name));
		return file.ok ? file.value : assert.fail(file.failure.message);
	};
	async function propose(name: string, after: string | null, from?: string): Promise<Proposal> {
		const before = existsSync(space.path(name)) ? await read(name) : null;
		const done = `Did ${name}.`;
		return {
			path: space.path(name),
			name,
			before,
			after: after === null ? null : text(after),
			done,
			...(from && { from }),
		};
	}
	const edit = () => propose("a.txt", "A\n");
	const create = () => propose("new/d.txt", "d\n");
	const rename = async () => [await propose("e.txt", "B\n", "b.txt"), await propose("b.txt", null)];
	const remove = () => propose("c.txt", null);
	const all = async () => [await edit(), ...(await rename()), await create(), await remove()];
	const contents = () => {
		const files = readdirSync(space.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		const names = files.map((entry) => `${entry.parentPath}/${entry.name}`.slice(space.root.length + 1)).sort();
		return Object.fromEntries(names.map((name) => [name, space.text(name)]));
	};
	const BEFORE = { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" };
	const AFTER = { "a.txt": "A\n", "e.txt": "B\n", "new/d.txt": "d\n" };

	/** Real files, of which one operation fails; `first` happens before that. */
	function failing(op: "write" | "move" | "remove", name: string, first = () => {}): Files {
		const failure: FileFailure = { code: "other", message: "The disk is full." };
		const path = space.path(name);
		const { files } = space.ctx;
		const stopped = <A extends readonly unknown[], R>(kind: string, run: (...args: A) => Promise<R>, at = 0) =>
			(async (...args: A) => {
				if (kind !== op || args[at] !== path) return run(...args);
				first();
				return { ok: false, failure } as const;
			}) as (...args: A) => Promise<R>;
		return {
			...files,
			write: stopped("write", files.write),
			move: stopped("move", files.move, 1),
			remove: stopped("remove", files.remove),
		};
	}

	it("writes, renames, creates and deletes, and gives what the model knows then", async () => {
		const applied = await applyProposals(space.ctx.files, await all(), signal);
		assert.deepEqual(contents(), AFTER);
		assert.equal(statSync(space.path("e.txt")).mode & 0o777, 0o755);
		const seen = Object.fromEntries(
			await Promise.all(["a.txt", "e.txt", "new/d.txt"].map(async (name) => [name, (await read(name)).hash] as const)),
		);
		const done = ["Did a.txt.", "Did e.txt.", "Did b.txt.", "Did new/d.txt.", "Did c.txt."];
		assert.deepEqual(applied, { ok: true, value: { seen, done } });
	});

	it("does not count a text as known that only got another name", async () => {
		const proposals = [await propose("e.txt", "b\n", "b.txt"), await propose("b.txt", null)];
		const applied = await applyProposals(space.ctx.files, proposals, signal);
		assert.deepEqual(applied.ok && applied.value.seen, {});
		assert.deepEqual(contents(), { "a.txt": "a\n", "c.txt": "c\n", "e.txt": "b\n" });
	});

	it("copies the file where the deletion that makes it a rename is left out", async () => {
		await applyProposals(space.ctx.files, (await rename()).slice(0, 1), signal);
		assert.deepEqual(contents(), { ...BEFORE, "e.txt": "B\n" });
	});

	for (const [op, name, what] of [
		["write", "new/d.txt", "written"],
		["write", "e.txt", "renamed"],
		["move", "e.txt", "renamed"],
		["remove", "c.txt", "deleted"],
	] as const)
		it(`puts everything back when ${name} can't be ${what} (${op})`, async () => {
			const applied = await applyProposals(failing(op, name), await all(), signal);
			assert.deepEqual(contents(), BEFORE);
			assert.equal(statSync(space.path("b.txt")).mode & 0o777, 0o755);
			assert.ok(!applied.ok);
			assert.match(
				applied.failure,
				new RegExp(`^${name} was not ${what}\\. The disk is full\\. Put back as before: a\\.txt`),
			);
		});

	it("puts a deleted file back as the very same one, with its mode and its other names", async () => {
		linkSync(space.path("b.txt"), space.path("twin.txt"));
		const { ino, mode } = statSync(space.path("b.txt"));
		const proposals = [await propose("b.txt", null), await remove()];
		const applied = await applyProposals(failing("remove", "c.txt"), proposals, signal);
		const back = statSync(space.path("b.txt"));
		assert.deepEqual([back.ino, back.mode, back.nlink], [ino, mode, 2]);
		assert.deepEqual(contents(), { ...BEFORE, "twin.txt": "b\n" });
		assert.match(applied.ok ? "" : applied.failure, /Put back as before: b\.txt\.$/);
	});

	it("takes nobody's place when it puts a deleted file back, and says where it is", async () => {
		const proposals = [await propose("b.txt", null), await remove()];
		const files = failing("remove", "c.txt", () => space.put("b.txt", "mine\n"));
		const applied = await applyProposals(files, proposals, signal);
		const [, other = ""] = /What it was is in (\S+) beside it\.$/.exec(applied.ok ? "" : applied.failure) ?? [];
		assert.deepEqual(contents(), { ...BEFORE, "b.txt": "mine\n", [other]: "b\n" });
	});

	it("leaves nothing beside files that it deleted", async () => {
		await applyProposals(space.ctx.files, [await propose("b.txt", null), await remove()], signal);
		assert.deepEqual(contents(), { "a.txt": "a\n" });
	});

	it("puts everything back when a real folder is none", async () => {
		const proposals = [await edit(), { ...(await create()), path: space.path("c.txt/d.txt"), name: "c.txt/d.txt" }];
		const applied = await applyProposals(space.ctx.files, proposals, signal);
		assert.deepEqual(contents(), BEFORE);
		assert.match(
			applied.ok ? "" : applied.failure,
			/^c\.txt\/d\.txt was not written\. .* Put back as before: a\.txt\.$/,
		);
	});

	// The system asks root for no permission, so there is nothing to test then.
	if (process.getuid?.() !== 0)
		it("puts everything back when a folder is read-only", async () => {
			space.put("ro/x.txt", "x\n");
			const proposals = [await edit(), await propose("ro/x.txt", null)];
			chmodSync(space.path("ro"), 0o555);
			const applied = await applyProposals(space.ctx.files, proposals, signal);
			chmodSync(space.path("ro"), 0o755);
			assert.deepEqual(contents(), { ...BEFORE, "ro/x.txt": "x\n" });
			assert.match(applied.ok ? "" : applied.failure, /^ro\/x\.txt was not deleted\. .*Put back as before: a\.txt\.$/);
		});

	it("names the file that can't be put back, since it changed again meanwhile", async () => {
		const files = failing("write", "new/d.txt", () => space.put("a.txt", "mine\n"));
		const applied = await applyProposals(files, await all(), signal);
		assert.deepEqual(contents(), { ...BEFORE, "a.txt": "mine\n" });
		assert.deepEqual(applied, {
			ok: false,
			failure:
				"new/d.txt was not written. The disk is full. Put back as before: e.txt. 1 file could not be put back, look at them before you go on: a.txt: The file changed on disk meanwhile. Nothing was written.",
		});
	});

	for (const [name, change, says] of [
		["a.txt", "mine\n", "a.txt changed while the call waited for approval. Nothing was written: Read it again."],
		["c.txt", "mine\n", "c.txt changed while the call waited for approval. Nothing was written: Read it again."],
		["b.txt", "mine\n", "b.txt changed while the call waited for approval. Nothing was written: Read it again."],
		[
			"e.txt",
			"mine\n",
			"e.txt was created by somebody else while the call waited for approval. Nothing was written: Read it first.",
		],
	] as const)
		it(`touches nothing when ${name} is another one than proposed`, async () => {
			const proposals = await all();
			space.put(name, change);
			const applied = await applyProposals(space.ctx.files, proposals, signal);
			assert.deepEqual(contents(), { ...BEFORE, [name]: change });
			assert.deepEqual(applied, { ok: false, failure: says });
		});

	it("says what changed between the first look and the write, and puts the rest back", async () => {
		const { files } = space.ctx;
		const late: Files = {
			...files,
			async move(from, to, expected) {
				space.put("b.txt", "mine\n");
				return files.move(from, to, expected);
			},
		};
		const applied = await applyProposals(late, await all(), signal);
		assert.deepEqual(contents(), { ...BEFORE, "b.txt": "mine\n" });
		assert.deepEqual(applied, {
			ok: false,
			failure:
				"b.txt changed while the call waited for approval. Nothing was written: Read it again. Put back as before: a.txt.",
		});
	});

	it("puts back what it wrote when it is stopped in the middle", async () => {
		const stop = new AbortController();
		const { files } = space.ctx;
		const late: Files = {
			...files,
			async write(path, content, expected) {
				stop.abort();
				return files.write(path, content, expected);
			},
		};
		const applied = await applyProposals(late, await all(), stop.signal);
		assert.deepEqual(contents(), BEFORE);
		assert.deepEqual(applied, { ok: false, failure: "Stopped before e.txt was renamed. Put back as before: a.txt." });
	});
});
