import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { asNobody, changesOf, freshEachTime, type Place, restore } from "./place.ts";

let place: Place;
const begin = (fresh: Place) => {
	place = fresh;
};

const paths = (found: { files: readonly { path: string }[] }) => found.files.map(({ path }) => path);
const ALWAYS = "Files that .gitignore names, and folders such as node_modules, are not kept";
/** Each file and folder below, with what tells that it was written. */
function stamps(folder: string): string[] {
	return fs.readdirSync(folder, { recursive: true }).map((name) => {
		const { mtimeNs, ctimeNs, ino, size } = fs.lstatSync(join(folder, String(name)), { bigint: true });
		return `${name} ${mtimeNs} ${ctimeNs} ${ino} ${size}`;
	});
}

describe("the person's own repository", () => {
	freshEachTime(begin);
	it("is not touched, not even the time of a file in it", async () => {
		place.put({ a: "1\n", ".gitignore": "out\n" });
		place.sh("git init -q; git add .; git -c user.name=n -c user.email=e commit -qm first; echo 2 > a");
		const before = stamps(place.at(".git"));
		const checkpoints = place.open();
		const { files } = await changesOf(checkpoints, () => place.sh("echo 3 > a; echo x > b"));
		await restore(checkpoints, files);
		assert.deepEqual(paths({ files }), ["a", "b"]);
		assert.deepEqual(stamps(place.at(".git")), before);
	});

	it("runs none of the programs that it names in its configuration and attributes, nor those of the person", async () => {
		const alarm = `touch '${place.beside("alarm")}'; cat`;
		place.put({
			".gitattributes": "* text=auto filter=evil ident working-tree-encoding=UTF-16 diff=evil eol=crlf\n",
			a: "$Id$\n1\n",
		});
		fs.writeFileSync(place.beside("alarm.sh"), `#!/bin/sh\n${alarm}\n`, { mode: 0o755 });
		place.sh("git init -q");
		const evil = `[filter "evil"]\n\tclean = ${JSON.stringify(alarm)}\n\tsmudge = ${JSON.stringify(alarm)}\n\trequired = true\n[diff "evil"]\n\ttextconv = ${place.beside("alarm.sh")}\n[core]\n\tfsmonitor = ${place.beside("alarm.sh")}\n\thooksPath = ${place.beside("")}\n`;
		fs.appendFileSync(place.at(".git/config"), evil);
		fs.writeFileSync(place.beside(".gitconfig"), evil);
		const { HOME, GIT_DIR, GIT_CONFIG_GLOBAL } = process.env;
		Object.assign(process.env, {
			HOME: place.beside(""),
			GIT_DIR: place.at(".git"),
			GIT_CONFIG_GLOBAL: place.beside(".gitconfig"),
		});
		try {
			const checkpoints = place.open();
			const before = place.tree();
			const { files, uncovered } = await changesOf(checkpoints, () => fs.writeFileSync(place.at("a"), "$Id$\r\n2\r\n"));
			assert.equal(uncovered, undefined);
			assert.deepEqual(paths({ files }), ["a"]);
			await restore(checkpoints, files);
			assert.deepEqual(place.tree(), before);
		} finally {
			for (const [name, value] of Object.entries({ HOME, GIT_DIR, GIT_CONFIG_GLOBAL }))
				if (value === undefined) delete process.env[name];
				else process.env[name] = value;
		}
		assert.equal(fs.existsSync(place.beside("alarm")), false);
	});

	it("has its LFS files kept as they are on disk", async () => {
		place.put({ ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "a.bin": "real \0 content" });
		place.sh("git init -q; git config filter.lfs.clean false; git config filter.lfs.required true");
		const checkpoints = place.open();
		const { files } = await changesOf(checkpoints, () => fs.writeFileSync(place.at("a.bin"), "other"));
		await restore(checkpoints, files);
		assert.equal(fs.readFileSync(place.at("a.bin"), "utf8"), "real \0 content");
	});
});

describe("what a snapshot covers", () => {
	freshEachTime(begin);
	it("is repositories within the workspace and submodules, with their own ignore files", async () => {
		place.sh(`
			git init -q; mkdir nest lib; echo 1 > a
			cd nest; git init -q; echo 1 > x; echo skip > .gitignore; mkdir deep; cd deep; git init -q; echo 1 > y; cd ../..
			cd lib; git init -q; echo 1 > z; git add z; git -c user.name=n -c user.email=e commit -qm one; cd ..
			git -c protocol.file.allow=always submodule --quiet add ./lib sub; mkdir hollow; git init -q hollow`);
		const checkpoints = place.open();
		const before = place.tree();
		const { files, uncovered } = await changesOf(checkpoints, () =>
			place.sh(
				"echo 2 > nest/x; rm nest/deep/y; echo s > nest/skip; echo 2 > sub/z; echo 2 > lib/z; echo n > hollow/n",
			),
		);
		assert.equal(uncovered, undefined);
		assert.deepEqual(paths({ files }), ["hollow/n", "lib/z", "nest/deep/y", "nest/x", "sub/z"]);
		await restore(checkpoints, files);
		fs.rmSync(place.at("nest/skip"));
		assert.deepEqual(place.tree(), before);
	});

	it("is a repository that a command makes, but nothing of its .git", async () => {
		place.put({ a: "1" });
		const found = await changesOf(place.open(), () => place.sh("git init -q fresh; echo 1 > fresh/x"));
		assert.deepEqual(paths(found), ["fresh/x"]);
	});

	it("leaves out ignored files and says so, also those that only the repository around the workspace ignores", async () => {
		place.sh(
			"git init -q; mkdir -p sub/dist sub/tmp; echo 'sub/dist' > .gitignore; echo 1 > top; echo tmp > .git/info/exclude",
		);
		const checkpoints = place.open({ root: place.at("sub") });
		const found = await changesOf(checkpoints, () =>
			place.sh("echo 1 > sub/dist/x; echo 1 > sub/a; echo 2 > top; echo 1 > sub/tmp/t"),
		);
		assert.deepEqual(
			found.files.map(({ path }) => path),
			["a"],
		);
		assert.deepEqual(await checkpoints.coverage(), { git: true, uncovered: `${ALWAYS}.` });
	});

	it("is a folder of a repository that is empty, and what a command puts into it", async () => {
		place.sh("git init -q; mkdir sub; echo 1 > top");
		const found = await changesOf(place.open({ root: place.at("sub") }), () => place.sh("echo 1 > sub/a; rm top"));
		assert.deepEqual([paths(found), found.uncovered], [["a"], undefined]);
	});

	it("is all of a workspace that the repository around it ignores as a whole", async () => {
		place.sh("git init -q; echo scratch > .gitignore; mkdir scratch; echo 1 > scratch/a");
		const found = await changesOf(place.open({ root: place.at("scratch") }), () => place.sh("echo 2 > scratch/a"));
		assert.deepEqual(paths(found), ["a"]);
	});

	it("is no folder that tools fill, unless an ignore file takes it back", async () => {
		place.put({ "node_modules/a": "1", "x/.venv/b": "1", "x/.gitignore": "!.venv/\n" });
		const found = await changesOf(place.open(), () => place.sh("echo 2 > node_modules/a; echo 2 > x/.venv/b"));
		assert.deepEqual(paths(found), ["x/.venv/b"]);
	});

	it("is no folder with git's own name in other letters, and says what changed there", async function () {
		// macOS and Windows fold case: there `.Git` is `.git` itself.
		if (process.platform !== "linux") this.skip();
		place.put({ ".Git/a": "1", "d/.GIT/b": "1", "d/c": "1" });
		const found = await changesOf(place.open(), () => place.sh("echo 2 > .Git/a; echo 2 > d/.GIT/new; echo 2 > d/c"));
		assert.deepEqual(
			[paths(found), found.uncovered],
			[["d/c"], "Changed by this command, too large or not readable, and so not kept: .Git/a, d/.GIT/new."],
		);
	});

	it("leaves out files over 2 MB, and says which of them a command changed", async () => {
		const large = Buffer.alloc(2 * 1024 * 1024 + 1, "x");
		place.put({ "same.bin": large, "large.bin": large, "shrinks.bin": large, "grows.bin": "small" });
		const checkpoints = place.open();
		const found = await changesOf(checkpoints, () =>
			place.put({
				"large.bin": Buffer.concat([large, large]),
				"shrinks.bin": "s",
				"grows.bin": large,
				"new.bin": large,
			}),
		);
		assert.deepEqual(paths(found), ["grows.bin"]);
		assert.equal(
			found.uncovered,
			"Changed by this command, too large or not readable, and so not kept: large.bin, new.bin, shrinks.bin.",
		);
		const back = await restore(checkpoints, found.files);
		assert.equal(fs.readFileSync(place.at("grows.bin"), "utf8"), "small");
		await restore(checkpoints, back.changes);
		assert.ok(fs.readFileSync(place.at("grows.bin")).equals(large));
		const { uncovered } = await checkpoints.coverage();
		assert.equal(
			uncovered,
			`${ALWAYS}, nor files over 2 MB or without access: grows.bin, large.bin, new.bin and 1 more.`,
		);
	});

	it("is not the storage itself, where that lies in the workspace", async () => {
		const found = await changesOf(place.open({ folder: place.at("in/storage") }), () => place.sh("echo 1 > a"));
		assert.deepEqual(paths(found), ["a"]);
	});

	for (const [what, root] of [
		["the home folder", homedir()],
		["a folder above it", dirname(homedir())],
		["a whole drive", "/"],
	] as const)
		it(`is nothing of ${what} as workspace: only our own edits`, async () => {
			const checkpoints = createCheckpoints({ root, folder: place.folder });
			const { git, uncovered } = await checkpoints.coverage();
			assert.equal(git, false);
			assert.match(
				uncovered,
				/^Only the agent's own edits can be undone, not what commands change\. The workspace is /,
			);
		});

	it("is our own edits only where there is no git, and that is said", async () => {
		place.put({ a: "1" });
		const { PATH } = process.env;
		process.env["PATH"] = "";
		try {
			const checkpoints = place.open();
			const before = await checkpoints.capture(["a"]);
			assert.deepEqual(await changesOf(checkpoints, () => fs.writeFileSync(place.at("a"), "2")), {
				files: [],
				uncovered: "What this command changed is not known and can't be undone. git was not found on this computer.",
			});
			const [after] = (await checkpoints.capture(["a"])).values();
			await restore(checkpoints, [{ path: "a", before: before.get("a") ?? null, after: after ?? null }]);
			assert.equal(fs.readFileSync(place.at("a"), "utf8"), "1");
		} finally {
			process.env["PATH"] = PATH;
		}
	});

	it("leaves out what may not be read, and does not take it for new when it may", () => {
		place.put({ a: "1", secret: "s", "closed/x": "x" });
		fs.chmodSync(place.at("secret"), 0);
		fs.chmodSync(place.at("closed"), 0);
		const printed = asNobody(
			place,
			`const { execSync } = await import("node:child_process");
			const snapshot = await checkpoints.snapshot();
			const { uncovered } = await checkpoints.coverage();
			execSync("chmod 600 secret; chmod 700 closed; echo 2 > a", { cwd: checkpoints.root });
			const found = await snapshot.changes();
			console.log(JSON.stringify([uncovered, found.files.map(({ path }) => path), found.uncovered]));`,
		);
		assert.deepEqual(JSON.parse(printed), [
			`${ALWAYS}, nor files over 2 MB or without access: closed/, secret.`,
			["a"],
			"Changed by this command, too large or not readable, and so not kept: closed/, closed/x, secret.",
		]);
	});

	it("is given up for a workspace of too many files or bytes, and that is said", async () => {
		const says = (limit: string) =>
			`Only the agent's own edits can be undone, not what commands change. The workspace has more than ${limit} files that no .gitignore leaves out.`;
		const git = place.beside("git.sh");
		const list = "seq -f '? f%.0f' 100001 | tr '\\n' '\\0'";
		fs.writeFileSync(git, `#!/bin/sh\ntest "$1" = version && echo git version 2.40.0 || { ${list}; }\n`, {
			mode: 0o755,
		});
		assert.equal((await place.open({ git }).coverage()).uncovered, says("100,000"));
		for (let index = 0; index < 520; index++) {
			place.put({ [`f${index}`]: "" });
			fs.truncateSync(place.at(`f${index}`), 2 * 1024 * 1024);
		}
		assert.equal((await place.open().coverage()).uncovered, says("1 GB of"));
	});

	it("is waited for so long only, whatever git does", async () => {
		const git = place.beside("git.sh");
		fs.writeFileSync(git, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
		const snapshot = await place.open({ git, patience: 20 }).snapshot();
		assert.deepEqual(await snapshot.changes(), {
			files: [],
			uncovered:
				"What this command changed is not known and can't be undone. The workspace is still being read for the first time, or its disk is slow.",
		});
	});

	it("is compared for as long as git takes: what is found late can still be undone", async () => {
		place.put({ a: "1" });
		const id = await (await place.open().snapshot()).hold();
		place.put({ a: "2" });
		const git = place.beside("git.sh");
		fs.writeFileSync(git, '#!/bin/sh\nsleep 0.1\nexec git "$@"\n', { mode: 0o755 });
		const found = await place.open({ git, patience: 1 }).reopen(id).changes();
		assert.deepEqual([paths(found), found.uncovered], [["a"], undefined]);
	});

	for (const [what, script, says] of [
		["is too old", "echo git version 2.9.5", "git version 2.9.5 is too old: checkpoints need 2.18 or newer."],
		["does not start", "echo broken >&2; exit 3", "git does not start: broken"],
		[
			"fails",
			'test "$1" = version && echo git version 2.40.0 || { echo no luck >&2; exit 128; }',
			"git could not read it: no luck",
		],
	] as const)
		it(`says so where git ${what}`, async () => {
			const git = place.beside("git.sh");
			fs.writeFileSync(git, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
			const { uncovered } = await place.open({ git }).coverage();
			assert.equal(uncovered, `Only the agent's own edits can be undone, not what commands change. ${says}`);
		});
});

describe("a snapshot", () => {
	freshEachTime(begin);
	it("notices a file that is written again in the same moment with the same size, before and after it was taken", async () => {
		const checkpoints = place.open();
		for (let round = 0; round < 8; round++) {
			place.put({ a: `${round % 10}a`, b: `${round % 10}a` });
			const snapshot = await checkpoints.snapshot();
			place.put({ a: `${round % 10}b` });
			const { files } = await snapshot.changes();
			assert.deepEqual(paths({ files }), ["a"], `round ${round}`);
			assert.equal((await checkpoints.read(files[0]?.before ?? null))?.toString(), `${round % 10}a`);
		}
	});

	it("has everything that was on disk when it was asked for, also while another one is taken", async () => {
		place.put(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, `${index}`])));
		const checkpoints = place.open();
		checkpoints.expect();
		const taken = Array.from({ length: 5 }, async (_, index) => {
			await new Promise((resolve) => setTimeout(resolve, index * 7));
			place.put({ marker: `${index}` });
			const snapshot = await checkpoints.snapshot();
			return { index, snapshot };
		});
		const snapshots = await Promise.all(taken);
		fs.rmSync(place.at("marker"));
		const seen = await Promise.all(
			snapshots.map(async ({ index, snapshot }) => {
				const [change] = (await snapshot.changes()).files;
				const text = (await checkpoints.read(change?.before ?? null))?.toString();
				// What was written after it was asked for may be in it as well.
				return change?.path === "marker" && Number(text) >= index;
			}),
		);
		assert.deepEqual(seen, [true, true, true, true, true]);
	});

	it("is taken by two windows at once in the same storage", async () => {
		place.put(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, `${index}`])));
		const windows = [place.open(), place.open()];
		const snapshots = await Promise.all(windows.map((window) => window.snapshot()));
		place.put({ f1: "changed" });
		const found = await Promise.all(snapshots.map((snapshot) => snapshot.changes()));
		assert.deepEqual(found.map(paths), [["f1"], ["f1"]]);
	});

	it("is taken after a process was killed in the middle of one", async () => {
		place.put(Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`d${index % 10}/f${index}`, `${index}`])));
		const module = new URL("../../../src/node/checkpoints/checkpoints.ts", import.meta.url).href;
		const options = JSON.stringify({ root: place.root, folder: place.folder });
		const code = `const { createCheckpoints } = await import(${JSON.stringify(module)}); createCheckpoints(${options}).expect();`;
		for (const delay of [120, 200, 280]) {
			const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore", detached: true });
			await new Promise((resolve) => setTimeout(resolve, delay));
			process.kill(-Number(child.pid), "SIGKILL");
			await new Promise((resolve) => child.once("close", resolve));
		}
		const found = await changesOf(place.open(), () => place.put({ "d1/f1": "changed" }));
		assert.deepEqual(found.uncovered, undefined);
		assert.deepEqual(paths(found), ["d1/f1"]);
	});

	it("is taken although a killed git left locks, and the index or objects that it relies on are broken or gone", async () => {
		place.put({ a: "1", b: "1", "c/d": "1" });
		const first = place.open();
		await first.snapshot();
		const [index = ""] = fs.readdirSync(place.folder).filter((name) => name.startsWith("index-"));
		fs.writeFileSync(join(place.folder, `${index}.lock`), "");
		place.put({ a: "2" });
		assert.deepEqual(paths(await changesOf(first, () => place.put({ b: "2" }))), ["b"]);
		const second = place.open();
		for (const name of fs.readdirSync(place.folder).filter((one) => one.startsWith("index-")))
			fs.truncateSync(join(place.folder, name), 40);
		const third = await changesOf(second, () => place.put({ b: "3" }));
		assert.deepEqual([paths(third), third.uncovered], [["b"], undefined]);
		for (const name of fs.readdirSync(join(place.folder, "objects")))
			fs.rmSync(join(place.folder, "objects", name), { recursive: true });
		place.put({ a: "3" });
		const { files, uncovered } = await changesOf(second, () => place.put({ "c/d": "2" }));
		assert.equal(uncovered, undefined);
		assert.equal((await second.read(files[0]?.before ?? null))?.toString(), "1");
	});
});
