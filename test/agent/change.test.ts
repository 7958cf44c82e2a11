import assert from "node:assert/strict";
import { planProposals } from "../../src/agent/change.ts";
import type { FileText } from "../../src/agent/ports.ts";
import type { Plan, Proposal } from "../../src/agent/tool.ts";
import { countTurns } from "../fake/busy.ts";
import { openWorkspace, type Workspace } from "../tools/workspace.ts";

const OLD = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
const NEW = OLD.replace("two", "2").replace("eight", "8");

describe("a proposal that the person edits", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "a.js": OLD, "b.js": "bee\n" });
	});
	afterEach(() => space.dispose());
	const read = async (name: string): Promise<FileText> => {
		const file = await space.ctx.files.read(space.path(name));
		return file.ok ? file.value : assert.fail(file.failure.message);
	};
	const both = {
		path: "a.js",
		edits: [
			{ old_string: "two", new_string: "2" },
			{ old_string: "eight", new_string: "8" },
		],
	};
	const amend = async (plan: Plan, texts: Record<string, string>, refused: string[] = []) =>
		(await plan.amend?.({ texts, refused })) ?? assert.fail("the plan can't be amended");

	it("is written with the hunks that they left, and the model gets the difference as a diff", async () => {
		await space.call("Read", { path: "a.js" });
		const plan = await amend(await space.planned("Edit", both), { "a.js": OLD.replace("two", "2") });
		const outcome = await space.run(plan);
		assert.equal(space.text("a.js"), OLD.replace("two", "2"));
		assert.deepEqual(outcome, {
			text: `a.js is written, but the person changed your proposal first. From your proposal (-) to what the file is now (+):
@@ -5,5 +5,5 @@
 five
 six
 seven
-8
+eight
 nine`,
			details: { seen: { "a.js": (await read("a.js")).hash } },
			show: {
				kind: "diff",
				path: "a.js",
				diff: "@@ -1,5 +1,5 @@\n one\n-two\n+2\n three\n four\n five",
				added: 1,
				removed: 1,
			},
		});
	});

	it("keeps encoding, byte-order mark and the line ends of the text that they gave", async () => {
		space.put("w.txt", Buffer.from("\ufeffone\r\ntwo\r\n", "utf16le"));
		const plan = await space.planned("Edit", { path: "w.txt", old_string: "two", new_string: "2" });
		await space.run(await amend(plan, { "w.txt": "one\r\nzwei\r\n" }));
		assert.deepEqual(space.bytes("w.txt"), Buffer.from("\ufeffone\r\nzwei\r\n", "utf16le"));
	});

	it("is the same plan when they changed nothing", async () => {
		const plan = await space.planned("Edit", both);
		assert.equal(await amend(plan, { "a.js": NEW, "other.js": "x" }), plan);
	});

	for (const [how, texts, refused] of [
		["every hunk of it is rejected", { "a.js": OLD }, []],
		["it is refused as a whole", {}, ["a.js"]],
	] as const)
		it(`writes nothing and fails when ${how}`, async () => {
			const plan = await amend(await space.planned("Edit", both), texts, [...refused]);
			assert.deepEqual([plan.effects, plan.proposals], [[], undefined]);
			assert.deepEqual(await space.run(plan), {
				text: "The person rejected all of this change. Nothing was written; ask if you need a reason.",
				failed: true,
			});
			assert.equal(space.text("a.js"), OLD);
		});

	it("creates no file when all of a new one is rejected, but an empty one where that was proposed", async () => {
		const made = await space.planned("Write", { path: "n.js", content: "x\n" });
		assert.equal((await space.run(await amend(made, { "n.js": "" }))).failed, true);
		assert.equal(space.has("n.js"), false);
		const empty = await space.planned("Write", { path: "n.js", content: "" });
		await space.run(await amend(empty, { "n.js": "" }));
		assert.equal(space.text("n.js"), "");
	});

	it("does not claim that the model knows the file when the diff is too long to tell", async () => {
		const long = Array.from({ length: 80 }, (_, n) => `line ${n}\n`).join("");
		const outcome = await space.run(await amend(await space.planned("Edit", both), { "a.js": long }));
		assert.deepEqual(outcome.details, { seen: {} });
		const lines = outcome.text.split("\n");
		assert.deepEqual(
			[lines.length, ...lines.slice(-2)],
			[63, "… [30 more lines]", "The diff is cut: read a.js before you change it again."],
		);
	});

	it("is not quoted where the file may hold secrets", async () => {
		space.put(".env", "A=1\nKEY=old\n");
		await space.call("Read", { path: ".env" });
		const plan = await space.planned("Edit", { path: ".env", old_string: "A=1", new_string: "A=2" });
		const outcome = await space.run(await amend(plan, { ".env": "A=2\nKEY=theirs\n" }));
		assert.equal(space.text(".env"), "A=2\nKEY=theirs\n");
		assert.deepEqual(
			[outcome.text, outcome.details],
			[
				".env is written, but the person changed your proposal first. It may hold secrets: read it before you change it again.",
				{ seen: {} },
			],
		);
	});

	it("says so when only line ends differ", async () => {
		const outcome = await space.run(
			await amend(await space.planned("Edit", both), { "a.js": NEW.replaceAll("\n", "\r\n") }),
		);
		assert.match(outcome.text, /\n\(Only line ends differ\.\)$/);
	});

	it("fails when the file changed meanwhile, edited or not", async () => {
		const plan = await amend(await space.planned("Edit", both), { "a.js": "mine\n" });
		space.put("a.js", "theirs\n");
		assert.deepEqual(await space.run(plan), {
			text: "a.js changed while the call waited for approval. Nothing was written: Read it again.",
			failed: true,
		});
	});

	describe("among several", () => {
		const proposals = async (): Promise<Proposal[]> => {
			const [a, b] = [await read("a.js"), await read("b.js")];
			const text = (from: FileText, now: string) => ({ text: now, encoding: from.encoding, bom: from.bom });
			return [
				{ path: space.path("a.js"), name: "a.js", before: a, after: text(a, NEW), done: "Edited a.js." },
				{ path: space.path("c.js"), name: "c.js", before: null, after: b, from: "b.js", done: "Renamed b.js to c.js." },
				{ path: space.path("b.js"), name: "b.js", before: b, after: null, done: "b.js is gone." },
			];
		};

		it("shows a rename as one file and carries all out", async () => {
			const plan = await planProposals(space.ctx.files, await proposals());
			assert.deepEqual(
				[plan.title, plan.preview?.kind === "files" && plan.preview.files.map(({ path, from }) => [path, from])],
				[
					"Change 2 files",
					[
						["a.js", undefined],
						["c.js", "b.js"],
					],
				],
			);
			const { text } = await space.run(plan);
			assert.equal(text, "Edited a.js.\nRenamed b.js to c.js.\nb.js is gone.");
			assert.deepEqual([space.text("a.js"), space.text("c.js"), space.has("b.js")], [NEW, "bee\n", false]);
		});

		for (const half of ["b.js", "c.js"])
			it(`drops both halves of a rename when ${half} is refused`, async () => {
				const plan = await amend(await planProposals(space.ctx.files, await proposals()), {}, [half]);
				assert.deepEqual((await space.run(plan)).text.split("\n"), [
					"Edited a.js.",
					"c.js: the person rejected this change; nothing of it was done.",
					"b.js: the person rejected this change; nothing of it was done.",
				]);
				assert.deepEqual([space.text("a.js"), space.has("c.js"), space.text("b.js")], [NEW, false, "bee\n"]);
			});

		it("renames with the person's text", async () => {
			await space.run(await amend(await planProposals(space.ctx.files, await proposals()), { "c.js": "sea\n" }));
			assert.deepEqual([space.text("c.js"), space.has("b.js")], ["sea\n", false]);
		});

		it("lets others go on while many files are compared", async () => {
			const text = (word: string) => Array.from({ length: 3000 }, (_, at) => `${word} ${at}\nsame ${at}\n`).join("");
			const before = { ...(await read("a.js")), text: text("old") };
			const after = { text: text("new"), encoding: before.encoding, bom: before.bom };
			const names = Array.from({ length: 10 }, (_, at) => `file${at}.txt`);
			const all = names.map((name) => ({ path: space.path(name), name, before, after, done: `Edited ${name}.` }));
			const turns = countTurns();
			const plan = await planProposals(space.ctx.files, all);
			assert.ok(turns() > 0);
			assert.equal(plan.preview?.kind === "files" && plan.preview.files.length, names.length);
		});

		it("titles a rename, a deletion and a creation by what they do", async () => {
			const [, to, from] = await proposals();
			assert.ok(to && from);
			const { from: _from, ...created } = to;
			const all = [[to, from], [from], [created]].map((some) => planProposals(space.ctx.files, some));
			const titles = (await Promise.all(all)).map(({ title }) => title);
			assert.deepEqual(titles, ["Rename b.js to c.js", "Delete b.js", "Create c.js"]);
		});
	});
});
