import assert from "node:assert/strict";
import * as fs from "node:fs";
import { changesOf, freshEachTime, type Place, restore } from "./place.ts";

const paths = (found: { files: readonly { path: string }[] }) => found.files.map(({ path }) => path);

describe("a snapshot where a command changes what is ignored", () => {
	let place: Place;
	freshEachTime((fresh) => {
		place = fresh;
	});

	it("does not take files for new that an ignore file above the workspace named until the command changed it", async () => {
		place.put({ ".gitignore": ".env\n", "pkg/.env": "secret", "pkg/lib/.env": "secret" });
		place.sh("git init -q");
		const checkpoints = place.open({ root: place.at("pkg") });
		const found = await changesOf(checkpoints, () => place.sh("rm .gitignore; echo 1 > pkg/lib/real"));
		assert.deepEqual(paths(found), ["lib/real"]);
		assert.match(found.uncovered ?? "", / \.env, lib\/\.env\.$/);
	});

	it("does not take files for new that a new ignore file takes back", async () => {
		place.put({ ".gitignore": "*.log\n", "d/a.log": "1" });
		const found = await changesOf(place.open(), () => place.sh("echo '!*.log' > d/.gitignore; echo 1 > d/b"));
		assert.deepEqual(paths(found), ["d/.gitignore", "d/b"]);
	});

	for (const [what, command] of [
		["the person's own list named", "rm .git/info/exclude"],
		["the repository around named that is none any more", "rm -r .git"],
		["the repository around named, where the command made one of the workspace", "git init -q pkg"],
	] as const)
		it(`does not take files for new, after a reload, that ${what}`, async () => {
			place.put({ ".gitignore": "one\n", "pkg/one": "1", "pkg/two": "1", "pkg/a": "1" });
			place.sh("git init -q; echo two > .git/info/exclude");
			const snapshot = await place.open({ root: place.at("pkg") }).snapshot();
			const id = await snapshot.hold();
			place.sh(`${command}; echo 2 > pkg/a; echo 1 > pkg/new`);
			const found = await place
				.open({ root: place.at("pkg") })
				.reopen(id)
				.changes();
			assert.deepEqual(paths(found), ["a", "new"]);
		});

	it("does not take files for new that were ignored until the command changed the ignore file", async () => {
		place.put({ ".gitignore": ".env\nlogs/\n", ".env": "secret", "logs/l": "1", "d/.gitignore": "x\n", "d/x": "1" });
		const checkpoints = place.open();
		const found = await changesOf(checkpoints, () => place.sh("echo > .gitignore; rm d/.gitignore; echo 1 > real"));
		assert.deepEqual(paths(found), [".gitignore", "d/.gitignore", "real"]);
		assert.equal(
			found.uncovered,
			"Changed by this command, too large or not readable, and so not kept: .env, d/x, logs/l.",
		);
		await restore(checkpoints, found.files);
		assert.equal(fs.readFileSync(place.at(".env"), "utf8"), "secret");
	});
});
