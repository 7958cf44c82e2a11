import assert from "node:assert/strict";
import fc from "fast-check";
import { matchPath, targetOf, typedOf } from "../../src/node/fuzzy.ts";
import { PathIndex } from "../../src/node/path-index.ts";
import "../fake/seed.ts";

const never = new AbortController().signal;

async function found(paths: readonly string[], query: string, used: readonly string[] = []): Promise<string[]> {
	const index = await PathIndex.of(paths, never);
	const rank = new Map(used.map((path, at) => [path, at]));
	return (index?.find(query, { limit: 20, rank }) ?? []).map(({ path, isFolder }) => (isFolder ? `${path}/` : path));
}

describe("finding paths by letters", () => {
	it("puts a name that is meant as a whole before one that begins so, and those before words, runs and letters", async () => {
		const paths = ["a/other.ts", "a/reorder.ts", "a/my-order.ts", "a/orders.ts", "a/order.ts", "a/o-r-d-e-r.ts"];
		assert.deepEqual(await found(paths, "order"), [
			"a/order.ts",
			"a/orders.ts",
			"a/my-order.ts",
			"a/reorder.ts",
			"a/o-r-d-e-r.ts",
		]);
	});

	it("takes the first letters of a name's words, however they are written", async () => {
		const paths = ["src/getSomeWord.ts", "src/get_some_word.py", "src/gasworks.ts"];
		assert.deepEqual(await found(paths, "gsw"), ["src/getSomeWord.ts", "src/get_some_word.py", "src/gasworks.ts"]);
	});

	it("takes letters of folders where the name has them not, and folders themselves", async () => {
		assert.deepEqual(await found(["src/agent/loop.ts", "docs/loop.md"], "agent"), ["src/agent/", "src/agent/loop.ts"]);
		assert.deepEqual(await found(["src/agent/loop.ts", "docs/loop.md"], "agent/lo"), ["src/agent/loop.ts"]);
		assert.deepEqual(await found(["src/agent/loop.ts", "docs/loop.md"], "src\\agent\\lo"), ["src/agent/loop.ts"]);
	});

	it("wants all of several words, in any order", async () => {
		const paths = ["src/order/view.ts", "src/order/model.ts", "src/cart/view.ts"];
		assert.deepEqual(await found(paths, "view order"), ["src/order/view.ts"]);
	});

	it("puts what the person has open before what fits as well", async () => {
		const paths = ["a/index.ts", "b/index.ts", "c/index.ts"];
		assert.deepEqual(await found(paths, "index", ["c/index.ts"]), ["c/index.ts", "a/index.ts", "b/index.ts"]);
	});

	it("says where a path fits, and knows capitals that are two letters in small", async () => {
		const index = await PathIndex.of(["src/İİ/FooBar.ts"], never);
		assert.deepEqual(index?.find("fb", { limit: 1 }), [{ path: "src/İİ/FooBar.ts", isFolder: false, marks: [7, 10] }]);
	});

	it("finds nothing for nothing, and no folder above the workspace", async () => {
		assert.deepEqual(await found(["../lib/a.ts"], "  "), []);
		assert.deepEqual(await found(["../lib/a.ts"], ".."), ["../lib/a.ts", "../lib/"]);
		assert.deepEqual(await found(["../lib/a.ts"], ".."), ["../lib/a.ts", "../lib/"]);
	});

	it("stops being made once nobody wants it", async () => {
		const stopped = AbortSignal.abort();
		const many = Array.from({ length: 300_000 }, (_, n) => `folder${n % 1000}/file${n}.ts`);
		assert.equal(await PathIndex.of(many, stopped), undefined);
	});

	it("fits whatever letters of a path are left, in order, and marks just those", () => {
		const path = fc
			.array(fc.constantFrom(..."aAbBcC1_-./é"), { minLength: 1, maxLength: 30 })
			.map((all) => all.join(""));
		const some = fc.tuple(path, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }));
		const holds = ([whole, kept]: [string, boolean[]]) => {
			const typed = typedOf([...whole].filter((_, at) => kept[at]).join(""));
			if (typed.text === "") return;
			const marks: number[] = [];
			assert.ok(matchPath(targetOf(whole), typed, 0, marks) > 0);
			assert.equal(marks.map((at) => targetOf(whole).lower[at]).join(""), typed.text);
			assert.deepEqual(
				marks,
				[...new Set(marks)].sort((a, b) => a - b),
			);
		};
		fc.assert(fc.property(some, holds));
	});

	it("finds the same of those that fit as well, in whatever order they came", async () => {
		const paths = [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => `src/cart-${letter}.ts`);
		for (const files of [paths, paths.toReversed()]) {
			const index = await PathIndex.of(files, never);
			const found = index?.find("cart", { limit: 3 }).map(({ path }) => path);
			assert.deepEqual(found, ["src/cart-a.ts", "src/cart-b.ts", "src/cart-c.ts"]);
		}
	});

	it("finds with a limit what it finds first without one", async () => {
		const names = fc.array(fc.stringMatching(/^[a-c]{1,4}(\/[a-cB]{1,5}){0,2}$/), { minLength: 1, maxLength: 60 });
		const holds = async (paths: string[], query: string) => {
			const index = await PathIndex.of([...new Set(paths)], never);
			const all = index?.find(query, { limit: 1000 }) ?? [];
			assert.deepEqual(index?.find(query, { limit: 3 }), all.slice(0, 3));
		};
		await fc.assert(fc.asyncProperty(names, fc.stringMatching(/^[a-c]{1,3}$/), holds));
	});
});
