import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFacts } from "../../src/node/facts-file.ts";

describe("the file of what was learned", () => {
	let folder = "";
	let path = "";
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "facts-"));
		path = join(folder, "state", "facts.json");
	});
	afterEach(() => rm(folder, { recursive: true, force: true }));

	it("keeps facts for the next start, by endpoint and model, readable for its owner only", async () => {
		const first = await openFacts(path);
		first.store.book("http://a/v1", "kimi k2").learn({ omit: ["top_p"] });
		first.store.book("http://a/v1", "kimi k2").learn({ maxOutputTokens: 8000 });
		first.store.book("http://b/v1", "kimi").learn({ thinkTags: true });
		await first.saved();
		const second = await openFacts(path);
		assert.deepEqual(second.store.all(), [
			{
				key: "http://a/v1 kimi k2",
				baseUrl: "http://a/v1",
				model: "kimi k2",
				facts: { omit: ["top_p"], maxOutputTokens: 8000 },
			},
			{ key: "http://b/v1 kimi", baseUrl: "http://b/v1", model: "kimi", facts: { thinkTags: true } },
		]);
		assert.deepEqual(await readdir(join(folder, "state")), ["facts.json"]);
		if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o600);
	});

	it("forgets one model, or all, also for the books that were given out", async () => {
		const file = await openFacts(path);
		const [a, b] = ["a", "b"].map((model) => file.store.book("http://x/v1", model));
		a?.learn({ thinkTags: true });
		b?.learn({ thinkTags: true });
		file.store.forget("http://x/v1 a");
		assert.deepEqual([a?.read(), b?.read()], [{}, { thinkTags: true }]);
		file.store.forget();
		await file.saved();
		assert.deepEqual([b?.read(), JSON.parse(await readFile(path, "utf8"))], [{}, {}]);
	});

	it("does not lose what another process learned meanwhile", async () => {
		const [one, two] = [await openFacts(path), await openFacts(path)];
		one.store.book("http://x/v1", "a").learn({ thinkTags: true });
		await one.saved();
		two.store.book("http://x/v1", "b").learn({ images: false });
		await two.saved();
		assert.equal((await openFacts(path)).store.all().length, 2);
	});

	it("does not lose what another process learned of the same model meanwhile", async () => {
		const [one, two] = [await openFacts(path), await openFacts(path)];
		one.store.book("http://x/v1", "a").learn({ thinkTags: true });
		await one.saved();
		two.store.book("http://x/v1", "a").learn({ images: false });
		await two.saved();
		assert.deepEqual((await openFacts(path)).store.book("http://x/v1", "a").read(), { thinkTags: true, images: false });
	});

	it("that is broken is set aside, and single entries that do not fit are left out", async () => {
		const file = await openFacts(path);
		file.store.book("http://x/v1", "a").learn({ thinkTags: true });
		await file.saved();
		await writeFile(path, JSON.stringify({ "http://x/v1 a": { thinkTags: "yes" }, "http://x/v1 b": { images: true } }));
		assert.deepEqual(
			(await openFacts(path)).store.all().map(({ model }) => model),
			["b"],
		);
		await writeFile(path, '{"http://x/v1 a": {"thinkT');
		assert.deepEqual((await openFacts(path)).store.all(), []);
		assert.deepEqual(await readdir(join(folder, "state")), ["facts.json.broken"]);
	});

	it("that cannot be written costs nothing but the memory", async () => {
		await writeFile(join(folder, "state"), "a file where the folder should be");
		const file = await openFacts(path);
		const book = file.store.book("http://x/v1", "a");
		book.learn({ thinkTags: true });
		await file.saved();
		assert.deepEqual(book.read(), { thinkTags: true });
	});
});
