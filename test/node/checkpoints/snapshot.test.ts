import assert from "node:assert/strict";
import * as fs from "node:fs";
import { idOf } from "../../../src/node/checkpoints/blobs.ts";
import type { FileState } from "../../../src/shared/event.ts";
import { changesOf, freshEachTime, type Place, restore } from "./place.ts";

let place: Place;
const begin = (fresh: Place) => {
	place = fresh;
};

const state = (content: string | Buffer, mode: FileState["mode"] = "file"): FileState => ({
	id: idOf(Buffer.from(content)),
	mode,
});

describe("a snapshot before a command", () => {
	freshEachTime(begin);
	it("finds what the command made, changed, deleted, renamed, and whose mode or link it changed", async () => {
		place.put({ "a.txt": "one\n", "b/gone.txt": "two\n", "b/old name.txt": "three\n", "run.sh": "echo\n", same: "" });
		fs.symlinkSync("a.txt", place.at("link"));
		const { files, uncovered } = await changesOf(place.open(), () =>
			place.sh(
				'echo 2 > a.txt; rm b/gone.txt; mv "b/old name.txt" b/new; chmod +x run.sh; ln -sfn b link; mkdir c; echo x > c/x',
			),
		);
		assert.equal(uncovered, undefined);
		assert.deepEqual(files, [
			{ path: "a.txt", before: state("one\n"), after: state("2\n") },
			{ path: "b/gone.txt", before: state("two\n"), after: null },
			{ path: "b/new", before: null, after: state("three\n") },
			{ path: "b/old name.txt", before: state("three\n"), after: null },
			{ path: "c/x", before: null, after: state("x\n") },
			{ path: "link", before: state("a.txt", "link"), after: state("b", "link") },
			{ path: "run.sh", before: state("echo\n"), after: state("echo\n", "executable") },
		]);
	});

	const cases: readonly [string, string, string][] = [
		["binary files", "printf 'a\\0\\377\\376b' > bin", "printf 'x\\0y' > bin"],
		[
			"a name that is not UTF-8",
			"printf 1 > \"$(printf 'n\\377\\303(')\"",
			"rm -f n*; mkdir \"$(printf 'd\\200')\"; printf 2 > \"$(printf 'd\\200')/f\"",
		],
		[
			"names with newlines, quotes, tabs and backslashes",
			"printf 1 > 'a\nb'; printf 1 > 'q\"'\"'\"'t\tu'; printf 1 > 'a\\b'; printf 1 > ' -x'",
			"printf 2 > 'a\nb'; rm q* ./' -x'; printf 2 > 'a\\b'; printf n > ':(top)n'",
		],
		[
			"CRLF and mixed line ends",
			"printf 'a\\r\\nb\\n' > crlf; printf '* text=auto eol=lf\\n' > .gitattributes",
			"printf 'a\\nb\\r\\n' > crlf",
		],
		["empty files", ": > empty; : > full", "rm empty; echo > full; : > new"],
		["a file that becomes a folder", "echo 1 > x", "rm x; mkdir x; echo 2 > x/y"],
		["a folder that becomes a file", "mkdir x; echo 1 > x/y", "rm -r x; echo 2 > x"],
		[
			"a file that becomes a link, and a link that becomes a file",
			"echo 1 > x; ln -s nowhere y",
			"rm x y; ln -s y x; echo 2 > y",
		],
		["a folder that becomes a link", "mkdir d e; echo 1 > d/x; echo > e/keep", "mv d/x e; rmdir d; ln -s e d"],
		["modes", "echo 1 > x; chmod 750 x; echo 2 > y; chmod 640 y", "chmod 640 x; chmod 750 y; echo 3 > y"],
		["a name in other letters", "echo 1 > Name", "mv Name name"],
		["a folder that is all gone", "mkdir -p s/t/u; echo 1 > s/t/u/x; echo 2 > s/y", "rm -rf s"],
	];
	for (const [what, first, command] of cases)
		it(`puts back ${what}, byte for byte, and takes that back`, async () => {
			place.sh(`echo untouched > other; ${first}`);
			const checkpoints = place.open();
			const before = place.tree();
			const { files } = await changesOf(checkpoints, () => place.sh(command));
			const after = place.tree();
			assert.notDeepEqual(after, before);
			const back = await restore(checkpoints, files);
			assert.deepEqual(back.failed, []);
			assert.deepEqual(place.tree(), before);
			const again = await restore(checkpoints, back.changes);
			assert.deepEqual(again.failed, []);
			assert.deepEqual(place.tree(), after);
		});
});
