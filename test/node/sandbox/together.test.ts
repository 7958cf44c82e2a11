import assert from "node:assert/strict";
import { join } from "node:path";
import { createCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { createShell } from "../../../src/node/shell.ts";
import { endWorlds, makeWorld, noSandbox } from "./world.ts";

describe("commands in the sandbox, together with", () => {
	if (noSandbox !== undefined) {
		it.skip(noSandbox);
		return;
	}
	after(endWorlds);

	it("checkpoints: what one changed is found and can be put back", async () => {
		const world = makeWorld({ "work/a.txt": "one\n", "work/b.txt": "gone\n" });
		const checkpoints = createCheckpoints({ root: world.workspace, folder: join(world.root, "storage") });
		try {
			const snapshot = await checkpoints.snapshot();
			assert.equal((await world.run("echo two > a.txt; rm b.txt; echo new > c.txt")).exitCode, 0);
			const { files, uncovered } = await snapshot.changes();
			assert.deepEqual(
				[files.map(({ path, before, after }) => [path, before !== null, after !== null]), uncovered],
				[
					[
						["a.txt", true, true],
						["b.txt", true, false],
						["c.txt", false, true],
					],
					undefined,
				],
			);
		} finally {
			checkpoints.dispose();
		}
	});

	it("background jobs: one goes on, ends when the person ends it, and what it had said is still there to be read", async () => {
		const world = makeWorld();
		const shell = createShell({
			wrap: (program, args, cwd) => world.sandbox.confine("no network", { program, args }, cwd),
		});
		const { signal } = new AbortController();
		const said = Promise.withResolvers<void>();
		const onOutput = (text: string) => text.includes("late") && said.resolve();
		const options = { cwd: world.workspace, timeoutMs: 20_000, signal, background: true, onOutput };
		const { job = "" } = await shell.run("until [ -e gate ]; do sleep 0.02; done; echo late; sleep 100", options);
		await world.run("touch gate");
		await said.promise;
		await shell.jobs.end(job);
		const read = await shell.jobs.read(job, { waitMs: 0, signal });
		assert.deepEqual([read?.output, read?.job.exit !== undefined], ["late\n", true]);
	});
});
