import assert from "node:assert/strict";
import type { NamedSymbol, Spot } from "../../src/agent/symbols.ts";
import { isRefusal, type Plan, type Refusal } from "../../src/agent/tool.ts";
import { editorExplorerTools, editorTools, tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { FakeSymbols, renamed } from "../fake/symbols.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const CART = `export class Cart {
	total(): number {
		return 1;
	}
}
export class Bill {
	total(): number {
		return 2;
	}
}
`;
const USE = `import { Cart } from "./Cart.ts";
// Cart is what we use
const cart = new Cart();
const total = cart.total();
`;

describe("Symbols", () => {
	let space: Workspace;
	let symbols: FakeSymbols;
	const signal = new AbortController().signal;

	beforeEach(() => {
		space = openWorkspace({
			"src/cart.ts": CART,
			"src/use.ts": USE,
			"src/hidden.ts": "Cart\n",
			".kimiignore": "hidden.ts\n",
		});
		symbols = new FakeSymbols();
		symbols.declared = [
			declared("src/cart.ts", 1, 13, "Cart", "class"),
			declared("src/cart.ts", 2, 1, "total", "method", ["Cart"]),
			declared("src/cart.ts", 6, 13, "Bill", "class"),
			declared("src/cart.ts", 7, 1, "total", "method", ["Bill"]),
		];
	});
	afterEach(() => space.dispose());

	const spot = (name: string, line: number, column = 0): Spot => ({ path: space.path(name), line, column });
	const declared = (file: string, line: number, column: number, name: string, kind: string, within: string[] = []) =>
		({ ...spot(file, line, column), name, kind, within }) satisfies NamedSymbol;

	async function plan(args: object, all = editorTools): Promise<Plan | Refusal> {
		const taken = createToolbox(all).take("Symbols", JSON.stringify(args));
		if ("refused" in taken) return taken;
		return taken.tool.plan(taken.input, { ...space.ctx, symbols }, signal);
	}
	async function planned(args: object): Promise<Plan> {
		const made = await plan(args);
		return isRefusal(made) ? assert.fail(made.refused) : made;
	}
	async function call(args: object): Promise<string> {
		const { text } = await (await planned(args)).run(signal, () => {});
		return text;
	}
	async function refused(args: object): Promise<string> {
		const made = await plan(args);
		return isRefusal(made) ? made.refused : assert.fail(`not refused: ${made.title}`);
	}

	it("the outline of a file is its declarations by line, indented by what they are in", async () => {
		const { title, effects } = await planned({ action: "document", path: "src/cart.ts" });
		assert.deepEqual([title, effects], ["Outline src/cart.ts", [{ read: "src/cart.ts" }]]);
		assert.equal(
			await call({ action: "document", path: "src/cart.ts" }),
			"Outline of src/cart.ts, by line:\n1: class Cart\n2:   method total\n6: class Bill\n7:   method total",
		);
	});
	it("a long outline leaves out what is deepest, and says how much", async () => {
		symbols.declared = Array.from({ length: 400 }, (_, at) =>
			declared("src/cart.ts", at + 1, 0, `n${at}`, "function", at % 4 === 0 ? [] : ["outer"]),
		);
		const lines = (await call({ action: "document", path: "src/cart.ts" })).split("\n");
		assert.deepEqual([lines.length, lines.at(-1)], [102, "[300 more, deeper inside, are left out.]"]);
	});
	it("a name that the file declares once is asked about there", async () => {
		symbols.used = [
			spot("src/use.ts", 3, 17),
			spot("src/cart.ts", 1, 13),
			spot("src/use.ts", 1, 9),
			spot("src/use.ts", 1, 9),
		];
		assert.equal(
			await call({ action: "references", path: "src/cart.ts", symbol: "Cart" }),
			[
				"References to `Cart` (src/cart.ts:1), its declaration included:",
				"src/cart.ts:1: export class Cart {",
				'src/use.ts:1: import { Cart } from "./Cart.ts";',
				"src/use.ts:3: const cart = new Cart();",
			].join("\n"),
		);
		assert.deepEqual(symbols.asked.slice(-1), ["references 1:13"]);
	});
	it("a name that is declared several times is told with its places; what it is in or its line picks one", async () => {
		assert.equal(
			await call({ action: "definitions", path: "src/cart.ts", symbol: "total" }),
			"src/cart.ts declares `total` 2 times: give the `line` of the one you mean. src/cart.ts:2 method Cart.total, src/cart.ts:7 method Bill.total",
		);
		await call({ action: "definitions", path: "src/cart.ts", symbol: "Bill.total()" });
		await call({ action: "definitions", path: "src/cart.ts", symbol: "total", line: 2 });
		assert.deepEqual(
			symbols.asked.filter((each) => each.startsWith("definitions")),
			["definitions 7:1", "definitions 2:1"],
		);
	});
	it("a service that gives the beginning of a declaration and parameters with its name is understood", async () => {
		symbols.declared = [
			declared("src/cart.ts", 1, 0, "Cart", "class"),
			declared("src/cart.ts", 2, 0, "total(int)", "method", ["Cart"]),
		];
		await call({ action: "references", path: "src/cart.ts", symbol: "Cart.total" });
		assert.deepEqual(symbols.asked.slice(-1), ["references 2:1"]);
	});
	it("a name that is only used is asked about where it means something, not in comments or paths", async () => {
		symbols.declared = [];
		for (const at of ["1:9", "3:17"]) symbols.defined.set(at, [spot("src/cart.ts", 1, 13)]);
		assert.equal(
			await call({ action: "definitions", path: "src/use.ts", symbol: "Cart" }),
			"Defined, of `Cart` (src/use.ts:1):\nsrc/cart.ts:1: export class Cart {",
		);
		assert.deepEqual(symbols.asked, [
			`outline ${space.path("src/use.ts")}`,
			"definitions 1:9",
			"definitions 2:3",
			"definitions 3:17",
			"definitions 1:9",
		]);
	});
	it("a name that means several things is told with where each is declared", async () => {
		symbols.declared = [];
		symbols.defined.set("1:9", [spot("src/cart.ts", 1, 13)]);
		symbols.defined.set("3:17", [spot("src/cart.ts", 6, 13)]);
		assert.equal(
			await call({ action: "references", path: "src/use.ts", symbol: "Cart" }),
			"`Cart` means 2 different things there: give path and `line` of the declaration that you mean. src/use.ts:1 (declared at src/cart.ts:1), src/use.ts:3 (declared at src/cart.ts:6)",
		);
	});
	it("on a line, the name that is declared there is meant", async () => {
		symbols.defined.set("4:6", [spot("src/use.ts", 4, 6)]);
		symbols.defined.set("4:19", [spot("src/cart.ts", 2, 1)]);
		await call({ action: "references", path: "src/use.ts", symbol: "total", line: 4 });
		assert.deepEqual(symbols.asked.slice(-1), ["references 4:6"]);
	});
	it("a line without the name is told with what it reads and where the name is", async () => {
		assert.equal(
			await call({ action: "references", path: "src/use.ts", symbol: "total", line: 3 }),
			"`total` is not on line 3 of src/use.ts. That reads: `const cart = new Cart();`. It is on line 4.",
		);
		assert.match(
			await call({ action: "references", path: "src/use.ts", symbol: "x", line: 99 }),
			/has 5 lines\. It is not/,
		);
	});
	it("what is outside is named without its text; what is hidden or may hold secrets is left out, and that is said", async () => {
		space.put(".env.ts", "export const Cart = 'secret';\n");
		symbols.used = [
			{ path: "/usr/lib/lib.d.ts", line: 7, column: 0 },
			spot(".env.ts", 1),
			spot("src/hidden.ts", 1),
			{ path: "jdt://contents/a.class", line: 2, column: 0 },
			spot("src/cart.ts", 1),
		];
		assert.deepEqual((await call({ action: "references", path: "src/cart.ts", symbol: "Cart" })).split("\n").slice(1), [
			"src/cart.ts:1: export class Cart {",
			"/usr/lib/lib.d.ts:7",
			"jdt://contents/a.class:2",
			"[Places in files that `.kimiignore` names or that may hold secrets are left out.]",
		]);
	});
	it("beyond a hundred places, files are counted, and equal answers give equal bytes whatever their order", async () => {
		symbols.used = Array.from({ length: 150 }, (_, at) => spot(at % 2 === 0 ? "src/use.ts" : "src/cart.ts", at + 1));
		const text = await call({ action: "references", path: "src/cart.ts", symbol: "Cart" });
		assert.deepEqual(text.split("\n").slice(-2), ["[The first 100 of 150 are shown.]", "src/use.ts: 50 more"]);
		symbols.used = symbols.used.toReversed();
		assert.equal(await call({ action: "references", path: "src/cart.ts", symbol: "Cart" }), text);
	});
	it("declarations are found by name, those with just this name first", async () => {
		symbols.declared = [
			declared("src/cart.ts", 1, 13, "CartItem", "class"),
			declared("src/use.ts", 1, 0, "Cart", "alias", ["use"]),
			declared("src/hidden.ts", 1, 0, "Cart", "class"),
		];
		const made = await planned({ action: "workspace", symbol: "Cart", path: "src/use.ts" });
		assert.deepEqual([made.title, made.effects], ["Find symbols like Cart", [{ read: "." }, { read: "src/use.ts" }]]);
		assert.equal(
			await call({ action: "workspace", symbol: "Cart" }),
			"src/use.ts:1: alias use.Cart\nsrc/cart.ts:1: class CartItem\n[Places in files that `.kimiignore` names or that may hold secrets are left out.]",
		);
		symbols.declared = [];
		assert.match(await call({ action: "workspace", symbol: "Nope" }), /^No declaration .*: give `path`/);
	});
	it("why no service answers is the result", async () => {
		symbols.failure = "No language service answers.";
		const made = await planned({ action: "document", path: "src/use.ts" });
		assert.deepEqual(await made.run(signal, () => {}), { text: "No language service answers.", failed: true });
	});
	it("what is missing, hidden or outside is refused in a sentence, and without an editor all is", async () => {
		assert.equal(await refused({ action: "rename", path: "src/cart.ts" }), "`rename` needs `symbol` and `new_name`.");
		assert.equal(await refused({ action: "references", path: "src/cart.ts" }), "`references` needs `symbol`.");
		assert.equal(await refused({ action: "workspace" }), "`workspace` needs `symbol`.");
		assert.equal(await refused({ action: "document" }), "`document` needs `path`.");
		assert.match(await refused({ action: "document", path: "src/hidden.ts" }), /no tool reads or changes it/);
		assert.match(await refused({ action: "document", path: "/etc/hosts" }), /outside the workspace/);
		const { symbols: _none, ...alone } = { ...space.ctx, symbols };
		const taken = createToolbox(editorTools).take("Symbols", '{"action":"workspace","symbol":"Cart"}');
		assert.ok("tool" in taken);
		assert.deepEqual(await taken.tool.plan(taken.input, alone, signal), {
			refused: "No editor is here to ask about symbols: search for the name with Grep.",
		});
	});
	it("only a host with an editor offers it, and an explorer can't even ask for a rename", async () => {
		const has = (all: typeof tools) => all.some(({ name }) => name === "Symbols");
		assert.deepEqual([has(tools), has(editorTools), has(editorExplorerTools)], [false, true, true]);
		const args = { action: "rename", path: "src/cart.ts", symbol: "Cart", new_name: "Basket" };
		const made = await plan(args, editorExplorerTools);
		assert.ok("refused" in made && /`action` must be one of|no argument/.test(made.refused));
		assert.deepEqual(symbols.asked, []);
		const told = editorExplorerTools.find(({ name }) => name === "Symbols")?.description ?? "";
		assert.doesNotMatch(told, /rename/);
	});

	describe("rename", () => {
		const rename = { action: "rename", path: "src/cart.ts", symbol: "Cart", new_name: "Basket" };
		beforeEach(() => {
			symbols.edits = [
				renamed(space.path("src/use.ts"), "import { Cart }\n\nconst cart = new Cart", "Cart", "Basket"),
				renamed(space.path("src/cart.ts"), CART, "Cart", "Basket"),
			];
		});

		it("is one proposal for all files, and writes nothing before it runs", async () => {
			const made = await planned(rename);
			assert.equal(made.title, "Rename Cart to Basket in 2 files");
			assert.deepEqual(made.effects, [
				{ read: "src/cart.ts" },
				{ write: "src/cart.ts" },
				{ read: "src/use.ts" },
				{ write: "src/use.ts" },
			]);
			assert.equal(made.preview?.kind, "files");
			assert.deepEqual(symbols.asked.slice(-1), ["rename 1:13 Basket"]);
			assert.equal(space.text("src/cart.ts"), CART);
			const outcome = await made.run(signal, () => {});
			assert.deepEqual(outcome, {
				text: "Renamed Cart to Basket in src/cart.ts: line 1.\nRenamed Cart to Basket in src/use.ts: lines 1, 3.",
				details: { seen: {} },
			});
			assert.equal(space.text("src/cart.ts"), CART.replace("class Cart", "class Basket"));
			assert.equal(space.text("src/use.ts"), USE.replace("{ Cart }", "{ Basket }").replace("new Cart", "new Basket"));
		});
		it("begins where the name is declared, so that an import does not get a name of its own", async () => {
			symbols.defined.set("1:9", [spot("src/cart.ts", 1, 13)]);
			await planned({ ...rename, path: "src/use.ts", line: 1 });
			assert.deepEqual(symbols.asked, ["definitions 1:9", "rename 1:13 Basket"]);
			symbols.defined.set("1:9", [spot("src/cart.ts", 6, 13)]);
			await planned({ ...rename, path: "src/use.ts", line: 1 });
			assert.deepEqual(symbols.asked.slice(2), ["definitions 1:9", "rename 1:9 Basket"]);
		});
		it("a file that changed meanwhile stops all of it", async () => {
			const made = await planned(rename);
			space.put("src/use.ts", `${USE}// more\n`);
			const { text, failed } = await made.run(signal, () => {});
			assert.deepEqual(
				[failed, text],
				[true, "src/use.ts changed while the call waited for approval. Nothing was written: Read it again."],
			);
			assert.equal(space.text("src/cart.ts"), CART);
		});
		it("keeps CRLF and positions behind it", async () => {
			space.put("src/use.ts", USE.replaceAll("\n", "\r\n"));
			await (await planned(rename)).run(signal, () => {});
			assert.equal(
				space.text("src/use.ts"),
				USE.replace("{ Cart }", "{ Basket }").replace("new Cart", "new Basket").replaceAll("\n", "\r\n"),
			);
		});
		it("knows a file afterwards that was read before, and no other", async () => {
			await space.call("Read", { path: "src/cart.ts" });
			const { details } = await (await planned(rename)).run(signal, () => {});
			assert.deepEqual(Object.keys(details?.seen ?? {}), ["src/cart.ts"]);
		});
		it("positions that are not for the text on disk are refused", async () => {
			space.put("src/use.ts", `// a new line\n${USE}`);
			assert.equal(
				await refused(rename),
				"What the language service knows of src/use.ts is not what the file is now: try again in a moment. Nothing was renamed.",
			);
		});
		it("files outside, hidden ones, and others than files of text are refused, and nothing is written", async () => {
			const at = { line: 1, column: 0 };
			const other = (path: string) => ({ path, edits: [{ from: at, to: at, text: "x" }] });
			const all = symbols.edits;
			symbols.edits = [...all, other("/usr/lib/lib.d.ts")];
			assert.equal(
				await refused(rename),
				"It would change /usr/lib/lib.d.ts, which is outside the workspace. Nothing was renamed.",
			);
			symbols.edits = [...all, other(space.path("src/hidden.ts"))];
			assert.equal(
				await refused(rename),
				"It would change a file that `.kimiignore` hides, which no tool does. Nothing was renamed.",
			);
			symbols.edits = Array.from({ length: 201 }, (_, index) => other(space.path(`src/${index}.ts`)));
			assert.match(await refused(rename), /201 files, more than the 200/);
			symbols.edits = [];
			assert.match(await refused(rename), /nothing to change/);
		});
		it("a name that is none, or the old one, is refused before anybody is asked", async () => {
			assert.match(await refused({ ...rename, new_name: "Cart" }), /^It is called `Cart` already/);
			for (const name of ["a b", "a;b", "a(b", "x\ny", "a\u202eb"])
				assert.match(await refused({ ...rename, new_name: name }), /have to be one name each/);
			assert.deepEqual(symbols.asked, []);
		});
		it("a file that may hold secrets has to be read first", async () => {
			space.put(".env.ts", "export const Cart = 1;\n");
			assert.match(await refused({ ...rename, path: ".env.ts" }), /Read it first, which asks the person/);
		});
		it("edits over each other are refused", async () => {
			const at = (column: number) => ({ line: 1, column });
			symbols.edits = [
				{
					path: space.path("src/cart.ts"),
					edits: [
						{ from: at(13), to: at(17), text: "Basket" },
						{ from: at(13), to: at(17), text: "Basket" },
					],
				},
			];
			assert.match(await refused(rename), /is not what the file is now/);
		});
	});
});
