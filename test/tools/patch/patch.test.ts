import assert from "node:assert/strict";
import { chmodSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { rule } from "../../../src/agent/policy.ts";
import { tools } from "../../../src/tools/index.ts";
import { applyHunks } from "../../../src/tools/patch/change.ts";
import { createToolbox } from "../../../src/tools/toolbox.ts";
import { openWorkspace, type Workspace } from "../workspace.ts";
import type { Case } from "./cases.ts";
import { refusedCases } from "./cases-refused.ts";
import { unifiedCases } from "./cases-unified.ts";
import { v4aCases } from "./cases-v4a.ts";

let space: Workspace;
/** In each suite of its own: hooks outside of one would run for all files. */
function freshEachTime(): void {
	// Mocha runs it after the tests of other files as well.
	afterEach(() => space?.dispose());
}

const ADDED = { kind: "add", text: "added" } as const;

const textOf = ({ patch }: Case) => (typeof patch === "string" ? patch : patch.join("\n"));

function contents(): Record<string, string> {
	const all = readdirSync(space.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const names = all.map((entry) => `${entry.parentPath}/${entry.name}`.slice(space.root.length + 1));
	return Object.fromEntries(names.map((name) => [name, space.text(name)]));
}

for (const [title, cases] of [
	["a V4A patch", v4aCases],
	["a unified diff", unifiedCases],
] as const)
	describe(title, () => {
		freshEachTime();
		for (const each of cases)
			it(each.name, async () => {
				space = openWorkspace(each.files);
				const outcome = await space.call("apply_patch", { input: textOf(each) });
				assert.equal(outcome.failed, undefined, outcome.text);
				const wanted = Object.entries({ ...each.files, ...each.becomes }).filter(([, text]) => text !== null);
				assert.deepEqual(contents(), Object.fromEntries(wanted));
			});
	});

describe("a patch is refused, and nothing changes", () => {
	freshEachTime();
	for (const each of refusedCases)
		it(`for ${each.name}`, async () => {
			space = openWorkspace(each.files);
			assert.match(await space.refused("apply_patch", { input: textOf(each) }), each.refused ?? assert.fail());
			assert.deepEqual(contents(), each.files ?? {});
		});
});

describe("a call that means a patch", () => {
	freshEachTime();
	const DIFF = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-1\n+2\n";
	const V4A = "*** Begin Patch\n*** Update File: a.txt\n@@\n-1\n+2\n*** End Patch\n";
	const BARE = "@@ -1 +1 @@\n-1\n+2\n";
	const calls: readonly (readonly [tool: string, args: unknown])[] = [
		["apply_patch", { input: V4A }],
		["apply_patch", { patch: DIFF }],
		["applyPatch", { diff: DIFF }],
		["ApplyPatch", { content: V4A }],
		["Patch", { patch: DIFF, explanation: "because" }],
		["apply_diff", { path: "a.txt", diff: BARE }],
		["apply_patch", V4A],
		["apply_patch", DIFF],
		["apply_patch", JSON.stringify(V4A)],
		["Edit", { path: "a.txt", patch: BARE }],
		["Edit", { diff: DIFF }],
		["Write", { file_path: "a.txt", patch: BARE }],
		["Bash", { command: `apply_patch <<'EOF'\n${V4A}EOF\n` }],
		["Bash", { command: `applypatch<<\\EOF\n${DIFF}EOF` }],
		["Bash", { command: `apply_patch <<-"END-OF.PATCH"\n${V4A}\tEND-OF.PATCH\n\n` }],
	];
	for (const [tool, args] of calls)
		it(`is taken as ${tool} ${JSON.stringify(args).slice(0, 40)}`, async () => {
			space = openWorkspace({ "a.txt": "1\n" });
			const outcome = await space.call(tool, args);
			assert.equal(outcome.text, "Edited a.txt: 1 hunk, now at line 1.");
			assert.equal(space.text("a.txt"), "2\n");
		});

	for (const command of [
		`apply_patch <<'EOF'\n${V4A}EOF\nnpm test && echo done > out.txt`,
		`apply_patch <<'EOF' && npm test && echo done > out.txt\n${V4A}EOF\n`,
		`apply_patch<<EOF\n${DIFF}EOF\nnpm test && echo done > out.txt\n`,
	])
		it(`is refused as a command that does more: ${JSON.stringify(command).slice(0, 40)}`, async () => {
			space = openWorkspace({ "a.txt": "1\n" });
			assert.match(
				await space.refused("Bash", { command }),
				/^A patch must be all of its call: send it alone, and what else the command does \(`(?:&& )?npm test && echo done > out\.txt`\) in a call of its own\./,
			);
			assert.deepEqual(contents(), { "a.txt": "1\n" });
		});

	for (const command of [
		`cd src && apply_patch <<'EOF'\n${V4A}EOF\n`,
		`apply_patch <<<"$(cat x.diff)" && npm test`,
		`apply_patch -v <<EOF\n${V4A}EOF`,
		`apply_patch < x.diff`,
	])
		it(`is a command all the same where it is no bare patch: ${JSON.stringify(command).slice(0, 40)}`, async () => {
			space = openWorkspace({ "a.txt": "1\n" });
			const { effects } = await space.planned("Bash", { command });
			assert.deepEqual(effects, [{ exec: command }]);
		});

	it("is told what is missing when there is no patch in it", async () => {
		space = openWorkspace();
		assert.equal(await space.refused("apply_patch", {}), "apply_patch was not run. `patch` is missing: give a string.");
		assert.match(await space.refused("apply_patch", "{"), /^The arguments of apply_patch are not valid JSON/);
	});

	it("leaves other calls of Edit, Write and Bash to those", async () => {
		space = openWorkspace({ "a.txt": "1\n" });
		assert.match(await space.refused("Edit", { path: "a.txt" }), /`old_string` is missing/);
		assert.equal((await space.planned("Write", { path: "p.diff", content: DIFF })).title, "Create p.diff");
		assert.equal((await space.planned("Bash", { command: "cat <<EOF\nx\nEOF" })).effects.length, 1);
	});

	it("costs nothing: the model is not told of it", () => {
		space = openWorkspace();
		assert.deepEqual(
			createToolbox(tools).specs.filter(({ name }) => /patch/i.test(name)),
			[],
		);
	});
});

describe("a hunk in a file of equal lines", () => {
	const text = "equal\n".repeat(20_000);
	const lines = [...Array.from({ length: 300 }, () => ({ kind: "keep", text: "equal" }) as const), ADDED];
	const hunk = { lines, anchors: [], atEnd: false, unmarked: 0 };

	it("is refused with the first of its many places", async () => {
		assert.deepEqual(await applyHunks(text, [hunk]), {
			ok: false,
			trouble: { kind: "several", index: 0, lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], total: 19_701 },
		});
	});

	it("is made where its number says", async () => {
		const made = await applyHunks(text, [{ ...hunk, line: 5 }]);
		assert.deepEqual(made.ok && made.text.split("\n").indexOf("added"), 304);
	});
});

describe("the plan of a patch", () => {
	freshEachTime();
	const plan = (...lines: string[]) => space.planned("apply_patch", { input: lines.join("\n") });

	it("shows one file as a diff, and asks for what it does to it", async () => {
		space = openWorkspace({ "a.txt": "1\n" });
		const { title, effects, preview } = await plan("*** Delete File: a.txt");
		assert.deepEqual(
			{ title, effects, preview },
			{
				title: "Delete a.txt",
				effects: [{ read: "a.txt" }, { write: "a.txt" }],
				preview: { kind: "diff", path: "a.txt", diff: "@@ -1,1 +0,0 @@\n-1", added: 0, removed: 1, deleted: true },
			},
		);
	});

	it("shows a rename as one file, and writes both names", async () => {
		space = openWorkspace({ "a.js": "1\n2\n" });
		const { title, effects, preview, proposals } = await plan(
			"*** Update File: a.js",
			"*** Move to: b.js",
			"@@",
			"-1",
			"+one",
		);
		assert.deepEqual(
			{ title, effects, preview },
			{
				title: "Rename a.js to b.js",
				effects: [{ write: "b.js" }, { read: "a.js" }, { write: "a.js" }],
				preview: {
					kind: "diff",
					path: "b.js",
					diff: "@@ -1,2 +1,2 @@\n-1\n+one\n 2",
					added: 1,
					removed: 1,
					from: "a.js",
				},
			},
		);
		assert.deepEqual(
			proposals?.map(({ name, before, after, from }) => ({ name, before: before?.text, after: after?.text, from })),
			[
				{ name: "b.js", before: undefined, after: "one\n2\n", from: "a.js" },
				{ name: "a.js", before: "1\n2\n", after: undefined, from: undefined },
			],
		);
	});

	it("shows several files together", async () => {
		space = openWorkspace({ "a.txt": "1\n", "b.txt": "1\n" });
		const { title, preview } = await plan(
			"*** Delete File: a.txt",
			"*** Update File: b.txt",
			"@@",
			"-1",
			"+2",
			"*** Add File: c.txt",
			"+3",
		);
		assert.equal(title, "Change 3 files");
		assert.deepEqual(preview?.kind === "files" && preview.files.map(({ path }) => path), ["a.txt", "b.txt", "c.txt"]);
	});

	it("asks for a secret or protected file in every mode, also when it is only renamed", async () => {
		space = openWorkspace({ ".env": "KEY=1\n" });
		const { effects } = await plan("*** Update File: .env", "*** Move to: notes.txt");
		assert.equal(rule({ tool: "apply_patch", effects }, { mode: "trusted", grants: [] }).verdict, "ask");
	});

	it("warns where a hunk was found by overlooking indentation, and where most of a file goes", async () => {
		const many = Array.from({ length: 30 }, (_, at) => `line number ${at}`);
		space = openWorkspace({ "a.js": "\tstartEngine();\n", "b.txt": `${many.join("\n")}\n` });
		const drifted = await plan("*** Update File: a.js", "@@", "-  startEngine();", "+  stopEngine();");
		assert.equal(drifted.proposals?.[0]?.warning, "The place was found by ignoring indentation: check it.");
		assert.match(
			(await space.run(drifted)).text,
			/Matched after ignoring indentation; the new text was re-indented to fit\.$/,
		);
		const emptied = await plan("*** Update File: b.txt", "@@", ...many.slice(0, 25).map((line) => `-${line}`));
		const { preview } = emptied;
		assert.equal(preview?.kind === "diff" && preview.warning, "This drops 25 of the file's 30 lines of text.");
	});

	it("says to the model and the person that the line after @@ is not in the file, and that only", async () => {
		space = openWorkspace({ "a.py": "def a():\n    return None\n" });
		const planned = await plan("*** Update File: a.py", "@@ def nosuch():", "-    return None", "+    return 5");
		const caution = "The patch names what is not in the file (`def nosuch():`): check the place.";
		assert.equal(planned.proposals?.[0]?.warning, caution);
		assert.equal((await space.run(planned)).text, `Edited a.py: 1 hunk, now at line 2. ${caution}`);
		const bare = await plan("*** Update File: a.py", "@@ ... @@", "-    return 5", "+    return 6");
		assert.equal(bare.proposals?.[0]?.warning, undefined);
	});

	it("does not quote a secret file that the model has not read", async () => {
		space = openWorkspace({ ".env": "SECRET_TOKEN=abc\n" });
		const refused = await space.refused("apply_patch", { input: "*** Update File: .env\n@@\n-SECRET_TOKEN=x\n+y" });
		assert.doesNotMatch(refused, /abc/);
	});

	it("is refused for a link that would be deleted or renamed, since what it leads to would be", async () => {
		space = openWorkspace({ "real.txt": "1\n" });
		symlinkSync("real.txt", space.path("link.txt"));
		const refused = await space.refused("apply_patch", { input: "*** Delete File: link.txt" });
		assert.match(refused, /^link\.txt is a link to real\.txt\./);
		assert.match(
			await space.refused("apply_patch", { input: "*** Update File: link.txt\n*** Move to: b.txt" }),
			/is a link/,
		);
		await space.call("apply_patch", { input: "*** Update File: link.txt\n@@\n-1\n+2" });
		assert.equal(space.text("real.txt"), "2\n");
	});

	it("is refused for a file that changed since the model read it", async () => {
		space = openWorkspace({ "a.txt": "1\n2\n" });
		await space.call("Read", { path: "a.txt" });
		space.put("a.txt", "1\nmine\n");
		const refused = await space.refused("apply_patch", { input: "*** Update File: a.txt\n@@\n-1\n+one" });
		assert.match(refused, /^a\.txt has changed since you read it\. Read it again, then patch\./);
	});
});

describe("a patch that runs", () => {
	freshEachTime();
	const SCRIPT = "*** Update File: run.sh\n*** Move to: bin/run.sh\n@@\n-echo 1\n+echo 2\n";

	it("keeps the mode of a file that it renames and changes", async () => {
		space = openWorkspace({ "run.sh": "echo 1\n" });
		chmodSync(space.path("run.sh"), 0o755);
		const outcome = await space.call("apply_patch", { input: SCRIPT });
		assert.equal(outcome.text, "Created bin/run.sh from run.sh: 1 hunk, now at line 1.\nDeleted run.sh.");
		assert.equal(statSync(space.path("bin/run.sh")).mode & 0o777, 0o755);
		assert.deepEqual(contents(), { "bin/run.sh": "echo 2\n" });
	});

	it("says that a change of mode beside its hunks or its rename was not made", async () => {
		space = openWorkspace({ "a.sh": "echo 1\nexit\n", "b.sh": "1\n" });
		const outcome = await space.call("apply_patch", {
			patch:
				"diff --git a/a.sh b/a.sh\nold mode 100644\nnew mode 100755\n--- a/a.sh\n+++ b/a.sh\n@@ -1 +1 @@\n-echo 1\n+echo 2\n" +
				"--- a/a.sh\n+++ b/a.sh\n@@ -2 +2 @@\n-exit\n+exit 1\n" +
				"diff --git a/b.sh b/c.sh\nold mode 100644\nnew mode 100755\nsimilarity index 100%\nrename from b.sh\nrename to c.sh\n",
		});
		assert.deepEqual(outcome.text.split("\n"), [
			"Edited a.sh: 2 hunks, now at lines 1, 2. The patch also changes the mode of a.sh; that was not done. Bash can: chmod 755 a.sh",
			"Created c.sh from b.sh. The patch also changes the mode of c.sh; that was not done. Bash can: chmod 755 c.sh",
			"Deleted b.sh.",
		]);
		assert.deepEqual(contents(), { "a.sh": "echo 2\nexit 1\n", "c.sh": "1\n" });
		assert.equal(statSync(space.path("a.sh")).mode & 0o111, 0);
	});

	it("says that a new executable file is none yet", async () => {
		space = openWorkspace();
		const outcome = await space.call("apply_patch", {
			patch: "diff --git a/x.sh b/x.sh\nnew file mode 100755\n--- /dev/null\n+++ b/x.sh\n@@ -0,0 +1 @@\n+echo\n",
		});
		assert.equal(outcome.text, "Created x.sh with 1 line. It is not executable yet: chmod +x x.sh");
	});

	it("writes nothing when one of its files changed while the person decided", async () => {
		space = openWorkspace({ "run.sh": "echo 1\n", "b.txt": "1\n" });
		const plan = await space.planned("apply_patch", { input: `*** Delete File: b.txt\n${SCRIPT}` });
		space.put("b.txt", "mine\n");
		const outcome = await space.run(plan);
		assert.deepEqual(outcome, {
			text: "b.txt changed while the call waited for approval. Nothing was written: Read it again.",
			failed: true,
		});
		assert.deepEqual(contents(), { "run.sh": "echo 1\n", "b.txt": "mine\n" });
	});

	it("lets the model go on with the files that it knows now", async () => {
		space = openWorkspace({ "a.txt": "1\n", "b.txt": "1\n", "c.txt": "1\n" });
		await space.call("Read", { path: "a.txt" });
		const outcome = await space.call("apply_patch", {
			input: "*** Update File: a.txt\n@@\n-1\n+2\n*** Update File: b.txt\n*** Move to: d.txt\n*** Delete File: c.txt",
		});
		// A text that only got another name need not be known.
		assert.deepEqual(Object.keys(outcome.details?.seen ?? {}), ["a.txt"]);
		assert.equal((await space.planned("Write", { path: "a.txt", content: "3\n" })).title, "Edit a.txt");
		assert.match(await space.refused("Write", { path: "d.txt", content: "3\n" }), /you have not read it/);
	});
});
