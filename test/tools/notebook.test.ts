import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { isRefusal } from "../../src/agent/tool.ts";
import { deleteCell, insertCell, replaceCell } from "../../src/tools/notebook/edit.ts";
import { type Cell, type Notebook, parseNotebook, sourceOf, uniqueIds } from "../../src/tools/notebook/parse.ts";
import "../fake/seed.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const file = (name: string) => readFileSync(new URL(`../fake/notebooks/${name}`, import.meta.url), "utf8");
const V44 = file("v4.4.ipynb");
const CRLF = file("v4.5-crlf.ipynb");
const ONE_LINE = file("one-line.ipynb");

/** Lines that one text has and the other has not, with their sign. */
function changed(before: string, after: string): readonly string[] {
	const [old, now] = [before.split("\n"), after.split("\n")];
	return [
		...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
		...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
	];
}

describe("notebooks", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "a.ipynb": V44, "crlf.ipynb": CRLF, "line.ipynb": ONE_LINE });
	});
	afterEach(() => space.dispose());
	const edit = async (args: object, path = "a.ipynb") => {
		await space.call("Read", { path });
		const plan = await space.planned("NotebookEdit", { notebook_path: path, ...args });
		return { plan, outcome: await space.run(plan) };
	};

	describe("Read", () => {
		it("shows cells with numbers, kinds, sources and outputs as text; images are named and colours left out", async () => {
			const { text } = await space.call("Read", { path: "a.ipynb" });
			assert.equal(
				text,
				[
					"Notebook a.ipynb, python: 5 cells. NotebookEdit changes them.",
					"",
					"[cell-0] markdown",
					"1\t# Sales",
					"2\t",
					"3\tWhat sold, and *when*. é",
					"",
					"[cell-1] code (python), run 3",
					"1\timport pandas as pd",
					'2\tframe = pd.read_csv("sales.csv")',
					"3\tframe.head()",
					"Output:",
					">    day  sold",
					"> 0    1     7",
					"",
					"[cell-2] code (python), run 4",
					"1\tframe.plot()",
					"Output:",
					"> [image/png, not shown]",
					"> <Axes: >",
					"> red",
					"> [cell-9] code",
					"",
					"[cell-3] code (python), run 5",
					"1\t1 / 0",
					"Output:",
					"> ZeroDivisionError: division by zero",
					"> ZeroDivisionError: division by zero",
					"",
					"[cell-4] code (python)",
					"(empty)",
				].join("\n"),
			);
		});
		it("shows ids where they name one cell, and pages like any file", async () => {
			const { text } = await space.call("Read", { path: "crlf.ipynb", offset: 3, limit: 1 });
			assert.equal(text, "[cell-0] markdown, id intro\n[Lines 3 to 3 of 31. Go on with offset 4.]");
		});
		it("cuts a large output in its middle", async () => {
			const out = {
				output_type: "stream",
				name: "stdout",
				text: Array.from({ length: 50_000 }, (_, n) => `row ${n}\n`),
			};
			const cell = { cell_type: "code", execution_count: 1, metadata: {}, outputs: [out], source: ["x"] };
			space.put("large.ipynb", JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 }));
			const { text } = await space.call("Read", { path: "large.ipynb" });
			assert.ok(text.length < 3000, `${text.length}`);
			assert.match(text, /> row 0\n[\s\S]*characters left out[\s\S]*row 49999$/);
		});
		it("shows the text of what is not understood, with why", async () => {
			const reads = async (content: string) => {
				space.put("bad.ipynb", content);
				return (await space.call("Read", { path: "bad.ipynb" })).text.split("\n").at(-1);
			};
			assert.match(
				(await reads('{\n "cells": [,\n')) ?? "",
				/bad\.ipynb is no valid JSON: at line 2, .*\. Mend it with Edit first\.\]$/,
			);
			assert.match(
				(await reads('{ "nbformat": 3, "worksheets": [] }')) ?? "",
				/format 3, and only 4 is understood\. Jupyter converts it/,
			);
			assert.match(
				(await reads('{ "nbformat": 4, "cells": [{ "cell_type": "code" }] }')) ?? "",
				/look at `cells\.0\.source`/,
			);
			assert.match((await reads("[]")) ?? "", /is no notebook as Jupyter writes it/);
		});
	});

	describe("NotebookEdit", () => {
		it("changes the lines of the source that differ and clears the outputs; no other byte", async () => {
			const { plan, outcome } = await edit({
				cell_id: "cell-1",
				new_source: 'import pandas as pd\nframe = pd.read_csv("all.csv")\nframe.head()',
			});
			assert.deepEqual(
				[plan.title, plan.effects],
				["Edit cell-1 in a.ipynb", [{ read: "a.ipynb" }, { write: "a.ipynb" }]],
			);
			assert.equal(outcome.text, "Replaced cell-1 in a.ipynb: 3 lines. Its 1 output went: they were the old source's.");
			assert.deepEqual(JSON.parse(space.text("a.ipynb")).cells[1].outputs, []);
			assert.deepEqual(
				changed(V44, space.text("a.ipynb")).filter((line) => /sales|all\.csv|null|day/.test(line)),
				[
					'-       "   day  sold\\n",',
					'-    "frame = pd.read_csv(\\"sales.csv\\")\\n",',
					'+    "frame = pd.read_csv(\\"all.csv\\")\\n",',
				],
			);
			const start = V44.indexOf('"execution_count": 3');
			assert.equal(space.text("a.ipynb").slice(0, start), V44.slice(0, start));
			assert.ok(space.text("a.ipynb").endsWith(V44.slice(V44.indexOf('    "frame.head()"'))));
		});
		it("keeps CRLF, escapes as they were, and that there is no line end at the end", async () => {
			await edit({ cell_id: "intro", new_source: "# Sales\n\nWhat sold, and *when*. é\nMore: ü" }, "crlf.ipynb");
			const now = space.text("crlf.ipynb");
			assert.deepEqual(changed(CRLF, now), [
				'-        "What sold, and *when*. \\u00e9"\r',
				'+        "What sold, and *when*. \\u00e9\\n",\r',
				'+        "More: ü"\r',
			]);
			assert.ok(!now.endsWith("\n") && !/[^\r]\n/.test(now));
		});
		it("keeps a notebook on one line, with sources that are one text", async () => {
			await edit({ cell_id: "run", new_source: "print('hi')\n" }, "line.ipynb");
			const expected = ONE_LINE.replace("\"print('hello')\"", "\"print('hi')\\n\"")
				.replace('"execution_count":1', '"execution_count":null')
				.replace(/"outputs":\[.*?\]/, '"outputs":[]');
			assert.equal(space.text("line.ipynb"), expected);
			await edit({ edit_mode: "insert", cell_id: "top", cell_type: "markdown", new_source: "b" }, "line.ipynb");
			const added = /,(\{"cell_type":"markdown","id":"c[0-9a-f]{8}","metadata":\{\},"source":\["b"\]\})/;
			assert.match(space.text("line.ipynb"), added);
			assert.equal(space.text("line.ipynb").replace(added, ""), expected);
		});
		it("inserts a cell as Jupyter would write it: after a cell, or first", async () => {
			const { plan, outcome } = await edit({
				edit_mode: "insert",
				cell_id: "cell-0",
				cell_type: "code",
				new_source: "a = 1\nb = 2",
			});
			assert.equal(plan.title, "Insert cell-1 in a.ipynb");
			assert.equal(outcome.text, "Inserted cell-1 in a.ipynb. The numbers of later cells are one higher.");
			const cell =
				'  {\n   "cell_type": "code",\n   "execution_count": null,\n   "metadata": {},\n   "outputs": [],\n   "source": [\n    "a = 1\\n",\n    "b = 2"\n   ]\n  },\n';
			const at = V44.indexOf('  {\n   "cell_type": "code"');
			assert.equal(space.text("a.ipynb"), V44.slice(0, at) + cell + V44.slice(at));
			await edit({ edit_mode: "insert", cell_type: "markdown", new_source: "Top" }, "crlf.ipynb");
			const [first, second] = JSON.parse(space.text("crlf.ipynb")).cells;
			assert.deepEqual(
				[first.cell_type, first.source, /^c[0-9a-f]{8}$/.test(first.id), second.id],
				["markdown", ["Top"], true, "intro"],
			);
		});
		it("deletes a cell with its comma, in the middle, at the end, and the only one", async () => {
			const { outcome } = await edit({ edit_mode: "delete", cell_id: "cell-0" });
			assert.equal(outcome.text, "Deleted cell-0 in a.ipynb. The numbers of later cells are one lower.");
			const at = V44.indexOf('  {\n   "cell_type": "markdown"');
			assert.equal(space.text("a.ipynb"), V44.slice(0, at) + V44.slice(V44.indexOf('  {\n   "cell_type": "code"')));
			for (let left = 4; left > 0; left--) await edit({ edit_mode: "delete", cell_id: `cell-${left - 1}` });
			assert.match(space.text("a.ipynb"), /^\{\n "cells": \[\],\n "metadata"/);
			await edit({ edit_mode: "insert", cell_type: "markdown", new_source: "New" });
			assert.match(
				space.text("a.ipynb"),
				/^\{\n "cells": \[\n {2}\{\n {3}"cell_type": "markdown",\n {3}"metadata": \{\},/,
			);
		});
		it("makes code of Markdown and Markdown of code, with the keys that belong to them", async () => {
			await edit({ cell_id: "cell-1", cell_type: "markdown", new_source: "Text" });
			await edit({ cell_id: "cell-0", cell_type: "code", new_source: "code()" });
			const [code, markdown] = JSON.parse(space.text("a.ipynb")).cells;
			assert.deepEqual(code, {
				cell_type: "code",
				execution_count: null,
				metadata: {},
				outputs: [],
				source: ["code()"],
			});
			assert.deepEqual(Object.keys(code), ["cell_type", "execution_count", "metadata", "outputs", "source"]);
			assert.deepEqual(markdown, { cell_type: "markdown", metadata: {}, source: ["Text"] });
		});
		it("the card compares cells, not JSON, and says nothing of a loss where outputs go", async () => {
			await space.call("Read", { path: "a.ipynb" });
			const { preview } = await space.planned("NotebookEdit", {
				notebook_path: "a.ipynb",
				cell_id: "cell-2",
				new_source: "frame.plot(x=1)\n",
			});
			assert.ok(preview?.kind === "diff");
			assert.deepEqual(
				[preview.warning, preview.diff.split("\n").filter((line) => /^[-+]/.test(line))],
				[
					undefined,
					[
						"-frame.plot()",
						"-Output:",
						"-> [image/png, not shown]",
						"-> <Axes: >",
						"-> red",
						"-> [cell-9] code",
						"+frame.plot(x=1)",
						"+",
					],
				],
			);
		});
		it("what is missing, unknown or the same is refused in a sentence", async () => {
			const refused = (args: object, path = "a.ipynb") =>
				space.refused("NotebookEdit", { notebook_path: path, ...args });
			const one = { cell_id: "cell-0", new_source: "x" };
			assert.equal(await refused(one), "Read a.ipynb first: you have to know its cells.");
			await space.call("Read", { path: "a.ipynb" });
			assert.equal(await refused({ new_source: "x" }), "a.ipynb: `cell_id` is missing: give the cell to replace.");
			assert.match(await refused({ cell_id: "cell-0" }), /`new_source` is missing/);
			assert.match(await refused({ edit_mode: "insert", new_source: "x" }), /`cell_type` is missing/);
			assert.match(
				await refused({ ...one, cell_id: "cell-5" }),
				/There is no cell "cell-5": its cells are cell-0 to cell-4/,
			);
			assert.match(await refused({ cell_id: "cell-4", new_source: "" }), /exactly this source already/);
			assert.match(await refused(one, "a.txt"), /is no notebook/);
			space.put("a.ipynb", `${V44} `);
			assert.match(await refused(one), /has changed since you read it/);
			space.put("v3.ipynb", '{ "nbformat": 3 }');
			await space.call("Read", { path: "v3.ipynb" });
			assert.match(await refused(one, "v3.ipynb"), /format 3/);
		});
		it("an id that looks like a number, or that two cells have, names none", async () => {
			const cells = ["cell-1", "b", "b", "2"].map((id) => ({ cell_type: "markdown", id, metadata: {}, source: id }));
			space.put("ids.ipynb", JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
			assert.doesNotMatch((await space.call("Read", { path: "ids.ipynb" })).text, /, id /);
			await edit({ edit_mode: "delete", cell_id: "cell-1" }, "ids.ipynb");
			assert.deepEqual(
				JSON.parse(space.text("ids.ipynb")).cells.map(({ id }: { id: string }) => id),
				["cell-1", "b", "2"],
			);
		});
		it("a cell with lines that Read cuts is not replaced", async () => {
			const cell = { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["x".repeat(3000)] };
			space.put("long.ipynb", JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 }));
			await space.call("Read", { path: "long.ipynb" });
			const args = { notebook_path: "long.ipynb", cell_id: "cell-0", new_source: "x" };
			assert.match(await space.refused("NotebookEdit", args), /too long to be shown whole: change it with Edit/);
		});
		it("a notebook of very many cells is read and changed in a moment, whoever wrote it", async () => {
			const cells = Array.from({ length: 20_000 }, (_, at) => ({
				cell_type: "raw",
				id: `i-${at}`,
				metadata: {},
				source: [],
			}));
			const text = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
			space.put("many.ipynb", text);
			await edit({ cell_id: "i-19999", new_source: "x" }, "many.ipynb");
			assert.equal(space.text("many.ipynb"), text.replace(/\[\](?=\}\],"metadata)/, '["x"]'));
		});
		it("Edit and Write lead to it, and Write still makes a new one", async () => {
			await space.call("Read", { path: "a.ipynb" });
			assert.match(
				await space.refused("Write", { path: "a.ipynb", content: "{}" }),
				/change its cells with NotebookEdit/,
			);
			const found = await space.refused("Edit", { path: "a.ipynb", old_string: "frame.head()\nx", new_string: "y" });
			assert.match(
				found,
				/not found in a\.ipynb\. It is a notebook, whose text is JSON: change its cells with NotebookEdit/,
			);
			assert.ok(!isRefusal(await space.plan("Write", { path: "new.ipynb", content: V44 })));
		});
	});

	describe("of any notebook, whatever is put in", () => {
		const pieces = ["a", "é", '"', "\\", "\n", "\t", "\u2028", "x = 1\n", "💥", "# Sales\n"];
		const source = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join(""));
		const kind = fc.constantFrom("code" as const, "markdown" as const);
		const notebook = fc.constantFrom(V44, CRLF, ONE_LINE).chain((text) => {
			const { cells } = notebookOf(text);
			return fc.record({ text: fc.constant(text), index: fc.nat(cells.length - 1) });
		});

		/** Everything but the cells is the same, and how the text ends and breaks its lines. Returns the cells. */
		function sameBut(text: string, now: string): readonly Cell[] {
			const { cells, ...rest } = notebookOf(now);
			const { cells: _old, ...before } = notebookOf(text);
			assert.deepEqual(rest, before);
			assert.deepEqual(
				[now.endsWith("\n"), /[^\r]\n/.test(now), now.includes("\n")],
				[text.endsWith("\n"), /[^\r]\n/.test(text), text.includes("\n")],
			);
			return cells;
		}

		it("a replaced cell has the new source and kind and no outputs, and the others stay", () =>
			fc.assert(
				fc.property(notebook, source, kind, ({ text, index }, put, type) => {
					const before = notebookOf(text);
					const cells = sameBut(text, replaceCell(text, before, index, put, type));
					assert.deepEqual(cells.toSpliced(index, 1), before.cells.toSpliced(index, 1));
					const [cell] = cells.slice(index, index + 1);
					assert.ok(cell);
					assert.deepEqual(
						[sourceOf(cell), cell.cell_type, cell.outputs],
						[put, type, type === "code" ? [] : undefined],
					);
				}),
			));
		it("an inserted cell is where it was to be, with an id of its own where cells have ids", () =>
			fc.assert(
				fc.property(notebook, source, kind, ({ text, index }, put, type) => {
					const before = notebookOf(text);
					const now = insertCell(text, before, index, { source: put, kind: type });
					const cells = sameBut(text, now);
					assert.deepEqual(cells.toSpliced(index, 1), before.cells);
					const [cell] = cells.slice(index, index + 1);
					assert.ok(cell);
					assert.deepEqual([sourceOf(cell), cell.cell_type], [put, type]);
					assert.equal(cell.id !== undefined && uniqueIds(cells).has(cell.id), text !== V44);
					assert.equal(deleteCell(now, index), text);
				}),
			));
		it("an inserted cell is whole where the file writes its own first name with escapes", () => {
			const text = '{"c\\u0065lls" : [{"cell_type":"code","source":"x","outputs":[],"metadata":{}}],"nbformat":4}';
			const after = insertCell(text, notebookOf(text), 0, { source: "z", kind: "markdown" });
			assert.deepEqual(
				notebookOf(after).cells.map(({ source }) => source),
				[["z"], "x"],
			);
		});

		it("a deleted cell is gone", () =>
			fc.assert(
				fc.property(notebook, ({ text, index }) => {
					assert.deepEqual(sameBut(text, deleteCell(text, index)), notebookOf(text).cells.toSpliced(index, 1));
				}),
			));
	});
});

function notebookOf(text: string): Notebook {
	const parsed = parseNotebook(text);
	return parsed.ok ? parsed.value : assert.fail(parsed.failure);
}
