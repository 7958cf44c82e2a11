import assert from "node:assert/strict";
import * as fs from "node:fs";
import { rgPath } from "@vscode/ripgrep";
import type { Problem } from "../../../src/agent/problems.ts";
import { hashOf } from "../../../src/node/encoding.ts";
import { createFiles } from "../../../src/node/files.ts";
import { createPlaces } from "../../../src/node/places.ts";
import { createSearch } from "../../../src/node/search.ts";
import type { Wanted } from "../../../src/shared/attachments.ts";
import { Pending } from "../../../src/vscode/attachments/pending.ts";
import { type ResolveEnv, resolve, secretsIn } from "../../../src/vscode/attachments/resolve.ts";
import { useFolder } from "../../fake/folder.ts";

describe("what is attached, read at the moment of sending", () => {
	const { at, put } = useFolder();
	beforeEach(() => put("ws/a.ts", "one\ntwo\nthree\n"));
	const env = (more: Partial<ResolveEnv> = {}): ResolveEnv => {
		const places = createPlaces(at("ws"), () => [at("ws")]);
		return {
			files: createFiles(places),
			search: createSearch({ rgPath, places }),
			problems: undefined,
			symbol: () => Promise.resolve(undefined),
			changes: () => Promise.resolve({ ok: true, value: "diff" }),
			page: () => Promise.resolve({ ok: false, failure: "No answer." }),
			...more,
		};
	};
	const never = new AbortController().signal;
	const one = async (wanted: Wanted, more?: Partial<ResolveEnv>) => (await resolve([wanted], env(more), never))[0];

	it("is a file with numbered lines, as Read gives it", async () => {
		assert.deepEqual(await one({ kind: "file", path: "a.ts" }), {
			kind: "file",
			name: "a.ts",
			path: "a.ts",
			text: "1\tone\n2\ttwo\n3\tthree",
			seen: { "a.ts": hashOf(Buffer.from("one\ntwo\nthree\n")) },
		});
	});

	it("is a file outside of the workspace, which is no open door after that", async () => {
		put("else/b.txt", "b");
		const { files, ...rest } = env();
		const [read] = await resolve([{ kind: "file", path: at("else/b.txt") }], { files, ...rest }, never);
		assert.equal(read?.text, "1\tb");
		const again = await files.read(at("else/b.txt"));
		assert.equal(again.ok ? "" : again.failure.code, "outside");
	});

	it("says why where nothing can be read, and sends nothing of what is hidden", async () => {
		put("ws/.kimiignore", "private.txt\nhidden/\n");
		put("ws/private.txt", "secret words");
		put("ws/hidden/x.txt", "secret words");
		put("ws/blob.bin", "a\0b");
		const wanted: Wanted[] = [
			{ kind: "file", path: "gone.ts" },
			{ kind: "file", path: "blob.bin" },
			{ kind: "file", path: "private.txt" },
			{ kind: "selection", path: "private.txt", from: 1, to: 1, text: "secret words" },
			{ kind: "symbol", path: "hidden/x.txt", name: "x", from: 1, to: 1 },
			{ kind: "folder", path: "hidden" },
			{ kind: "page", url: "https://a.b" },
		];
		const read = await resolve(wanted, env(), never);
		assert.ok(read.every(({ failed, text }) => failed !== undefined && text === ""));
		assert.ok(!JSON.stringify(read).includes("secret words"));
		assert.match(read[0]?.failed ?? "", /no such file/);
		assert.match(read[2]?.failed ?? "", /^It is named by a \.kimiignore file\.$/);
		assert.equal(read[6]?.failed, "No answer.");
	});

	it("is a folder as the list of what is in it, without what is hidden", async () => {
		put("ws/.kimiignore", "private.txt\n");
		for (const name of ["src/x.ts", "src/deep/y.ts", "src/private.txt"]) put(`ws/${name}`);
		const read = await one({ kind: "folder", path: "src" });
		assert.deepEqual(read, { kind: "folder", name: "src", path: "src", text: "src/deep/y.ts\nsrc/x.ts" });
	});

	it("is a symbol where it is now, and where it was if nobody knows", async () => {
		const symbol: Wanted = { kind: "symbol", path: "a.ts", name: "f", from: 1, to: 1 };
		assert.equal((await one(symbol))?.text, "1\tone");
		const moved = await one(symbol, { symbol: () => Promise.resolve({ from: 2, to: 3 }) });
		assert.deepEqual(moved, { kind: "symbol", name: "f in a.ts", path: "a.ts", line: 2, text: "2\ttwo\n3\tthree" });
	});

	it("is the problems of a file or of one line, errors first, and of no file that may hold secrets", async () => {
		put("ws/.env", "TOKEN=1");
		const problem = (name: string, line: number, severity: Problem["severity"]): Problem => ({
			path: at(`ws/${name}`),
			line,
			severity,
			message: `${name} ${line}`,
		});
		const now = () => [problem("a.ts", 1, "warning"), problem("a.ts", 2, "error"), problem(".env", 1, "error")];
		const problems = { now, watch: () => Promise.resolve(undefined) };
		const text = async (wanted: Wanted) => (await one(wanted, { problems }))?.text;
		assert.equal(await text({ kind: "problems" }), "a.ts:2 error: a.ts 2\na.ts:1 warning: a.ts 1");
		assert.equal(await text({ kind: "problems", path: "a.ts", line: 1 }), "a.ts:1 warning: a.ts 1");
		assert.equal(await text({ kind: "problems", path: "b.ts" }), "No errors or warnings are reported there.");
	});

	it("is bounded, each by itself and all together, and says how long the whole is", async () => {
		const text = "x".repeat(150_000);
		const read = await resolve(
			Array.from({ length: 6 }, (_, n) => ({ kind: "text", name: `${n}`, text }) as const),
			env(),
			never,
		);
		assert.deepEqual(
			read.map(({ text: { length }, size }) => [length, size]),
			[...Array.from({ length: 4 }, () => [100_000, 150_000]), [0, 150_000], [0, 150_000]],
		);
	});

	it("is the beginning of a file of millions of lines at once, and says how long the rest is", async () => {
		put("ws/long.txt", "\n".repeat(10_000_000));
		const read = await one({ kind: "file", path: "long.txt" });
		const shown = read?.text.split("\n") ?? [];
		assert.deepEqual([read?.text.length, shown[0], shown[9_999], read?.seen], [100_000, "1\t", "10000\t", undefined]);
		const { size = 0 } = read ?? {};
		assert.ok(size > 10_000_000 && size < 10_200_000, `${size}`);
	});

	it("is some lines out of the middle of a file, whatever its line ends, also past its end", async () => {
		put("ws/mixed.txt", "one\r\ntwo\n\nfour");
		const lines = async (from: number, to: number) =>
			(
				await one(
					{ kind: "symbol", path: "mixed.txt", name: "f", from, to },
					{ symbol: () => Promise.resolve({ from, to }) },
				)
			)?.text;
		assert.deepEqual(
			[await lines(1, 1), await lines(2, 3), await lines(4, 9), await lines(7, 9)],
			["1\tone", "2\ttwo\n3\t", "4\tfour", ""],
		);
	});

	it("is over once it is stopped, whoever never answers, and a symbol is where it was then", async () => {
		const stop = new AbortController();
		const silent = () => new Promise<never>(() => undefined);
		const wanted: Wanted[] = [
			{ kind: "page", url: "https://a.b" },
			{ kind: "symbol", path: "a.ts", name: "f", from: 2, to: 2 },
			{ kind: "text", name: "log", text: "boom" },
		];
		const reading = resolve(wanted, env({ page: silent, symbol: silent }), stop.signal);
		stop.abort();
		assert.deepEqual(
			(await reading).map(({ text, failed }) => failed ?? text),
			["It took too long to be read.", "2\ttwo", "boom"],
		);
	});

	it("names what may hold secrets before anything is sent, also through a link", async () => {
		put("ws/.env", "TOKEN=1");
		put("else/.ssh/id_rsa", "key");
		fs.symlinkSync(".env", at("ws/plain.txt"));
		const names = await secretsIn(
			[
				{ kind: "file", path: "a.ts" },
				{ kind: "file", path: "plain.txt" },
				{ kind: "selection", path: ".env", from: 1, to: 1, text: "TOKEN=1" },
				{ kind: "file", path: at("else/.ssh/id_rsa") },
				{ kind: "text", name: ".env", text: "" },
			],
			env().files,
		);
		assert.deepEqual(names, [".env", at("else/.ssh/id_rsa")]);
	});
});

describe("what waits to be sent", () => {
	const memory = () => {
		const kept = new Map<string, unknown>();
		return {
			get: (key: string) => kept.get(key),
			update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, structuredClone(value))),
		};
	};
	const file = (path: string): Wanted => ({ kind: "file", path });
	const paths = (pending: Pending) => pending.all.map(({ wanted }) => ("path" in wanted ? wanted.path : wanted.kind));

	it("is there once, goes, and comes back before what was added meanwhile", () => {
		const pending = new Pending(memory());
		for (const path of ["a", "b", "a"]) pending.add(file(path));
		const taken = pending.take();
		assert.deepEqual(paths(pending), []);
		pending.add(file("c"));
		pending.giveBack(pending.drop(taken));
		pending.giveBack(taken);
		assert.deepEqual(paths(pending), ["a", "b", "c"]);
		assert.equal(new Set(pending.all.map(({ id }) => id)).size, 3);
	});

	it("outlives a reload on its way, until it is let go of", () => {
		const kept = memory();
		const pending = new Pending(kept);
		pending.add(file("a"));
		const taken = pending.take();
		pending.add(file("b"));
		assert.deepEqual(paths(new Pending(kept)), ["a", "b"]);
		pending.drop(taken);
		assert.deepEqual(paths(new Pending(kept)), ["b"]);
	});

	it("is filled in on its way, or gone, and no terminal after a reload that was not read before", () => {
		const kept = memory();
		const pending = new Pending(kept);
		const terminal = (name: string, text: string): Wanted => ({ kind: "terminal", name, text });
		const [one, two] = [pending.add(terminal("one", "")), pending.add(terminal("two", ""))];
		const taken = pending.take();
		pending.add(terminal("three", ""));
		assert.deepEqual(new Pending(kept).all, []);
		pending.fill(one.id, terminal("one", "words"));
		pending.remove(two.id);
		assert.deepEqual(pending.now(taken), [{ id: one.id, wanted: terminal("one", "words") }]);
		assert.deepEqual(pending.drop(taken), [{ id: one.id, wanted: terminal("one", "words") }]);
	});

	it("outlives a reload, but for images that are too much to keep, and for what nobody can read", () => {
		const kept = memory();
		const pending = new Pending(kept);
		pending.add(file("a"));
		const picture = { mime: "image/png", data: "A".repeat(4_000_000) } as const;
		pending.add({ kind: "image", name: "1", picture });
		pending.add({ kind: "image", name: "2", picture });
		assert.deepEqual(paths(new Pending(kept)), ["a", "image"]);
		void kept.update("kimiK2.attachments", [{ kind: "unheard-of" }]);
		assert.deepEqual(paths(new Pending(kept)), []);
	});
});
